//! Answers that come before the client has sent its whole request.

use crate::{
    client::Client,
    process::{DEV, ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER},
};
use core::time::Duration;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
};

const LENGTH: usize = 900_000;

/// Sends a body in pieces, and reads only then, as many clients do.
fn status(server: &Server, caller: &str, media_type: &str, expect: &str) -> u16 {
    let mut client = server.client();
    let head = format!(
        "PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: x\r\nX-Dev-Caller: {caller}\r\n{expect}\
         Content-Type: {media_type}\r\nContent-Length: {LENGTH}\r\n\r\n"
    );
    client.write(head.as_bytes()).unwrap();
    for piece in vec![b' '; LENGTH].chunks(LENGTH / 30) {
        client.write(piece).unwrap();
        std::thread::sleep(Duration::from_millis(10));
    }
    client.answer().unwrap().status
}

#[test]
fn an_early_answer_reaches_a_client_that_is_still_sending() {
    let server = Server::start(&[DEV, &["--demo"]].concat());
    for _ in 0..3 {
        assert_eq!(status(&server, STRANGER, "application/json", ""), 403);
        assert_eq!(status(&server, TARGET_USER, "application/json", ""), 413);
        assert_eq!(status(&server, TARGET_USER, "text/plain", ""), 415);
        assert_eq!(status(&server, "nonsense", "application/json", ""), 400);
    }
}

/// The server reads and discards a bounded number of bytes.
#[test]
fn a_client_that_never_stops_is_cut_off() {
    let server = Server::start(&[DEV, &["--demo"]].concat());
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = format!(
        "PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: x\r\nX-Dev-Caller: {STRANGER}\r\nContent-Length: 999999999999\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let piece = vec![b' '; 1 << 20];
    let sent = (0..100).take_while(|_| stream.write_all(&piece).is_ok()).count();
    assert!(sent < 100, "it took 100 MiB");
    let _ = stream.read(&mut [0; 1]);
}

/// A client that asks first sends no body after a refusal.
#[test]
fn a_client_that_asks_first_is_told_at_once() {
    let server = Server::start(&[DEV, &["--demo"]].concat());
    let mut client = server.client();
    let head = format!(
        "PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: x\r\nX-Dev-Caller: {STRANGER}\r\nExpect: 100-continue\r\n\
         Content-Type: application/json\r\nContent-Length: {LENGTH}\r\n\r\n"
    );
    client.write(head.as_bytes()).unwrap();
    let answer = client.answer().unwrap();
    assert_eq!((answer.status, answer.header("connection")), (403, Some("close")));
}

/// nginx sends on while the answer comes, and makes a 502 of a connection that was reset.
#[test]
fn an_early_answer_passes_nginx() {
    const NGINX: &str = "/usr/sbin/nginx";
    if !std::fs::exists(NGINX).unwrap() {
        println!("SKIPPED: nginx is not installed, so early answers through it are not tested");
        return;
    }
    let folder = Folder::new();
    let server = Server::start(&[DEV, &["--demo"]].concat());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let own = folder.path("");
    let own = own.trim_end_matches('/');
    let paths =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path {own}/{kind};"));
    let set_up = format!(
        "pid {own}/pid; error_log stderr crit; daemon off; master_process off; events {{}}\n\
         http {{ access_log off; {} client_max_body_size 2m;\n\
         server {{ listen {address}; location / {{ proxy_pass http://{}; }} }} }}",
        paths.concat(),
        server.address()
    );
    let mut nginx = Command::new(NGINX)
        .args(["-e", "stderr", "-c", &folder.write("nginx.conf", &set_up)])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let listens = (0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        TcpStream::connect(address).is_ok()
    });
    let body = " ".repeat(LENGTH);
    let statuses = |caller: &str| -> Vec<u16> {
        let ask = |_| {
            let mut client = Client::connect(&address.to_string());
            client.put(ENROLL, &[("X-Dev-Caller", caller)], &body).status
        };
        (0..20).map(ask).collect()
    };
    let answered = listens.then(|| [statuses(STRANGER), statuses(TARGET_USER)]);
    nginx.kill().unwrap();
    nginx.wait().unwrap();
    assert_eq!(answered, Some([vec![403; 20], vec![413; 20]]));
}

//! The end of the server: which connections it closes at once, and which answers it still finishes.

use crate::{
    client::Client,
    process::{DEV, ENROLL, Folder, ROUTE, Server, TARGET_USER},
};
use core::time::Duration;
use std::{os::unix::net::UnixStream, time::Instant};

#[test]
fn idle_connections_and_half_heads_do_not_hold_it() {
    let server = Server::start(&[DEV, &["--demo", "--grace", "20"]].concat());
    let (mut silent, mut half, mut idle) = (server.client(), server.client(), server.client());
    half.write(b"GET /healthz HTTP/1.1\r\nA:").unwrap();
    for _ in 0..2 {
        assert_eq!(idle.send("GET", "/healthz", &[], "").status, 200);
    }
    let began = Instant::now();
    let (status, log) = server.end();
    assert_eq!(status, 0);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(!log.contains("took too long"), "{log}");
    assert!(silent.answer().is_err() && half.answer().is_err() && idle.answer().is_err());
}

#[test]
fn an_answer_under_way_is_finished() {
    let server = Server::start(&[DEV, &["--demo", "--grace", "20"]].concat());
    let mut client = server.client();
    let body = r#"{"status":"Completed"}"#;
    client.put_head(ENROLL, "", body);
    std::thread::sleep(Duration::from_millis(200));
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(200));
    client.write(body.as_bytes()).unwrap();
    assert_eq!(client.answer().unwrap().status, 200);
    assert!(client.answer().is_err(), "the connection ends after it");
    assert_eq!(server.wait().0, 0);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Server::start(&[DEV, &["--demo", "--grace", "20", "--body-timeout", "20"]].concat());
    let mut client = server.client();
    let head = format!(
        "PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: x\r\nX-Dev-Caller: {TARGET_USER}\r\n\
         Content-Type: application/json\r\nContent-Length: 22\r\n\r\n"
    );
    client.write(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    server.signal("INT");
    assert_eq!(server.wait().0, 0);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(client.answer().is_err());
}

#[test]
fn while_it_drains_it_serves_and_is_not_ready() {
    let folder = Folder::new();
    let admin = format!("unix:{}", folder.path("admin"));
    let server = Server::start(&[DEV, &["--demo", "--drain", "2", "--admin-listen", &admin]].concat());
    let ready = |client: &mut Client| client.send("GET", "/readyz", &[], "");
    let mut open = server.client();
    assert_eq!(ready(&mut open).status, 200);
    let began = Instant::now();
    server.signal("TERM");
    let mut drained = ready(&mut open);
    while drained.status == 200 && began.elapsed() < Duration::from_secs(1) {
        drained = ready(&mut open);
    }
    assert_eq!(
        (drained.status, drained.body.as_str()),
        (503, "the server is about to end\n")
    );
    // A new connection, a change, and the operator.
    assert_eq!(ready(&mut server.client()).status, 503);
    assert_eq!(server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#).status, 200);
    let mut operator = Client::over(UnixStream::connect(folder.path("admin")).unwrap());
    assert_eq!(operator.send("GET", "/readyz", &[], "").status, 503);
    assert_eq!(operator.send("GET", "/healthz", &[], "").status, 200);
    assert_eq!(server.wait().0, 0);
    let time = began.elapsed();
    assert!(
        time > Duration::from_millis(1900) && time < Duration::from_secs(5),
        "{time:?}"
    );
}

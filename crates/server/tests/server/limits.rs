//! Limits of connections: in number, in time, and for clients that do not read.

use crate::{
    client::Client,
    process::{DEV, ENROLL, Folder, ROUTE, Server, TARGET_USER},
};
use core::time::Duration;
use serde_json::json;
use std::{
    io::{Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    time::Instant,
};

fn start(options: &[&str]) -> Server {
    Server::start(&[DEV, &["--demo"], options].concat())
}

#[test]
fn an_idle_connection_has_more_time_than_a_head() {
    let server = start(&["--head-timeout", "1", "--idle-timeout", "3"]);
    let (mut idle, mut half) = (server.client(), server.client());
    for client in [&mut idle, &mut half] {
        assert_eq!(client.send("GET", "/healthz", &[], "").status, 200);
    }
    std::thread::sleep(Duration::from_millis(1700));
    assert_eq!(
        idle.send("GET", "/healthz", &[], "").status,
        200,
        "after the head's time"
    );
    let began = Instant::now();
    half.write(b"GET /healthz HTTP/1.1\r\nA:").unwrap();
    assert!(half.answer().is_err());
    assert!(
        began.elapsed() > Duration::from_millis(900) && began.elapsed() < Duration::from_millis(2000),
        "{:?}",
        began.elapsed()
    );
    assert!(idle.answer().is_err());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn the_operator_is_answered_while_every_place_is_taken() {
    let folder = Folder::new();
    let path = folder.path("admin");
    let server = start(&["--max-connections", "4", "--admin-listen", &format!("unix:{path}")]);
    let idle: Vec<_> = (0..300)
        .map(|_| TcpStream::connect(server.address()).unwrap())
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    let mut admin = Client::over(UnixStream::connect(&path).unwrap());
    for (route, status) in [("/healthz", 200), ("/readyz", 200), (ROUTE, 404)] {
        assert_eq!(admin.send("GET", route, &[], "").status, status, "{route}");
    }
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    drop(idle);
    let log = server.end().1;
    let said: Vec<_> = log
        .lines()
        .filter(|line| line.contains("every connection is in use"))
        .collect();
    assert!(said.len() == 1 && said[0].contains("WARN"), "{said:?}");
}

#[test]
fn the_operator_s_address_is_local() {
    for address in ["0.0.0.0:0", "[::]:0", "systemd"] {
        let options = [DEV, &["--demo", "--listen", "127.0.0.1:0", "--admin-listen", address]].concat();
        assert_eq!(crate::start::refused(&options).0, Some(2), "{address}");
    }
}

#[test]
fn a_peer_has_its_bound() {
    let server = start(&["--max-connections-per-peer", "3"]);
    let mut open: Vec<_> = (0..3).map(|_| server.client()).collect();
    for client in &mut open {
        assert_eq!(client.send("GET", "/healthz", &[], "").status, 200);
    }
    let refused = server.client().try_send("GET", "/healthz", &[], "");
    assert!(refused.is_err(), "{refused:?}");
    drop(open);
    for _ in 0..100 {
        if let Ok(answer) = server.client().try_send("GET", "/healthz", &[], "") {
            assert_eq!(answer.status, 200);
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("its places are free again");
}

/// Somebody else holds the store, for longer than a request may take.
#[test]
fn a_request_has_one_deadline() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = start(&["--store", &store, "--request-timeout", "1"]);
    let other = rusqlite::Connection::open(&store).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let began = Instant::now();
    let mut clients: Vec<_> = (0..6).map(|_| server.client()).collect();
    let body = r#"{"status":"Completed"}"#;
    for client in &mut clients {
        let head = format!(
            "PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: x\r\nX-Dev-Caller: {TARGET_USER}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        client.write(head.as_bytes()).unwrap();
    }
    for client in &mut clients {
        let answer = client.answer().unwrap();
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.body.contains("too slow"), "{answer:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    other.execute_batch("ROLLBACK").unwrap();
}

/// The body has a time limit of its own, and the deadline starts after it.
#[test]
fn a_slow_body_does_not_use_up_the_deadline() {
    let server = start(&["--request-timeout", "1", "--body-timeout", "5"]);
    let mut client = server.client();
    let body = r#"{"status":"Completed"}"#;
    client.put_head(ENROLL, "", body);
    for byte in body.as_bytes().chunks(8) {
        std::thread::sleep(Duration::from_millis(700));
        client.write(byte).unwrap();
    }
    assert_eq!(client.answer().unwrap().status, 200);
}

/// The memory of a process that is in use, in KiB.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Starts a server with so many requests, each with a comment of so many bytes.
fn start_with_rows(folder: &Folder, count: usize, bytes: usize) -> Server {
    let row = |number: usize| {
        json!({
            "Uuid": format!("00000000-0000-4000-8000-{number:012}"),
            "Status": 3,
            "SecurityDescriptor": "O:BAD:(A;;CCRC;;;AU)",
            "Comment": "x".repeat(bytes),
        })
    };
    let rows: Vec<_> = (0..count).map(row).collect();
    let import = folder.write("import", &json!(rows).to_string());
    let store = folder.path("store");
    let options = [
        "--store",
        &store,
        "--import",
        &import,
        "--write-timeout",
        "2",
        "--grace",
        "20",
    ];
    Server::start(&[DEV, &options].concat())
}

/// Clients that ask for a list, each as another user, and read nothing.
fn silent_clients(server: &Server, count: usize, query: &str) -> Vec<TcpStream> {
    let silent = |number| {
        let user = format!("S-1-5-21-1-2-3-{number}");
        let head = format!("GET {ROUTE}{query} HTTP/1.1\r\nHost: x\r\nX-Dev-Caller: {user}\r\n\r\n");
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    (1000..).take(count).map(silent).collect()
}

/// The buffers of the system could take a small list whole, so this one is larger.
#[test]
fn clients_that_never_read_are_cut_off() {
    let folder = Folder::new();
    let server = start_with_rows(&folder, 100, 75_000);
    let silent = silent_clients(&server, 8, "");
    std::thread::sleep(Duration::from_millis(4000));
    let began = Instant::now();
    let log = server.end().1;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let cut = log.lines().filter(|line| line.contains("did not take the answer"));
    assert_eq!(cut.count(), 8, "{log}");
    for mut stream in silent {
        let mut taken = Vec::new();
        let _ = stream.read_to_end(&mut taken);
        assert!(
            taken.starts_with(b"HTTP/1.1 200") && taken.len() < 7_500_000,
            "{}",
            taken.len()
        );
    }
}

#[test]
fn clients_that_never_read_hold_little_memory() {
    let folder = Folder::new();
    let server = start_with_rows(&folder, 1000, 1300);
    let query = "?limit=1000";
    let known = server
        .get(&format!("{ROUTE}{query}"), &[("X-Dev-Caller", TARGET_USER)])
        .status
        == 200;
    let silent = silent_clients(&server, 60, if known { query } else { "" });
    let mut most = 0;
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(100));
        most = most.max(memory(&server));
    }
    println!("60 clients that never read: {most} KiB");
    assert!(most < 150_000, "{most} KiB");
    drop(silent);
}

/// Each byte is a part of the body of its own.
#[test]
fn a_body_that_comes_in_single_bytes_holds_little_memory() {
    let server = start(&[]);
    let head = format!(
        "PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: x\r\nX-Dev-Caller: {TARGET_USER}\r\n\
         Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n"
    );
    let connect = |_| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    let mut clients: Vec<_> = (0..8).map(connect).collect();
    std::thread::sleep(Duration::from_millis(200));
    let before = memory(&server);
    for _ in 0..1500 {
        for client in &mut clients {
            client.write_all(b" ").unwrap();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let grown = memory(&server).saturating_sub(before);
    println!("8 bodies of 1,500 single bytes: {grown} KiB");
    assert!(grown < 6_000, "{grown} KiB");
}

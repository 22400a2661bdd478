//! A store that another process keeps locked.

use crate::process::{DEV, ENROLL, Folder, ROUTE, Server, TARGET_USER, query};
use core::time::Duration;
use std::{thread, time::Instant};

const IMPORT: &str = "../../tests/data/enroll-approved.json";
const COMPLETED: &str = r#"{"status":"Completed"}"#;

/// Keeps others from writing until it is dropped.
fn lock(store: &str) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(store).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[test]
fn every_change_is_answered_within_its_own_time() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Server::start(&[DEV, &["--store", &store, "--import", IMPORT, "--store-timeout", "1"]].concat());
    let locked = lock(&store);
    let began = Instant::now();
    let changes: Vec<_> = (0..6)
        .map(|_| {
            let mut client = server.client();
            let caller = [("X-Dev-Caller", TARGET_USER)];
            thread::spawn(move || client.put(ENROLL, &caller, COMPLETED).status)
        })
        .collect();
    // Reads do not wait for the lock; that it can't be written is seen.
    let path = format!("{ROUTE}/{ENROLL}");
    assert_eq!(server.get(&path, &[("X-Dev-Caller", TARGET_USER)]).status, 200);
    assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
    assert_eq!(server.get("/readyz", &[]).status, 503);
    for change in changes {
        assert_eq!(change.join().unwrap(), 500);
    }
    // One after the other they would have taken six seconds.
    let took = began.elapsed();
    assert!(
        Duration::from_secs(1) <= took && took < Duration::from_secs(4),
        "{took:?}"
    );
    drop(locked);
    // None of them is made afterwards.
    assert_eq!(server.checked(), 200);
    assert_eq!(query(&store, "SELECT status FROM requests"), ["3"]);
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 200);
}

#[test]
fn a_change_is_not_made_after_its_client_has_gone() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Server::start(&[DEV, &["--store", &store, "--import", IMPORT, "--store-timeout", "4"]].concat());
    let locked = lock(&store);
    let mut client = server.client();
    let head = format!(
        "PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: localhost\r\nX-Dev-Caller: {TARGET_USER}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{COMPLETED}",
        COMPLETED.len()
    );
    client.write(head.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));
    drop(client);
    thread::sleep(Duration::from_millis(200));
    drop(locked);
    // The next change of the queue is made, so one before it would have been.
    assert_eq!(server.get("/readyz", &[]).status, 200);
    assert_eq!(query(&store, "SELECT status FROM requests"), ["3"]);
    assert_eq!(query(&store, "SELECT count(*) FROM audit WHERE status = 200"), ["0"]);
    // One that is waited for is made once the lock is gone.
    let locked = lock(&store);
    let mut client = server.client();
    let change = thread::spawn(move || client.put(ENROLL, &[("X-Dev-Caller", TARGET_USER)], COMPLETED).status);
    thread::sleep(Duration::from_millis(300));
    drop(locked);
    assert_eq!(change.join().unwrap(), 200);
}

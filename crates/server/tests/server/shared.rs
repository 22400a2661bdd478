//! A store that other programs open, delete or replace while the server has it open.

use crate::process::{DEV, ENROLL, Folder, Server, TARGET_USER, query};
use std::{fs, os::unix::fs::MetadataExt, path::Path, thread, time::Instant};

const IMPORT: &str = "../../tests/data/enroll-approved.json";
const COMPLETED: &str = r#"{"status":"Completed"}"#;

fn start(store: &str) -> Server {
    Server::start(&[DEV, &["--store", store, "--import", IMPORT]].concat())
}

/// Waits until old entries of the audit were looked for, which happens at the start.
fn look_for_old_entries() {
    thread::sleep(core::time::Duration::from_millis(1000));
}

/// Whether the server has SQLite's lock on the file. Versions of SQLite before 3.51 ask nothing else before they remove the files beside it.
fn is_locked(store: &str) -> bool {
    // 1: POSIX  ADVISORY  READ 1234 08:01:5678 1073741826 1073742335
    let inode = format!(":{} ", fs::metadata(store).unwrap().ino());
    let locks = fs::read_to_string("/proc/locks").unwrap();
    locks
        .lines()
        .any(|lock| lock.contains(" READ ") && lock.contains(&inode))
}

#[test]
fn another_program_that_closes_the_store_leaves_its_changes() {
    let folder = Folder::new();
    let store = folder.path("store");
    let mut server = start(&store);
    look_for_old_entries();
    assert!(is_locked(&store));
    // The last one that closes a store removes the files beside it.
    assert_eq!(query(&store, "SELECT count(*) FROM audit"), ["0"]);
    for end in ["-wal", "-shm"] {
        assert!(Path::new(&format!("{store}{end}")).exists(), "{end}");
    }
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 200);
    server.kill();
    assert_eq!(query(&store, "SELECT status FROM requests"), ["8"]);
    assert_eq!(query(&store, "SELECT count(*) FROM audit WHERE status = 200"), ["1"]);
}

#[test]
fn a_change_of_a_store_that_is_deleted_or_replaced_is_not_acknowledged() {
    for end in ["", "-wal", "-shm"] {
        let folder = Folder::new();
        let store = folder.path("store");
        let server = start(&store);
        let (file, moved) = (format!("{store}{end}"), folder.path("moved"));
        fs::rename(&file, &moved).unwrap();
        assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 500, "{file} is gone");
        // A copy is another file.
        fs::copy(&moved, &file).unwrap();
        assert_eq!(
            server.put(ENROLL, TARGET_USER, COMPLETED).status,
            500,
            "{file} is another"
        );
        fs::rename(&moved, &file).unwrap();
        // The change that was answered 500 was not made, or this one would be refused.
        assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 200, "{file} is back");
    }
}

/// Each check writes to the store, which another connection sees.
#[test]
fn many_that_ask_whether_it_is_ready_cost_few_checks() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = start(&store);
    look_for_old_entries();
    let log = format!("{store}-wal");
    assert_eq!(server.get("/readyz", &[]).status, 200);
    let written = || fs::metadata(&log).unwrap().len();
    let (before, began) = (written(), Instant::now());
    let clients: Vec<_> = (0..50)
        .map(|_| {
            let mut client = server.client();
            thread::spawn(move || client.send("GET", "/readyz", &[], "").status)
        })
        .collect();
    for client in clients {
        assert_eq!(client.join().unwrap(), 200);
    }
    // A check writes 32 KiB, and some pages that lead to them.
    let checks = (written() - before) / (32 * 1024);
    let most = began.elapsed().as_secs() + 1;
    assert!(checks <= most, "{checks} checks in {:?}", began.elapsed());
}

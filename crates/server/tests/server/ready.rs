//! `/readyz` says whether changes can be made.

use crate::process::{DEV, ENROLL, Folder, Server, TARGET_USER};
use std::{fs, process::Command, thread};

const IMPORT: &str = "../../tests/data/enroll-approved.json";
const COMPLETED: &str = r#"{"status":"Completed"}"#;

fn start(store: &str) -> Server {
    Server::start(&[DEV, &["--store", store, "--import", IMPORT]].concat())
}

#[test]
fn a_store_that_is_deleted_or_replaced_is_seen() {
    thread::scope(|scope| {
        for end in ["", "-wal", "-shm"] {
            scope.spawn(move || {
                let folder = Folder::new();
                let store = folder.path("store");
                let mut server = start(&store);
                assert!(server.is_ready());
                let (file, moved) = (format!("{store}{end}"), folder.path("moved"));
                fs::rename(&file, &moved).unwrap();
                assert_eq!(server.checked(), 503, "{file} is gone");
                // A copy is another file.
                fs::copy(&moved, &file).unwrap();
                assert_eq!(server.checked(), 503, "{file} is another");
                fs::rename(&moved, &file).unwrap();
                assert_eq!(server.checked(), 200, "{file} is back");
            });
        }
    });
}

#[test]
fn a_store_that_became_another_is_seen() {
    let changes = [
        ("DROP TABLE requests", None),
        ("DROP INDEX requests_of_target", None),
        ("PRAGMA application_id = 1", Some("PRAGMA application_id = 0x7364646c")),
        ("PRAGMA user_version = 3", Some("PRAGMA user_version = 2")),
        (
            "CREATE TRIGGER t AFTER UPDATE ON requests BEGIN DELETE FROM audit; END",
            Some("DROP TRIGGER t"),
        ),
    ];
    thread::scope(|scope| {
        for (change, back) in changes {
            scope.spawn(move || {
                let folder = Folder::new();
                let store = folder.path("store");
                let mut server = start(&store);
                assert!(server.is_ready());
                let connection = rusqlite::Connection::open(&store).unwrap();
                connection.execute_batch(change).unwrap();
                assert_eq!(server.checked(), 503, "{change}");
                if let Some(back) = back {
                    connection.execute_batch(back).unwrap();
                    assert_eq!(server.checked(), 200, "{back}");
                }
            });
        }
    });
}

/// A disk of its own, until it is dropped.
struct Disk<'a>(&'a str);

impl<'a> Disk<'a> {
    fn mount(folder: &'a str, options: &str) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs", folder])
            .output();
        mounted
            .is_ok_and(|mounted| mounted.status.success())
            .then_some(Self(folder))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l", self.0]).output();
    }
}

#[test]
fn a_full_or_read_only_disk_is_seen() {
    let folder = Folder::new();
    let path = folder.path("disk");
    let Some(disk) = Disk::mount(&path, "size=2m") else {
        println!("SKIPPED: no disk can be mounted, so a full one is not tested");
        return;
    };
    let store = format!("{path}/store");
    let mut server = start(&store);
    assert!(server.is_ready());
    let filler = format!("{path}/filler");
    let _ = fs::write(&filler, vec![1; 4 << 20]).unwrap_err();
    // SQLite first fills the room that its log has already. Then the log must grow.
    let seen = (0..3).any(|_| server.checked() == 503);
    assert!(seen, "a full disk is seen");
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 500);
    fs::remove_file(&filler).unwrap();
    // The refusal of the change waits for the disk, too. It is written within a second or so.
    let works = (0..100).any(|_| {
        thread::sleep(core::time::Duration::from_millis(50));
        server.is_ready()
    });
    assert!(works, "it works again by itself");
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 200);

    drop(server);
    let remount = |options| {
        Command::new("mount")
            .args(["-o", options, &path])
            .status()
            .unwrap()
            .success()
    };
    assert!(remount("remount,ro"));
    let program = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(DEV)
        .args(["--store", &store, "--listen", "127.0.0.1:0"])
        .output()
        .unwrap();
    assert_eq!(program.status.code(), Some(2));
    let error = String::from_utf8(program.stderr).unwrap();
    assert!(error.contains("can't be written"), "{error}");
    drop(disk);
}

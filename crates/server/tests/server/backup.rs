//! `backup` copies a store while a server uses it.

use crate::process::{DEV, ENROLL, Folder, ROUTE, Server, TARGET_USER, query};
use std::{
    os::unix::fs::{PermissionsExt, symlink},
    process::{Command, Output},
};

const IMPORT: &str = "../../tests/data/enroll-approved.json";
const COMPLETED: &str = r#"{"status":"Completed"}"#;

fn backup(store: &str, target: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(["backup", "--store", store, target])
        .output()
        .unwrap()
}

#[test]
fn a_backup_of_a_running_server_has_all_that_was_acknowledged() {
    let folder = Folder::new();
    let (store, copy) = (folder.path("store"), folder.path("copy"));
    let mut server = Server::start(&[DEV, &["--store", &store, "--import", IMPORT]].concat());
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 200);
    let made = backup(&store, &copy);
    assert!(made.status.success(), "{made:?}");
    let size = std::fs::metadata(&copy).unwrap().len();
    assert_eq!(
        String::from_utf8(made.stdout).unwrap(),
        format!("{{\"requests\":1,\"bytes\":{size}}}\n")
    );
    let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // The copy is one file, which no other one completes.
    let names: Vec<_> = std::fs::read_dir(folder.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("copy"))
        .collect();
    assert_eq!(names, ["copy"]);
    // The server goes on with its own file, and the copy does not follow it.
    assert!(server.is_ready());
    server.kill();
    std::fs::remove_file(&store).unwrap();
    let server = Server::start(&[DEV, &["--store", &copy]].concat());
    let row = server.get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", TARGET_USER)]);
    assert_eq!(row.json()["Status"], 8);
    drop(server);
    assert_eq!(query(&copy, "SELECT count(*) FROM audit"), ["1"]);
}

#[test]
fn a_store_that_was_killed_is_copied_whole() {
    let folder = Folder::new();
    let (store, copy) = (folder.path("store"), folder.path("copy"));
    let mut server = Server::start(&[DEV, &["--store", &store, "--import", IMPORT]].concat());
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 200);
    server.kill();
    assert!(backup(&store, &copy).status.success());
    assert_eq!(query(&copy, "SELECT status FROM requests"), ["8"]);
}

#[test]
fn nothing_is_overwritten_and_nothing_else_is_copied() {
    let folder = Folder::new();
    let store = folder.path("store");
    drop(Server::start(&[DEV, &["--store", &store, "--import", IMPORT]].concat()));
    let precious = folder.write("precious", "precious");
    let link = folder.path("link");
    symlink(folder.path("nowhere"), &link).unwrap();
    let foreign = folder.path("foreign");
    let version = "PRAGMA user_version = 77; CREATE TABLE requests (id)";
    rusqlite::Connection::open(&foreign)
        .unwrap()
        .execute_batch(version)
        .unwrap();
    let text = folder.write("text", &"this is no database ".repeat(100));
    let (new, gone) = (folder.path("new"), folder.path("gone"));
    for (from, to, said) in [
        (&store, &precious, "precious"),
        (&store, &store, "store"),
        (&store, &link, "link"),
        (&foreign, &new, "is not a store"),
        (&text, &new, "is not a store"),
        (&gone, &new, "gone"),
    ] {
        let refused = backup(from, to);
        assert_eq!(refused.status.code(), Some(2), "{from} {to}");
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(
            error.starts_with("error: ") && error.contains(said),
            "{from} {to}: {error}"
        );
        assert!(refused.stdout.is_empty());
    }
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");
    assert_eq!(query(&store, "SELECT count(*) FROM requests"), ["1"]);
    for path in [new, gone, folder.path("nowhere")] {
        assert!(!std::path::Path::new(&path).exists(), "{path}");
    }
}

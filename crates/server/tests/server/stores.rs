//! Files of stores: those that the server refuses, and what it leaves.

use crate::process::{DEV, ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER};
use sddl_authz_server::sqlite::Sqlite;
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::PermissionsExt,
    process::Command,
};

const IMPORT: &str = "../../tests/data/enroll-approved.json";
const COMPLETED: &str = r#"{"status":"Completed"}"#;

/// The message about a store with which the server does not start.
fn refused(store: &str) -> String {
    let program = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(DEV)
        .args(["--store", store, "--listen", "127.0.0.1:0"])
        .output()
        .unwrap();
    assert_eq!(program.status.code(), Some(2), "{store}");
    assert!(program.stdout.is_empty());
    String::from_utf8(program.stderr).unwrap()
}

/// A store in which a request was changed, after its server ended.
fn used(folder: &Folder) -> String {
    let store = folder.path("store");
    let server = Server::start(&[DEV, &["--store", &store, "--import", IMPORT]].concat());
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 200);
    assert_eq!(server.end().0, 0);
    store
}

#[test]
fn a_store_is_never_made_where_its_path_is_mistyped() {
    let folder = Folder::new();
    let store = folder.path("mistyped");
    let said = refused(&store);
    assert!(said.contains("there is no file") && said.contains(&store), "{said}");
    assert!(fs::metadata(&store).is_err());
}

#[test]
fn what_is_no_whole_store_is_refused_and_left_as_it_is() {
    let folder = Folder::new();
    let whole = fs::read(used(&folder)).unwrap();
    let database = |name: &str, sql: &str| {
        let path = folder.path(name);
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        fs::read(path).unwrap()
    };
    let first = "CREATE TABLE requests (id TEXT); CREATE TABLE audit (seq INTEGER);
        CREATE INDEX requests_of_target ON requests (id); PRAGMA user_version = 1;";
    let next = "PRAGMA application_id = 0x7364646c; PRAGMA user_version = 3; CREATE TABLE requests (id TEXT);";
    let without = |sql: &str| {
        let path = folder.path("changed");
        fs::write(&path, &whole).unwrap();
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        fs::read(path).unwrap()
    };
    for (bytes, said) in [
        (Vec::new(), "is empty"),
        (b"this is no database ".repeat(100), "is not a store of this program"),
        (
            database("foreign", "CREATE TABLE requests (id TEXT)"),
            "is not a store of this program",
        ),
        (database("first", first), "version 1"),
        (database("next", next), "version 3"),
        (whole[..whole.len() - 4096].to_vec(), "is torn"),
        (whole[..4096].to_vec(), "is torn"),
        (whole[..50].to_vec(), "is not a store of this program"),
        (without("DROP TABLE health"), "`health`"),
        (without("DROP INDEX requests_of_target"), "`requests_of_target`"),
        (
            without("CREATE TRIGGER t AFTER UPDATE ON requests BEGIN DELETE FROM audit; END"),
            "`t`",
        ),
    ] {
        let store = folder.path("refused");
        fs::write(&store, &bytes).unwrap();
        let error = refused(&store);
        assert!(error.contains(said), "{said}: {error}");
        assert_eq!(fs::read(&store).unwrap(), bytes, "{said}");
    }
    let folder = folder.path("");
    assert!(refused(&folder).contains("is not a store of this program"));
}

#[test]
fn after_a_graceful_end_there_is_one_file_that_can_be_copied() {
    let folder = Folder::new();
    let store = used(&folder);
    assert_eq!(fs::metadata(&store).unwrap().permissions().mode() & 0o777, 0o600);
    for end in ["-wal", "-shm", "-journal"] {
        assert!(fs::metadata(format!("{store}{end}")).is_err(), "{end}");
    }
    let copy = folder.path("copy");
    fs::copy(&store, &copy).unwrap();
    let server = Server::start(&[DEV, &["--store", &copy]].concat());
    let row = server.get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", TARGET_USER)]);
    assert_eq!(row.json()["Status"], 8);
}

/// Also if the server never came to listen.
#[test]
fn a_store_is_closed_if_the_start_fails() {
    let folder = Folder::new();
    let (store, busy) = (
        folder.path("store"),
        std::net::TcpListener::bind("127.0.0.1:0").unwrap(),
    );
    let address = busy.local_addr().unwrap().to_string();
    let program = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(DEV)
        .args(["--store", &store, "--import", IMPORT, "--listen", &address])
        .output()
        .unwrap();
    assert_eq!(program.status.code(), Some(2));
    let error = String::from_utf8(program.stderr).unwrap();
    assert!(
        error.contains("WARN") && error.contains("a new store was created"),
        "{error}"
    );
    assert!(fs::metadata(format!("{store}-wal")).is_err());
    assert!(Server::start(&[DEV, &["--store", &store]].concat()).is_ready());
}

#[test]
fn a_row_that_can_t_be_read_does_not_take_the_list_with_it() {
    let folder = Folder::new();
    let store = folder.path("store");
    drop(Sqlite::create(store.as_ref()).unwrap());
    drop(Server::start(&[DEV, &["--store", &store, "--import", IMPORT]].concat()));
    let connection = rusqlite::Connection::open(&store).unwrap();
    connection
        .execute_batch(
            "INSERT INTO requests (id, status, descriptor, head, tail) VALUES
               (zeroblob(16), 3, 1, cast(x'7bff7d' AS text), ''), (x'ffffffffffffffffffffffffffffffff', 3, 1, '{', '}');",
        )
        .unwrap();
    let server = Server::start(&[DEV, &["--store", &store]].concat());
    let list = server.get(ROUTE, &[("X-Dev-Caller", STRANGER)]);
    assert_eq!(list.status, 200);
    let list = list.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["Uuid"], ENROLL);
    let (_, log) = server.end();
    for id in [
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ] {
        assert!(
            log.lines()
                .any(|line| line.contains("was not listed") && line.contains(id)),
            "{log}"
        );
    }
}

/// A disk or a folder that can't be written: the store is opened by somebody else than its owner.
#[test]
fn a_store_that_can_t_be_written_is_refused() {
    use std::os::unix::process::CommandExt;
    let folder = Folder::new();
    let store = used(&folder);
    fs::set_permissions(&store, fs::Permissions::from_mode(0o444)).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"));
    program.args(DEV).args(["--store", &store, "--listen", "127.0.0.1:0"]);
    if OpenOptions::new().write(true).open(&store).is_ok() {
        // Root may write everything.
        program.uid(65534).gid(65534);
    }
    let Ok(program) = program.output() else {
        println!("SKIPPED: the program can't be started as another user");
        return;
    };
    let error = String::from_utf8(program.stderr).unwrap();
    assert_eq!(program.status.code(), Some(2), "{error}");
    assert!(error.contains("can't be written"), "{error}");
}

//! The options and stores with which the server starts, and those that it refuses.

use crate::process::{DEV, ENROLL, Folder, ROUTE, Server, TARGET_USER, query};
use std::process::Command;

/// Exit status and standard error of a start that fails.
fn refused(options: &[&str]) -> (Option<i32>, String) {
    let program = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(options)
        .output()
        .unwrap();
    assert!(program.stdout.is_empty());
    (program.status.code(), String::from_utf8(program.stderr).unwrap())
}

#[test]
fn it_does_not_start_where_callers_could_lie() {
    let folder = Folder::new();
    let short = folder.write("short", "tooshort");
    let gone = folder.path("gone");
    let socket = format!("unix:{}", folder.path("socket"));
    for options in [
        &["--demo"][..],
        &["--insecure-dev-caller"],
        &["--demo", "--insecure-dev-caller", "--proxy-uid", "0"],
        &["--demo", "--insecure-dev-caller", "--listen", "0.0.0.0:0"],
        &["--demo", "--insecure-dev-caller", "--listen", "[::]:0"],
        &["--demo", "--insecure-dev-caller", "--listen", &socket],
        &["--demo", "--proxy-uid", "0"],
        // An option about proxies where no proxy is trusted.
        &["--demo", "--insecure-dev-caller", "--one-caller-header"],
        &["--demo", "--proxy-secret-file", &short],
        &["--demo", "--proxy-secret-file", &gone],
        &["--demo", "--insecure-dev-caller", "--listen", "localhost"],
        &["--demo", "--insecure-dev-caller", "--policy", &gone],
    ] {
        let (status, error) = refused(options);
        assert_eq!(status, Some(2), "{options:?}");
        assert!(error.starts_with("error"), "{options:?}: {error}");
    }
}

#[test]
fn requests_are_imported_once() {
    let folder = Folder::new();
    let (store, import) = (folder.path("store"), "../../tests/data/enroll-approved.json");
    let server = Server::start(&[DEV, &["--store", &store, "--import", import]].concat());
    assert_eq!(server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#).status, 200);
    assert_eq!(server.end().0, 0);
    // A second import does not undo a decision.
    let server = Server::start(&[DEV, &["--store", &store, "--import", import]].concat());
    assert_eq!(server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#).status, 204);
    assert_eq!(
        server
            .get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", TARGET_USER)])
            .json()["Status"],
        8
    );
    drop(server);
    assert_eq!(
        query(&store, "SELECT lower(hex(id)), status FROM requests"),
        [format!("{}|8", ENROLL.replace('-', ""))]
    );
}

#[test]
fn what_is_no_request_is_not_imported() {
    let folder = Folder::new();
    let store = folder.path("store");
    for text in ["", "{}", "[{}]", r#"{"Uuid":"x","Status":3}"#, "nonsense"] {
        let import = folder.write("import", text);
        let (status, error) = refused(&[DEV, &["--store", &store, "--import", &import]].concat());
        assert_eq!(status, Some(2), "{text}");
        assert!(error.contains("import"), "{error}");
    }
}

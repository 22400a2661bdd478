//! The options and stores with which the server starts, and those that it refuses.

use crate::process::{DEV, ENROLL, Folder, ROUTE, Server, TARGET_USER, query};
use std::process::Command;

/// Exit status and standard error of a start that fails.
pub(crate) fn refused(options: &[&str]) -> (Option<i32>, String) {
    let program = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        // The tests of the library have this variable, and the program would warn that it is no option.
        .env_remove("SDDL_AUTHZ_VECTORS")
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

/// Fault 2.4: a typing error in the path must not start an empty server.
#[test]
fn a_new_store_is_made_only_if_that_is_asked_for() {
    let folder = Folder::new();
    let store = folder.path("store");
    let exists = || std::path::Path::new(&store).exists();
    let (status, error) = refused(&[DEV, &["--store", &store]].concat());
    assert_eq!(status, Some(2));
    assert!(
        error.contains("there is no file") && error.contains("--create"),
        "{error}"
    );
    assert!(!exists());
    // A file that can't be imported makes no store either.
    let bad = folder.write("bad", "{}");
    let import = "../../tests/data/enroll-approved.json";
    assert_eq!(
        refused(&[DEV, &["--store", &store, "--import", import, "--import", &bad]].concat()).0,
        Some(2)
    );
    assert!(!exists());
    // A store that is there is not made again.
    for expected in [true, false] {
        let (status, log) = Server::start(&[DEV, &["--store", &store, "--create"]].concat()).end();
        assert_eq!(status, 0);
        assert_eq!(log.contains("a new store was created"), expected, "{log}");
    }
    assert_eq!(Server::start(&[DEV, &["--store", &store]].concat()).end().0, 0);
    let empty = folder.write("empty", "");
    assert_eq!(refused(&[DEV, &["--store", &empty, "--create"]].concat()).0, Some(2));
}

/// Fault 2.8: more than 8 MiB, in several files, each of JSON Lines or of JSON.
#[test]
fn files_of_any_size_are_imported_at_the_start() {
    let folder = Folder::new();
    let store = folder.path("store");
    let row = |number: u32, comment: &str| {
        let id = format!("{number:08x}-0000-4000-8000-000000000000");
        format!(r#"{{"Uuid":"{id}","Status":3,"Comment":"{comment}","SecurityDescriptor":"O:BAD:(A;;RC;;;AU)"}}"#)
    };
    let rows: Vec<_> = (1..=9).map(|number| row(number, "one")).collect();
    let lines = folder.write("lines", &rows.join(&format!("\n{}\n", " ".repeat(1_100_000))));
    assert!(std::fs::metadata(&lines).unwrap().len() > 8_388_608);
    let array = folder.write("array", &format!("[{},{}]", row(9, "another"), row(10, "")));
    let server = Server::start(&[DEV, &["--store", &store, "--import", &lines, "--import", &array]].concat());
    assert_eq!(query(&store, "SELECT count(*) FROM requests"), ["10"]);
    let (status, log) = server.end();
    assert_eq!(status, 0);
    // That the ninth request is not the one of the second file is told.
    assert!(log.contains("WARN") && log.contains("skipped=1"), "{log}");
}

/// Fault of §4: the warning goes by the policy in use. It does not name each of 200,000 requests.
#[test]
fn requests_that_will_be_answered_500_are_told_by_the_policy_in_use() {
    let folder = Folder::new();
    let store = folder.path("store");
    let row = |number: u32| {
        format!(r#"{{"Uuid":"{number:08x}-0000-4000-8000-000000000000","Status":3,"SecurityDescriptor":"O:BA"}}"#)
    };
    let lines: Vec<_> = (1..=25).map(row).collect();
    let lines = folder.write("lines", &lines.join("\n"));
    let policy = folder.write("policy", "version = 1\nread = [\"RC\"]\nunprotected = \"grant\"\n");
    let id = "00000001-0000-4000-8000-000000000000";
    for (options, status, named) in [(&[][..], 500, 10), (&["--policy", &policy], 200, 0)] {
        let server = Server::start(&[DEV, &["--store", &store, "--import", &lines], options].concat());
        let answer = server.get(&format!("{ROUTE}/{id}"), &[("X-Dev-Caller", TARGET_USER)]);
        assert_eq!(answer.status, status);
        let (_, log) = server.end();
        assert_eq!(log.matches("a request will be answered 500").count(), named, "{log}");
        assert_eq!(log.contains("requests=25"), named > 0, "{log}");
    }
}

#[test]
fn an_inferred_policy_is_said_at_the_start() {
    let folder = Folder::new();
    let readable = folder.write("readable", "version = 1\nread = ['RC']\n");
    let unreadable = folder.write(
        "unreadable",
        "version = 1\n[completed]\nmasks = ['CC']\nstart = ['Approved']\n",
    );
    let warned = |options: &[&str]| {
        let (status, log) = Server::start(&[&["--demo"], DEV, options].concat()).end();
        assert_eq!(status, 0);
        let has = |text: &str| log.lines().any(|line| line.contains("WARN") && line.contains(text));
        (has("no --policy"), has("nobody may read"))
    };
    assert_eq!(warned(&[]), (true, false));
    assert_eq!(warned(&["--policy", &readable]), (false, false));
    assert_eq!(warned(&["--policy", &unreadable]), (false, true));
}

#[test]
fn a_change_can_t_start_from_a_final_status() {
    let folder = Folder::new();
    for (change, status) in [
        ("completed", "Denied"),
        ("completed", "Canceled"),
        ("completed", "Failed"),
        ("canceled", "Completed"),
        ("abandoned", "Denied"),
    ] {
        let policy = format!("version = 1\n[{change}]\nmasks = ['CC']\nstart = ['Approved', '{status}']\n");
        let policy = folder.write("policy", &policy);
        let (exit, error) = refused(&["--demo", "--insecure-dev-caller", "--policy", &policy]);
        assert_eq!(exit, Some(2), "{change} {status}");
        assert!(error.contains(status) && error.contains("final"), "{error}");
    }
}

//! `import` and `export`, also while a server uses the store.

use crate::process::{DEV, ENROLL, Folder, ROUTE, Server, TARGET_USER, query};
use core::fmt::Write as _;
use serde_json::{Value, json};
use std::{
    io::Write as _,
    os::unix::fs::PermissionsExt,
    process::{Command, Output, Stdio},
};

const COMPLETED: &str = r#"{"status":"Completed"}"#;

fn program(arguments: &[&str], input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read.
    let _ = program.stdin.take().unwrap().write_all(input.as_bytes());
    program.wait_with_output().unwrap()
}

/// Imports from standard input; the counts that are not 0, and standard error.
fn import(store: &str, options: &[&str], input: &str) -> (Value, String) {
    let done = program(&[&["import", "--store", store], options, &["-"]].concat(), input);
    let errors = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{errors}");
    let mut counts: Value = serde_json::from_slice(&done.stdout).unwrap();
    counts.as_object_mut().unwrap().retain(|_, count| count != 0);
    (counts, errors)
}

/// An import that fails: standard error.
fn refused(store: &str, options: &[&str], input: &str) -> String {
    let done = program(&[&["import", "--store", store], options, &["-"]].concat(), input);
    assert_eq!(done.status.code(), Some(2), "{input}");
    assert!(done.stdout.is_empty());
    String::from_utf8(done.stderr).unwrap()
}

fn export(store: &str) -> String {
    let done = program(&["export", "--store", store], "");
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

fn row(number: u32, descriptor: &str) -> String {
    json!({"Uuid": id(number), "Status": 3, "SecurityDescriptor": descriptor}).to_string()
}

/// A request in the order of the API's properties.
fn printed(number: u32, descriptor: &str) -> String {
    format!(
        r#"{{"Uuid":"{}","Status":3,"SecurityDescriptor":"{descriptor}"}}"#,
        id(number)
    )
}

/// Fault 2.8: a request that is there is replaced, and the next decision is about the new one.
#[test]
fn what_a_running_server_decides_follows_the_import() {
    let folder = Folder::new();
    let store = folder.path("store");
    let grants = row(1, &format!("O:BAD:(A;;CCDCRC;;;{TARGET_USER})"));
    assert_eq!(
        import(&store, &["--create"], &grants).0,
        json!({"given": 1, "inserted": 1})
    );
    let server = Server::start(&[DEV, &["--store", &store]].concat());
    let get = || {
        server
            .get(&format!("{ROUTE}/{}", id(1)), &[("X-Dev-Caller", TARGET_USER)])
            .status
    };
    let list = || server.get(ROUTE, &[("X-Dev-Caller", TARGET_USER)]).status;
    assert_eq!((get(), list()), (200, 200));
    // It no longer grants the changes.
    let reads = row(1, &format!("O:BAD:(A;;RC;;;{TARGET_USER})"));
    assert_eq!(
        import(&store, &["--mode", "replace"], &reads).0,
        json!({"given": 1, "replaced": 1})
    );
    assert_eq!(server.put(&id(1), TARGET_USER, COMPLETED).status, 403);
    assert_eq!((get(), list()), (200, 200));
    // It no longer grants anything.
    let refuses = row(1, "O:BAD:(A;;CCDCRC;;;BA)");
    assert_eq!(
        import(&store, &["--mode", "replace"], &refuses).0,
        json!({"given": 1, "replaced": 1})
    );
    assert_eq!(server.put(&id(1), TARGET_USER, COMPLETED).status, 403);
    assert_eq!((get(), list()), (403, 204));
    // Insert leaves it, and says so.
    let (counts, errors) = import(&store, &[], &grants);
    assert_eq!(counts, json!({"given": 1, "skipped": 1}));
    assert!(errors.contains("1 requests were not inserted"), "{errors}");
    assert_eq!(server.put(&id(1), TARGET_USER, COMPLETED).status, 403);
    assert_eq!(
        import(&store, &["--mode", "replace"], &grants).0,
        json!({"given": 1, "replaced": 1})
    );
    assert_eq!(server.put(&id(1), TARGET_USER, COMPLETED).status, 200);
    let (counts, _) = import(&store, &["--mode", "delete"], &format!(r#"{{"Uuid":"{}"}}"#, id(1)));
    assert_eq!(counts, json!({"given": 1, "deleted": 1}));
    assert_eq!(server.put(&id(1), TARGET_USER, COMPLETED).status, 403);
    assert_eq!((get(), list()), (403, 204));
    assert_eq!(query(&store, "SELECT count(*) FROM requests"), ["0"]);
}

#[test]
fn every_form_of_an_input_is_taken() {
    let (one, two) = (row(1, "O:BAD:(A;;CC;;;AU)"), row(2, "O:BAD:(A;;CC;;;AU)"));
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&one).unwrap()).unwrap();
    for (input, given) in [
        (one.clone(), 1),
        (pretty, 1),
        (format!("{one}\n{two}\n"), 2),
        (format!("\u{feff}{one}\r\n\r\n{two}"), 2),
        (format!("[{one},{two}]"), 2),
        (format!("\u{feff}\r\n[\r\n{one},\r\n{two}\r\n]\r\n"), 2),
    ] {
        let folder = Folder::new();
        let store = folder.path("store");
        let expected = json!({"given": given, "inserted": given});
        assert_eq!(import(&store, &["--create"], &input).0, expected, "{input}");
        // A second import of these requests, from a file, changes nothing.
        let file = folder.write("file", &input);
        let again = program(&["import", "--store", &store, "--mode", "replace", &file], "");
        let counts: Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!(counts["unchanged"], given, "{input}");
        assert_eq!(query(&store, "SELECT count(*) FROM requests"), [given.to_string()]);
    }
    let folder = Folder::new();
    let store = folder.path("store");
    assert_eq!(import(&store, &["--create"], "[]").0, json!({}));
}

#[test]
fn an_input_that_cannot_be_used_changes_nothing() {
    let folder = Folder::new();
    let store = folder.path("store");
    let (one, two) = (row(1, "O:BAD:(A;;CC;;;AU)"), row(2, "O:BAD:(A;;CC;;;AU)"));
    import(&store, &["--create"], &one);
    let before = export(&store);
    let inputs = [
        (String::new(), "the input is empty"),
        (
            format!("{two}\nnonsense\n"),
            "line 2: expected a request, a JSON object",
        ),
        (format!("{two}\n\n{{\"Uuid\":\"x\"}}\n"), "line 3: "),
        (format!("{two}\n{{\"Status\":3}}"), "line 2: missing field `Uuid`"),
        (format!("{two}\n[{two}]"), "line 2: expected a request, a JSON object"),
        (format!("{two}\n{two}x"), "line 2: trailing characters"),
        (
            format!("{two}\n\u{feff}{}", row(3, "")),
            "line 2: expected a request, a JSON object",
        ),
        (
            format!("[{two},\n{{\"Status\":3}}]"),
            "line 2, element 2: missing field `Uuid`",
        ),
        (format!("[{two}"), "line 1, element 1: the input ends too early"),
        (format!("{two}\n{}", &two[..30]), "line 2: EOF"),
        (format!("[{two}]{two}"), "line 1: nothing may follow the array"),
        (
            format!("{two}\n{{\"x\":{}", "[".repeat(100_000)),
            "line 2: recursion limit exceeded",
        ),
        (format!("{two}\n{{\"\u{1b}[2J\":1}}"), "line 2: control character"),
        (
            format!("{two}\n{{\"Uuid\":\"{}\",\"Status\":\"\u{7f}\"}}", id(3)),
            "line 2: invalid type",
        ),
        // It is unknown which one is meant.
        (
            format!("{one}\n\n{two}\n{one}"),
            "line 4: the id 00000001-0000-4000-8000-000000000000 is also in line 1",
        ),
        (
            format!("[{two},{two}]"),
            "line 1, element 2: the id 00000002-0000-4000-8000-000000000000 is also in line 1, element 1",
        ),
    ];
    for ((input, said), mode) in inputs.iter().zip(["insert", "replace"].iter().cycle()) {
        let error = refused(&store, &["--mode", mode], input);
        let shown = &error[..error.len().min(200)];
        assert!(error.starts_with("error: ") && error.contains(said), "{said}: {shown}");
        assert!(!error.trim_end().contains(char::is_control), "{shown}");
        assert_eq!(export(&store), before, "{said}");
        // Nor is a store made for it.
        let new = folder.path("new");
        refused(&new, &["--create"], input);
        assert!(!std::path::Path::new(&new).exists(), "{said}");
    }
    let utf16: Vec<u8> = two.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = folder.path("utf16");
    std::fs::write(&file, utf16).unwrap();
    let done = program(&["import", "--store", &store, &file], "");
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("UTF-16"));
    assert_eq!(export(&store), before);
}

#[test]
fn bad_values_are_skipped_and_named_if_that_is_asked_for() {
    let folder = Folder::new();
    let store = folder.path("store");
    let (one, two) = (row(1, "O:BAD:(A;;CC;;;AU)"), row(2, "O:BAD:(A;;CC;;;AU)"));
    let lines = format!("{one}\nnonsense\n{{\"Status\":3}}\n{two}\n{}", &two[..30]);
    let (counts, errors) = import(&store, &["--create", "--skip-bad"], &lines);
    assert_eq!(counts, json!({"given": 2, "inserted": 2, "bad": 3}));
    let named: Vec<_> = errors.lines().map(|line| line.split(": ").nth(2).unwrap()).collect();
    assert_eq!(named, ["line 2", "line 3", "line 5"], "{errors}");
    let array = format!("[{},{{\"Status\":3}},{}]", row(3, "O:BAD:"), row(4, "O:BAD:"));
    let (counts, errors) = import(&store, &["--skip-bad"], &array);
    assert_eq!(counts, json!({"given": 2, "inserted": 2, "bad": 1}));
    assert!(
        errors.contains("skipped: line 1, element 2: missing field `Uuid`"),
        "{errors}"
    );
    // Where the elements can't be told from each other, nothing is skipped. Nor are two requests with one id.
    for input in [
        format!("[{},{{\"a\" 1}},{}]", row(5, "O:BAD:"), row(6, "O:BAD:")),
        format!("{}\n{}\n", row(5, "O:BAD:"), row(5, "O:BAD:")),
    ] {
        refused(&store, &["--skip-bad"], &input);
    }
    assert_eq!(query(&store, "SELECT count(*) FROM requests"), ["4"]);
}

/// Ten are named, all are counted.
#[test]
fn descriptors_that_cannot_be_read_are_told() {
    let folder = Folder::new();
    let store = folder.path("store");
    let mut lines = String::new();
    for number in 1..=25 {
        writeln!(lines, "{}", row(number, "O:BAD:(A;;CC;;;\u{1b})")).unwrap();
    }
    let (counts, errors) = import(&store, &["--create"], &lines);
    assert_eq!(counts, json!({"given": 25, "inserted": 25, "undecidable": 25}));
    assert_eq!(errors.lines().count(), 11, "{errors}");
    assert!(errors.contains(&id(10)) && !errors.contains('\u{1b}'), "{errors}");
    // It goes by the policy: this one grants everything if there is no DACL.
    let unprotected = row(99, "O:BA");
    let policy = folder.write("policy.toml", "version = 1\nunprotected = \"grant\"\n");
    let (counts, _) = import(&store, &[], &unprotected);
    assert_eq!(counts, json!({"given": 1, "inserted": 1, "undecidable": 1}));
    let (counts, errors) = import(&store, &["--policy", &policy], &unprotected);
    assert_eq!(counts, json!({"given": 1, "unchanged": 1}));
    assert_eq!(errors, "");
}

#[test]
fn an_export_that_is_imported_gives_the_same_rows() {
    let folder = Folder::new();
    let (store, other) = (folder.path("store"), folder.path("other"));
    let published = include_str!("../../../../tests/data/enroll-approved.json");
    let strange = format!(
        r#"{{"Uuid":"{}","Status":3,"SecurityDescriptor":"O:BAD:(A;;CC;;;AU)\u0000\"é\u2028","Comment":"\u0000\n\"SecurityDescriptor\":\"\"","Later":{{"b":1.5,"a":[null]}}}}"#,
        id(7)
    );
    let lines = format!(
        "{}\n{strange}\n{{\"Uuid\":\"{}\",\"Status\":3}}\n{{\"SecurityDescriptor\":null,\"Status\":4,\"Uuid\":\"{}\"}}\n",
        row(9, "O:BAD:(A;;CC;;;AU)"),
        id(3),
        id(2),
    );
    import(&store, &["--create"], published);
    import(&store, &[], &lines);
    let exported = export(&store);
    let rows: Vec<_> = exported.lines().collect();
    let ids: Vec<_> = rows.iter().map(|row| row[9..45].to_owned()).collect();
    assert_eq!(ids, [id(2), id(3), id(7), id(9), ENROLL.to_owned()]);
    assert_eq!(rows[3], printed(9, "O:BAD:(A;;CC;;;AU)"));
    assert_eq!(
        import(&other, &["--create"], &exported).0,
        json!({"given": 5, "inserted": 5, "undecidable": 3})
    );
    assert_eq!(export(&other), exported);
    // Each is what the API prints.
    let server = Server::start(&[DEV, &["--store", &other]].concat());
    let answer = server.get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", TARGET_USER)]);
    assert_eq!((answer.status, answer.body.as_str()), (200, rows[4]));
    // A file is new, and only its owner can read it.
    let file = folder.path("rows");
    let done = program(&["export", "--store", &other, &file], "");
    assert_eq!(done.stdout, b"{\"requests\":5}\n");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), exported);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        program(&["export", "--store", &other, &file], "").status.code(),
        Some(2)
    );
}

/// The server goes on while thousands of requests are brought in.
#[test]
fn a_server_answers_while_requests_are_imported() {
    let folder = Folder::new();
    let (store, import) = (folder.path("store"), "../../tests/data/enroll-approved.json");
    let server = Server::start(&[DEV, &["--store", &store, "--import", import]].concat());
    let mut lines = String::new();
    for number in 1..=2100 {
        writeln!(lines, "{}", row(number, &format!("O:BAD:(A;;CCRC;;;{TARGET_USER})"))).unwrap();
    }
    let file = folder.write("lines", &lines);
    let mut process = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(["import", "--store", &store, &file])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut answers = 0;
    while process.try_wait().unwrap().is_none() {
        let status = if answers % 2 == 0 { "Completed" } else { "Canceled" };
        // It is completed once; to cancel it then is not allowed.
        let answer = server.put(ENROLL, TARGET_USER, &format!("{{\"status\":\"{status}\"}}"));
        assert!([200, 204, 403].contains(&answer.status), "{answer:?}");
        answers += 1;
    }
    assert!(process.wait().unwrap().success() && answers > 0);
    assert_eq!(query(&store, "SELECT count(*) FROM requests"), ["2101"]);
    assert_eq!(server.put(&id(2100), TARGET_USER, COMPLETED).status, 200);
}

//! The log can neither stop the server nor lie.

use crate::{
    client::Answer,
    process::{ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER},
};
use core::time::Duration;
use serde_json::Value;
use std::{fs::OpenOptions, io, time::Instant};

const DEMO: &[&str] = &["--demo", "--insecure-dev-caller"];

/// Asks again and again on one connection. Each answer must be 200.
fn all_are_answered(server: &Server, count: u32) {
    let mut client = server.client();
    for number in 0..count {
        let answer = client.try_send(
            "GET",
            &format!("{ROUTE}/{ENROLL}"),
            &[("X-Dev-Caller", TARGET_USER)],
            "",
        );
        assert!(
            matches!(&answer, Ok(answer) if answer.status == 200),
            "{number}: {answer:?}"
        );
    }
}

/// Asks the server to end. It must do so soon.
fn ends(server: Server) {
    let began = Instant::now();
    let (status, _) = server.end();
    assert_eq!(status, 0);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    let (reader, writer) = io::pipe().unwrap();
    let server = Server::start_logging_to(writer, DEMO);
    all_are_answered(&server, 1000);
    ends(server);
    drop(reader);
}

#[test]
fn a_log_whose_reader_has_gone_stops_nothing() {
    let (reader, writer) = io::pipe().unwrap();
    let server = Server::start_logging_to(writer, DEMO);
    drop(reader);
    all_are_answered(&server, 60);
    ends(server);
}

#[test]
fn a_log_on_a_full_disk_stops_nothing() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let server = Server::start_logging_to(full, DEMO);
    all_are_answered(&server, 60);
    ends(server);
}

/// The lines of a log with this target, as JSON objects.
fn lines_of(log: &str, target: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.filter(|line: &Value| line["target"] == target).collect()
}

/// These properties of each line.
fn columns(lines: &[Value], names: &[&str]) -> Vec<String> {
    let column = |line: &Value, name: &&str| match &line[*name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let row = |line| {
        names
            .iter()
            .map(|name| column(line, name))
            .collect::<Vec<_>>()
            .join(" ")
    };
    lines.iter().map(row).collect()
}

#[test]
fn each_answer_is_one_line() {
    let server = Server::start(&[DEMO, &["--log-format", "json"]].concat());
    let (caller, item) = ([("X-Dev-Caller", TARGET_USER)], format!("{ROUTE}/{ENROLL}"));
    let mut ids = Vec::new();
    let mut ask = |answer: Answer| ids.push(answer.header("x-correlation-id").unwrap().to_owned());
    let json = ("Content-Type", "application/json");
    ask(server.get(&item, &caller));
    ask(server.get(ROUTE, &caller));
    ask(server.get(&format!("{ROUTE}?status=Denied"), &caller));
    ask(server.get(&format!("{ROUTE}?status=secret-of-the-query"), &caller));
    ask(server.get("/nothing/\u{202e}here", &[]));
    ask(server.get(&format!("/{}", "a".repeat(1000)), &[]));
    ask(server.client().send("DELETE", &item, &caller, ""));
    ask(server.client().send("PUT", &item, &caller, "{}"));
    ask(server
        .client()
        .send("PUT", &item, &[caller[0], json], &" ".repeat(16385)));
    ask(server.put(ENROLL, STRANGER, "{}"));
    ask(server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#));
    ask(server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#));
    ask(server.get(&item, &[]));
    let length = server.get(&item, &caller);
    ask(length.clone());
    assert_eq!(server.get("/healthz", &[]).status, 200);
    let (status, log) = server.end();
    assert_eq!(status, 0);

    let lines = lines_of(&log, "sddl_authz::access");
    assert_eq!(columns(&lines, &["correlation"]), ids);
    let item = item.to_lowercase();
    let route = ROUTE.to_lowercase();
    assert_eq!(
        columns(
            &lines,
            &["method", "path", "status", "reason", "action", "caller", "count"]
        ),
        [
            format!("GET {item} 200 permitted read {TARGET_USER} null"),
            format!("GET {route} 200 permitted read {TARGET_USER} 2"),
            format!("GET {route} 204 permitted read {TARGET_USER} 0"),
            format!("GET {route} 400 query_unreadable read {TARGET_USER} null"),
            r"GET /nothing/\u{202e}here 404 not_found null null null".to_owned(),
            format!("GET /{}… 404 not_found null null null", "a".repeat(127)),
            format!("DELETE {item} 405 method_not_allowed null null null"),
            format!("PUT {item} 415 media_type_unsupported change {TARGET_USER} null"),
            format!("PUT {item} 413 body_too_large change {TARGET_USER} null"),
            format!("PUT {item} 403 no_right change {STRANGER} null"),
            format!("PUT {item} 200 permitted Completed {TARGET_USER} null"),
            format!("PUT {item} 204 unchanged Completed {TARGET_USER} null"),
            format!("GET {item} 401 unauthenticated read null null"),
            format!("GET {item} 200 permitted read {TARGET_USER} null"),
        ]
    );
    let last = lines.last().unwrap();
    assert_eq!(last["bytes"], length.body.len());
    assert!(
        last["ms"].as_f64().unwrap() > 0.0 && last["peer"].as_str().unwrap().starts_with("127.0.0.1:"),
        "{last}"
    );
    assert!(
        lines
            .iter()
            .all(|line| line["level"] == "INFO" && line.get("cut").is_none())
    );
    assert!(!log.contains("secret-of-the-query") && !log.contains('\u{202e}'));
    // A permitted action has one line, and a refusal a second one with its details.
    let decisions = lines_of(&log, "sddl_authz::decision");
    let refused = columns(&decisions, &["level", "status", "reason", "missing"]);
    assert_eq!(refused.last().unwrap(), "WARN 401 unauthenticated null");
    assert!(refused.contains(&"WARN 403 no_right null".to_owned()), "{refused:?}");
    assert!(!log.contains("healthz"));
}

#[test]
fn the_log_never_says_200_where_the_client_is_told_500() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Server::start(&[DEMO, &["--store", &store, "--log", "debug", "--log-format", "json"]].concat());
    // As on a full disk, no change can be written.
    let full = "CREATE TRIGGER full BEFORE UPDATE ON requests BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    rusqlite::Connection::open(&store).unwrap().execute_batch(full).unwrap();
    let answer = server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#);
    assert_eq!(answer.status, 500);
    assert_eq!(server.get("/healthz", &[]).status, 200);
    let (_, log) = server.end();
    let names = ["status", "reason", "correlation"];
    let told = format!("500 store {}", answer.header("x-correlation-id").unwrap());
    assert_eq!(
        columns(&lines_of(&log, "sddl_authz::decision"), &names),
        [told.as_str()]
    );
    let lines = lines_of(&log, "sddl_authz::access");
    assert_eq!(columns(&lines[..1], &names), [told]);
    assert_eq!(columns(&lines[1..], &["path", "level"]), ["/healthz DEBUG"]);
}

#[test]
fn each_answer_has_a_correlation_id_and_is_stored_by_nobody() {
    const GIVEN: &str = "0af76519-16cd-43dd-8448-eb211c80319c";
    let folder = Folder::new();
    let secret = folder.write("secret", "0123456789abcdef0123456789abcdef");
    let server = Server::start(&["--demo", "--proxy-secret-file", &secret, "--one-caller-header"]);
    let caller = format!("user={TARGET_USER}; groups=none; deny-only=none; incomplete=false");
    let proxy = [
        ("X-Proxy-Secret", "0123456789abcdef0123456789abcdef"),
        ("X-Caller", caller.as_str()),
    ];
    let item = format!("{ROUTE}/{ENROLL}");
    let of = |path: &str, headers: &[(&str, &str)], more: &[(&str, &str)]| {
        let answer = server.get(path, &[headers, more].concat());
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let id = answer.header("x-correlation-id").unwrap().to_owned();
        assert!(answer.status == 200 || answer.body.contains(&id), "{answer:?}");
        id
    };
    let given = [("X-Request-Id", "0af7651916cd43dd8448eb211c80319c")];
    assert_eq!(of(&item, &proxy, &given), GIVEN);
    assert_eq!(of("/nothing", &proxy, &given), GIVEN);
    // A client that nobody vouches for can't choose its id, and a bad or a doubled one is not taken.
    assert_ne!(of(&item, &proxy[1..], &given), GIVEN);
    assert_ne!(of("/healthz", &[], &given), GIVEN);
    assert_ne!(of(&item, &proxy, &[given[0], given[0]]), GIVEN);
    assert_ne!(of(&item, &proxy, &[]), of(&item, &proxy, &[]));
    let (_, log) = server.end();
    assert_eq!(log.matches(&format!("correlation={GIVEN}")).count(), 2, "{log}");
}

#[test]
fn a_client_can_t_fill_the_log() {
    let server = Server::demo();
    let name = format!("x-caller-{}", "a".repeat(16_000));
    assert_eq!(server.get(ROUTE, &[(&name, "x")]).status, 400);
    let path = format!("{ROUTE}/{}", "a".repeat(16_000));
    assert_eq!(server.get(&path, &[("X-Dev-Caller", TARGET_USER)]).status, 403);
    let method = "A".repeat(16_000);
    assert_eq!(server.client().send(&method, "/", &[], "").status, 404);
    let (_, log) = server.end();
    let longest = log.lines().map(str::len).max().unwrap();
    assert!(longest < 1000, "{longest}");
}

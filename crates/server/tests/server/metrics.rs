//! Metrics: what is counted, and that Prometheus can read it.

use crate::{
    client::Client,
    process::{DEV, ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    os::unix::net::UnixStream,
    process::{Command, Stdio},
};

/// A server with an address for the operator, after some requests.
fn asked(folder: &Folder) -> (Server, String) {
    let admin = folder.path("admin");
    let listen = format!("unix:{admin}");
    let server = Server::start(&[DEV, &["--demo", "--admin-listen", &listen]].concat());
    assert_eq!(server.put(ENROLL, STRANGER, r#"{"status":"Completed"}"#).status, 403);
    assert_eq!(server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#).status, 200);
    let caller = [("X-Dev-Caller", TARGET_USER)];
    let hostile = "\"}\n# HELP x";
    assert_eq!(server.get(&format!("{ROUTE}/S-1-5-21-9-9-9-9"), &caller).status, 403);
    assert_eq!(
        server
            .client()
            .send("BREW", "/evil-path", &[("X-Dev-Caller", TARGET_USER)], "")
            .status,
        404,
        "{hostile}"
    );
    assert_eq!(server.get(ROUTE, &caller).status, 200);
    (server, admin)
}

fn scrape(admin: &str, headers: &[(&str, &str)]) -> (String, String) {
    let mut client = Client::over(UnixStream::connect(admin).unwrap());
    let answer = client.send("GET", "/metrics", headers, "");
    assert_eq!(answer.status, 200);
    (answer.header("content-type").unwrap().to_owned(), answer.body)
}

/// The value of a sample, by its name and labels.
fn value(text: &str, sample: &str) -> f64 {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{sample} is not in {text}"))
        .parse()
        .unwrap()
}

#[test]
fn requests_are_counted_by_labels_that_no_client_chooses() {
    let folder = Folder::new();
    let (server, admin) = asked(&folder);
    let (media_type, text) = scrape(&admin, &[]);
    assert_eq!(media_type, "text/plain; version=0.0.4; charset=utf-8");
    for (sample, expected) in [
        (
            r#"sddl_authz_decisions_total{action="change",reason="no_right",status="403"}"#,
            1.0,
        ),
        (
            r#"sddl_authz_decisions_total{action="Completed",reason="permitted",status="200"}"#,
            1.0,
        ),
        (
            r#"sddl_authz_answers_total{route="/requests/{id}",method="PUT",status="403"}"#,
            1.0,
        ),
        (
            r#"sddl_authz_answers_total{route="/requests/{id}",method="PUT",status="200"}"#,
            1.0,
        ),
        (
            r#"sddl_authz_answers_total{route="/requests/{id}",method="GET",status="403"}"#,
            1.0,
        ),
        (
            r#"sddl_authz_answers_total{route="/requests",method="GET",status="200"}"#,
            1.0,
        ),
        (
            r#"sddl_authz_answers_total{route="other",method="other",status="404"}"#,
            1.0,
        ),
        (r#"sddl_authz_answer_seconds_count{route="/requests/{id}"}"#, 3.0),
        ("sddl_authz_connections_accepted_total", 5.0),
        ("sddl_authz_reloads_total", 0.0),
    ] {
        assert_eq!(value(&text, sample), expected, "{sample}");
    }
    assert!(value(&text, "sddl_authz_store_commits_total") >= 1.0);
    assert!(value(&text, "process_resident_memory_bytes") > 1e6);
    for private in ["S-1-5", "evil-path", "BREW", ENROLL] {
        assert!(!text.contains(private), "{private}: {text}");
    }
    assert_eq!(
        server.get("/metrics", &[]).status,
        404,
        "only the operator's address has metrics"
    );
    let (status, log) = server.end();
    assert_eq!(status, 0, "{log}");
}

#[test]
fn the_text_is_what_prometheus_reads() {
    let folder = Folder::new();
    let (_server, admin) = asked(&folder);
    let (_, text) = scrape(&admin, &[]);
    let (mut types, mut helped) = (BTreeMap::new(), BTreeSet::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(
                helped.insert(name.to_owned()) && help.ends_with('.') && !help.ends_with(".."),
                "{line}"
            );
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(types.insert(name.to_owned(), kind.to_owned()).is_none(), "{line}");
        } else {
            let (sample, number) = line.rsplit_once(' ').unwrap();
            assert!(number.parse::<f64>().is_ok(), "{line}");
            let name = sample.split('{').next().unwrap();
            let base = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| name.strip_suffix(end));
            let known = |name: &str| types.get(name).cloned();
            let kind = known(name).or_else(|| base.and_then(known));
            let kind = kind.unwrap_or_else(|| panic!("no type: {line}"));
            assert_eq!(name.ends_with("_total"), kind == "counter", "{line}");
            assert!(
                name.starts_with("sddl_authz_") || name.starts_with("process_"),
                "{line}"
            );
        }
    }
    assert!(types.len() > 20 && types.keys().eq(&helped), "{types:?}");

    let accept = [("Accept", "application/openmetrics-text; version=1.0.0")];
    let (media_type, open) = scrape(&admin, &accept);
    assert!(media_type.starts_with("application/openmetrics-text") && open.ends_with("# EOF\n"));

    let promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut promtool) = promtool else {
        println!("SKIPPED: promtool is not installed");
        return;
    };
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
fn a_reload_is_counted_and_the_policy_s_digest_changes() {
    let folder = Folder::new();
    let (policy, admin) = (
        folder.write("policy", "version = 1\nread = ['RC']\n"),
        folder.path("admin"),
    );
    let listen = format!("unix:{admin}");
    let server = Server::start(&[DEV, &["--demo", "--policy", &policy, "--admin-listen", &listen]].concat());
    let digest = || {
        let (_, text) = scrape(&admin, &[]);
        let line = text
            .lines()
            .find(|line| line.starts_with("sddl_authz_policy_info{digest="))
            .unwrap();
        line.to_owned()
    };
    let before = digest();
    folder.write("policy", "version = 2");
    server.reload();
    assert_eq!(digest(), before);
    folder.write("policy", "version = 1\n");
    server.reload();
    assert_ne!(digest(), before);
    let (_, text) = scrape(&admin, &[]);
    assert_eq!(value(&text, "sddl_authz_reloads_total"), 2.0);
    assert_eq!(value(&text, "sddl_authz_reload_failures_total"), 1.0);
}

//! The audit: of each change and refusal, by which policy the server decided, how much of it is kept.

use crate::process::{DEV, ENROLL, Folder, STRANGER, Server, TARGET_USER, query};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

const IMPORT: &[&str] = &["--import", "../../tests/data/enroll-approved.json"];
const COMPLETE: &str = r#"{"status":"Completed"}"#;

/// The digest in a line of the log.
fn digest(line: &str) -> &str {
    let (_, digest) = line.split_once(" digest=").unwrap();
    let digest = digest.split(' ').next().unwrap();
    assert_eq!(digest.len(), 64, "{line}");
    assert!(digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
    digest
}

fn line<'a>(log: &'a str, part: &str) -> &'a str {
    log.lines().find(|line| line.contains(part)).unwrap()
}

#[test]
fn the_log_says_at_the_start_which_policy_decides() {
    let folder = Folder::new();
    let file = folder.write("policy.toml", "version = 1\nread = [\"RC\"]\n");
    let inferred = Server::start(&[DEV, &["--demo"]].concat()).end().1;
    let given = Server::start(&[DEV, &["--demo", "--policy", &file]].concat()).end().1;
    let warning = line(&inferred, "no --policy");
    assert!(warning.contains("WARN") && warning.contains("inference"), "{warning}");
    let of_file = line(&given, "the policy was read");
    assert!(of_file.contains("INFO") && of_file.contains(&file), "{of_file}");
    assert!(!given.contains("no --policy"), "{given}");
    assert_ne!(digest(warning), digest(of_file));
}

#[test]
fn each_entry_names_the_policy_that_decided_and_the_answer() {
    let folder = Folder::new();
    let store = folder.path("store");
    let options = [DEV, &["--store", &store]].concat();
    let server = Server::start(&[&options, IMPORT].concat());
    let refused = server.put(ENROLL, STRANGER, COMPLETE);
    assert_eq!(refused.status, 403);
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETE).status, 200);
    let log = server.end().1;
    let first = digest(line(&log, "no --policy")).to_owned();
    let file = folder.write("policy.toml", "version = 1\nread = [\"RC\"]\n");
    let server = Server::start(&[&options[..], &["--policy", &file]].concat());
    assert_eq!(server.put(ENROLL, TARGET_USER, r#"{"status":"Canceled"}"#).status, 403);
    let log = server.end().1;
    let second = digest(line(&log, "the policy was read")).to_owned();

    let digests = "SELECT lower(hex(digest)), text FROM policies ORDER BY seq";
    let policies = query(&store, digests);
    assert_eq!(policies.len(), 2, "each once");
    for (policy, logged) in policies.iter().zip([&first, &second]) {
        let (digest, text) = policy.split_once('|').unwrap();
        let of_text: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((digest, digest), (logged.as_str(), of_text.as_str()));
    }
    let id = refused.json()["CorrelationId"].as_str().unwrap().replace('-', "");
    let refusals =
        "SELECT policy, correlation = '".to_owned() + &id + "' FROM audit WHERE kind = 'refusal' ORDER BY seq";
    assert_eq!(query(&store, &refusals), [format!("{first}|1"), format!("{second}|0")]);
    let changes = "SELECT policy, status, from_status, to_status, request FROM audit WHERE kind = 'change'";
    let request = ENROLL.replace('-', "");
    assert_eq!(query(&store, changes), [format!("{first}|200|3|8|{request}")]);
}

#[test]
fn nothing_of_the_audit_is_changed_or_deleted_unseen() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Server::start(&[DEV, &["--store", &store], IMPORT].concat());
    assert_eq!(server.put(ENROLL, STRANGER, COMPLETE).status, 403);
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETE).status, 200);
    assert_eq!(server.end().0, 0);
    let connection = rusqlite::Connection::open(&store).unwrap();
    for table in ["changes", "refusals", "callers", "policies"] {
        for sql in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET seq = seq + 7"),
        ] {
            assert!(connection.execute(&sql, []).is_err(), "{sql}");
        }
    }
    let removal = "INSERT INTO removals (time, entries, cause, count, first_kept) VALUES (0, 'refusals', 'age', 1, 2)";
    connection.execute(removal, []).unwrap();
    assert_eq!(connection.execute("DELETE FROM refusals WHERE seq < 2", []), Ok(1));
    assert!(connection.execute("DELETE FROM changes", []).is_err());
    for sql in ["DELETE FROM removals", "UPDATE removals SET count = 0"] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
}

/// 100 refusals of a caller in 300 groups.
#[test]
fn who_is_refused_again_and_again_does_not_fill_the_store() {
    let folder = Folder::new();
    let store = folder.path("store");
    let bound = ["--store", &store, "--log", "off", "--audit-refusals-per-minute", "1"];
    let server = Server::start(&[DEV, &bound, IMPORT].concat());
    let groups: Vec<String> = (0..300)
        .map(|group| format!("S-1-5-21-1000000001-1000000002-1000000003-{group}"))
        .collect();
    let caller = [&[STRANGER.to_owned()][..], &groups].concat().join(",");
    let (mut client, start) = (server.client(), std::time::Instant::now());
    for _ in 0..100 {
        assert_eq!(client.put(ENROLL, &[("X-Dev-Caller", &caller)], COMPLETE).status, 403);
    }
    drop(client);
    assert_eq!(server.end().0, 0);
    assert_eq!(query(&store, "SELECT sum(count) FROM audit"), ["100"]);
    let alone: u64 = query(&store, "SELECT count(*) FROM audit WHERE kind = 'refusal'")[0]
        .parse()
        .unwrap();
    assert!((1..=2 + start.elapsed().as_secs() / 60).contains(&alone), "{alone}");
    assert_eq!(
        query(&store, "SELECT count(*) FROM callers"),
        ["2"],
        "all SIDs once, and the user alone"
    );
    let users = "SELECT DISTINCT caller FROM audit WHERE kind = 'left_out'";
    assert_eq!(query(&store, users), [format!(r#"{{"user":"{STRANGER}"}}"#)]);
}

/// The log can't be written, and for a while the audit can't either.
#[test]
fn refusals_are_audited_again_once_the_store_takes_them() {
    let folder = Folder::new();
    let store = folder.path("store");
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args([
            "--listen",
            "127.0.0.1:0",
            "--store",
            &store,
            "--insecure-dev-caller",
            "--log",
            "error",
        ])
        .args(IMPORT)
        .stdout(Stdio::piped())
        .stderr(full)
        .spawn()
        .unwrap();
    let mut listens = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut listens)
        .unwrap();
    let address = listens
        .trim_end()
        .strip_prefix("listening on http://")
        .unwrap()
        .to_owned();
    let refused = |user: u32| {
        let caller = format!("S-1-5-21-1-2-3-{user}");
        // Where a line of the log can't be written, the answer may fail as well.
        let path = format!("{}/{ENROLL}", crate::process::ROUTE);
        let headers = [("X-Dev-Caller", caller.as_str()), ("Content-Type", "application/json")];
        let mut client = crate::client::Client::connect(&address);
        client
            .try_send("PUT", &path, &headers, COMPLETE)
            .is_ok_and(|answer| answer.status == 403)
    };
    let ready = || {
        crate::client::Client::connect(&address)
            .send("GET", "/readyz", &[], "")
            .status
    };
    let until = |status: u16| {
        let start = std::time::Instant::now();
        while ready() != status {
            assert!(start.elapsed().as_secs() < 5, "/readyz is never {status}");
            std::thread::sleep(core::time::Duration::from_millis(20));
        }
    };
    let connection = rusqlite::Connection::open(&store).unwrap();
    // No number is left, so SQLite says that it is full.
    let full = "INSERT INTO sqlite_sequence VALUES ('refusals', 9223372036854775807)";
    connection.execute(full, []).unwrap();
    assert!(refused(2000));
    until(503);
    let mended = "DELETE FROM sqlite_sequence WHERE name = 'refusals'";
    connection.execute(mended, []).unwrap();
    until(200);
    let answered = (0..25).filter(|number| refused(1000 + number)).count();
    assert_eq!(answered, 25);
    let id = process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(process.wait().unwrap().code(), Some(0));
    let audited = "SELECT count(DISTINCT caller) FROM refusals WHERE left_out IS NULL";
    assert_eq!(query(&store, audited), ["26"]);
}

/// The lines that the verb prints.
fn audit(store: &str, options: &[&str]) -> Vec<Value> {
    let done = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(["audit", "--store", store])
        .args(options)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let lines = String::from_utf8(done.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// While the server runs.
#[test]
fn the_audit_is_read_while_a_server_writes_it() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Server::start(&[DEV, &["--store", &store], IMPORT].concat());
    let groups = format!("{STRANGER},S-1-5-32-545");
    let refused = server.put(ENROLL, &groups, COMPLETE);
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETE).status, 200);
    until(&store, "refusals", "1");
    let all = audit(&store, &[]);
    let mut refusal = all.iter().find(|line| line["kind"] == "refusal").unwrap().clone();
    let fields = refusal.as_object_mut().unwrap();
    let (time, policy) = (fields.remove("time").unwrap(), fields.remove("policy").unwrap());
    assert_eq!(
        refusal,
        json!({
            "kind": "refusal", "seq": 1, "correlation": refused.json()["CorrelationId"], "request": ENROLL,
            "caller": {
                "user": STRANGER, "user_deny_only": false, "groups": ["S-1-1-0", "S-1-5-11", "S-1-5-32-545"], "deny_only_groups": [],
                "groups_complete": true,
            },
            "action": "change", "status": 403, "reason": "no_right",
        })
    );
    let change = all.iter().find(|line| line["kind"] == "change").unwrap();
    let descriptor =
        serde_json::from_str::<Value>(include_str!("../../../../tests/data/enroll-approved.json")).unwrap();
    let descriptor = Sha256::digest(descriptor["SecurityDescriptor"].as_str().unwrap());
    let descriptor: String = descriptor.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(change["descriptor"], descriptor);
    assert_eq!(
        (&change["from"], &change["to"], &change["status"]),
        (&json!(3), &json!(8), &json!(200))
    );
    assert_eq!(change["policy"], policy);
    assert_eq!(change["caller"]["user"], TARGET_USER);

    let kinds = |options: &[&str]| {
        let lines = audit(&store, options);
        let mut kinds: Vec<String> = lines
            .iter()
            .map(|line| line["kind"].as_str().unwrap().to_owned())
            .collect();
        kinds.sort();
        kinds.join(" ")
    };
    let time = time.as_str().unwrap();
    for (options, expected) in [
        (&["--changes"][..], "change"),
        (&["--refusals"], "refusal"),
        (&["--caller", STRANGER], "refusal"),
        (&["--caller", TARGET_USER], "change"),
        (&["--caller", "S-1-5-21-1-2-3-1104"], ""),
        (&["--request", ENROLL], "change refusal"),
        (&["--request", crate::process::UNKNOWN], ""),
        (
            &["--since", "2000-01-01", "--until", "2999-12-31T00:00:00Z"],
            "change refusal",
        ),
        (&["--since", "2999-01-01"], ""),
        (&["--until", time, "--refusals"], ""),
        (&["--since", time, "--refusals"], "refusal"),
    ] {
        assert_eq!(kinds(options), expected, "{options:?}");
    }
    assert_eq!(audit(&store, &["--limit", "1"]).len(), 1);
    let policy = audit(&store, &["--policy", policy.as_str().unwrap()]);
    assert_eq!(policy[0]["read"], json!(["0x20000"]));
    let unknown = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(["audit", "--store", &store, "--policy", "00"])
        .output();
    assert_eq!(unknown.unwrap().status.code(), Some(2));
}

#[test]
fn the_audit_is_followed() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Server::start(&[DEV, &["--store", &store], IMPORT].concat());
    let mut follower = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(["audit", "--store", &store, "--follow", "--limit", "2"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    for (caller, kind) in [(STRANGER, "refusal"), (TARGET_USER, "change")] {
        server.put(ENROLL, caller, COMPLETE);
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(line["kind"], kind);
    }
    assert!(lines.next().is_none());
    assert_eq!(follower.wait().unwrap().code(), Some(0));
}

/// Waits until a table has this many rows.
fn until(store: &str, table: &str, rows: &str) {
    let (start, sql) = (std::time::Instant::now(), format!("SELECT count(*) FROM {table}"));
    while query(store, &sql) != [rows] {
        assert!(start.elapsed().as_secs() < 5, "{table} never has {rows} rows");
        std::thread::sleep(core::time::Duration::from_millis(20));
    }
}

#[test]
fn old_entries_are_removed_and_that_is_said() {
    let folder = Folder::new();
    let store = folder.path("store");
    let options = [DEV, &["--store", &store], IMPORT].concat();
    assert_eq!(Server::start(&options).end().0, 0);
    // Two refusals and a change of 1970.
    let old = "
        INSERT INTO callers (digest, user, sids) VALUES (zeroblob(32), 'S-1-5-18', '{}');
        INSERT INTO policies (digest, text) VALUES (zeroblob(32), '{}');
        INSERT INTO refusals (time, caller, correlation, policy, action, status, reason)
        VALUES (0, 1, zeroblob(16), 1, 'read', 403, 'no_right'), (1, 1, zeroblob(16), 1, 'read', 403, 'no_right');
        INSERT INTO changes (time, caller, correlation, request, policy, action, status, from_status, to_status, descriptor)
        VALUES (0, 1, zeroblob(16), zeroblob(16), 1, 'Completed', 200, 3, 8, zeroblob(32));";
    rusqlite::Connection::open(&store).unwrap().execute_batch(old).unwrap();
    let server = Server::start(&options);
    until(&store, "refusals", "0");
    let log = server.end().1;
    let said = line(&log, "old entries are removed from the audit");
    assert!(
        said.contains("INFO") && said.contains("count=2") && said.contains("first_kept=3"),
        "{said}"
    );
    let mut removals = audit(&store, &["--refusals"]);
    removals[0].as_object_mut().unwrap().remove("time");
    let expected = json!({
        "kind": "removal", "seq": 1, "entries": "refusals", "cause": "age", "count": 2, "first_kept": 3
    });
    assert_eq!(removals, [expected]);
    // Changes are kept, unless the operator says otherwise.
    assert_eq!(query(&store, "SELECT count(*) FROM changes"), ["1"]);
    let server = Server::start(&[&options[..], &["--audit-changes-max-age", "1"]].concat());
    until(&store, "changes", "0");
    assert_eq!(server.end().0, 0);
}

//! Signals: what is read again while the server runs, and what is kept.

use crate::{
    issuer::{KEYS, claims, key_set},
    process::{ENROLL, Folder, ROUTE, SECRET, STRANGER, Server, TARGET_USER},
    tokens,
};

const COMPLETED: &str = r#"{"status":"Completed"}"#;
/// Everybody may read what grants RC; nobody may complete.
const READ_ONLY: &str = "version = 1\nread = ['RC']\n";
const INFERRED: &str = "version = 1\nread = ['RC']\n[completed]\nmasks = ['CC']\nstart = ['Approved']\n";

fn start(policy: &str) -> Server {
    Server::start(&["--demo", "--insecure-dev-caller", "--policy", policy])
}

#[test]
fn no_signal_but_those_that_ask_for_the_end_ends_it() {
    let mut server = Server::demo();
    for signal in ["HUP", "USR1", "USR2", "HUP"] {
        server.signal(signal);
        assert!(server.is_ready(), "{signal}");
    }
    assert_eq!(server.end().0, 0);
}

#[test]
fn a_policy_is_replaced_whole_or_not_at_all() {
    let folder = Folder::new();
    let policy = folder.write("policy", READ_ONLY);
    let server = start(&policy);
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 403);

    // Its first half would let everybody read.
    for bad in [
        "version = 1\nread = ['RC', 'CC']\n[completed",
        "",
        "version = 2",
        "version = 1\nread = ['0']",
    ] {
        folder.write("policy", bad);
        server.reload();
        assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 403, "{bad}");
        assert_eq!(
            server
                .get(&format!("{ROUTE}/{SECRET}"), &[("X-Dev-Caller", STRANGER)])
                .status,
            403,
            "{bad}"
        );
        let read = server.get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", STRANGER)]);
        assert_eq!(read.status, 200, "{bad}");
    }
    std::fs::remove_file(&policy).unwrap();
    server.reload();
    assert_eq!(
        server
            .get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", STRANGER)])
            .status,
        200
    );

    folder.write("policy", INFERRED);
    server.reload();
    assert_eq!(server.put(ENROLL, TARGET_USER, COMPLETED).status, 200);

    folder.write("policy", "version = 1\n");
    server.reload();
    assert_eq!(
        server
            .get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", TARGET_USER)])
            .status,
        403
    );
    assert_eq!(
        server.get(ROUTE, &[("X-Dev-Caller", TARGET_USER)]).status,
        204,
        "a list goes by the new policy, too"
    );

    let (status, log) = server.end();
    assert_eq!(status, 0);
    let lines = |level: &str, text: &str| {
        log.lines()
            .filter(|line| line.contains(level) && line.contains(text))
            .count()
    };
    assert_eq!(lines("ERROR", "the policy is kept as it was"), 5, "{log}");
    assert_eq!(lines("INFO", "the policy was read"), 3, "{log}");
    assert_eq!(lines("WARN", "nobody may read"), 1, "{log}");
}

/// The server has decided that some change is possible, and waits for the body, when the policy is replaced.
#[test]
fn a_request_ends_by_the_policy_that_it_began_with() {
    let folder = Folder::new();
    let policy = folder.write("policy", INFERRED);
    let server = start(&policy);
    let mut client = server.client();
    client.put_head(ENROLL, "Expect: 100-continue\r\n", COMPLETED);
    assert_eq!(client.answer().unwrap().status, 100);
    folder.write("policy", READ_ONLY);
    server.reload();
    assert_eq!(server.put(SECRET, TARGET_USER, COMPLETED).status, 403, "a new request");
    client.write(COMPLETED.as_bytes()).unwrap();
    assert_eq!(client.answer().unwrap().status, 200, "the request that was under way");
    assert_eq!(
        client.put(SECRET, &[("X-Dev-Caller", TARGET_USER)], COMPLETED).status,
        403
    );
}

#[test]
fn a_secret_is_changed_while_both_count() {
    const FIRST: &str = "first-0123456789abcdef";
    const SECOND: &str = "second-0123456789abcdef";
    let folder = Folder::new();
    let (first, second) = (
        folder.write("first", FIRST),
        folder.write("second", &format!("{SECOND}\n")),
    );
    let options = [
        "--demo",
        "--one-caller-header",
        "--proxy-secret-file",
        &first,
        "--proxy-secret-file",
        &second,
    ];
    let server = Server::start(&options);
    let caller = format!("user={TARGET_USER}; groups=none; deny-only=none; incomplete=false");
    let ask = |secret: &str| {
        let headers = [("X-Proxy-Secret", secret), ("X-Caller", &caller)];
        server.get(&format!("{ROUTE}/{ENROLL}"), &headers).status
    };
    let third = "third-0123456789abcdef";
    assert_eq!(
        [FIRST, SECOND, third, "", &format!("{FIRST}{SECOND}")].map(ask),
        [200, 200, 400, 400, 400]
    );

    // A new secret counts only if every file is good.
    folder.write("first", third);
    folder.write("second", "short");
    server.reload();
    assert_eq!([FIRST, SECOND, third, "short"].map(ask), [200, 200, 400, 400]);
    folder.write("second", SECOND);
    server.reload();
    assert_eq!([FIRST, SECOND, third].map(ask), [400, 200, 200]);

    let (status, log) = server.end();
    assert_eq!(status, 0);
    assert!(log.contains("the proxy's secrets are kept as they were"), "{log}");
    for secret in [FIRST, SECOND, third] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn the_issuer_s_keys_are_read_again() {
    let [first, second, _] = &*KEYS;
    let folder = Folder::new();
    let file = folder.write("keys", &key_set(&[first]));
    let server = Server::start(&tokens::options(&file));
    let by_first = || tokens::status(&server, &first.token(&claims(TARGET_USER)));
    assert_eq!(by_first(), 200);
    folder.write("keys", "no keys");
    server.reload();
    assert_eq!(by_first(), 200);
    folder.write("keys", &key_set(&[second]));
    server.reload();
    assert_eq!(by_first(), 401);
    assert_eq!(tokens::status(&server, &second.token(&claims(TARGET_USER))), 200);
}

//! The sources that the server trusts to say who calls.

use crate::{
    client::Client,
    process::{ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER, query},
};
use std::{
    io::{Read, Write},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        net::UnixStream,
    },
};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn read(client: &mut Client, headers: &[(&str, &str)]) -> u16 {
    client.send("GET", &format!("{ROUTE}/{ENROLL}"), headers, "").status
}

#[test]
fn a_proxy_is_known_by_its_secret() {
    let folder = Folder::new();
    let file = folder.write("secret", &format!("{SECRET}\n"));
    let server = Server::start(&["--demo", "--proxy-secret-file", &file]);
    let secret = ("X-Proxy-Secret", SECRET);
    let user = ("X-Caller-User", TARGET_USER);
    let wrong = format!("{}0", &SECRET[1..]);
    for (headers, status) in [
        (&[secret, user][..], 200),
        (&[secret, user, ("X-Caller-Groups", "")], 200),
        (&[secret, user, ("X-Caller-Groups", "none")], 200),
        (&[], 401),
        (&[user], 400),
        (&[("X-Proxy-Secret", wrong.as_str()), user], 400),
        (&[("X-Proxy-Secret", ""), user], 400),
        (&[("X-Proxy-Secret", &SECRET[..16]), user], 400),
        (&[secret, secret, user], 400),
        (&[secret], 400),
        (&[secret, user, ("X-Caller-User", STRANGER)], 400),
        (&[secret, ("X-Caller-User", "BA")], 400),
        (&[secret, ("X-Caller-User", "S-1-1-0")], 400),
        (
            &[secret, ("X-Caller-User", "8f1590dc-d932-4b66-8e68-2e91c5880780")],
            400,
        ),
        (&[secret, user, ("X-Caller-Groups", "S-1-5-32-544,")], 400),
        (&[secret, user, ("X-Caller-Groups-Incomplete", "yes")], 400),
        (&[secret, user, ("X-Caller-Group", "S-1-5-32-544")], 400),
        (&[secret, user, ("X_Caller_Groups", "S-1-5-32-544")], 400),
        (&[secret, user, ("X-Dev-Caller", TARGET_USER)], 400),
        (&[("X-Dev-Caller", TARGET_USER)], 400),
        (&[secret, user, ("X-Caller-Uuid", "nonsense")], 400),
        // Headers that look like one of ours.
        (&[secret, user, ("X-Callers-Deny-Only-Groups", "none")], 400),
        (&[secret, user, ("XCaller-Groups", "none")], 400),
        (&[secret, user, ("X.Caller.Groups", "none")], 400),
        (&[secret, user, ("X-Caller-Deny-Only-Group", "none")], 400),
        (&[secret, user, ("X-Proxy-Secrets", SECRET)], 400),
        // No account has such a SID.
        (&[secret, ("X-Caller-User", "S-1-5-32-544")], 400),
        (&[secret, ("X-Caller-User", "S-1-16-12288")], 400),
        (&[secret, ("X-Caller-User", "S-1-5-2")], 400),
        (&[secret, ("X-Caller-User", "S-1-5-21-1-2-3")], 400),
        (&[secret, ("X-Caller-User", "S-1-5-21-1-2-3-513")], 400),
        (&[secret, ("X-Caller-User", "S-1-5-80-0")], 400),
        (&[secret, ("X-Caller-User", "S-1-5-18")], 200),
        (&[secret, ("X-Caller-User", "S-1-12-1-1-2-3-4")], 200),
        (&[secret, user, ("X-Caller-Deny-Only-Groups", TARGET_USER)], 400),
        // Packages and capabilities are neither users nor groups.
        (&[secret, ("X-Caller-User", "S-1-15-2-1-2-3-4-5-6-7")], 400),
        (&[secret, user, ("X-Caller-Groups", "S-1-5-32-545,S-1-15-2-1")], 400),
        (&[secret, user, ("X-Caller-Deny-Only-Groups", "S-1-15-3-1")], 400),
        // A SID is not enabled and deny-only at once.
        (
            &[
                secret,
                user,
                ("X-Caller-Groups", STRANGER),
                ("X-Caller-Deny-Only-Groups", STRANGER),
            ],
            400,
        ),
    ] {
        assert_eq!(read(&mut server.client(), headers), status, "{headers:?}");
    }
    let (status, log) = server.end();
    assert_eq!(status, 0);
    assert!(!log.contains(SECRET), "a secret is not logged");
}

#[test]
fn what_the_proxy_does_not_say_is_not_known() {
    let folder = Folder::new();
    let file = folder.write("secret", SECRET);
    let server = Server::start(&["--demo", "--proxy-secret-file", &file]);
    let known = [
        ("X-Proxy-Secret", SECRET),
        ("X-Caller-User", STRANGER),
        ("X-Caller-Groups", "none"),
        ("X-Caller-Deny-Only-Groups", "none"),
        ("X-Caller-Groups-Incomplete", "false"),
    ];
    let reason = |headers: &[(&str, &str)]| {
        let answer = server.client().put(ENROLL, headers, r#"{"status":"Completed"}"#);
        assert_eq!(answer.status, 403);
        answer.json()["Reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason(&known), "no_right");
    for index in 2..known.len() {
        let mut others = known.to_vec();
        others.remove(index);
        assert_eq!(reason(&others), "undetermined", "without {}", known[index].0);
        // Some proxies send an empty value where a variable is missing.
        if index < 4 {
            others.insert(index, (known[index].0, ""));
            assert_eq!(reason(&others), "undetermined", "with an empty {}", known[index].0);
        }
    }
    let mut incomplete = known;
    incomplete[4].1 = "true";
    assert_eq!(reason(&incomplete), "undetermined");
}

#[test]
fn the_audit_marks_callers_of_whom_facts_are_unknown() {
    let folder = Folder::new();
    let (file, store) = (folder.write("secret", SECRET), folder.path("store"));
    let import = "../../tests/data/enroll-approved.json";
    let server = Server::start(&["--store", &store, "--import", import, "--proxy-secret-file", &file]);
    let known = [
        ("X-Proxy-Secret", SECRET),
        ("X-Caller-User", STRANGER),
        ("X-Caller-Groups", "none"),
        ("X-Caller-Groups-Incomplete", "false"),
    ];
    for deny_only in [&[][..], &["none"], &["S-1-5-32-544"]] {
        let mut headers = known.to_vec();
        headers.extend(deny_only.iter().map(|sids| ("X-Caller-Deny-Only-Groups", *sids)));
        let answer = server.client().put(ENROLL, &headers, r#"{"status":"Completed"}"#);
        assert_eq!(answer.status, 403, "{deny_only:?}");
    }
    assert_eq!(server.end().0, 0);
    assert_eq!(
        query(
            &store,
            "SELECT sids ->> 'user', sids -> 'user_deny_only', sids -> 'groups', sids -> 'deny_only_groups', sids -> 'groups_complete'
             FROM refusals JOIN callers ON callers.seq = caller ORDER BY refusals.seq"
        ),
        [
            format!(r#"{STRANGER}|null|["S-1-1-0","S-1-5-11"]|[]|false"#),
            format!(r#"{STRANGER}|false|["S-1-1-0","S-1-5-11"]|[]|true"#),
            format!(r#"{STRANGER}|false|["S-1-1-0","S-1-5-11"]|["S-1-5-32-544"]|true"#),
        ]
    );
}

#[test]
fn one_header_says_everything_of_the_caller() {
    let folder = Folder::new();
    let file = folder.write("secret", SECRET);
    let server = Server::start(&["--demo", "--proxy-secret-file", &file]);
    let user = TARGET_USER;
    let uuid = "8f1590dc-d932-4b66-8e68-2e91c5880780";
    for (value, status) in [
        (
            format!(
                "user={user}; groups=S-1-5-21-1-2-3-513,S-1-5-32-545; deny-only=none; incomplete=false; uuid={uuid}"
            ),
            200,
        ),
        (
            format!("user={user};groups=none;deny-only=S-1-5-32-544;incomplete=true"),
            200,
        ),
        (
            format!("deny-only=none; groups=none; user={user}; incomplete=false"),
            200,
        ),
        // A proxy may have cut the last field, which then names fewer groups.
        (
            format!("incomplete=false; deny-only=none; groups=none; user={user}"),
            400,
        ),
        (
            format!("user={user}; incomplete=false; deny-only=none; groups=S-1-5-21-1-2-3-513,S-1-5-32-54"),
            400,
        ),
        (
            format!("user={user}; groups=none; incomplete=false; deny-only=S-1-5-32-54"),
            400,
        ),
        (
            format!("user={user}; groups=S-1-5-21-1-2-3-513, S-1-5-32-545; deny-only=none; incomplete=false"),
            200,
        ),
        // A field is missing.
        ("groups=none; deny-only=none; incomplete=false".to_owned(), 400),
        (format!("user={user}; deny-only=none; incomplete=false"), 400),
        (format!("user={user}; groups=none; incomplete=false"), 400),
        (format!("user={user}; groups=none; deny-only=none"), 400),
        // A field is empty, repeated or unknown.
        (format!("user={user}; groups=; deny-only=none; incomplete=false"), 400),
        (format!("user={user}; groups=none; deny-only=; incomplete=false"), 400),
        (format!("user={user}; groups=none; deny-only=none; incomplete="), 400),
        ("user=; groups=none; deny-only=none; incomplete=false".to_owned(), 400),
        (
            format!("user={user}; groups=none; deny-only=none; incomplete=false; uuid="),
            400,
        ),
        (
            format!("user={user}; user={user}; groups=none; deny-only=none; incomplete=false"),
            400,
        ),
        (
            format!("user={user}; groups=none; groups=none; deny-only=none; incomplete=false"),
            400,
        ),
        (
            format!("user={user}; groups=none; deny-only=none; incomplete=true; incomplete=false"),
            400,
        ),
        (
            format!("user={user}; groups=none; deny-only=none; incomplete=false; role=admin"),
            400,
        ),
        (
            format!("User={user}; groups=none; deny-only=none; incomplete=false"),
            400,
        ),
        (
            format!("user={user}; groups=none; deny-only=none; incomplete=false;"),
            400,
        ),
        (String::new(), 400),
        ("(null)".to_owned(), 400),
        // A value is not what it should be.
        (
            format!("user={user}; groups=none,S-1-5-32-545; deny-only=none; incomplete=false"),
            400,
        ),
        (
            format!("user={user}; groups=S-1-5-32-545,; deny-only=none; incomplete=false"),
            400,
        ),
        (
            format!("user={user}; groups=(null); deny-only=none; incomplete=false"),
            400,
        ),
        (format!("user={user}; groups=none; deny-only=BA; incomplete=false"), 400),
        (format!("user={user}; groups=none; deny-only=none; incomplete=no"), 400),
        (
            format!("user={user}; groups=none; deny-only=none; incomplete=false; uuid=nonsense"),
            400,
        ),
        (
            "user=S-1-5-32-544; groups=none; deny-only=none; incomplete=false".to_owned(),
            400,
        ),
        (
            format!("user={user}; groups=S-1-5-32-544; deny-only=S-1-5-32-544; incomplete=false"),
            400,
        ),
        (
            format!("user={user}; groups=none; deny-only={user}; incomplete=false"),
            400,
        ),
    ] {
        let headers = [("X-Proxy-Secret", SECRET), ("X-Caller", value.as_str())];
        assert_eq!(read(&mut server.client(), &headers), status, "{value}");
        assert_eq!(
            read(&mut server.client(), &headers[1..]),
            400,
            "without the secret: {value}"
        );
        let twice = [headers[0], headers[1], headers[1]];
        assert_eq!(read(&mut server.client(), &twice), 400, "twice: {value}");
        let beside = [headers[0], headers[1], ("X-Caller-Groups-Incomplete", "true")];
        assert_eq!(
            read(&mut server.client(), &beside),
            400,
            "beside an old header: {value}"
        );
    }
}

#[test]
fn the_older_headers_can_be_refused() {
    let folder = Folder::new();
    let file = folder.write("secret", SECRET);
    let server = Server::start(&["--demo", "--proxy-secret-file", &file, "--one-caller-header"]);
    let whole = format!("user={TARGET_USER}; groups=none; deny-only=none; incomplete=false");
    let (secret, whole) = (("X-Proxy-Secret", SECRET), ("X-Caller", whole.as_str()));
    assert_eq!(read(&mut server.client(), &[secret, whole]), 200);
    assert_eq!(read(&mut server.client(), &[secret]), 400);
    assert_eq!(read(&mut server.client(), &[]), 401);
    for older in [
        ("X-Caller-User", TARGET_USER),
        ("X-Caller-Groups", "none"),
        ("X-Caller-Deny-Only-Groups", "none"),
        ("X-Caller-Groups-Incomplete", "false"),
        ("X-Caller-Uuid", "8f1590dc-d932-4b66-8e68-2e91c5880780"),
    ] {
        assert_eq!(read(&mut server.client(), &[secret, whole, older]), 400, "{older:?}");
        assert_eq!(read(&mut server.client(), &[secret, older]), 400, "{older:?}");
    }
    assert!(!server.end().1.contains("begins with x-caller"));
    // Without the option, the log says what the proxy must do.
    let server = Server::start(&["--demo", "--proxy-secret-file", &file]);
    assert!(server.end().1.contains("begins with x-caller"));
}

#[test]
fn the_guid_of_the_user_comes_from_the_one_header_alone() {
    let folder = Folder::new();
    let file = folder.write("secret", SECRET);
    let server = Server::start(&["--demo", "--proxy-secret-file", &file]);
    let uuid = "8f1590dc-d932-4b66-8e68-2e91c5880780";
    let whole = format!("user={STRANGER}; groups=none; deny-only=none; incomplete=false; uuid={uuid}");
    let list = format!("{ROUTE}?targetuser=current");
    let secret = ("X-Proxy-Secret", SECRET);
    assert_eq!(server.get(&list, &[secret, ("X-Caller", &whole)]).status, 200);
    // A proxy that sets the other headers and forgets this one lets a client send it.
    let separate = [
        secret,
        ("X-Caller-User", STRANGER),
        ("X-Caller-Groups", "none"),
        ("X-Caller-Deny-Only-Groups", "none"),
        ("X-Caller-Groups-Incomplete", "false"),
        ("X-Caller-Uuid", uuid),
    ];
    assert_eq!(server.get(&list, &separate).status, 400);
    assert_eq!(server.get(ROUTE, &separate).status, 200);
}

/// A user may be in 1,015 groups, by the limit of a token in Windows.
#[test]
fn a_caller_in_the_most_groups_fits() {
    let folder = Folder::new();
    let file = folder.write("secret", SECRET);
    let server = Server::start(&["--demo", "--proxy-secret-file", &file]);
    let group = |number: u32| format!("S-1-5-21-4294967295-4294967295-4294967295-{}", u32::MAX - number);
    let groups: Vec<_> = (0..1015).map(group).collect();
    let whole = format!(
        "user={STRANGER}; groups={}; deny-only=none; incomplete=false",
        groups.join(",")
    );
    assert_eq!(
        read(
            &mut server.client(),
            &[("X-Proxy-Secret", SECRET), ("X-Caller", &whole)]
        ),
        200
    );
    // Three times as many do not, and the log says so. The answer may be lost, since the server does not read the rest.
    let whole = [whole.as_str(); 3].concat();
    let headers = [("X-Proxy-Secret", SECRET), ("X-Caller", whole.as_str())];
    if let Ok(answer) = server.client().try_send("GET", ROUTE, &headers, "") {
        assert_eq!(answer.status, 431);
    }
    let (_, log) = server.end();
    assert!(log.contains("status=431") && log.contains("most=98304"), "{log}");
}

#[test]
fn the_log_has_only_the_start_of_a_name() {
    let server = Server::demo();
    let name = format!("X-Caller-{}", "a".repeat(16_000));
    assert_eq!(read(&mut server.client(), &[(&name, "none")]), 400);
    let (_, log) = server.end();
    assert!(
        log.contains("x-caller-aaaa") && !log.contains(&"a".repeat(100)),
        "{}",
        log.len()
    );
}

#[test]
fn a_secret_that_nobody_could_match_is_refused() {
    let folder = Folder::new();
    for (text, part) in [
        (format!("{SECRET} \n"), "one line"),
        (format!("{SECRET}\n\n"), "one line"),
        (" ".repeat(16), "one line"),
        ("a".repeat(32), "different"),
        (SECRET[..15].to_owned(), "shorter"),
    ] {
        let file = folder.write("secret", &text);
        let program = std::process::Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
            .args(["--demo", "--proxy-secret-file", &file])
            .output()
            .unwrap();
        let error = String::from_utf8(program.stderr).unwrap();
        assert_eq!(program.status.code(), Some(2), "{text:?}: {error}");
        assert!(
            error.contains(part) && !error.contains(&SECRET[..15]),
            "{text:?}: {error}"
        );
    }
    // The line break at the end may be that of Windows. If every user may read the file, the log has a warning.
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        let file = folder.write("secret", &format!("{SECRET}\r\n"));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let server = Server::start(&["--demo", "--proxy-secret-file", &file]);
        let headers = [("X-Proxy-Secret", SECRET), ("X-Caller-User", TARGET_USER)];
        assert_eq!(read(&mut server.client(), &headers), 200);
        assert_eq!(server.end().1.contains("chmod 600"), warned, "{mode:o}");
    }
}

/// The status that a request over a Unix socket is answered with.
fn over(socket: &str, headers: &str) -> u16 {
    let mut stream = UnixStream::connect(socket).unwrap();
    let request = format!("GET {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_proxy_is_known_by_its_user_on_a_unix_socket() {
    let folder = Folder::new();
    let uid = std::fs::metadata(folder.path("")).unwrap().uid();
    let user = format!("X-Caller-User: {TARGET_USER}\r\n");
    for (trusted, status) in [(uid, 200), (uid.wrapping_add(1), 400)] {
        let socket = folder.path(&format!("socket-{trusted}"));
        let address = format!("unix:{socket}");
        let server = Server::start_on(&address, &["--demo", "--proxy-uid", &trusted.to_string()]);
        assert_eq!(server.address(), address);
        assert_eq!(over(&socket, &user), status);
        assert_eq!(over(&socket, ""), 401);
        assert_eq!(over(&socket, &format!("X-Dev-Caller: {TARGET_USER}\r\n")), 400);
        assert_eq!(server.end().0, 0);
        assert!(
            !std::path::Path::new(&socket).exists(),
            "the socket goes with the server"
        );
    }
}

#[test]
fn identity_headers_are_not_taken_where_everybody_is_believed() {
    let server = Server::demo();
    for headers in [
        &[("X-Caller-User", TARGET_USER)][..],
        &[("X-Dev-Caller", TARGET_USER), ("X-Caller-User", TARGET_USER)],
        &[("X-Dev-Caller", TARGET_USER), ("X-Proxy-Secret", SECRET)],
        &[("X-Dev-Callers", TARGET_USER)],
        &[("X-Dev-Caller", "")],
        &[("X-Dev-Caller", "S-1-5-7")],
        &[("X-Dev-Caller", "S-1-5-21-1-2-3-1104,S-1-15-2-1")],
    ] {
        assert_eq!(read(&mut server.client(), headers), 400, "{headers:?}");
    }
}

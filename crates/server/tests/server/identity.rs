//! The sources that the server trusts to say who calls.

use crate::{
    client::Client,
    process::{ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER},
};
use std::{
    io::{Read, Write},
    os::unix::{fs::MetadataExt, net::UnixStream},
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
fn groups_that_the_proxy_does_not_send_are_not_known() {
    let folder = Folder::new();
    let file = folder.write("secret", SECRET);
    let server = Server::start(&["--demo", "--proxy-secret-file", &file]);
    let known = [
        ("X-Proxy-Secret", SECRET),
        ("X-Caller-User", STRANGER),
        ("X-Caller-Groups", ""),
    ];
    let reason = |headers: &[(&str, &str)]| {
        let answer = server.client().put(ENROLL, headers, r#"{"status":"Completed"}"#);
        assert_eq!(answer.status, 403);
        answer.json()["Reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason(&known), "no_right");
    assert_eq!(reason(&known[..2]), "undetermined");
    assert_eq!(
        reason(&[&known[..], &[("X-Caller-Groups-Incomplete", "true")]].concat()),
        "undetermined"
    );
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

//! Heads that two readers could read in two ways.

use crate::process::{DEV, ENROLL, ROUTE, Server, TARGET_USER};

/// The status of the answer to these lines after the request's first one. `None` if the connection is closed instead.
fn status(server: &Server, version: &str, lines: &[&str], body: &str) -> Option<u16> {
    let mut client = server.client();
    let head = format!("PUT {ROUTE}/{ENROLL} HTTP/{version}\r\nX-Dev-Caller: {TARGET_USER}\r\n");
    let _ = client.write(format!("{head}{}\r\n\r\n{body}", lines.join("\r\n")).as_bytes());
    client.answer().ok().map(|answer| answer.status)
}

#[test]
fn a_head_that_can_be_read_in_two_ways_is_refused() {
    let server = Server::start(&[DEV, &["--demo"]].concat());
    let json = "Content-Type: application/json";
    let body = r#"{"status":"Canceled"}"#;
    let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let length = format!("Content-Length: {}", body.len());
    for hosts in [
        &[][..],
        &["Host: a", "Host: a"],
        &["Host: a", "Host: b"],
        &["Host: a b/@:x"],
        &["Host: u@a"],
        &["Host:"],
    ] {
        let lines = [&[json, &length][..], hosts].concat();
        assert_eq!(status(&server, "1.1", &lines, body), Some(400), "{hosts:?}");
    }
    for codings in [
        &["Transfer-Encoding: chunked, chunked"][..],
        &["Transfer-Encoding: gzip, chunked"],
        &["Transfer-Encoding: x", "Transfer-Encoding: chunked"],
        &["Transfer-Encoding: gzip"],
        &["Transfer-Encoding: identity"],
    ] {
        let lines = [&["Host: a", json][..], codings].concat();
        assert_eq!(status(&server, "1.1", &lines, &chunked), Some(400), "{codings:?}");
    }
    let coded = ["Host: a", json, "Transfer-Encoding: chunked"];
    assert_eq!(status(&server, "1.0", &coded, &chunked), Some(400));
    let log = server.end().1;
    assert!(
        log.contains("head_malformed") && log.contains("the Host is invalid"),
        "{log}"
    );

    // The status of the request is that of before, and these are taken.
    let server = Server::start(&[DEV, &["--demo"]].concat());
    assert_eq!(status(&server, "1.1", &coded, &chunked), Some(200));
    assert_eq!(status(&server, "1.0", &[json, &length], body), Some(204));
}

/// hyper removes the length, takes the coding, and answers nothing else on the connection.
#[test]
fn nothing_is_smuggled_by_two_lengths() {
    let server = Server::start(&[DEV, &["--demo"]].concat());
    let smuggled = format!("GET {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: a\r\nX-Dev-Caller: {TARGET_USER}\r\n\r\n");
    let body = format!("0\r\n\r\n{smuggled}");
    for lines in [
        [
            "Transfer-Encoding: chunked".to_owned(),
            format!("Content-Length: {}", body.len()),
        ],
        [
            format!("Content-Length: {}", body.len()),
            "Transfer-Encoding: chunked".to_owned(),
        ],
    ] {
        let mut client = server.client();
        let head = format!("PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: a\r\nX-Dev-Caller: {TARGET_USER}\r\n");
        client
            .write(format!("{head}{}\r\n\r\n{body}", lines.join("\r\n")).as_bytes())
            .unwrap();
        assert_eq!(client.answer().unwrap().status, 415);
        assert!(client.answer().is_err(), "{lines:?}");
    }
}

//! The body of a PUT, and the headers that describe it.

use crate::{
    client::Answer,
    process::{ENROLL, ROUTE, Server, TARGET_USER},
};

const COMPLETE: &str = r#"{"status":"Completed"}"#;

/// Asks with these headers besides that of the caller.
fn put(server: &Server, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut head = format!("PUT {ROUTE}/{ENROLL} HTTP/1.1\r\nHost: localhost\r\nX-Dev-Caller: {TARGET_USER}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    let mut client = server.client();
    client.write(&[head.as_bytes(), body].concat()).unwrap();
    client.answer().unwrap()
}

fn status(server: &Server) -> i64 {
    let read = server.get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", TARGET_USER)]);
    read.json()["Status"].as_i64().unwrap()
}

#[test]
fn a_body_that_a_client_of_dotnet_sends_is_taken() {
    for body in [
        r#"{"Status":"Completed"}"#,
        r#"{"STATUS":"Completed","Comment":null}"#,
        "\u{feff}{\"status\":\"Completed\"}",
        r#"{"comment":"ä \u00e4 \ud83d\ude00","nested":{"status":"Canceled"},"status":"Completed"}"#,
    ] {
        let server = Server::demo();
        let json = [("Content-Type", "application/json; charset=UTF-8")];
        assert_eq!(put(&server, &json, body.as_bytes()).status, 200, "{body}");
        assert_eq!(status(&server), 8, "{body}");
    }
}

#[test]
fn a_body_that_contradicts_itself_or_is_no_json_is_refused() {
    let server = Server::demo();
    for body in [
        &br#"{"status":"Completed","Status":"Canceled"}"#[..],
        br#"{"status":"Completed","Status":"Completed"}"#,
        br#"{"status":"Completed","status":"Completed"}"#,
        br#"{"status":"Completed","x":"\ud800"}"#,
        br#"{"status":"Completed","\udc00":1}"#,
        br#"{"status":"Completed","x":1e999}"#,
        br#"{"status":"Completed","x":[{"y":-1e999}]}"#,
        b"{\"status\":\"Completed\",\"x\":\"\xff\"}",
        b"{\"\xff\":1,\"status\":\"Completed\"}",
        b"\xff\xfe{\0\"\0s\0t\0a\0t\0u\0s\0\"\0:\0\"\0C\0o\0m\0p\0l\0e\0t\0e\0d\0\"\0}\0",
        "\u{feff}\u{feff}{\"status\":\"Completed\"}".as_bytes(),
        b"{\"status\":\"Completed\"}\0",
        br#"{"status":"completed"}"#,
        br#"{"status":8}"#,
        br#"{"status":null}"#,
        br#"[{"status":"Completed"}]"#,
        br#"["Completed"]"#,
    ] {
        let shown = String::from_utf8_lossy(body);
        let answer = put(&server, &[("Content-Type", "application/json")], body);
        assert_eq!(answer.status, 400, "{shown}");
    }
    assert_eq!(status(&server), 3);
}

#[test]
fn a_body_in_another_charset_or_encoding_is_refused() {
    let server = Server::demo();
    let json = ("Content-Type", "application/json");
    for headers in [
        &[("Content-Type", "application/json; charset=utf-16")][..],
        &[("Content-Type", "application/json; charset=iso-8859-1")],
        &[("Content-Type", "application/json; charset=utf-8; charset=utf-16")],
        &[("Content-Type", "application/json; charset=")],
        &[("Content-Type", "application/json;x")],
        &[("Content-Type", "application/json, text/plain")],
        &[json, ("Content-Type", "text/plain")],
        &[json, json],
        &[json, ("Content-Encoding", "gzip")],
        &[json, ("Content-Encoding", "identity, gzip")],
        &[json, ("Content-Encoding", "identity"), ("Content-Encoding", "br")],
        &[json, ("Content-Encoding", "")],
    ] {
        assert_eq!(put(&server, headers, COMPLETE.as_bytes()).status, 415, "{headers:?}");
    }
    assert_eq!(status(&server), 3);
    for headers in [
        &[("Content-Type", "Application/JSON ; Charset=\"UTF-8\"")][..],
        &[json, ("Content-Encoding", "Identity")],
    ] {
        let server = Server::demo();
        assert_eq!(put(&server, headers, COMPLETE.as_bytes()).status, 200, "{headers:?}");
    }
}

/// The server has neither entity tags nor dates of modification, so it knows of no such condition that it holds.
#[test]
fn a_condition_that_is_not_known_to_hold_refuses_the_change() {
    let server = Server::demo();
    let json = ("Content-Type", "application/json");
    for condition in [
        ("If-Match", "\"x\""),
        ("If-Match", "*, \"x\""),
        ("If-Match", ""),
        ("If-None-Match", "*"),
        ("If-None-Match", "\"x\""),
        ("If-Unmodified-Since", "Tue, 07 Jul 2099 23:37:37 GMT"),
    ] {
        let answer = put(&server, &[json, condition], COMPLETE.as_bytes());
        assert_eq!(answer.status, 412, "{condition:?}");
    }
    let answer = put(
        &server,
        &[json, ("If-Match", "*"), ("If-Match", "\"x\"")],
        COMPLETE.as_bytes(),
    );
    assert_eq!(answer.status, 412);
    let part = put(
        &server,
        &[json, ("Content-Range", "bytes 0-21/22")],
        COMPLETE.as_bytes(),
    );
    assert_eq!(part.status, 400);
    assert_eq!(status(&server), 3);
    assert_eq!(
        put(&server, &[json, ("If-Match", "*")], COMPLETE.as_bytes()).status,
        200
    );
}

#[test]
fn an_answer_is_json_whatever_the_client_accepts() {
    let server = Server::demo();
    let headers = [
        ("X-Dev-Caller", TARGET_USER),
        ("Accept", "text/html, application/json;q=0"),
    ];
    let answer = server.get(&format!("{ROUTE}/{ENROLL}"), &headers);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
}

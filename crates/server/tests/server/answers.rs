//! The documented answers, in the order in which the README asks for them.

use crate::process::{ENROLL, ROUTE, SECRET, STRANGER, Server, TARGET_USER, UNKNOWN};
use serde_json::{Value, json};

const COMPLETED: &str = include_str!("../../../../tests/data/enroll-completed.json");

#[test]
fn the_documented_answers_are_given() {
    let server = Server::demo();
    let complete = r#"{"status":"Completed"}"#;

    let stranger = server.put(ENROLL, STRANGER, complete);
    assert_eq!((stranger.status, &stranger.json()["Reason"]), (403, &json!("no_right")));

    let unknown = server.put(UNKNOWN, STRANGER, complete).without_correlation();
    assert_eq!(unknown.status, 403);
    assert_eq!(unknown, server.put(SECRET, STRANGER, complete).without_correlation());
    // Nor does another wish, a body that is none, or reading tell them apart.
    for id in [UNKNOWN, SECRET] {
        assert_eq!(server.put(id, STRANGER, "nonsense").without_correlation(), unknown);
        let read = server.get(&format!("{ROUTE}/{id}"), &[("X-Dev-Caller", STRANGER)]);
        assert_eq!(read.without_correlation(), unknown);
    }

    let curly = server.put(ENROLL, TARGET_USER, "{“status”:”Completed”}");
    assert_eq!(curly.status, 400);

    let done = server.put(ENROLL, TARGET_USER, complete);
    assert_eq!(done.status, 200);
    assert_eq!(done.header("content-type"), Some("application/json; charset=utf-8"));
    let documented: Value = serde_json::from_str(COMPLETED).unwrap();
    assert_eq!(done.json(), documented, "every value");
    assert_eq!(
        done.body,
        COMPLETED.trim_end(),
        "in the order in which they are documented"
    );

    let again = server.put(ENROLL, TARGET_USER, complete);
    assert_eq!((again.status, again.body.as_str()), (204, ""));

    let canceled = server.put(ENROLL, TARGET_USER, r#"{"status":"Canceled"}"#);
    assert_eq!(
        (canceled.status, &canceled.json()["Reason"]),
        (403, &json!("wrong_state"))
    );

    let nobody = server.client().put(ENROLL, &[], complete);
    assert_eq!(nobody.status, 401);
    assert_eq!(nobody.header("www-authenticate"), Some("Negotiate"));

    let read = server.get(&format!("{ROUTE}/{ENROLL}"), &[("X-Dev-Caller", STRANGER)]);
    assert_eq!(
        (read.status, read.json()),
        (200, documented),
        "everybody may read a published request"
    );
}

#[test]
fn paths_and_ids_are_taken_in_any_case() {
    let server = Server::demo();
    let path = format!("{ROUTE}/{ENROLL}");
    for path in [path.to_uppercase(), path.to_lowercase(), path] {
        assert_eq!(server.get(&path, &[("x-dev-caller", STRANGER)]).status, 200, "{path}");
    }
}

#[test]
fn beyond_what_is_documented_http_answers() {
    let server = Server::demo();
    let caller = ("X-Dev-Caller", TARGET_USER);
    let item = format!("{ROUTE}/{ENROLL}");
    let json = ("Content-Type", "application/json");
    for (method, path, headers, body, status) in [
        ("POST", ROUTE, &[caller, json][..], "{}", 405),
        ("PUT", ROUTE, &[caller, json], "{}", 405),
        ("DELETE", item.as_str(), &[caller], "", 405),
        ("PATCH", &item, &[], "", 405),
        ("GET", "/", &[caller], "", 404),
        ("GET", "/CertificateManagement/api/v1.0/profiles", &[caller], "", 404),
        ("PUT", &item, &[caller], r#"{"status":"Completed"}"#, 415),
        (
            "PUT",
            &item,
            &[caller, ("Content-Type", "text/json")],
            r#"{"status":"Completed"}"#,
            415,
        ),
        ("PUT", &item, &[caller, json], "", 400),
        ("PUT", &item, &[caller, json], &" ".repeat(16385), 413),
        (
            "PUT",
            &item,
            &[("X-Dev-Caller", STRANGER), json],
            &" ".repeat(16385),
            403,
        ),
        ("GET", &item, &[("X-Dev-Caller", "nonsense")], "", 400),
        ("GET", &item, &[caller, caller], "", 400),
        ("GET", &format!("{ROUTE}?status=Nonsense"), &[caller], "", 400),
        ("GET", &format!("{ROUTE}?targetuser=somebody"), &[caller], "", 400),
        ("GET", "/healthz", &[], "", 200),
        ("GET", "/readyz", &[], "", 200),
    ] {
        let answer = server.client().send(method, path, headers, body);
        assert_eq!(answer.status, status, "{method} {path} {headers:?}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{method} {path}");
    }
    // None of it changed anything.
    assert_eq!(server.get(&item, &[caller]).json()["Status"], 3);
}

#[test]
fn problems_are_for_those_who_ask_for_them() {
    let server = Server::demo();
    let headers = [("X-Dev-Caller", STRANGER), ("Accept", "application/problem+json")];
    let answer = server.client().put(ENROLL, &headers, "{}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(
        (&answer.json()["status"], &answer.json()["reason"]),
        (&json!(403), &json!("no_right"))
    );
}

#[test]
fn an_api_that_is_off_is_not_there() {
    let server = Server::start(&["--demo", "--insecure-dev-caller", "--api-disabled"]);
    let caller = [("X-Dev-Caller", TARGET_USER)];
    assert_eq!(server.get(&format!("{ROUTE}/{ENROLL}"), &caller).status, 404);
    assert_eq!(server.get(ROUTE, &caller).status, 404);
    assert_eq!(server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#).status, 404);
    assert_eq!(server.get("/healthz", &[]).status, 200);
}

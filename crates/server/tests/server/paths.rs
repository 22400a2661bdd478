//! The spellings of a path and of an id.

use crate::process::{ENROLL, ROUTE, STRANGER, Server, TARGET_USER};

const CALLER: [(&str, &str); 1] = [("X-Dev-Caller", STRANGER)];
const DIGITS: &str = "a9b4b42ccc504c9b89d1bbc0bcd5a099";

#[test]
fn ids_are_taken_in_the_forms_of_dotnet() {
    let server = Server::demo();
    for id in [
        DIGITS.to_owned(),
        DIGITS.to_uppercase(),
        ENROLL.to_uppercase(),
        format!("{{{ENROLL}}}"),
        format!("%7B{ENROLL}%7D"),
        format!("%7b{}%7d", ENROLL.to_uppercase()),
        format!("({ENROLL})"),
        format!("%28{ENROLL}%29"),
        format!("%61{}", &ENROLL[1..]),
        ENROLL.replace('-', "%2D"),
    ] {
        let answer = server.get(&format!("{ROUTE}/{id}"), &CALLER);
        assert_eq!(answer.status, 200, "{id}");
        assert_eq!(answer.json()["Uuid"], ENROLL, "{id}");
    }
    let unknown = server.get(&format!("{ROUTE}/zzz"), &CALLER).without_correlation();
    for id in [
        format!("{{{DIGITS}}}"),
        format!("{{{ENROLL}"),
        format!("{ENROLL}}}"),
        format!("({ENROLL}}}"),
        format!("{{({ENROLL})}}"),
        format!("urn:uuid:{ENROLL}"),
        format!("%20{ENROLL}"),
        format!("%2561{}", &ENROLL[1..]),
        format!("{ENROLL}%00"),
        format!("{ENROLL}%2F"),
        format!("{ENROLL};x=1"),
        "{0xa9b4b42c,0xcc50,0x4c9b,{0x89,0xd1,0xbb,0xc0,0xbc,0xd5,0xa0,0x99}}".to_owned(),
    ] {
        let answer = server.get(&format!("{ROUTE}/{id}"), &CALLER);
        assert_eq!(answer.without_correlation(), unknown, "{id}");
    }
}

#[test]
fn one_slash_at_the_end_and_escaped_letters_change_nothing() {
    let server = Server::demo();
    let item = format!("{ROUTE}/{ENROLL}");
    let escaped = ROUTE.replace("requests", "reques%74s").replace('v', "%76");
    for path in [
        format!("{ROUTE}/"),
        format!("{ROUTE}/?status=Approved"),
        format!("{item}/"),
        format!("{item}/?"),
        escaped.clone(),
        format!("{escaped}/{ENROLL}/"),
        "/healthz/".to_owned(),
    ] {
        assert_eq!(server.get(&path, &CALLER).status, 200, "{path}");
    }
    for path in [
        format!("{ROUTE}//"),
        format!("{item}//"),
        format!("{ROUTE}//{ENROLL}"),
        format!("/{item}"),
        ROUTE.replace("/api", "//api"),
        ROUTE.replace("/api", "/./api"),
        ROUTE.replace("/api", "/x/../api"),
        ROUTE.replace("/requests", "%2Frequests"),
        ROUTE.replace("requests", "reques%2574s"),
        format!("{item}/items"),
        format!("{item}/items/{ENROLL}"),
        "//".to_owned(),
    ] {
        assert_eq!(server.get(&path, &CALLER).status, 404, "{path}");
    }
}

/// The route, the guard and the store take one reading of the path.
#[test]
fn a_change_is_made_to_the_request_of_the_path() {
    let server = Server::demo();
    let path = format!("{}/%7B{}%7D/", ROUTE.to_uppercase(), ENROLL.to_uppercase());
    let headers = [("X-Dev-Caller", TARGET_USER), ("Content-Type", "application/json")];
    let answer = server
        .client()
        .send("PUT", &path, &headers, r#"{"status":"Completed"}"#);
    assert_eq!((answer.status, &answer.json()["Uuid"]), (200, &ENROLL.into()));
    let read = server.get(&format!("{ROUTE}/{ENROLL}"), &CALLER);
    assert_eq!(read.json()["Status"], 8);
}

//! `openapi.yaml` says what the server answers, and nothing else.

use crate::{
    client::Answer,
    issuer::{KEYS, claims},
    process::{DEV, ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER, UNKNOWN},
    tokens::options,
};
use sddl_authz::{
    http::{Reason, Rejection, ResponseContext},
    mim::http::reason,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ROUTER: &str = include_str!("../../src/router.rs");
const REQUEST: &str = include_str!("../../../../tests/data/enroll-completed.json");
const CHANGE: &str = r#"{"status":"Completed"}"#;
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A method and a path, as the document has them.
type Operation = (String, String);

struct Document(Value);

impl Document {
    fn read() -> Self {
        Self(serde_norway::from_str(include_str!("../../openapi.yaml")).unwrap())
    }

    /// The value itself, or the one that its `$ref` names.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.0.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => value,
        }
    }

    fn paths(&self) -> BTreeSet<&str> {
        self.0["paths"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect()
    }

    /// The answers of each operation by their statuses.
    fn operations(&self) -> BTreeMap<Operation, BTreeMap<u16, &Value>> {
        let mut operations = BTreeMap::new();
        for (path, item) in self.0["paths"].as_object().unwrap() {
            for (method, operation) in item
                .as_object()
                .unwrap()
                .iter()
                .filter(|(name, _)| *name != "parameters")
            {
                let answers = operation["responses"].as_object().unwrap().iter();
                let answers = answers.map(|(status, answer)| (status.parse().unwrap(), self.resolved(answer)));
                operations.insert((method.to_uppercase(), path.clone()), answers.collect());
            }
        }
        operations
    }

    /// Fails unless an answer has the media type, the headers and the properties that the document names.
    fn holds(&self, documented: &Value, answer: &Answer, shown: &str) {
        let media_type = answer
            .header("content-type")
            .map(|value| value.split(';').next().unwrap());
        let Some(media_type) = media_type else {
            assert!(documented["content"].is_null() && answer.body.is_empty(), "{shown}");
            return;
        };
        let schema = &documented["content"][media_type]["schema"];
        assert!(!schema.is_null(), "{media_type} is not documented: {shown}");
        for (name, _) in &answer.headers {
            let known = ["content-type", "content-length", "cache-control", "vary"].contains(&name.as_str());
            let headers = documented["headers"].as_object().into_iter().flatten();
            let named = headers
                .into_iter()
                .any(|(documented, _)| documented.eq_ignore_ascii_case(name));
            assert!(known || named, "{name} is not documented: {shown}");
        }
        match schema["type"].as_str() {
            Some("string") => {}
            Some("array") => {
                let items = answer.json();
                let items = items.as_array().unwrap();
                assert!(!items.is_empty());
                items.iter().for_each(|item| self.fits(&schema["items"], item, shown));
            }
            _ => self.fits(schema, &answer.json(), shown),
        }
    }

    /// Fails unless an object has the required properties, and none that is not documented.
    fn fits(&self, schema: &Value, object: &Value, shown: &str) {
        let schema = self.resolved(schema);
        let object = object.as_object().unwrap();
        for required in schema["required"].as_array().unwrap() {
            assert!(object.contains_key(required.as_str().unwrap()), "{required}: {shown}");
        }
        for name in object.keys() {
            assert!(
                !schema["properties"][name].is_null(),
                "{name} is not documented: {shown}"
            );
        }
    }
}

#[test]
fn the_document_has_the_routes_and_their_methods() {
    let (document, server) = (Document::read(), Server::demo());
    let operations = document.operations();
    for path in document.paths() {
        let documented: Vec<_> = operations
            .keys()
            .filter(|(_, own)| own == path)
            .map(|(method, _)| method)
            .collect();
        let target = path.replace("{id}", ENROLL);
        for method in ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"] {
            let answer = server.client().send(method, &target, &[], "");
            let is_documented = documented.iter().any(|own| *own == method);
            assert_eq!(
                answer.status == 405,
                !is_documented,
                "{method} {path}: {}",
                answer.status
            );
            assert_ne!(answer.status, 404, "{method} {path}");
            if answer.status == 405 {
                let allowed = ["GET,HEAD", "PUT"].into_iter();
                let allowed = allowed.filter(|names| documented.iter().any(|own| names.starts_with(own.as_str())));
                assert_eq!(
                    answer.header("allow"),
                    Some(&*allowed.collect::<Vec<_>>().join(",")),
                    "{path}"
                );
            }
        }
    }
    // The router has no other route.
    let routes = ROUTER
        .lines()
        .filter(|line| line.trim_start().starts_with(".route("))
        .count();
    assert_eq!(routes, document.paths().len());
}

/// Each documented status is given by a running server, and each given one is documented, in both formats of errors.
#[test]
fn the_document_has_the_answers() {
    let folder = Folder::new();
    let store = folder.path("store");
    let demo = Server::demo();
    let disabled = Server::start(&[DEV, &["--demo", "--api-disabled"]].concat());
    // No server answers at this address, so no key is loaded.
    let keyless = Server::start(&options("http://127.0.0.1:1/keys"));
    let broken = Server::start(&[DEV, &["--demo", "--store", &store]].concat());
    rusqlite::Connection::open(&store)
        .unwrap()
        .execute_batch("DROP TABLE requests")
        .unwrap();
    let token = format!("Bearer {}", KEYS[0].token(&claims(TARGET_USER)));

    let user = ("X-Dev-Caller", TARGET_USER);
    let bearer = ("Authorization", token.as_str());
    let (list, item) = (
        "/CertificateManagement/api/v1.0/requests",
        "/CertificateManagement/api/v1.0/requests/{id}",
    );
    let with = |id: &str| format!("{ROUTE}/{id}");
    let large = " ".repeat(20_000);
    let none = format!("{ROUTE}?status=Denied");
    let bad = format!("{ROUTE}?status=Unknown");
    let encoded = ("Content-Encoding", "gzip");
    let condition = ("If-None-Match", "*");
    let stranger = ("X-Dev-Caller", STRANGER);
    let canceled = r#"{"status":"Canceled"}"#;

    let mut seen: BTreeMap<Operation, BTreeSet<u16>> = BTreeMap::new();
    let document = Document::read();
    let operations = document.operations();
    for (server, method, template, path, headers, body) in [
        (&demo, "GET", list, ROUTE.to_owned(), &[user][..], ""),
        (&demo, "GET", list, none, &[user], ""),
        (&demo, "GET", list, bad, &[user], ""),
        (&demo, "GET", list, ROUTE.to_owned(), &[], ""),
        (&disabled, "GET", list, ROUTE.to_owned(), &[user], ""),
        (&broken, "GET", list, ROUTE.to_owned(), &[user], ""),
        (&keyless, "GET", list, ROUTE.to_owned(), &[bearer], ""),
        (&demo, "GET", item, with(ENROLL), &[user], ""),
        (&demo, "GET", item, with(ENROLL), &[user, user], ""),
        (&demo, "GET", item, with(ENROLL), &[], ""),
        (
            &keyless,
            "GET",
            item,
            with(ENROLL),
            &[("Authorization", "Bearer x")],
            "",
        ),
        (&keyless, "GET", item, with(ENROLL), &[bearer, bearer], ""),
        (&demo, "GET", item, with(UNKNOWN), &[user], ""),
        (&disabled, "GET", item, with(ENROLL), &[user], ""),
        (&broken, "GET", item, with(ENROLL), &[user], ""),
        (&keyless, "GET", item, with(ENROLL), &[bearer], ""),
        (&demo, "PUT", item, with(ENROLL), &[user, JSON, condition], CHANGE),
        (&demo, "PUT", item, with(ENROLL), &[user, JSON], &large),
        (&demo, "PUT", item, with(ENROLL), &[user, JSON, encoded], CHANGE),
        (&demo, "PUT", item, with(ENROLL), &[user, JSON], "{}"),
        (&demo, "PUT", item, with(ENROLL), &[stranger, JSON], CHANGE),
        (&demo, "PUT", item, with(ENROLL), &[user, JSON], CHANGE),
        (&demo, "PUT", item, with(ENROLL), &[user, JSON], CHANGE),
        (&demo, "PUT", item, with(ENROLL), &[user, JSON], canceled),
        (&demo, "PUT", item, with(ENROLL), &[JSON], CHANGE),
        (&disabled, "PUT", item, with(ENROLL), &[user, JSON], CHANGE),
        (&broken, "PUT", item, with(ENROLL), &[user, JSON], CHANGE),
        (&keyless, "PUT", item, with(ENROLL), &[bearer, JSON], CHANGE),
        (&demo, "GET", "/healthz", "/healthz".to_owned(), &[], ""),
        (&demo, "GET", "/readyz", "/readyz".to_owned(), &[], ""),
        (&broken, "GET", "/readyz", "/readyz".to_owned(), &[], ""),
    ] {
        let operation = (method.to_owned(), template.to_owned());
        for accept in ["application/json", "application/problem+json"] {
            let headers = [headers, &[("Accept", accept)]].concat();
            let answer = server.client().send(method, &path, &headers, body);
            let shown = format!("{method} {path} {headers:?}: {answer:?}");
            let documented = operations[&operation].get(&answer.status);
            document.holds(
                documented.unwrap_or_else(|| panic!("not documented: {shown}")),
                &answer,
                &shown,
            );
            let is_error = answer.status >= 400 && template.starts_with("/Cert");
            if is_error {
                assert!(answer.header("content-type").unwrap().starts_with(accept), "{shown}");
            }
            seen.entry(operation.clone()).or_default().insert(answer.status);
        }
    }
    for (operation, answers) in &operations {
        let documented: BTreeSet<u16> = answers.keys().copied().collect();
        assert_eq!(seen.get(operation), Some(&documented), "{operation:?}");
    }
}

#[test]
fn the_document_has_the_properties_of_a_request() {
    let (document, request) = (Document::read(), serde_json::from_str::<Value>(REQUEST).unwrap());
    let names = |object: &Value| -> BTreeSet<String> { object.as_object().unwrap().keys().cloned().collect() };
    let documented = &document.0["components"]["schemas"]["Request"]["properties"];
    assert_eq!(names(documented), names(&request));
    assert_eq!(names(documented).len(), 21);
}

#[test]
fn the_document_has_the_reasons_that_readers_get() {
    let document = Document::read();
    let listed = document.0["components"]["schemas"]["Reason"]["enum"]
        .as_array()
        .unwrap();
    let listed: BTreeSet<&str> = listed.iter().map(|code| code.as_str().unwrap()).collect();
    let statuses: BTreeSet<u16> = document
        .operations()
        .into_values()
        .flat_map(BTreeMap::into_keys)
        .collect();
    let (head, ()) = axum::http::Request::new(()).into_parts();
    let mut shown = BTreeSet::new();
    for reason in [
        Reason::PERMITTED,
        Reason::CALLER_UNREADABLE,
        Reason::UNAUTHENTICATED,
        Reason::CREDENTIALS_INVALID,
        Reason::CALLER_NOT_READY,
        Reason::CALLER_UNAVAILABLE,
        Reason::DESCRIPTOR_UNREADABLE,
        Reason::UNPROTECTED,
        Reason::STORE,
        Reason::UNGUARDED,
        reason::PERMITTED_WITHOUT_CONTENT,
        reason::UNCHANGED,
        reason::BODY_UNREADABLE,
        reason::QUERY_UNREADABLE,
        reason::NO_RIGHT,
        reason::WRONG_STATE,
        reason::UNDETERMINED,
        reason::NOTHING_PERMITTED,
        reason::NOT_FOUND,
        reason::PRECONDITION_FAILED,
        reason::BODY_TOO_LARGE,
        reason::MEDIA_TYPE_UNSUPPORTED,
        reason::REQUEST_UNREADABLE,
        reason::POLICY,
        reason::WRONG_REQUEST,
    ] {
        assert!(statuses.contains(&reason.status().as_u16()), "{reason}");
        let rejection = Rejection::new(reason, ResponseContext::new(&head)).for_reader(true);
        let body: Value = serde_json::from_slice(rejection.into_response::<Vec<u8>>().body()).unwrap();
        if let Some(code) = body["Reason"].as_str() {
            assert_eq!(code, reason.code());
            shown.insert(reason.code());
        }
    }
    assert_eq!(shown, listed);
}

//! Heads that hyper takes although a proxy in front may read them otherwise. They are refused: where a proxy names the caller, a request
//! that is read in two ways could become a request in another's name.
//!
//! Two faults can't be seen here. hyper takes a line that ends with LF alone. Of a request with `Content-Length` and `Transfer-Encoding` it
//! removes the length, takes the coding, and closes the connection after the answer, as
//! [RFC 9112, 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3) allows.

use axum::{
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode, Version,
        header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING},
        request::Parts,
        uri::Authority,
    },
    response::Response,
};
use sddl_authz::http::{Reason, Rejection, ResponseContext};

/// 400: the head of the request is malformed.
const HEAD_MALFORMED: Reason = Reason::new(
    StatusCode::BAD_REQUEST,
    "head_malformed",
    "The head of the request is malformed.",
);

/// Returns the answer to a request whose head is malformed.
pub(super) fn refusal(head: &Parts) -> Option<Response> {
    let fault = fault(head.version, &head.headers)?;
    let rejection = Rejection::new(HEAD_MALFORMED, ResponseContext::new(head)).with_detail(fault);
    tracing::warn!(target: "sddl_authz::serve", refusal = %rejection, "a malformed request was refused");
    Some(rejection.into_response())
}

/// Returns what is wrong with a head.
fn fault(version: Version, headers: &HeaderMap) -> Option<&'static str> {
    match (values(headers, HOST), version) {
        ((None, _), Version::HTTP_10) => {}
        ((None, _), _) => return Some("there is no Host"),
        ((Some(_), true), _) => return Some("there are two Hosts"),
        ((Some(host), false), _) if is_host(host) => {}
        ((Some(_), false), _) => return Some("the Host is invalid"),
    }
    match values(headers, TRANSFER_ENCODING) {
        (None, _) => None,
        (Some(_), true) => Some("there are two Transfer-Encodings"),
        (Some(coding), false) if !coding.as_bytes().eq_ignore_ascii_case(b"chunked") => {
            Some("the Transfer-Encoding is not chunked")
        }
        (Some(_), false) if headers.contains_key(CONTENT_LENGTH) => Some("there are two lengths"),
        (Some(_), false) => None,
    }
}

/// Returns the first value of a header, and whether there is another.
fn values(headers: &HeaderMap, name: HeaderName) -> (Option<&HeaderValue>, bool) {
    let mut values = headers.get_all(name).iter();
    (values.next(), values.next().is_some())
}

/// Whether a value is `HOST` or `HOST:PORT`.
fn is_host(value: &HeaderValue) -> bool {
    let authority = value.to_str().ok().and_then(|text| text.parse::<Authority>().ok());
    authority.is_some_and(|authority| match authority.as_str().strip_prefix(authority.host()) {
        Some("") => true,
        Some(port) => port
            .strip_prefix(':')
            .is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit())),
        // There is a user in front of the host.
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::fault;
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Version};

    fn of(version: Version, lines: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        fault(version, &headers).is_none()
    }

    #[test]
    fn there_is_one_host() {
        for host in [
            "x",
            "x:80",
            "example.com:",
            "127.0.0.1:8080",
            "[::1]",
            "[::1]:80",
            "a_b",
            "requests.sock",
        ] {
            assert!(of(Version::HTTP_11, &[("host", host)]), "{host}");
        }
        for host in ["", "a b", "a b/@:x", "u@x", "u:p@x", "x:y", "x/", "x:80:81", "[::1"] {
            assert!(!of(Version::HTTP_11, &[("host", host)]), "{host}");
        }
        assert!(!of(Version::HTTP_11, &[]));
        assert!(!of(Version::HTTP_11, &[("host", "x"), ("host", "x")]));
        assert!(of(Version::HTTP_10, &[]));
        assert!(!of(Version::HTTP_10, &[("host", "x"), ("host", "y")]));
    }

    #[test]
    fn a_body_is_chunked_or_has_a_length() {
        let with = |lines: &[(&'static str, &'static str)]| of(Version::HTTP_11, &[&[("host", "x")], lines].concat());
        assert!(with(&[("transfer-encoding", "chunked")]));
        assert!(with(&[("transfer-encoding", "Chunked")]));
        assert!(with(&[("content-length", "3")]));
        for coding in [
            "gzip",
            "gzip, chunked",
            "chunked, chunked",
            "chunked;q=1",
            "xchunked",
            "identity",
            "",
            "chunked,",
        ] {
            assert!(!with(&[("transfer-encoding", coding)]), "{coding}");
        }
        assert!(!with(&[("transfer-encoding", "x"), ("transfer-encoding", "chunked")]));
        assert!(!with(&[
            ("transfer-encoding", "chunked"),
            ("transfer-encoding", "chunked")
        ]));
        assert!(!with(&[("transfer-encoding", "chunked"), ("content-length", "3")]));
    }
}

//! The body of a `PUT`, and the headers that describe it.

use axum::{
    body::Body,
    http::{
        HeaderMap,
        header::{CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH, IF_UNMODIFIED_SINCE},
    },
};
use core::{fmt, time::Duration};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use mediatype::{MediaType, ReadParams, names};
use sddl_authz::{
    http::Reason,
    mim::{StatusChange, http::reason},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::Value;
use tokio::time::timeout;

/// The limits of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimits {
    pub(crate) bytes: usize,
    pub(crate) time: Duration,
}

/// Reads the change that a body asks for.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limits: BodyLimits) -> Result<StatusChange, Reason> {
    if !may_hold(headers) {
        return Err(reason::PRECONDITION_FAILED);
    }
    // A part of the request can't be replaced.
    if headers.contains_key(CONTENT_RANGE) {
        return Err(reason::BODY_UNREADABLE);
    }
    if !is_json(headers) || is_encoded(headers) {
        return Err(reason::MEDIA_TYPE_UNSUPPORTED);
    }
    let read = timeout(limits.time, Limited::new(body, limits.bytes).collect()).await;
    let bytes = match read {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(reason::BODY_TOO_LARGE),
        // The client broke off, or was too slow.
        Ok(Err(_)) | Err(_) => return Err(reason::BODY_UNREADABLE),
    };
    parsed(&bytes).ok_or(reason::BODY_UNREADABLE)
}

/// Whether no condition forbids the change. There are no entity tags and no dates of modification, so only `If-Match: *` is known to hold.
fn may_hold(headers: &HeaderMap) -> bool {
    headers.get_all(IF_MATCH).iter().all(|condition| condition == "*")
        && !headers.contains_key(IF_NONE_MATCH)
        && !headers.contains_key(IF_UNMODIFIED_SINCE)
}

/// Whether the body is declared, once, as JSON in UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    const JSON: MediaType<'_> = MediaType::new(names::APPLICATION, names::JSON);
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let media_type = value.to_str().ok().and_then(|text| MediaType::parse(text.trim()).ok());
    media_type.is_some_and(|media_type| {
        let is_utf8 = |value: mediatype::Value<'_>| value.unquoted_str().eq_ignore_ascii_case("utf-8");
        media_type.essence() == JSON
            && media_type
                .params()
                .all(|(name, value)| name != names::CHARSET || is_utf8(value))
    })
}

/// Whether the body has a content coding, such as gzip.
fn is_encoded(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Reads `{"status":…}`, with the name in upper or lower case. The other properties are ignored, but must be JSON.
fn parsed(body: &[u8]) -> Option<StatusChange> {
    let text = str::from_utf8(body).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let StatusBody(change) = serde_json::from_str(text).ok()?;
    Some(change)
}

/// A JSON object with one property `status`.
struct StatusBody(StatusChange);

impl<'de> Deserialize<'de> for StatusBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Properties)
    }
}

struct Properties;

impl<'de> Visitor<'de> for Properties {
    type Value = StatusBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the property `status`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<StatusBody, A::Error> {
        let mut wanted = None;
        while let Some(name) = properties.next_key::<String>()? {
            if !name.eq_ignore_ascii_case("status") {
                // `IgnoredAny` would take lone surrogates, and numbers that are too large.
                properties.next_value::<Value>()?;
            } else if wanted.replace(properties.next_value()?).is_some() {
                return Err(A::Error::duplicate_field("status"));
            }
        }
        wanted.map(StatusBody).ok_or_else(|| A::Error::missing_field("status"))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_encoded, is_json, may_hold, parsed};
    use axum::http::{HeaderMap, HeaderName, HeaderValue};
    use sddl_authz::mim::StatusChange;

    #[test]
    fn bodies_are_read_as_documented() {
        for (body, change) in [
            (r#"{"status":"Completed"}"#, Some(StatusChange::Complete)),
            (
                r#" {"x":{"status":1},"Status":"Abandoned"} "#,
                Some(StatusChange::Abandon),
            ),
            (r#"{"status":"\u0043anceled"}"#, Some(StatusChange::Cancel)),
            (r#"{"\u0053tatus":"Completed"}"#, Some(StatusChange::Complete)),
            ("\u{feff}{\"sTATUS\":\"Completed\"}", Some(StatusChange::Complete)),
            (r#"{"status":"Completed","Status":"Canceled"}"#, None),
            (r#"{"status":"Completed","status":"Completed"}"#, None),
            (r#"{"status":"Completed","x":"\ud800"}"#, None),
            (r#"{"status":"Completed","x":1e999}"#, None),
            (r#"{"status":"completed"}"#, None),
            (r#"{"status":"Completed,"}"#, None),
            (r#"{"status":8}"#, None),
            (r#"["Completed"]"#, None),
            (r#""Completed""#, None),
            (r#"{"status":"Completed"}{}"#, None),
            ("{“status”:”Completed”}", None),
            ("{}", None),
            ("", None),
        ] {
            assert_eq!(parsed(body.as_bytes()), change, "{body}");
        }
        assert_eq!(parsed(b"{\"status\":\"Completed\",\"x\":\"\xff\"}"), None);
    }

    fn headers(name: &'static str, values: &[&'static str]) -> HeaderMap {
        let name = HeaderName::from_static(name);
        let values = values.iter().copied().map(HeaderValue::from_static);
        values.map(|value| (name.clone(), value)).collect()
    }

    #[test]
    fn bodies_are_declared_as_json() {
        for (values, declared) in [
            (&["application/json"][..], true),
            (&["Application/JSON; charset=utf-8"], true),
            (&["application/json;charset=\"UTF-8\";x=y"], true),
            (&["application/json; charset=utf-16"], false),
            (&["application/json; charset=utf-8; charset=utf-16"], false),
            (&["application/json ;x"], false),
            (&["application/jsonx"], false),
            (&["application/json", "application/json"], false),
            (&["text/plain"], false),
            (&[""], false),
            (&[], false),
        ] {
            assert_eq!(is_json(&headers("content-type", values)), declared, "{values:?}");
        }
    }

    #[test]
    fn codings_and_conditions_are_not_ignored() {
        assert!(!is_encoded(&HeaderMap::new()) && may_hold(&HeaderMap::new()));
        assert!(!is_encoded(&headers("content-encoding", &["identity"])));
        assert!(is_encoded(&headers("content-encoding", &["identity", "gzip"])));
        assert!(may_hold(&headers("if-match", &["*"])));
        assert!(!may_hold(&headers("if-match", &["*", "\"x\""])));
        assert!(!may_hold(&headers("if-none-match", &["*"])));
        assert!(!may_hold(&headers("if-unmodified-since", &["x"])));
    }
}

//! The correlation id of a request: the proxy's, or a new one.

use crate::identity::Trust;
use axum::http::{HeaderMap, HeaderName, HeaderValue, request::Parts};
use sddl_authz::http::CorrelationId;
use uuid::Uuid;

/// The header of each answer with its correlation id.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-correlation-id");

type Read = fn(&str) -> Option<Uuid>;

/// The headers of a proxy that can hold an id. The first one that is there counts.
const HEADERS: [(&str, Read); 3] = [
    ("x-request-id", guid),
    ("x-correlation-id", guid),
    ("traceparent", trace_id),
];

/// Returns the id that a trusted proxy gave, and otherwise a new one. A client can't choose it.
pub(super) fn of(head: &Parts, trust: &Trust) -> CorrelationId {
    let given = given(&head.headers).filter(|_| trust.is_proxy(head));
    given.map_or_else(CorrelationId::random, CorrelationId)
}

fn given(headers: &HeaderMap) -> Option<Uuid> {
    let (name, read) = HEADERS.iter().find(|(name, _)| headers.contains_key(*name))?;
    let mut values = headers.get_all(*name).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    read(value.to_str().ok()?).filter(|id| !id.is_nil())
}

/// Reads a GUID in the form D, with hyphens, or N, without them.
fn guid(text: &str) -> Option<Uuid> {
    let form = matches!(text.len(), 32 | 36);
    form.then(|| Uuid::try_parse(text).ok()).flatten()
}

/// Reads the trace-id of the header `traceparent` ([Trace Context, 3.2](https://www.w3.org/TR/trace-context/#traceparent-header)).
fn trace_id(text: &str) -> Option<Uuid> {
    let mut fields = text.split('-');
    let (version, trace, parent, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let hexadecimal = |field: &str, length| {
        field.len() == length && field.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let known =
        version == "00" && fields.next().is_none() || hexadecimal(version, 2) && !["00", "ff"].contains(&version);
    let fits = known && hexadecimal(trace, 32) && hexadecimal(parent, 16) && hexadecimal(flags, 2);
    fits.then(|| Uuid::try_parse(trace).ok()).flatten()
}

/// Returns the id as the value of a header.
pub(super) fn header(id: CorrelationId) -> Option<HeaderValue> {
    HeaderValue::try_from(id.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::given;
    use axum::http::{HeaderMap, HeaderName};
    use uuid::Uuid;

    const ID: Uuid = Uuid::from_u128(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c);
    const N: &str = "0af7651916cd43dd8448eb211c80319c";
    const D: &str = "0af76519-16cd-43dd-8448-eb211c80319c";
    const OTHER: &str = "1af76519-16cd-43dd-8448-eb211c80319c";
    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn ids_of_proxies_are_guids_and_trace_ids() {
        for (headers, expected) in [
            (&[][..], None),
            (&[("x-request-id", N)], Some(ID)),
            (&[("x-request-id", D)], Some(ID)),
            (&[("x-correlation-id", D)], Some(ID)),
            (&[("traceparent", TRACE)], Some(ID)),
            (&[("x-correlation-id", OTHER), ("x-request-id", D)], Some(ID)),
            (&[("traceparent", TRACE), ("x-request-id", "7")], None),
            (&[("x-request-id", D), ("x-request-id", D)], None),
            (&[("x-request-id", "00000000-0000-0000-0000-000000000000")], None),
            (&[("x-request-id", "{0af76519-16cd-43dd-8448-eb211c80319c}")], None),
            (&[("x-request-id", "0af7651916cd43dd8448eb211c80319")], None),
            (&[("x-request-id", "")], None),
            (&[("traceparent", N)], None),
            (
                &[("traceparent", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")],
                None,
            ),
            (
                &[("traceparent", "00-00000000000000000000000000000000-b7ad6b7169203331-01")],
                None,
            ),
            (
                &[("traceparent", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")],
                None,
            ),
            (
                &[(
                    "traceparent",
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                )],
                None,
            ),
            (
                &[(
                    "traceparent",
                    "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                )],
                Some(ID),
            ),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(HeaderName::from_static(name), value.parse().unwrap());
            }
            assert_eq!(given(&map), expected, "{headers:?}");
        }
    }
}

//! Any identity headers of a proxy, and any descriptor.

#![expect(clippy::expect_used, reason = "a target that finds something says so by a panic")]

use axum::http::{HeaderName, HeaderValue, Request};
use sddl_authz::{AccessMask, Caller, SecurityDescriptor, check, http::CallerSource};
use sddl_authz_server::identity::{PeerUid, ProxyHeaders, Trust};

const PROXY: u32 = 33;
/// There are two to the power of this many subsets.
const MOST_HEADERS: usize = 7;
const RIGHTS: [&str; 13] = [
    "CC", "DC", "LC", "SW", "RP", "WP", "DT", "LO", "CR", "SD", "RC", "WD", "WO",
];

type Header = (HeaderName, HeaderValue);

/// A descriptor on the first line, then headers. If the server takes all of them, no subset of them names a caller who is granted a right
/// that all of them do not give. If the server takes `X-Caller` alone, no subset without this header names a caller at all, also where
/// all of the headers together are refused.
pub(crate) fn identity_headers(data: &[u8]) {
    let Some((descriptor, headers)) = read(data) else {
        return;
    };
    for subset in subsets(&headers) {
        let Some(named) = caller(&subset, ProxyHeaders::One) else {
            continue;
        };
        let of_caller = subset.iter().map(|(name, _)| name.as_str());
        assert!(
            of_caller.filter(|name| name.starts_with("x-caller")).eq(["x-caller"]),
            "{subset:?}"
        );
        assert_eq!(Some(named), caller(&subset, ProxyHeaders::OneOrSeparate), "{subset:?}");
    }
    let Some(whole) = caller(&headers, ProxyHeaders::OneOrSeparate) else {
        return;
    };
    let whole = granted(&descriptor, &whole);
    for subset in subsets(&headers) {
        let Some(part) = caller(&subset, ProxyHeaders::OneOrSeparate) else {
            continue;
        };
        for (right, (part, whole)) in RIGHTS.iter().zip(granted(&descriptor, &part).into_iter().zip(whole)) {
            assert!(!part || whole, "{right} by {subset:?}, and not by {headers:?}");
        }
    }
}

fn subsets(headers: &[Header]) -> impl Iterator<Item = Vec<Header>> {
    let all = 0..1_u32.wrapping_shl(u32::try_from(headers.len()).expect("few"));
    all.map(move |kept| {
        let kept_ones = (0..)
            .zip(headers)
            .filter(|(index, _)| kept & 1_u32.wrapping_shl(*index) != 0);
        kept_ones.map(|(_, header)| header.clone()).collect()
    })
}

fn read(data: &[u8]) -> Option<(SecurityDescriptor, Vec<Header>)> {
    let mut lines = str::from_utf8(data).ok()?.lines();
    let descriptor = lines.next()?.parse().ok()?;
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.parse().ok()?, value.trim().parse().ok()?))
    };
    let headers: Option<Vec<_>> = lines.map(header).collect();
    headers
        .filter(|headers| headers.len() <= MOST_HEADERS)
        .map(|headers| (descriptor, headers))
}

/// The caller that the server takes from headers, if it takes them.
fn caller(headers: &[Header], form: ProxyHeaders) -> Option<Caller> {
    thread_local!(static RUNTIME: tokio::runtime::Runtime =
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime"));
    let (mut head, ()) = Request::new(()).into_parts();
    for (name, value) in headers {
        // `extend` would keep the last of two headers with one name, and the server must see both.
        head.headers.append(name.clone(), value.clone());
    }
    head.extensions.insert(PeerUid(Some(PROXY)));
    RUNTIME.with(|runtime| runtime.block_on(Trust::Uid(PROXY, form).caller(&head)).ok())
}

/// Whether each right is granted.
fn granted(descriptor: &SecurityDescriptor, caller: &Caller) -> [bool; 13] {
    RIGHTS.map(|right| {
        let right: AccessMask = right.parse().expect("a right");
        check(descriptor, caller, right).is_allowed()
    })
}

//! The paths of the API. A path is brought into the form of the routes once, before anything reads it.

use axum::{body::Body, http::Request};
use std::borrow::Cow;
use uuid::Uuid;

pub(crate) const REQUESTS: &str = "/certificatemanagement/api/v1.0/requests";
pub(crate) const REQUEST: &str = "/certificatemanagement/api/v1.0/requests/{id}";

/// Rewrites the path in the form that the routes have. Apply it to each request before the router sees it: then the router, the guard and
/// the store read one path.
///
/// - Percent-encoded letters, digits, `-._~`, braces and parentheses are decoded, once. For the first ones
///   [RFC 3986, 6.2.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2) says that both forms mean the same path.
/// - Letters become lower case.
/// - One slash at the end is removed.
/// - The id of a request is written with hyphens. It may come in four of the five forms that .NET's
///   [`Guid.Parse`](https://learn.microsoft.com/dotnet/api/system.guid.parse) reads: N, D, B and P.
///
/// Nothing else is changed. In particular a doubled slash, a dot segment and `%2F` stay, so that no route fits.
#[must_use]
pub fn normalized(mut request: Request<Body>) -> Request<Body> {
    let path = request.uri().path();
    if let Cow::Owned(mut normal) = normal(path) {
        if let Some(query) = request.uri().query() {
            normal.push('?');
            normal.push_str(query);
        }
        if let Ok(uri) = normal.parse() {
            *request.uri_mut() = uri;
        }
    }
    request
}

fn normal(path: &str) -> Cow<'_, str> {
    let mut normal = decoded(path);
    if normal.bytes().any(|byte| byte.is_ascii_uppercase()) {
        normal = Cow::Owned(normal.to_ascii_lowercase());
    }
    if let Some(shorter) = normal.strip_suffix('/').filter(|shorter| !shorter.is_empty()) {
        normal = Cow::Owned(shorter.to_owned());
    }
    let id = normal.strip_prefix(REQUESTS).and_then(|rest| rest.strip_prefix('/'));
    match id.filter(|id| id.len() != HYPHENATED).and_then(guid) {
        Some(id) => Cow::Owned(format!("{REQUESTS}/{id}")),
        None => normal,
    }
}

/// Decodes the escapes of characters that are not delimiters of a path.
fn decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut parts = path.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let escape = part
            .split_at_checked(2)
            .and_then(|(digits, rest)| Some((plain(digits)?, rest)));
        if let Some((character, rest)) = escape {
            decoded.push(character);
            decoded.push_str(rest);
        } else {
            decoded.push('%');
            decoded.push_str(part);
        }
    }
    Cow::Owned(decoded)
}

/// Returns the character with this code, in two hexadecimal digits, if a path may have it decoded.
fn plain(digits: &str) -> Option<char> {
    let are_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let code = are_digits.then(|| u8::from_str_radix(digits, 16).ok()).flatten()?;
    let character = char::from(code);
    (character.is_ascii_alphanumeric() || "-._~{}()".contains(character)).then_some(character)
}

const HYPHENATED: usize = 36;
const DIGITS: usize = 32;

/// Reads a GUID in one of the forms N, D, B and P.
fn guid(text: &str) -> Option<Uuid> {
    let enclosed = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    let inner = enclosed('{', '}').or_else(|| enclosed('(', ')'));
    let (text, length) = match inner {
        Some(inner) => (inner, HYPHENATED),
        None => (text, DIGITS),
    };
    (text.len() == length).then(|| Uuid::try_parse(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::normal;
    use std::borrow::Cow;

    #[test]
    fn a_path_in_the_form_of_the_routes_is_not_copied() {
        for path in [
            "/",
            "/healthz",
            "/certificatemanagement/api/v1.0/requests",
            "/certificatemanagement/api/v1.0/requests/a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099",
        ] {
            assert!(matches!(normal(path), Cow::Borrowed(same) if same == path), "{path}");
        }
    }

    #[test]
    fn what_is_normal_stays_as_it_is() {
        for path in [
            "/CertificateManagement/api/v1.0/requests/%7BA9B4B42C-CC50-4C9B-89D1-BBC0BCD5A099%7d/",
            "/certificatemanagement/api/v1.0/requests/a9b4b42ccc504c9b89d1bbc0bcd5a099",
            "/%2F/%2e%2E/%25/%zz/%+1/%",
            "/a//",
        ] {
            let once = normal(path).into_owned();
            // A slash at the end goes one at a time, and one that is doubled must not match a route at all.
            assert!(once.ends_with('/') || normal(&once) == once, "{path}: {once}");
        }
        assert_eq!(normal("/%2F/%2e%2E/%25/%zz/%+1/%"), "/%2f/../%25/%zz/%+1/%");
    }
}

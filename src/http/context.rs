use alloc::format;
use core::fmt;
use http::{HeaderMap, header::ACCEPT, request::Parts};
use mediatype::{MediaType, MediaTypeList, ReadParams, names};
use uuid::Uuid;

/// The properties of an HTTP request that its answer needs: the correlation id and the format of errors.
///
/// ```
/// use sddl_authz::http::{ErrorFormat, ResponseContext};
/// let request = http::Request::builder().header("accept", "application/problem+json").body(())?;
/// let context = ResponseContext::new(&request.into_parts().0);
/// assert_eq!(context.format, ErrorFormat::Problem);
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ResponseContext {
    /// The id that joins the answer with the log.
    pub correlation: CorrelationId,
    /// The format of errors.
    pub format: ErrorFormat,
}

impl ResponseContext {
    /// Returns the context of an HTTP request.
    ///
    /// The correlation id is the [`CorrelationId`] in the extensions of the request, which an outer service may put there, or a new
    /// one. It is never one that the client sends. The format follows the header `Accept`.
    #[must_use]
    pub fn new(parts: &Parts) -> Self {
        let given = parts.extensions.get().copied();
        Self {
            correlation: given.unwrap_or_else(CorrelationId::random),
            format: ErrorFormat::accepted(&parts.headers),
        }
    }
}

/// A random id that an answer and the log have in common.
///
/// ```
/// use sddl_authz::http::CorrelationId;
/// assert_ne!(CorrelationId::random(), CorrelationId::random());
/// assert_eq!(CorrelationId::random().to_string().len(), 36);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CorrelationId(pub Uuid);

impl CorrelationId {
    /// Returns a new random id.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The format of the body of an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ErrorFormat {
    /// `{"Message":…,"CorrelationId":…}`, as ASP.NET Web API writes errors; for readers with `"Reason"`.
    #[default]
    Json,
    /// `application/problem+json`, [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457).
    Problem,
}

impl ErrorFormat {
    /// Returns the format that the header `Accept` asks for.
    ///
    /// It is [`Problem`](Self::Problem) if the header names `application/problem+json`, and with no smaller weight than
    /// `application/json`. Ranges such as `*/*` ask for [`Json`](Self::Json).
    ///
    /// ```
    /// use sddl_authz::http::ErrorFormat;
    /// let mut headers = http::HeaderMap::new();
    /// assert_eq!(ErrorFormat::accepted(&headers), ErrorFormat::Json);
    /// headers.insert("accept", http::HeaderValue::from_static("application/problem+json, application/json;q=0.9"));
    /// assert_eq!(ErrorFormat::accepted(&headers), ErrorFormat::Problem);
    /// ```
    #[must_use]
    pub fn accepted(headers: &HeaderMap) -> Self {
        match weight(headers, &PROBLEM) {
            0 => Self::Json,
            problem if problem >= weight(headers, &JSON) => Self::Problem,
            _ => Self::Json,
        }
    }

    /// Returns the media type of the format.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Problem => "application/problem+json",
        }
    }
}

const JSON: MediaType<'_> = MediaType::new(names::APPLICATION, names::JSON);
const PROBLEM: MediaType<'_> = MediaType::from_parts(
    names::APPLICATION,
    mediatype::Name::new_unchecked("problem"),
    Some(names::JSON),
    &[],
);

/// Returns the largest weight that `Accept` gives to this media type, in thousandths; 0 if it does not name the type.
fn weight(headers: &HeaderMap, media_type: &MediaType<'_>) -> u16 {
    let lists = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges = lists.flat_map(MediaTypeList::new).filter_map(Result::ok);
    let named = ranges.filter(|range| range.essence() == *media_type);
    let weights = named.map(|range| match range.get_param(names::Q) {
        Some(value) => thousandths(value.as_str()).unwrap_or(0),
        None => 1000,
    });
    weights.max().unwrap_or(0)
}

/// Returns a weight in thousandths, if it is one ([RFC 9110, 12.4.2](https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2)).
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = [whole, fraction].concat();
    let written = whole.len() == 1 && fraction.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let value = written.then(|| format!("{digits:0<4}").parse().ok()).flatten()?;
    (value <= 1000).then_some(value)
}

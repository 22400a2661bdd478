use core::fmt;
use http::{HeaderMap, header::ACCEPT, request::Parts};
use uuid::Uuid;

/// What an answer needs of the HTTP request: its correlation id, and the form in which errors are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ResponseContext {
    /// What joins the answer with the log.
    pub correlation: CorrelationId,
    /// How errors are written.
    pub format: ErrorFormat,
}

impl ResponseContext {
    /// That of an HTTP request: the correlation id that a service in front put into its extensions, or a new one. Never one that
    /// the client sends.
    #[must_use]
    pub fn new(parts: &Parts) -> Self {
        let given = parts.extensions.get().copied();
        Self {
            correlation: given.unwrap_or_else(CorrelationId::random),
            format: ErrorFormat::accepted(&parts.headers),
        }
    }
}

/// What a 403 or 500 and the log have in common: random, and about nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CorrelationId(pub Uuid);

impl CorrelationId {
    /// A new one.
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

/// How errors are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ErrorFormat {
    /// `{"Message":…}`, as the API is thought to answer.
    #[default]
    Api,
    /// `application/problem+json`, RFC 9457.
    Problem,
}

impl ErrorFormat {
    /// What the header `Accept` asks for: problems where they are named, and preferred no less than `application/json` where that is
    /// named too.
    #[must_use]
    pub fn accepted(headers: &HeaderMap) -> Self {
        let ranges = || {
            let lists = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
            lists.flat_map(|list| list.split(',')).map(Range::of)
        };
        let weight_of = |media_type: &str| {
            let named = ranges().filter(|range| range.media_type.eq_ignore_ascii_case(media_type));
            named.map(|range| range.weight).max().unwrap_or(0)
        };
        match weight_of("application/problem+json") {
            0 => Self::Api,
            problem if problem >= weight_of("application/json") => Self::Problem,
            _ => Self::Api,
        }
    }

    /// The media type of what is written so.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Api => "application/json; charset=utf-8",
            Self::Problem => "application/problem+json",
        }
    }
}

/// A range of media types in `Accept`, with its weight in thousandths.
struct Range<'a> {
    media_type: &'a str,
    weight: u16,
}

impl<'a> Range<'a> {
    fn of(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Self {
            media_type,
            weight: weight.map_or(1000, thousandths),
        }
    }
}

/// A weight of RFC 9110, 12.4.2; what is none weighs nothing.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => {
            let mut padded = [b'0'; 3];
            padded
                .iter_mut()
                .zip(fraction.bytes())
                .for_each(|(to, from)| *to = from);
            str::from_utf8(&padded)
                .ok()
                .and_then(|digits| digits.parse().ok())
                .unwrap_or(0)
        }
        _ => 0,
    }
}

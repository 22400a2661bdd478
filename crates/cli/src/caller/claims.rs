//! Claims as people write them: `NAME=VALUES`.

use crate::trouble::Trouble;
use sddl_authz::{
    Claim, Span,
    claim::{ClaimError, ClaimFlags, ClaimType, ClaimValues},
    sddl::{ParseError, ParseErrorKind},
};

const HINT: &str = "a claim is NAME=VALUES, where a value is \"text\", 3, true, SID(BA) or #0a1b, and several of one kind stand in braces: {\"A\", \"B\"}";
const QUOTES: &str = "text stands in double quotes, and the shell must leave them alone: --claim 'Title=\"PM\"' (in cmd.exe \"Title=\\\"PM\\\"\")";

/// A claim from `NAME=VALUES`; its type is that of its values.
pub(crate) fn parse_claim(option: &str, text: &str) -> Result<Claim, Trouble> {
    let Some((name, values)) = text.split_once('=') else {
        let message = format!("{option}: expected `=` between the name of a claim and its values");
        let end = Span {
            start: text.len(),
            end: text.len(),
        };
        return Err(Trouble::new("claim_values_missing", message).at(text, end).hint(HINT));
    };
    let parsed = Values::find(text, values).read(option)?;
    let name = name.trim().to_owned();
    Claim::new(name, ClaimFlags::empty(), parsed).map_err(|error| {
        let start = Span { start: 0, end: 0 };
        claim_trouble(&error).about(option).at(text, start).hint(HINT)
    })
}

/// Why parts make no claim.
pub(crate) fn claim_trouble(error: &ClaimError) -> Trouble {
    Trouble::new(error.code(), error.to_string())
}

/// The values of a claim in its text.
struct Values<'a> {
    text: &'a str,
    /// Without braces.
    inner: &'a str,
    /// Where `inner` starts in `text`.
    start: usize,
    braces: bool,
}

impl<'a> Values<'a> {
    /// `values` ends `text`.
    fn find(text: &'a str, values: &'a str) -> Self {
        let from = |part: &str| text.len().saturating_sub(part.len());
        let trimmed = values.trim_start();
        let start = from(trimmed);
        let inner = trimmed.trim_end();
        match inner.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
            Some(inner) => Self {
                text,
                inner,
                start: start.saturating_add(1),
                braces: true,
            },
            None => Self {
                text,
                inner,
                start,
                braces: false,
            },
        }
    }

    fn read(&self, option: &str) -> Result<ClaimValues, Trouble> {
        if self.braces && self.inner.trim().is_empty() {
            return Ok(ClaimValues::String(Vec::new()));
        }
        let values = match self.booleans() {
            Some(values) => ClaimValues::Bool(values),
            None => match self.read_as(self.kind(option)?) {
                // What does not fit a signed integer may fit an unsigned one.
                Err((error, _)) if matches!(error.kind(), ParseErrorKind::IntegerOutOfRange) => self
                    .read_as(ClaimType::Uint)
                    .map_err(|_| self.trouble(option, &error, ClaimType::Int)),
                Err((error, kind)) => Err(self.trouble(option, &error, kind)),
                Ok(values) => Ok(values),
            }?,
        };
        if values.len() > 1 && !self.braces {
            let message = format!("{option}: several values of a claim stand in braces");
            return Err(self.at_values(Trouble::new("claim_braces_missing", message)).hint(HINT));
        }
        Ok(values)
    }

    /// `true` and `false`, which SDDL has no words for.
    fn booleans(&self) -> Option<Vec<bool>> {
        let word = |word: &str| match word.trim() {
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        };
        self.inner.split(',').map(word).collect()
    }

    /// The type of the first value.
    fn kind(&self, option: &str) -> Result<ClaimType, Trouble> {
        let inner = self.inner.trim_start();
        match inner.as_bytes() {
            [b'"', ..] => Ok(ClaimType::String),
            [b'#', ..] => Ok(ClaimType::Octets),
            [b'+' | b'-' | b'0'..=b'9', ..] => Ok(ClaimType::Int),
            [b's' | b'S', b'i' | b'I', b'd' | b'D', b'(' | b' ', ..] => Ok(ClaimType::Sid),
            _ => {
                let message = format!("{option}: the value of a claim is none that SDDL can write");
                Err(self
                    .at_values(Trouble::new("claim_value_malformed", message))
                    .hint(QUOTES))
            }
        }
    }

    /// The values, read as those of a resource attribute are.
    fn read_as(&self, kind: ClaimType) -> Result<ClaimValues, (ParseError, ClaimType)> {
        let claim = format!("{}{})", prefix(kind), self.inner);
        let claim: Claim = claim.parse().map_err(|error| (error, kind))?;
        Ok(claim.values().clone())
    }

    fn trouble(&self, option: &str, error: &ParseError, kind: ClaimType) -> Trouble {
        let before = prefix(kind).len();
        let place = |at: usize| {
            let within = at.saturating_sub(before).min(self.inner.len());
            self.start.saturating_add(within)
        };
        let Span { start, end } = error.span();
        let span = Span {
            start: place(start),
            end: place(end),
        };
        Trouble::new(error.kind().code(), format!("{option}: {error}"))
            .at(self.text, span)
            .hint(HINT)
    }

    fn at_values(&self, trouble: Trouble) -> Trouble {
        let end = self.start.saturating_add(self.inner.len());
        let span = Span { start: self.start, end };
        trouble.at(self.text, span)
    }
}

/// What stands before the values of a claim in SDDL.
fn prefix(kind: ClaimType) -> String {
    format!("(\"a\",{},0x0,", kind.token())
}

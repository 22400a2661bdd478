//! Claims on the command line: `NAME=VALUES`.

use crate::diagnostic::Diagnostic;
use sddl_authz::{
    Claim, Span,
    claim::{ClaimError, ClaimFlags, ClaimType, ClaimValues},
    sddl::{ParseError, ParseErrorKind},
};

const HINT: &str = "write a claim as NAME=VALUES; a value is \"text\", 3, true, SID(BA) or #0a1b; put several values of one type in braces: {\"A\", \"B\"}";
const QUOTES: &str = "put text in double quotes, and protect them from the shell: --claim 'Title=\"PM\"' (in cmd.exe \"Title=\\\"PM\\\"\")";

/// Reads a claim. Its type is that of its first value.
pub(crate) fn parse_claim(option: &str, text: &str) -> Result<Claim, Diagnostic> {
    let Some((name, values)) = text.split_once('=') else {
        let message = format!("{option}: expected `=` between the name of a claim and its values");
        let end = Span {
            start: text.len(),
            end: text.len(),
        };
        return Err(Diagnostic::new("claim_values_missing", message)
            .at(text, end)
            .hint(HINT));
    };
    let parsed = Values::find(text, values).read(option)?;
    let name = name.trim().to_owned();
    Claim::new(name, ClaimFlags::empty(), parsed).map_err(|error| {
        let start = Span { start: 0, end: 0 };
        claim_diagnostic(&error).in_argument(option).at(text, start).hint(HINT)
    })
}

/// Describes an error about a claim.
pub(crate) fn claim_diagnostic(error: &ClaimError) -> Diagnostic {
    Diagnostic::new(error.code(), error.to_string())
}

/// The values of a claim in its text.
struct Values<'a> {
    text: &'a str,
    /// The values without braces.
    inner: &'a str,
    /// The byte of `text` at which `inner` starts.
    start: usize,
    braces: bool,
}

impl<'a> Values<'a> {
    /// Finds the values, which are the end of `text`.
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

    fn read(&self, option: &str) -> Result<ClaimValues, Diagnostic> {
        if self.braces && self.inner.trim().is_empty() {
            return Ok(ClaimValues::String(Vec::new()));
        }
        let values = match self.booleans() {
            Some(values) => ClaimValues::Bool(values),
            None => match self.read_as(self.kind(option)?) {
                // A number that does not fit a signed integer may fit an unsigned one.
                Err((error, _)) if matches!(error.kind(), ParseErrorKind::IntegerOutOfRange) => self
                    .read_as(ClaimType::Uint)
                    .map_err(|_| self.diagnostic(option, &error, ClaimType::Int)),
                Err((error, kind)) => Err(self.diagnostic(option, &error, kind)),
                Ok(values) => Ok(values),
            }?,
        };
        if values.len() > 1 && !self.braces {
            let message = format!("{option}: put several values of a claim in braces");
            return Err(self
                .at_values(Diagnostic::new("claim_braces_missing", message))
                .hint(HINT));
        }
        Ok(values)
    }

    /// Reads `true` and `false`. SDDL has no words for them.
    fn booleans(&self) -> Option<Vec<bool>> {
        let word = |word: &str| match word.trim() {
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        };
        self.inner.split(',').map(word).collect()
    }

    /// The type of the first value.
    fn kind(&self, option: &str) -> Result<ClaimType, Diagnostic> {
        let inner = self.inner.trim_start();
        match inner.as_bytes() {
            [b'"', ..] => Ok(ClaimType::String),
            [b'#', ..] => Ok(ClaimType::Octets),
            [b'+' | b'-' | b'0'..=b'9', ..] => Ok(ClaimType::Int),
            [b's' | b'S', b'i' | b'I', b'd' | b'D', b'(' | b' ', ..] => Ok(ClaimType::Sid),
            _ => {
                let message = format!("{option}: this is not the value of a claim");
                Err(self
                    .at_values(Diagnostic::new("claim_value_malformed", message))
                    .hint(QUOTES))
            }
        }
    }

    /// Reads the values as those of a resource attribute.
    fn read_as(&self, kind: ClaimType) -> Result<ClaimValues, (ParseError, ClaimType)> {
        let claim = format!("{}{})", prefix(kind), self.inner);
        let claim: Claim = claim.parse().map_err(|error| (error, kind))?;
        Ok(claim.values().clone())
    }

    fn diagnostic(&self, option: &str, error: &ParseError, kind: ClaimType) -> Diagnostic {
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
        Diagnostic::new(error.kind().code(), format!("{option}: {error}"))
            .at(self.text, span)
            .hint(HINT)
    }

    fn at_values(&self, diagnostic: Diagnostic) -> Diagnostic {
        let end = self.start.saturating_add(self.inner.len());
        let span = Span { start: self.start, end };
        diagnostic.at(self.text, span)
    }
}

/// The start of a resource attribute of this type in SDDL, up to its values.
fn prefix(kind: ClaimType) -> String {
    format!("(\"a\",{},0x0,", kind.token())
}

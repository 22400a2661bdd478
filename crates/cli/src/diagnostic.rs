//! Errors, as text for people and as JSON.

use core::fmt;
use sddl_authz::{
    Span,
    render::{Escaped, Excerpt},
    sddl::{ParseError, ParseErrorKind, PrintError},
};
use serde::Serialize;
use std::io::Write;

/// The hint for an alias of a domain whose SID is not given.
pub(crate) const DOMAIN_HINT: &str =
    "give the SID of the domain with --domain-sid (--machine-sid, --forest-sid), or write the SID in full, S-1-5-21-…";

/// The hint for a text without any part.
const EMPTY_HINT: &str = "the text may come from an empty file, or from a variable that is not set; D:NO_ACCESS_CONTROL is an object that is open to everybody";

/// An error: a stable code, a message, and its place in a text if it has one.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    kind: &'static str,
    message: String,
    /// The place in the input.
    span: Option<Span>,
    /// The text of the excerpt, and the place in it.
    excerpt: Option<Box<(String, Span)>>,
    hint: Option<&'static str>,
}

/// An error in JSON.
#[derive(Debug, Serialize)]
pub(crate) struct DiagnosticJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    message: &'a str,
}

impl Diagnostic {
    pub(crate) fn new(kind: &'static str, message: impl AsRef<str>) -> Self {
        Self {
            kind,
            // The message may quote input.
            message: Escaped(message.as_ref()).to_string(),
            span: None,
            excerpt: None,
            hint: None,
        }
    }

    /// An error in SDDL.
    pub(crate) fn from_parse_error(error: &ParseError, text: &str) -> Self {
        let diagnostic = Self::new(error.kind().code(), error.to_string()).at(text, error.span());
        if matches!(error.kind(), ParseErrorKind::SidAliasUnresolved { .. }) {
            diagnostic.hint(DOMAIN_HINT)
        } else if matches!(error.kind(), ParseErrorKind::DescriptorEmpty) {
            diagnostic.hint(EMPTY_HINT)
        } else {
            diagnostic
        }
    }

    /// A descriptor that SDDL can't express.
    pub(crate) fn from_print_error(error: &PrintError) -> Self {
        Self::new("no_text_form", error.to_string())
    }

    /// Sets the place in the input, and shows it in an excerpt.
    pub(crate) fn at(mut self, text: &str, span: Span) -> Self {
        self.span = Some(span);
        self.excerpt = Some(Box::new((text.to_owned(), span)));
        self
    }

    /// Sets the place in the input, and shows one line of it.
    pub(crate) fn in_line(mut self, span: Span, line: &str, in_line: Span) -> Self {
        self.span = Some(span);
        self.excerpt = Some(Box::new((line.to_owned(), in_line)));
        self
    }

    /// Sets a hint: what to do about the error.
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Puts the name of the option or field first.
    pub(crate) fn in_argument(mut self, option: &str) -> Self {
        self.message = format!("{option}: {}", self.message);
        self
    }

    /// Puts the name of a field of a JSON line first. The place in the field is not one in the line, so it is left out.
    pub(crate) fn in_field(self, field: &str) -> Self {
        self.in_argument(field).without_span()
    }

    /// Removes the place in the input. The excerpt stays.
    pub(crate) fn without_span(mut self) -> Self {
        self.span = None;
        self
    }

    pub(crate) fn json(&self) -> DiagnosticJson<'_> {
        DiagnosticJson {
            kind: self.kind,
            start: self.span.map(|span| span.start),
            end: self.span.map(|span| span.end),
            message: &self.message,
        }
    }

    /// Prints the error to standard error, with the excerpt and the hint.
    pub(crate) fn print(&self) {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        let mut report = format!("{style}error{style:#}: {}\n", self.message);
        if let Some((text, span)) = self.excerpt.as_deref().filter(|(text, _)| !text.is_empty()) {
            report.push_str(&format!("{}\n", Excerpt::new(text, *span)));
        }
        if let Some(hint) = &self.hint {
            report.push_str(&format!("  hint: {hint}\n"));
        }
        // If this fails, the exit status still says that there was an error.
        let _ = anstream::stderr().write_all(report.as_bytes());
    }
}

/// The error in one line, as in a stream of answers: `error: KIND at START..END: MESSAGE`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.kind)?;
        if let Some(Span { start, end }) = self.span {
            write!(f, " at {start}..{end}")?;
        }
        write!(f, ": {}", self.message)
    }
}

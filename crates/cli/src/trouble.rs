//! What went wrong, for people and for machines.

use core::fmt;
use sddl_authz::{
    Span,
    render::{Escaped, Excerpt},
    sddl::{ParseError, PrintError},
};
use serde::Serialize;
use std::io::Write;

/// An error with a stable word for machines, and where it is in which text, if it is anywhere.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    kind: &'static str,
    message: String,
    /// In the input.
    span: Option<Span>,
    /// What an excerpt is drawn of.
    place: Option<Box<(String, Span)>>,
    hint: Option<&'static str>,
}

/// The shape of an error in JSON.
#[derive(Debug, Serialize)]
pub(crate) struct TroubleJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    message: &'a str,
}

impl Trouble {
    pub(crate) fn new(kind: &'static str, message: impl AsRef<str>) -> Self {
        Self {
            kind,
            // It may quote input.
            message: Escaped(message.as_ref()).to_string(),
            span: None,
            place: None,
            hint: None,
        }
    }

    /// A text that is refused.
    pub(crate) fn of_text(error: &ParseError, text: &str) -> Self {
        Self::new(error.kind().code(), error.to_string()).at(text, error.span())
    }

    /// An entry that SDDL can't say.
    pub(crate) fn of_print(error: &PrintError) -> Self {
        Self::new("no_text_form", error.to_string())
    }

    /// The same at a place of the input.
    pub(crate) fn at(mut self, text: &str, span: Span) -> Self {
        self.span = Some(span);
        self.place = Some(Box::new((text.to_owned(), span)));
        self
    }

    /// The same, drawn in a line of the input.
    pub(crate) fn in_line(mut self, span: Span, line: &str, in_line: Span) -> Self {
        self.span = Some(span);
        self.place = Some(Box::new((line.to_owned(), in_line)));
        self
    }

    /// The same with what to do about it.
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same, where it came from.
    pub(crate) fn about(mut self, option: &str) -> Self {
        self.message = format!("{option}: {}", self.message);
        self
    }

    /// The same about a field of a line, whose places are not those of the line.
    pub(crate) fn in_field(self, field: &str) -> Self {
        self.about(field).elsewhere()
    }

    /// The same, whose places are not those of the input.
    pub(crate) fn elsewhere(mut self) -> Self {
        self.span = None;
        self
    }

    pub(crate) fn json(&self) -> TroubleJson<'_> {
        TroubleJson {
            kind: self.kind,
            start: self.span.map(|span| span.start),
            end: self.span.map(|span| span.end),
            message: &self.message,
        }
    }

    /// To standard error, with an excerpt and what to do.
    pub(crate) fn report(&self) {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        let mut report = format!("{style}error{style:#}: {}\n", self.message);
        if let Some(place) = &self.place {
            report.push_str(&format!("{}\n", Excerpt::new(&place.0, place.1)));
        }
        if let Some(hint) = &self.hint {
            report.push_str(&format!("  hint: {hint}\n"));
        }
        // With nobody to tell, the exit status says it.
        let _ = anstream::stderr().write_all(report.as_bytes());
    }
}

/// In one line, as it stands in a stream: `error: KIND at START..END: MESSAGE`.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.kind)?;
        if let Some(Span { start, end }) = self.span {
            write!(f, " at {start}..{end}")?;
        }
        write!(f, ": {}", self.message)
    }
}

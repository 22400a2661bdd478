//! Answers to standard output, and the exit status.

use crate::{
    args::Format,
    diagnostic::{Diagnostic, DiagnosticJson},
};
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use core::fmt::Display;
use sddl_authz::Decision;
use serde::Serialize;
use std::{
    io::{self, BufWriter, StdoutLock, Write},
    process::ExitCode,
};

/// The kind of an answer, which is the exit status, as with grep. Of several answers the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// 200, 204, allowed, or a descriptor that can be read.
    Yes,
    /// 403, or denied.
    No,
    /// 500, or an error.
    Error,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        Self::from(match verdict {
            Verdict::Yes => 0,
            Verdict::No => 1,
            Verdict::Error => 2,
        })
    }
}

impl Verdict {
    pub(crate) fn of(decision: &Decision) -> Self {
        if decision.is_allowed() { Self::Yes } else { Self::No }
    }

    fn style(self) -> Style {
        match self {
            Self::Yes => AnsiColor::Green,
            Self::No => AnsiColor::Red,
            Self::Error => AnsiColor::Yellow,
        }
        .on_default()
        .bold()
    }
}

/// Standard output, buffered. There are colours on a terminal, unless NO_COLOR is set.
#[derive(Debug)]
pub(crate) struct Output {
    format: Format,
    stdout: BufWriter<AutoStream<StdoutLock<'static>>>,
    /// Whether colours are written.
    coloured: bool,
    highest: Verdict,
}

#[derive(Debug, Serialize)]
struct ErrorJson<'a> {
    error: DiagnosticJson<'a>,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        let stdout = io::stdout();
        let coloured = AutoStream::choice(&stdout) != ColorChoice::Never;
        let stdout = if coloured {
            AutoStream::auto(stdout.lock())
        } else {
            // Nothing has to be removed, because no colours are written.
            AutoStream::always_ansi(stdout.lock())
        };
        Self {
            format,
            stdout: BufWriter::with_capacity(1 << 16, stdout),
            coloured,
            highest: Verdict::Yes,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Returns the greatest verdict so far.
    pub(crate) fn highest(&self) -> Verdict {
        self.highest
    }

    /// Counts a verdict towards the exit status.
    pub(crate) fn record(&mut self, verdict: Verdict) {
        self.highest = self.highest.max(verdict);
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    /// Writes one line.
    pub(crate) fn write_line(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(self.stdout, "{line}")
    }

    /// Writes one JSON object in a line.
    pub(crate) fn write_json(&mut self, object: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.stdout, object)?;
        writeln!(self.stdout)
    }

    /// Writes a line that begins with the answer in a word or two, in colour.
    pub(crate) fn write_answer(&mut self, verdict: Verdict, word: &str, rest: impl Display) -> io::Result<()> {
        let style = if self.coloured { verdict.style() } else { Style::new() };
        writeln!(self.stdout, "{style}{word}{style:#}  {rest}")
    }

    /// Writes an error instead of an answer. In JSON it is an object. As text it is a line of a stream of answers; outside a stream it
    /// goes to standard error.
    pub(crate) fn write_error(&mut self, diagnostic: &Diagnostic, in_stream: bool) -> io::Result<Verdict> {
        self.record(Verdict::Error);
        if self.is_json() {
            let error = diagnostic.json();
            self.write_json(&ErrorJson { error })?;
        } else if in_stream {
            self.write_line(diagnostic)?;
        }
        if !in_stream {
            self.flush()?;
            diagnostic.print();
        }
        Ok(Verdict::Error)
    }
}

//! Answers to standard output, and what they come to.

use crate::{
    args::Format,
    trouble::{Trouble, TroubleJson},
};
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use core::fmt::Display;
use serde::Serialize;
use std::{
    io::{self, BufWriter, StdoutLock, Write},
    process::ExitCode,
};

/// What an answer comes to, as grep has it; of several, the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// 200, 204, allowed, readable.
    Yes,
    /// 403, denied.
    No,
    /// 500, unreadable.
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

/// Standard output, buffered; colours go where a terminal is and NO_COLOR is not.
#[derive(Debug)]
pub(crate) struct Output {
    format: Format,
    stdout: BufWriter<AutoStream<StdoutLock<'static>>>,
    /// Whether colours would get through.
    coloured: bool,
    highest: Verdict,
}

#[derive(Debug, Serialize)]
struct ErrorJson<'a> {
    error: TroubleJson<'a>,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        let stdout = io::stdout();
        let coloured = AutoStream::choice(&stdout) != ColorChoice::Never;
        let stdout = if coloured {
            AutoStream::auto(stdout.lock())
        } else {
            // There is nothing to take out.
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

    /// The greatest verdict so far.
    pub(crate) fn highest(&self) -> Verdict {
        self.highest
    }

    pub(crate) fn note(&mut self, verdict: Verdict) {
        self.highest = self.highest.max(verdict);
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    /// One line.
    pub(crate) fn line(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(self.stdout, "{line}")
    }

    /// One JSON object, in a line.
    pub(crate) fn json(&mut self, object: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.stdout, object)?;
        writeln!(self.stdout)
    }

    /// A line that begins with the answer in a word or two, coloured.
    pub(crate) fn headline(&mut self, verdict: Verdict, word: &str, rest: impl Display) -> io::Result<()> {
        let style = if self.coloured { verdict.style() } else { Style::new() };
        writeln!(self.stdout, "{style}{word}{style:#}  {rest}")
    }

    /// An error in the place of an answer: for machines an object; for people a line in a stream, else to standard error.
    pub(crate) fn refuse(&mut self, trouble: &Trouble, in_stream: bool) -> io::Result<Verdict> {
        self.note(Verdict::Error);
        if self.is_json() {
            let error = trouble.json();
            self.json(&ErrorJson { error })?;
        } else if in_stream {
            self.line(trouble)?;
        }
        if !in_stream {
            self.flush()?;
            trouble.report();
        }
        Ok(Verdict::Error)
    }
}

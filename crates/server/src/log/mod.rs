//! The log: a writer that nothing waits for, one line for each answer, and the correlation ids.
//!
//! | target | lines |
//! | --- | --- |
//! | `sddl_authz::access` | one for each answer, at INFO; for `/healthz`, `/readyz` and `/metrics` at DEBUG |
//! | `sddl_authz::decision` | one for each refusal, with its details, at WARN or ERROR; below INFO also one for each permitted action |
//! | `sddl_authz::serve` | files that are read, warnings about the options, connections that are cut, and faults |
//! | `sddl_authz::audit` | refusals that are missing in the audit, and entries that are removed from it |
//! | `sddl_authz::log` | the number of lines that were lost |
//! | `sddl_authz::panic` | a fault of the program |

mod access;
mod correlation;
mod form;
mod writer;

pub use access::{PeerAddress, note};
pub(crate) use access::{answered, head_refused, noted, refused};
pub use form::Format;
pub use writer::Lost;

use form::start_of;
use std::{
    io::{self, Write},
    panic::{self, PanicHookInfo},
};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};
use writer::Writer;

/// The log of the process, on standard error. When it is dropped, it waits for its lines to be written, for a second at most.
#[derive(Debug)]
pub struct Log(Writer);

impl Log {
    /// Starts the log. Panics are logged, too, and no longer printed.
    #[must_use]
    pub fn start(level: LevelFilter, format: Format) -> Self {
        let writer = Writer::new(io::stderr(), format);
        let lines = writer.clone();
        // The line of an answer has all that a permitted action says.
        let decision = if level == LevelFilter::INFO {
            LevelFilter::WARN
        } else {
            level
        };
        let shown = Targets::new()
            .with_default(level)
            .with_target("sddl_authz::decision", decision);
        let layer = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .log_internal_errors(false)
            .with_writer(move || lines.clone());
        let registry = tracing_subscriber::registry().with(shown);
        let started = match format {
            Format::Text => registry.with(layer).try_init(),
            Format::Json => registry
                .with(layer.json().flatten_event(true).with_current_span(false))
                .try_init(),
        };
        if started.is_ok() {
            panic::set_hook(Box::new(panicked));
        }
        Self(writer)
    }

    /// Writes a line without level and time, such as the reason for which the program ends.
    pub fn say(&self, line: &str) {
        let _ = self.0.clone().write_all(format!("{line}\n").as_bytes());
    }

    /// Returns the number of lines that were lost, which changes.
    #[must_use]
    pub fn lost(&self) -> Lost {
        self.0.lost()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.0.wait();
    }
}

/// Logs a panic. The hook of the standard library would write to standard error, which may block for ever.
fn panicked(panic: &PanicHookInfo<'_>) {
    let payload = panic.payload();
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref().copied()).unwrap_or_default();
    let location = panic.location().map(tracing::field::display);
    tracing::error!(target: "sddl_authz::panic", location, detail = %start_of(text, 1024), "a thread panicked");
}

#[cfg(test)]
mod tests {
    use super::{Format, panicked, writer::Writer};
    use std::{
        io::{self, BufRead, BufReader},
        panic,
    };

    #[test]
    fn a_panic_is_a_line_of_the_log() {
        let (reader, written) = io::pipe().unwrap();
        let lines = Writer::new(written, Format::Text);
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || lines.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let before = panic::take_hook();
            panic::set_hook(Box::new(panicked));
            let _ = panic::catch_unwind(|| panic::panic_any("the\u{1b} roof"));
            panic::set_hook(before);
        });
        let line = BufReader::new(reader).lines().next().unwrap().unwrap();
        assert!(line.contains("ERROR sddl_authz::panic: a thread panicked"), "{line}");
        assert!(
            line.contains(r"detail=the\u{1b} roof") && line.contains("log/mod.rs:"),
            "{line}"
        );
    }
}

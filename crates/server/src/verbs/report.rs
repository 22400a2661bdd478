//! The report of a task.

use super::error::VerbError;
use serde::Serialize;
use std::io::{self, Write};

/// Prints what a task did, as one line of JSON.
pub(super) fn print(report: &impl Serialize) -> Result<(), VerbError> {
    let line = serde_json::to_string(report)?;
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

//! The tasks of the program other than to serve.

mod backup;

use clap::Subcommand;
use std::io::{self, Write};

/// A task other than to serve, by its name on the command line.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Backup(backup::Options),
}

/// Why a task failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerbError {
    #[error(transparent)]
    Backup(#[from] sddl_authz_server::sqlite::BackupError),
    #[error("can't write to standard output: {0}")]
    Output(#[from] io::Error),
}

impl Verb {
    pub(crate) fn run(&self) -> Result<(), VerbError> {
        match self {
            Self::Backup(options) => backup::run(options),
        }
    }
}

/// Prints what a task did, as one line of JSON.
fn print(report: &serde_json::Value) -> Result<(), VerbError> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{report}")?;
    Ok(stdout.flush()?)
}

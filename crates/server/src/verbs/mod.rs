//! The tasks of the program other than to serve.

mod audit;
mod backup;
mod error;
mod export;
mod import;
mod report;

use clap::Subcommand;
use error::VerbError;

/// A task other than to serve, by its name on the command line.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Import(import::Options),
    Export(export::Options),
    Backup(backup::Options),
    Audit(audit::Options),
}

impl Verb {
    pub(crate) fn run(&self) -> Result<(), VerbError> {
        match self {
            Self::Import(options) => import::run(options),
            Self::Export(options) => export::run(options),
            Self::Backup(options) => backup::run(options),
            Self::Audit(options) => audit::run(options),
        }
    }
}

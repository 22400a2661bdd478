//! The tasks of the program other than to serve.

mod audit;
mod backup;
mod export;
mod import;

use crate::start::StartError;
use clap::Subcommand;
use sddl_authz_server::{
    import::ImportError,
    new_file::NewFileError,
    sqlite::{BackupError, ExportError},
    store::StoreError,
};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// A task other than to serve, by its name on the command line.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Import(import::Options),
    Export(export::Options),
    Backup(backup::Options),
    Audit(audit::Options),
}

/// Why a task failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerbError {
    #[error("can't read the file `{}`: {error}", path.display())]
    Input { path: PathBuf, error: io::Error },
    #[error("there is no file `{}`; --create makes a new store", .0.display())]
    NoStore(PathBuf),
    #[error("no policy with the digest `{0}` decided in this store")]
    NoPolicy(String),
    #[error("the store is unusable: {0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Policy(Box<StartError>),
    #[error("{0}")]
    Import(Box<ImportError>),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    NewFile(#[from] NewFileError),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("can't print what was done: {0}")]
    Report(#[from] serde_json::Error),
}

impl From<StartError> for VerbError {
    fn from(error: StartError) -> Self {
        Self::Policy(Box::new(error))
    }
}

impl From<ImportError> for VerbError {
    fn from(error: ImportError) -> Self {
        Self::Import(Box::new(error))
    }
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

/// Prints what a task did, as one line of JSON.
fn print(report: &impl Serialize) -> Result<(), VerbError> {
    let line = serde_json::to_string(report)?;
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

//! Why a task failed.

use crate::error::StartError;
use sddl_authz_server::{
    import::ImportError,
    new_file::NewFileError,
    sqlite::{BackupError, ExportError},
    store::StoreError,
};
use std::{io, path::PathBuf};

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

//! A copy of a store. Its file has no content until the copy is complete.

use super::open::open_read_only;
use crate::{
    new_file::{NewFile, NewFileError},
    store::StoreError,
};
use std::{io, path::Path};

/// The result of [`backup`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// How many requests the copy has.
    pub requests: u64,
    /// The size of the copy.
    pub bytes: u64,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store can't be read, or is not of this version.
    #[error("the store is unusable: {0}")]
    Store(#[from] StoreError),
    /// The target can't be made. It is never overwritten.
    #[error(transparent)]
    Target(#[from] NewFileError),
    /// SQLite could not write the copy, or not read it.
    #[error("the copy failed: {0}")]
    Copy(#[from] rusqlite::Error),
    /// The size of the copy is unknown.
    #[error("the copy failed: {0}")]
    Size(#[from] io::Error),
    /// SQLite takes no such name for the copy.
    #[error("the name of the copy is not UTF-8")]
    Name,
    /// The copy is not sound.
    #[error("the copy is damaged, and so may be the store: {0}")]
    Damaged(String),
}

/// Copies a store into a new file of mode 0600. Other processes may read and change the store meanwhile: the copy has the changes that
/// were committed before it began. When this returns, the copy was checked, and it is on the disk.
///
/// # Errors
///
/// Fails if the store can't be read, if the target exists, or if the copy can't be written. There is no copy then.
pub fn backup(store: &Path, target: &Path) -> Result<Backup, BackupError> {
    let source = open_read_only(store)?;
    let file = NewFile::create(target)?;
    let copy = file.partial();
    // SQLite writes into an empty file, and into no other.
    source.execute("VACUUM INTO ?1", [copy.to_str().ok_or(BackupError::Name)?])?;
    let requests = checked(copy)?;
    let bytes = copy.metadata()?.len();
    file.keep()?;
    Ok(Backup { requests, bytes })
}

/// Returns the number of requests of a copy that is sound.
fn checked(copy: &Path) -> Result<u64, BackupError> {
    let copy = open_read_only(copy)?;
    let found: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(BackupError::Damaged(found));
    }
    let requests: i64 = copy.query_row("SELECT count(*) FROM requests", [], |row| row.get(0))?;
    Ok(requests.unsigned_abs())
}

//! A copy of a store, in a file that is complete or absent.

use super::open::VERSION;
use crate::store::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

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
    #[error("the store `{}` is unusable: {error}", path.display())]
    Store {
        /// The store.
        path: PathBuf,
        /// The error.
        error: StoreError,
    },
    /// The target can't be made. It is never overwritten.
    #[error("can't make the file `{}`: {error}", path.display())]
    Target {
        /// The target.
        path: PathBuf,
        /// The error.
        error: io::Error,
    },
    /// SQLite could not write the copy, or not read it.
    #[error("the copy failed: {0}")]
    Copy(#[from] rusqlite::Error),
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
    let source = opened(store).map_err(|error| BackupError::Store {
        path: store.to_owned(),
        error,
    })?;
    let unusable = |error| BackupError::Target {
        path: target.to_owned(),
        error,
    };
    // The name is taken at once, and never overwritten. The copy grows under another name, so that half a copy never has this one.
    new_file(target).map_err(unusable)?;
    let partial = partial(target);
    let copied = new_file(&partial)
        .map_err(unusable)
        .and_then(|()| copy(&source, &partial))
        .and_then(|done| {
            fs::rename(&partial, target).map_err(unusable)?;
            sync_folder(target).map_err(unusable)?;
            Ok(done)
        });
    if copied.is_err() {
        // Both are of this call. If they can't be removed, the empty target is no store, and the error says that there is no copy.
        let _ = fs::remove_file(&partial);
        let _ = fs::remove_file(target);
    }
    copied
}

fn opened(store: &Path) -> Result<Connection, StoreError> {
    let connection = read_only(store)?;
    connection.busy_timeout(core::time::Duration::from_secs(5))?;
    match version(&connection)? {
        VERSION => Ok(connection),
        found => Err(StoreError::Version { found, known: VERSION }),
    }
}

fn read_only(path: &Path) -> Result<Connection, rusqlite::Error> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

fn version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn new_file(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    drop(file);
    Ok(())
}

/// Returns the name of the copy while it is not complete.
fn partial(target: &Path) -> PathBuf {
    let mut name = OsString::from(target);
    name.push(".partial");
    name.into()
}

/// Writes the copy into an empty file, and checks it.
fn copy(source: &Connection, path: &Path) -> Result<Backup, BackupError> {
    let unusable = |error| BackupError::Target {
        path: path.to_owned(),
        error,
    };
    let name = path
        .to_str()
        .ok_or_else(|| unusable(io::Error::new(io::ErrorKind::InvalidInput, "the name is not UTF-8")))?;
    source.execute("VACUUM INTO ?1", [name])?;
    let file = File::open(path).map_err(unusable)?;
    file.sync_all().map_err(unusable)?;
    let bytes = file.metadata().map_err(unusable)?.len();
    let copy = read_only(path)?;
    let found: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(BackupError::Damaged(found));
    }
    let version = version(&copy)?;
    if version != VERSION {
        return Err(BackupError::Damaged(format!("its version is {version}")));
    }
    let requests: i64 = copy.query_row("SELECT count(*) FROM requests", [], |row| row.get(0))?;
    Ok(Backup {
        requests: requests.unsigned_abs(),
        bytes,
    })
}

/// Waits until the name of a file is on the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

//! Opens, creates, checks and closes the file of a store.

use crate::store::StoreError;
use core::time::Duration;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
};

const SCHEMA: &str = include_str!("../schema.sql");
pub(super) const VERSION: i64 = 2;
/// The text `sddl`.
const APPLICATION: i64 = 0x7364_646c;
/// The most statements that a connection keeps prepared, more than there are.
const STATEMENTS: usize = 64;
/// How long opening and closing wait for another process.
const BUSY: Duration = Duration::from_secs(5);

/// The stores that this process has opened, by device and inode.
///
/// SQLite locks a file for the whole process, and the process loses all its locks on a file when it closes that file anywhere. Then another
/// program would delete the files beside the store, with changes in them. So a file that is here is opened by SQLite alone.
/// See [How to corrupt a database file](https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
static OPENED: Mutex<BTreeSet<(u64, u64)>> = Mutex::new(BTreeSet::new());

/// The files of an open store, by device and inode.
#[derive(Debug)]
pub(super) struct Identity {
    path: PathBuf,
    files: Vec<(PathBuf, u64, u64)>,
}

impl Identity {
    /// Remembers the file, and those that SQLite keeps beside it while it is open.
    fn of(path: &Path) -> Result<Self, StoreError> {
        let mut files = Vec::new();
        for end in ["", "-wal", "-shm"] {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            let (device, inode) = found(name.as_ref()).map_err(|error| failed(path, error))?;
            files.push((name.into(), device, inode));
        }
        let path = path.to_owned();
        Ok(Self { path, files })
    }

    /// Fails if one of the files is no longer the one that was opened.
    pub(super) fn is_there(&self) -> Result<(), StoreError> {
        for (path, device, inode) in &self.files {
            if found(path).ok() != Some((*device, *inode)) {
                return Err(StoreError::Replaced(path.clone()));
            }
        }
        Ok(())
    }
}

fn found(path: &Path) -> io::Result<(u64, u64)> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

fn failed(path: &Path, error: io::Error) -> StoreError {
    let path = path.to_owned();
    StoreError::File { path, error }
}

/// Opens a file that is a whole store of this version.
pub(super) fn open(path: &Path) -> Result<(Identity, Connection), StoreError> {
    let path = whole_file(path)?;
    let opened = (|| {
        let connection = connected(&path)?;
        check_version(&connection)?;
        check_schema(&connection)?;
        // Nothing of it is changed before it is known.
        configured(connection)
    })();
    let connection = opened.map_err(|error| named(&path, error))?;
    Ok((Identity::of(&path)?, connection))
}

/// Opens a file that is a whole store of this version, without the right to change it.
pub(super) fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    let path = whole_file(path)?;
    let opened = (|| {
        let connection = read_only(&path)?;
        check_version(&connection)?;
        check_schema(&connection)?;
        Ok(connection)
    })();
    opened.map_err(|error| named(&path, error))
}

/// Checks a file, unless this process has opened it before: then SQLite alone checks it.
fn whole_file(path: &Path) -> Result<PathBuf, StoreError> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let file = found(path).ok();
    if file.is_none_or(|file| !opened.contains(&file)) {
        // The lock on `opened` keeps other threads from opening the file meanwhile.
        check_file(path)?;
        opened.extend(file);
    }
    drop(opened);
    fs::canonicalize(path).map_err(|error| failed(path, error))
}

/// Opens one more connection.
pub(super) fn connect(file: &Identity) -> Result<Connection, StoreError> {
    let connection = configured(connected(&file.path)?)?;
    // So that all connections are to one file.
    file.is_there()?;
    Ok(connection)
}

/// Opens one more connection, without the right to change the store.
pub(super) fn connect_read_only(file: &Identity) -> Result<Connection, StoreError> {
    let connection = read_only(&file.path)?;
    file.is_there()?;
    Ok(connection)
}

fn read_only(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// Says which file it is where SQLite alone would not.
fn named(path: &Path, error: StoreError) -> StoreError {
    let path = path.to_owned();
    let code = if let StoreError::Sqlite(error) = &error {
        error.sqlite_error_code()
    } else {
        None
    };
    if matches!(error, StoreError::Foreign(_)) || code == Some(ErrorCode::NotADatabase) {
        StoreError::Foreign(path)
    } else if matches!(code, Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen)) {
        StoreError::ReadOnly(path)
    } else {
        error
    }
}

/// Fails if the file is not there, is empty, is no database, or is shorter than it says itself.
fn check_file(path: &Path) -> Result<(), StoreError> {
    let read = |path: &Path| {
        let mut head = Vec::new();
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        file.take(100).read_to_end(&mut head)?;
        Ok((metadata, head))
    };
    let (metadata, head) = read(path).map_err(|error: io::Error| {
        if error.kind() == io::ErrorKind::NotFound {
            StoreError::Missing(path.to_owned())
        } else if error.kind() == io::ErrorKind::IsADirectory {
            StoreError::Foreign(path.to_owned())
        } else {
            failed(path, error)
        }
    })?;
    if metadata.len() == 0 {
        return Err(StoreError::Empty(path.to_owned()));
    }
    let number = |at: usize| {
        let bytes = head.get(at..)?.first_chunk()?;
        Some(u64::from(u32::from_be_bytes(*bytes)))
    };
    let foreign = || StoreError::Foreign(path.to_owned());
    // https://www.sqlite.org/fileformat.html#the_database_header
    if head.len() < 100 || !head.starts_with(b"SQLite format 3\0") {
        return Err(foreign());
    }
    let size = head
        .get(16..)
        .and_then(|bytes| bytes.first_chunk())
        .ok_or_else(foreign)?;
    let page = match u16::from_be_bytes(*size) {
        1 => 65_536,
        size => u64::from(size),
    };
    let (changes, pages, valid_for) = (number(24), number(28), number(92));
    // Pages that are only in the write-ahead log are not in the file yet.
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let has_log = fs::metadata(log).is_ok_and(|metadata| metadata.len() > 0);
    let expected = pages.and_then(|pages| pages.checked_mul(page)).ok_or_else(foreign)?;
    if changes == valid_for && !has_log && metadata.len() < expected {
        return Err(StoreError::Torn {
            path: path.to_owned(),
            expected,
            found: metadata.len(),
        });
    }
    Ok(())
}

fn connected(path: &Path) -> Result<Connection, StoreError> {
    // Never creates a file.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly("main")? {
        return Err(StoreError::ReadOnly(path.to_owned()));
    }
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// Sets up a connection: its commits are on the disk when they return.
fn configured(connection: Connection) -> Result<Connection, StoreError> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    rusqlite::vtab::array::load_module(&connection)?;
    // The first read makes the files beside the store.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// Fails if the file is of another program or of another version.
pub(super) fn check_version(connection: &Connection) -> Result<(), StoreError> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let (application, version) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    // Version 1 had no application id.
    let first = "SELECT count(*) FROM sqlite_schema WHERE name IN ('requests', 'audit', 'requests_of_target')";
    if application != APPLICATION && (application, version, number(first)?) != (0, 1, 3) {
        return Err(StoreError::Foreign(
            connection.path().map(PathBuf::from).unwrap_or_default(),
        ));
    }
    if version != VERSION {
        return Err(StoreError::Version {
            found: version,
            known: VERSION,
        });
    }
    Ok(())
}

/// The objects of a schema, and their SQL, by kind and name.
type Schema = BTreeMap<(String, String), String>;

fn schema_of(connection: &Connection) -> Result<Schema, rusqlite::Error> {
    let sql = "SELECT type, name, sql FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_'";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    rows.collect()
}

/// Fails if a table, an index, a trigger or a view is not as this version has it. An index of the operator's own may be there.
pub(super) fn check_schema(connection: &Connection) -> Result<(), StoreError> {
    static EXPECTED: OnceLock<Schema> = OnceLock::new();
    let expected = match EXPECTED.get() {
        Some(expected) => expected,
        None => {
            let schema = schema_of(&in_memory()?)?;
            EXPECTED.get_or_init(|| schema)
        }
    };
    let mut found = schema_of(connection)?;
    for (name, sql) in expected {
        if found.remove(name).as_ref() != Some(sql) {
            return Err(StoreError::Schema(name.1.clone()));
        }
    }
    match found.into_keys().find(|(kind, _)| kind != "index") {
        Some((_, name)) => Err(StoreError::Schema(name)),
        None => Ok(()),
    }
}

pub(super) fn in_memory() -> Result<Connection, StoreError> {
    let connection = configured(Connection::open_in_memory()?)?;
    connection.execute_batch(SCHEMA)?;
    Ok(connection)
}

/// Creates a file with the tables, and closes it.
pub(super) fn create(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    let created = options.write(true).create_new(true).mode(0o600).open(path);
    created.map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            StoreError::Exists(path.to_owned())
        } else {
            failed(path, error)
        }
    })?;
    let filled = (|| {
        let file = found(path).map_err(|error| failed(path, error))?;
        OPENED.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        let mut connection = configured(connected(path)?)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(SCHEMA)?;
        transaction.commit()?;
        close(connection)?;
        // The name is in the folder, too.
        let folder = fs::canonicalize(path).map_err(|error| failed(path, error))?;
        let folder = folder.parent().unwrap_or(path);
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| failed(folder, error))
    })();
    if filled.is_err() {
        let _ = fs::remove_file(path);
    }
    filled
}

/// Moves all into the one file, and closes it.
pub(super) fn close(connection: Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    let others: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if others {
        tracing::warn!(target: "sddl_authz::serve", "another process has the store open: its last changes are in the file -wal");
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

//! Whether the store can be read and written.

use super::open;
use crate::store::StoreError;
use rusqlite::Connection;

/// The bytes that are written, more than a change writes.
const FILLER: i64 = 32 * 1024;

/// Succeeds if the tables are there and can be read.
pub(super) fn reads(connection: &Connection) -> Result<(), StoreError> {
    open::check_version(connection)?;
    open::check_schema(connection)?;
    let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM requests)")?;
    Ok(statement.query_row([], |_| Ok(()))?)
}

/// Writes as much as a change does. On a full disk SQLite fails when this goes to the disk, which is at the commit.
pub(super) fn write(connection: &Connection) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("INSERT OR REPLACE INTO health (seq, filler) VALUES (1, zeroblob(?1))")?;
    statement.execute([FILLER])?;
    Ok(())
}

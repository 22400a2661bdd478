//! The requests of a store, as JSON Lines.

use super::{open::open_read_only, rows};
use crate::store::StoreError;
use std::{
    io::{self, Write},
    path::Path,
};

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store can't be read.
    #[error("the store is unusable: {0}")]
    Store(#[from] StoreError),
    /// The output can't be written.
    #[error("can't write the output: {0}")]
    Output(#[from] io::Error),
}

/// Writes each request as the API prints it, on a line of its own, in the order of the ids, and returns their number. Other processes may
/// change the store meanwhile: what is written is the store at one moment.
///
/// # Errors
///
/// Fails if the store can't be read, or the output can't be written.
pub fn export(store: &Path, output: &mut impl Write) -> Result<u64, ExportError> {
    let connection = open_read_only(store)?;
    let sql = format!("SELECT {} {} ORDER BY r.id", rows::COLUMNS, rows::FROM);
    let mut statement = connection.prepare(&sql).map_err(StoreError::from)?;
    let mut found = statement.query([]).map_err(StoreError::from)?;
    let mut requests = 0_u64;
    while let Some(row) = found.next().map_err(StoreError::from)? {
        let (_, json) = rows::from_columns(row)?;
        output.write_all(json.as_bytes())?;
        output.write_all(b"\n")?;
        requests = requests.saturating_add(1);
    }
    output.flush()?;
    Ok(requests)
}

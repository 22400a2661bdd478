//! Rows of the audit.

use crate::{audit::AuditEntry, store::StoreError};
use rusqlite::{Connection, params};

pub(super) fn append(connection: &Connection, entry: &AuditEntry) -> Result<(), StoreError> {
    let change = entry.change.as_ref();
    connection
        .prepare_cached(
            "INSERT INTO audit (time, correlation, request, caller, action, status, reason, from_status, to_status, descriptor)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            entry.time,
            entry.correlation.to_string(),
            entry.request.map(|id| id.to_string()),
            entry.caller,
            entry.action,
            entry.status,
            entry.reason,
            change.map(|change| change.from),
            change.map(|change| change.to),
            change.map(|change| change.descriptor),
        ])?;
    Ok(())
}

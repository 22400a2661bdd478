//! Changes of requests.

use super::{
    audit,
    rows::{COLUMNS, FROM, Parts, from_columns},
};
use crate::{
    audit::AuditEntry,
    store::{Applied, StoreError},
};
use rusqlite::{Connection, params};
use sddl_authz::mim::{CertificateRequest, DescriptorDigest, Property, StatusUpdate};

/// Makes a change, and adds its entry to the audit.
pub(super) fn apply(connection: &Connection, update: &StatusUpdate, entry: &AuditEntry) -> Result<Applied, StoreError> {
    let id = update.request.as_bytes();
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE r.id = ?1"))?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else {
        return Ok(Applied::Stale);
    };
    let (number, row) = from_columns(row)?;
    drop(rows);
    let mut request: CertificateRequest = serde_json::from_str(&row)?;
    // The columns repeat the row; the decision was made on the row.
    let text = request.security_descriptor.value();
    let digest = text.map(|text| DescriptorDigest::new(text));
    if (request.uuid, request.status, digest) != (update.request, update.from, Some(update.descriptor)) {
        return Ok(Applied::Stale);
    }
    request.status = update.to;
    if let Some(completed) = &update.completed {
        request.completed = Property::Value(completed.clone());
    }
    let parts = Parts::new(request)?;
    let changed = connection
        .prepare_cached(
            "UPDATE requests SET status = ?1, head = ?2, tail = ?3 WHERE id = ?4 AND status = ?5 AND descriptor = ?6
             AND EXISTS (SELECT 1 FROM descriptors WHERE seq = ?6 AND digest = ?7)",
        )?
        .execute(params![
            update.to.0,
            parts.head,
            parts.tail,
            id,
            update.from.0,
            number.0,
            update.descriptor.as_bytes()
        ])?;
    if changed != 1 {
        return Ok(Applied::Stale);
    }
    audit::append_change(connection, entry)?;
    Ok(Applied::Done(parts.json()?))
}

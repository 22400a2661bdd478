//! Requests that are brought in, replaced and removed.

use super::{
    descriptors,
    rows::{self, Parts},
};
use crate::store::{Batch, DescriptorNumber, Imported, StoreError};
use rusqlite::{Connection, OptionalExtension, params};
use sddl_authz::mim::CertificateRequest;
use uuid::Uuid;

/// Makes the changes of a batch, in the transaction of the caller.
pub(super) fn import(connection: &Connection, batch: Batch) -> Result<Imported, StoreError> {
    let mut done = Imported::default();
    match batch {
        Batch::Insert(requests) => {
            for request in requests {
                done.add(put(connection, request, false)?);
            }
        }
        Batch::Replace(requests) => {
            for request in requests {
                done.add(put(connection, request, true)?);
            }
        }
        Batch::Delete(ids) => {
            for id in ids {
                done.add(delete(connection, id)?);
            }
        }
    }
    Ok(done)
}

/// Adds a request, or replaces the one with its id if that is wanted and it is another.
fn put(connection: &Connection, request: CertificateRequest, replaces: bool) -> Result<Imported, StoreError> {
    let Some(found) = find(connection, request.uuid)? else {
        rows::insert(connection, request)?;
        return Ok(Imported {
            inserted: 1,
            ..Imported::default()
        });
    };
    let (status, target) = (request.status.0, request.target_user_uuid.value().copied());
    let parts = Parts::new(request)?;
    if found.json == Some(parts.json()?) {
        return Ok(Imported {
            unchanged: 1,
            ..Imported::default()
        });
    }
    if !replaces {
        return Ok(Imported {
            skipped: 1,
            ..Imported::default()
        });
    }
    let descriptor = match &parts.text {
        Some(text) => descriptors::number(connection, text)?,
        None => DescriptorNumber::NONE,
    };
    connection
        .prepare_cached(
            "UPDATE requests SET status = ?1, descriptor = ?2, target = ?3, head = ?4, tail = ?5 WHERE seq = ?6",
        )?
        .execute(params![
            status,
            descriptor.0,
            target.as_ref().map(Uuid::as_bytes),
            parts.head,
            parts.tail,
            found.seq,
        ])?;
    if found.descriptor != descriptor {
        forget(connection, found.descriptor)?;
    }
    Ok(Imported {
        replaced: 1,
        ..Imported::default()
    })
}

fn delete(connection: &Connection, id: Uuid) -> Result<Imported, StoreError> {
    let descriptor = connection
        .prepare_cached("DELETE FROM requests WHERE id = ?1 RETURNING descriptor")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(descriptor) = descriptor else {
        return Ok(Imported {
            skipped: 1,
            ..Imported::default()
        });
    };
    forget(connection, DescriptorNumber(descriptor))?;
    Ok(Imported {
        deleted: 1,
        ..Imported::default()
    })
}

/// A stored request.
struct Found {
    seq: i64,
    descriptor: DescriptorNumber,
    /// The row, unless it can't be read.
    json: Option<String>,
}

fn find(connection: &Connection, id: Uuid) -> Result<Option<Found>, StoreError> {
    let sql = format!("SELECT {}, r.seq {} WHERE r.id = ?1", rows::COLUMNS, rows::FROM);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Found {
        seq: row.get(4)?,
        descriptor: DescriptorNumber(row.get(0)?),
        json: rows::from_columns(row).ok().map(|(_, json)| json),
    }))
}

/// Removes a descriptor that no request has any more. Its number is never used again.
fn forget(connection: &Connection, descriptor: DescriptorNumber) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "DELETE FROM descriptors WHERE seq = ?1 AND seq <> ?2
             AND NOT EXISTS (SELECT 1 FROM requests WHERE descriptor = ?1)",
        )?
        .execute([descriptor.0, DescriptorNumber::NONE.0])?;
    Ok(())
}

//! The audit in SQLite: what is appended to it, and read from it.

mod read;
mod retain;
#[cfg(test)]
mod tests;

pub use read::{AuditReader, policy_text};

use crate::{
    audit::{AuditEntry, AuditedCaller, RefusalEntry},
    policy::Policy,
    store::StoreError,
};
use rusqlite::{Connection, OptionalExtension, params};

/// Appends the entry of a change.
pub(super) fn append_change(connection: &Connection, entry: &AuditEntry) -> Result<(), StoreError> {
    let (caller, policy) = (caller(connection, &entry.caller)?, policy(connection, &entry.policy)?);
    let change = entry.change.as_ref();
    // Where something is missing, SQLite refuses the row, and nothing is changed.
    connection
        .prepare_cached(
            "INSERT INTO changes (time, correlation, request, caller, policy, action, status, from_status, to_status, descriptor)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            entry.time.as_millisecond(),
            entry.correlation.as_bytes(),
            entry.request.as_ref().map(|id| id.as_bytes()),
            caller,
            policy,
            entry.action,
            entry.status,
            change.map(|change| change.from),
            change.map(|change| change.to),
            change.map(|change| change.descriptor),
        ])?;
    Ok(())
}

/// Appends an entry about refusals.
pub(super) fn append_refusal(connection: &Connection, entry: &RefusalEntry) -> Result<(), StoreError> {
    match entry {
        RefusalEntry::One(entry) => {
            connection
                .prepare_cached(
                    "INSERT INTO refusals (time, caller, correlation, request, policy, action, status, reason)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute(params![
                    entry.time.as_millisecond(),
                    caller(connection, &entry.caller)?,
                    entry.correlation.as_bytes(),
                    entry.request.as_ref().map(|id| id.as_bytes()),
                    policy(connection, &entry.policy)?,
                    entry.action,
                    entry.status,
                    entry.reason,
                ])?;
        }
        RefusalEntry::LeftOut(entry) => {
            let user = entry.caller.as_ref().map(|user| caller(connection, user)).transpose()?;
            connection
                .prepare_cached("INSERT INTO refusals (time, caller, since, left_out) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![
                    entry.until.as_millisecond(),
                    user,
                    entry.since.as_millisecond(),
                    i64::try_from(entry.count).unwrap_or(i64::MAX),
                ])?;
        }
    }
    Ok(())
}

/// Returns the number of a caller, which is stored if it is new.
fn caller(connection: &Connection, caller: &AuditedCaller) -> Result<i64, StoreError> {
    let found = connection
        .prepare_cached("SELECT seq FROM callers WHERE digest = ?1")?
        .query_row([caller.digest()], |row| row.get(0))
        .optional()?;
    if let Some(number) = found {
        return Ok(number);
    }
    let number = connection
        .prepare_cached("INSERT INTO callers (digest, user, sids) VALUES (?1, ?2, ?3)")?
        .insert(params![caller.digest(), caller.user(), caller.json()])?;
    Ok(number)
}

/// Returns the number of a policy, which is stored if it is new.
fn policy(connection: &Connection, policy: &Policy) -> Result<i64, StoreError> {
    let digest = policy.digest();
    let found = connection
        .prepare_cached("SELECT seq FROM policies WHERE digest = ?1")?
        .query_row([digest.as_bytes()], |row| row.get(0))
        .optional()?;
    if let Some(number) = found {
        return Ok(number);
    }
    let number = connection
        .prepare_cached("INSERT INTO policies (digest, text) VALUES (?1, ?2)")?
        .insert(params![digest.as_bytes(), policy.text()])?;
    Ok(number)
}

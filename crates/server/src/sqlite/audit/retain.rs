//! Removes old entries of the audit, in small transactions.

use crate::{
    audit::{Keep, Kind, Removal, Retention},
    clock::Clock,
    sqlite::{Sqlite, open::connect_read_only},
    store::StoreError,
};
use core::time::Duration;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::Arc;

/// The most entries that one transaction removes.
const CHUNK: i64 = 200;
/// The time between two transactions. What clients ask for is done meanwhile.
const PAUSE: Duration = Duration::from_millis(10);
const MINUTE: Duration = Duration::from_secs(60);

impl Sqlite {
    /// Removes the entries of the audit that are too old or too many, oldest first. Each removal is recorded in the audit and logged
    /// before it begins, and returned. A removal that was interrupted is finished.
    ///
    /// # Errors
    ///
    /// Fails if the store can't be read or written. What was recorded is then removed the next time.
    pub async fn remove_old_entries(&self, retention: &Retention, now: Timestamp) -> Result<Vec<Removal>, StoreError> {
        let mut removals = Vec::new();
        for (kind, keep) in [(Kind::Changes, retention.changes), (Kind::Refusals, retention.refusals)] {
            for (cause, first_kept) in self.planned(kind, keep, now).await? {
                let record = move |connection: &_, _| record(connection, kind, cause, first_kept, now);
                if let Some(removal) = self.writer.done(self.time, record).await? {
                    let Removal {
                        entries,
                        cause,
                        count,
                        first_kept,
                    } = removal;
                    tracing::info!(target: "sddl_authz::audit", entries, cause, count, first_kept, "old entries are removed from the audit");
                    removals.push(removal);
                }
            }
            if self.carried_out(kind).await? {
                self.remove_callers().await?;
            }
        }
        Ok(removals)
    }

    /// Removes old entries now, each minute those that are too many, and each hour those that are too old. Does not return.
    pub async fn keep_removing_old_entries(self, retention: Retention, clock: Clock) {
        let by_size = |keep: Keep| Keep { age: None, ..keep };
        let often = Retention {
            changes: by_size(retention.changes),
            refusals: by_size(retention.refusals),
        };
        let mut minute = 0_u8;
        loop {
            let due = if minute == 0 { &retention } else { &often };
            if let Err(error) = self.remove_old_entries(due, clock.now()).await {
                tracing::warn!(target: "sddl_authz::audit", %error, "old entries were not removed from the audit");
            }
            tokio::time::sleep(MINUTE).await;
            minute = minute.wrapping_add(1) % 60;
        }
    }

    /// Returns the causes of a removal, each with the first entry to keep. This can take long, so no thread of the store does it.
    async fn planned(&self, kind: Kind, keep: Keep, now: Timestamp) -> Result<Vec<(&'static str, i64)>, StoreError> {
        if keep == Keep::default() {
            return Ok(Vec::new());
        }
        let plan = move |connection: &Connection| plan(connection, kind, keep, now);
        let Some(file) = &self.file else {
            return self.writer.done(self.time, move |connection, _| plan(connection)).await;
        };
        let file = Arc::clone(file);
        let work = tokio::task::spawn_blocking(move || plan(&connect_read_only(&file)?));
        work.await.map_err(|_| StoreError::Gone)?
    }

    /// Removes the entries before the first one to keep. Returns whether there were any.
    async fn carried_out(&self, kind: Kind) -> Result<bool, StoreError> {
        let mut any = false;
        loop {
            let chunk = move |connection: &_, _| remove_chunk(connection, kind);
            if self.writer.done(self.time, chunk).await? == 0 {
                return Ok(any);
            }
            any = true;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Removes the callers about whom there is no entry any more.
    async fn remove_callers(&self) -> Result<(), StoreError> {
        let mut after = Some(0);
        while let Some(number) = after {
            let chunk = move |connection: &_, _| remove_callers(connection, number);
            after = self.writer.done(self.time, chunk).await?;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}

const fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Changes => "changes",
        Kind::Refusals => "refusals",
    }
}

/// Returns the causes of a removal, each with the first entry to keep.
fn plan(
    connection: &Connection,
    kind: Kind,
    keep: Keep,
    now: Timestamp,
) -> Result<Vec<(&'static str, i64)>, StoreError> {
    let table = table(kind);
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    let (first, last) = (
        number(&format!("SELECT min(seq) FROM {table}"))?,
        number(&format!("SELECT max(seq) FROM {table}"))?,
    );
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(Vec::new());
    };
    let mut plans = Vec::new();
    if let Some(age) = keep.age {
        let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
        let oldest = now.as_millisecond().saturating_sub(age);
        let young = connection
            .query_row(
                &format!("SELECT seq FROM {table} WHERE time >= ?1 ORDER BY seq LIMIT 1"),
                [oldest],
                |row| row.get(0),
            )
            .optional()?;
        plans.push(("age", young.unwrap_or_else(|| last.saturating_add(1))));
    }
    if let Some(most) = keep.bytes {
        let bytes = bytes(connection, kind)?;
        if bytes > most {
            // So many that it takes a while until the next time.
            let kept = u128::from(most.saturating_sub(most / 10));
            let entries = u128::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or_default();
            let kept = entries
                .saturating_mul(kept)
                .checked_div(u128::from(bytes))
                .unwrap_or_default();
            let kept = i64::try_from(kept).unwrap_or(i64::MAX);
            plans.push(("size", last.saturating_add(1).saturating_sub(kept)));
        }
    }
    plans.retain(|(_, first_kept)| *first_kept > first);
    Ok(plans)
}

/// Returns the bytes of the entries of a kind in the file, with their indexes; with refusals also the SIDs of the callers that are only in
/// refusals.
fn bytes(connection: &Connection, kind: Kind) -> Result<u64, StoreError> {
    let objects: &[&str] = match kind {
        Kind::Changes => &["changes", "changes_of_request", "changes_of_caller"],
        Kind::Refusals => &["refusals", "refusals_of_caller"],
    };
    let mut sum = 0_i64;
    for object in objects {
        let pages = "SELECT pgsize FROM dbstat WHERE name = ?1 AND aggregate = TRUE";
        let bytes: Option<i64> = connection.query_row(pages, [object], |row| row.get(0)).optional()?;
        sum = sum.saturating_add(bytes.unwrap_or_default());
    }
    if kind == Kind::Refusals {
        let callers = "SELECT coalesce(sum(octet_length(sids) + 150), 0) FROM callers k
             WHERE EXISTS (SELECT 1 FROM refusals WHERE caller = k.seq) AND NOT EXISTS (SELECT 1 FROM changes WHERE caller = k.seq)";
        sum = sum.saturating_add(connection.query_row(callers, [], |row| row.get(0))?);
    }
    Ok(u64::try_from(sum).unwrap_or_default())
}

/// Records a removal, if there is something to remove.
fn record(
    connection: &Connection,
    kind: Kind,
    cause: &'static str,
    first_kept: i64,
    now: Timestamp,
) -> Result<Option<Removal>, StoreError> {
    let table = table(kind);
    let counted = format!(
        "SELECT count(*) FROM {table} WHERE seq < ?1 AND seq >= coalesce((SELECT max(first_kept) FROM removals WHERE entries = ?2), 0)"
    );
    let count: i64 = connection.query_row(&counted, params![first_kept, table], |row| row.get(0))?;
    if count == 0 {
        return Ok(None);
    }
    connection.execute(
        "INSERT INTO removals (time, entries, cause, count, first_kept) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![now.as_millisecond(), table, cause, count, first_kept],
    )?;
    Ok(Some(Removal {
        entries: table,
        cause,
        count,
        first_kept,
    }))
}

/// Removes some of the entries before the first one to keep. Returns their number.
fn remove_chunk(connection: &Connection, kind: Kind) -> Result<usize, StoreError> {
    let table = table(kind);
    let sql = format!(
        "DELETE FROM {table} WHERE seq IN (SELECT seq FROM {table}
           WHERE seq < (SELECT max(first_kept) FROM removals WHERE entries = ?1) ORDER BY seq LIMIT ?2)"
    );
    Ok(connection.prepare_cached(&sql)?.execute(params![table, CHUNK])?)
}

/// Removes callers without entries from some numbers on. Returns the number to go on after.
fn remove_callers(connection: &Connection, after: i64) -> Result<Option<i64>, StoreError> {
    let end: Option<i64> = connection
        .prepare_cached("SELECT max(seq) FROM (SELECT seq FROM callers WHERE seq > ?1 ORDER BY seq LIMIT ?2)")?
        .query_row([after, CHUNK], |row| row.get(0))?;
    if let Some(end) = end {
        connection
            .prepare_cached(
                "DELETE FROM callers WHERE seq > ?1 AND seq <= ?2
                 AND NOT EXISTS (SELECT 1 FROM changes WHERE caller = callers.seq)
                 AND NOT EXISTS (SELECT 1 FROM refusals WHERE caller = callers.seq)",
            )?
            .execute([after, end])?;
    }
    Ok(end)
}

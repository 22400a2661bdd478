//! A store in a file of SQLite. Two threads each have a connection: one writes, the other reads.

mod backup;

pub use backup::{Backup, BackupError, backup};

use crate::{
    audit::AuditEntry,
    store::{Applied, Filter, Store, StoreError},
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params, params_from_iter, types::Value};
use sddl_authz::{
    http::ResourceSource,
    mim::{CertificateRequest, DescriptorDigest, Property, StatusUpdate},
};
use std::{path::Path, thread};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

const SCHEMA: &str = include_str!("../schema.sql");
const VERSION: i64 = 1;
/// The most jobs that wait for a thread. Whoever brings one more waits until there is room.
const QUEUE: usize = 1024;
/// The most rows of a page.
const PAGE: i64 = 128;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A store in a file of SQLite, or in memory.
#[derive(Clone, Debug)]
pub struct Sqlite {
    reader: mpsc::Sender<Job>,
    writer: mpsc::Sender<Job>,
}

impl Sqlite {
    /// Opens a file, or creates it.
    ///
    /// # Errors
    ///
    /// Fails if SQLite can't open the file, or if another version of the server wrote it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = worker(prepared(Connection::open(path)?)?)?;
        let reader = worker(configured(Connection::open(path)?)?)?;
        Ok(Self { reader, writer })
    }

    /// Creates a store in memory, which ends with the process.
    ///
    /// # Errors
    ///
    /// Fails if SQLite fails, or if the thread does not start.
    pub fn in_memory() -> Result<Self, StoreError> {
        let writer = worker(prepared(Connection::open_in_memory()?)?)?;
        Ok(Self {
            reader: writer.clone(),
            writer,
        })
    }
}

/// Sets up a connection: it waits while another one writes, and its commits are on the disk when they return.
fn configured(connection: Connection) -> Result<Connection, StoreError> {
    connection.busy_timeout(core::time::Duration::from_secs(5))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
    )?;
    Ok(connection)
}

/// Creates the tables in a new file, and refuses a file of another version.
fn prepared(connection: Connection) -> Result<Connection, StoreError> {
    let mut connection = configured(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match found {
        0 => transaction.execute_batch(SCHEMA)?,
        VERSION => {}
        found => return Err(StoreError::Version { found, known: VERSION }),
    }
    transaction.commit()?;
    Ok(connection)
}

/// Starts a thread that does one job after the other. It ends when every sender is dropped.
fn worker(mut connection: Connection) -> Result<mpsc::Sender<Job>, StoreError> {
    let (queue, mut jobs) = mpsc::channel::<Job>(QUEUE);
    thread::Builder::new().name("store".to_owned()).spawn(move || {
        while let Some(job) = jobs.blocking_recv() {
            job(&mut connection);
        }
    })?;
    Ok(queue)
}

async fn done<T: Send + 'static>(
    queue: &mpsc::Sender<Job>,
    job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (answer, answered) = oneshot::channel();
    let job: Job = Box::new(move |connection| {
        // The job is done even if nobody waits for its result any more.
        let _ = answer.send(job(connection));
    });
    queue.send(job).await.map_err(|_| StoreError::Gone)?;
    answered.await.map_err(|_| StoreError::Gone)?
}

impl ResourceSource for Sqlite {
    type Id = Uuid;
    type Resource = String;
    type Error = StoreError;

    async fn load(&self, id: Uuid) -> Result<Option<String>, StoreError> {
        done(&self.reader, move |connection| {
            let mut statement = connection.prepare_cached("SELECT row FROM requests WHERE id = ?1")?;
            Ok(statement.query_row([id.to_string()], |row| row.get(0)).optional()?)
        })
        .await
    }
}

impl Store for Sqlite {
    async fn apply(&self, update: StatusUpdate, entry: AuditEntry) -> Result<Applied, StoreError> {
        done(&self.writer, move |connection| apply(connection, &update, &entry)).await
    }

    async fn page(&self, filter: Filter, after: Option<Uuid>) -> Result<Vec<(Uuid, String)>, StoreError> {
        done(&self.reader, move |connection| page(connection, &filter, after)).await
    }

    async fn record(&self, entries: Vec<AuditEntry>) -> Result<(), StoreError> {
        done(&self.writer, move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            entries.iter().try_for_each(|entry| append(&transaction, entry))?;
            Ok(transaction.commit()?)
        })
        .await
    }

    async fn import(&self, requests: Vec<CertificateRequest>) -> Result<usize, StoreError> {
        done(&self.writer, move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut new = 0_usize;
            for request in &requests {
                new = new.saturating_add(insert(&transaction, request)?);
            }
            transaction.commit()?;
            Ok(new)
        })
        .await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        let alive = |connection: &mut Connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?);
        done(&self.reader, alive).await?;
        done(&self.writer, alive).await
    }
}

fn apply(connection: &mut Connection, update: &StatusUpdate, entry: &AuditEntry) -> Result<Applied, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let id = update.request.to_string();
    let row: Option<String> = transaction
        .prepare_cached("SELECT row FROM requests WHERE id = ?1")?
        .query_row([&id], |row| row.get(0))
        .optional()?;
    let Some(row) = row else {
        return Ok(Applied::Stale);
    };
    let mut request: CertificateRequest = serde_json::from_str(&row)?;
    // The columns repeat the row; the decision was made on the row.
    let fits = request.uuid == update.request
        && request.status == update.from
        && digest(&request).is_some_and(|digest| digest == update.descriptor);
    if !fits {
        return Ok(Applied::Stale);
    }
    request.status = update.to;
    if let Some(completed) = &update.completed {
        request.completed = Property::Value(completed.clone());
    }
    let row = serde_json::to_string(&request)?;
    let changed = transaction
        .prepare_cached("UPDATE requests SET status = ?1, row = ?2 WHERE id = ?3 AND status = ?4 AND descriptor = ?5")?
        .execute(params![
            update.to.0,
            row,
            id,
            update.from.0,
            update.descriptor.as_bytes()
        ])?;
    if changed != 1 {
        return Ok(Applied::Stale);
    }
    append(&transaction, entry)?;
    transaction.commit()?;
    Ok(Applied::Done(row))
}

fn digest(request: &CertificateRequest) -> Option<DescriptorDigest> {
    request
        .security_descriptor
        .value()
        .map(|text| DescriptorDigest::new(text))
}

fn append(connection: &Connection, entry: &AuditEntry) -> Result<(), StoreError> {
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

fn insert(connection: &Connection, request: &CertificateRequest) -> Result<usize, StoreError> {
    let descriptor = digest(request).unwrap_or_else(|| DescriptorDigest::new(""));
    let new = connection
        .prepare_cached(
            "INSERT INTO requests (id, status, descriptor, target, row) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            request.uuid.to_string(),
            request.status.0,
            descriptor.as_bytes(),
            request.target_user_uuid.value().map(Uuid::to_string),
            serde_json::to_string(request)?,
        ])?;
    Ok(new)
}

fn page(connection: &Connection, filter: &Filter, after: Option<Uuid>) -> Result<Vec<(Uuid, String)>, StoreError> {
    let mut sql = "SELECT id, row FROM requests WHERE id > ?".to_owned();
    let mut values = vec![Value::from(after.map(|id| id.to_string()).unwrap_or_default())];
    if let Some(target) = filter.target {
        sql.push_str(" AND target = ?");
        values.push(target.to_string().into());
    }
    if !filter.statuses.is_empty() {
        let places = vec!["?"; filter.statuses.len()].join(",");
        sql.push_str(&format!(" AND status IN ({places})"));
        values.extend(filter.statuses.iter().map(|status| Value::from(status.0)));
    }
    sql.push_str(" ORDER BY id LIMIT ?");
    values.push(PAGE.into());
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut page = Vec::new();
    for row in rows {
        let (id, row): (String, String) = row?;
        // This program writes GUIDs alone. The row of anything else is listed last, and refused there.
        page.push((Uuid::try_parse(&id).unwrap_or(Uuid::max()), row));
    }
    Ok(page)
}

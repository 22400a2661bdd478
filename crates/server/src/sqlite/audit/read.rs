//! Reads the audit, also while a server writes it.

use crate::{
    audit::{Kind, Line, Query},
    sqlite::{export::ExportError, open::open_read_only},
    store::StoreError,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter, types::Value};
use std::{io::Write, path::Path};
use uuid::Uuid;

/// Reads the entries of the audit that a query takes.
#[derive(Debug)]
pub struct AuditReader {
    connection: Connection,
    query: Query,
    left: u64,
    /// The number of the last entry that was read, of each table.
    last: [i64; 3],
}

/// The tables, each with its columns in one order.
const TABLES: [&str; 3] = [
    "SELECT 'change', e.seq, e.time, NULL, e.correlation, e.request, k.sids, e.action, e.status, 'permitted', e.from_status, e.to_status,
     e.descriptor, p.digest, NULL, NULL, NULL, NULL
     FROM changes e JOIN callers k ON k.seq = e.caller JOIN policies p ON p.seq = e.policy",
    "SELECT iif(e.left_out IS NULL, 'refusal', 'left_out'), e.seq, e.time, e.since, e.correlation, e.request, k.sids, e.action, e.status,
     e.reason, NULL, NULL, NULL, p.digest, e.left_out, NULL, NULL, NULL
     FROM refusals e LEFT JOIN callers k ON k.seq = e.caller LEFT JOIN policies p ON p.seq = e.policy",
    "SELECT 'removal', e.seq, e.time, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, e.count, e.entries, e.cause,
     e.first_kept FROM removals e",
];

impl AuditReader {
    /// Opens the audit of a store, read only.
    ///
    /// # Errors
    ///
    /// Fails if there is no such store of this version.
    pub fn open(store: &Path, query: Query) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_read_only(store)?,
            left: query.limit.unwrap_or(u64::MAX),
            query,
            last: [0; 3],
        })
    }

    /// Writes the entries that were not written yet, each as JSON on a line of its own, in the order of time. Returns whether more may
    /// follow: `false` once the limit of the query is reached.
    ///
    /// # Errors
    ///
    /// Fails if the store can't be read, or the output can't be written.
    pub fn write(&mut self, output: &mut impl Write) -> Result<bool, ExportError> {
        // One transaction, so that the tables are read as of one moment.
        let transaction = self.connection.unchecked_transaction().map_err(StoreError::from)?;
        {
            let [changes, refusals, removals] = self.statements();
            let mut changes = Entries::new(&transaction, &changes).map_err(StoreError::from)?;
            let mut refusals = Entries::new(&transaction, &refusals).map_err(StoreError::from)?;
            let mut removals = Entries::new(&transaction, &removals).map_err(StoreError::from)?;
            let mut rows = [changes.rows()?, refusals.rows()?, removals.rows()?];
            let mut next = [None, None, None];
            for (next, rows) in next.iter_mut().zip(&mut rows) {
                *next = read(rows)?;
            }
            while self.left > 0 {
                let filled = next
                    .iter()
                    .enumerate()
                    .filter_map(|(table, next)| next.as_ref().map(|(time, _)| (*time, table)));
                let Some((_, table)) = filled.min() else { break };
                let (Some(slot), Some(rows), Some(last)) =
                    (next.get_mut(table), rows.get_mut(table), self.last.get_mut(table))
                else {
                    break;
                };
                if let Some((_, line)) = core::mem::replace(slot, read(rows)?) {
                    *last = line.seq;
                    self.left = self.left.saturating_sub(1);
                    serde_json::to_writer(&mut *output, &line).map_err(std::io::Error::from)?;
                    output.write_all(b"\n")?;
                }
            }
        }
        output.flush()?;
        Ok(self.left > 0)
    }

    /// Returns the SQL for each table, and its values.
    fn statements(&self) -> [(String, Vec<Value>); 3] {
        let query = &self.query;
        let mut table = 0_usize;
        TABLES.map(|select| {
            let last = self.last.get(table).copied().unwrap_or_default();
            let mut sql = format!("{select} WHERE e.seq > ?");
            let mut values = vec![Value::from(last)];
            let mut only = |condition: &str, value: Option<Value>| {
                if let Some(value) = value {
                    sql.push_str(condition);
                    values.push(value);
                }
            };
            only(" AND e.time >= ?", query.since.map(|time| time.as_millisecond().into()));
            only(" AND e.time < ?", query.until.map(|time| time.as_millisecond().into()));
            let kind = match table {
                0 => Some(Kind::Changes),
                1 => Some(Kind::Refusals),
                _ => None,
            };
            if kind.is_some() {
                only(
                    " AND e.request = ?",
                    query.request.map(|id| id.as_bytes().to_vec().into()),
                );
                only(" AND k.user = ?", query.user.map(|user| user.to_string().into()));
                // Nothing of the other kind.
                only(
                    " AND ?",
                    query.kind.filter(|only| Some(*only) != kind).map(|_| 0.into()),
                );
            } else {
                let about = query.request.is_some() || query.user.is_some();
                only(" AND ?", about.then(|| 0.into()));
                let entries = query.kind.map(|kind| match kind {
                    Kind::Changes => "changes".to_owned(),
                    Kind::Refusals => "refusals".to_owned(),
                });
                only(" AND e.entries = ?", entries.map(Value::from));
            }
            sql.push_str(" ORDER BY e.seq");
            table = table.saturating_add(1);
            (sql, values)
        })
    }
}

/// A statement and its values.
struct Entries<'c> {
    statement: rusqlite::Statement<'c>,
    values: Vec<Value>,
}

impl<'c> Entries<'c> {
    fn new(connection: &'c Connection, (sql, values): &(String, Vec<Value>)) -> Result<Self, rusqlite::Error> {
        let (statement, values) = (connection.prepare(sql)?, values.clone());
        Ok(Self { statement, values })
    }

    fn rows(&mut self) -> Result<rusqlite::Rows<'_>, StoreError> {
        Ok(self.statement.query(params_from_iter(&self.values))?)
    }
}

/// Reads the next entry, and its time.
fn read(rows: &mut rusqlite::Rows<'_>) -> Result<Option<(i64, Line)>, StoreError> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let time: i64 = row.get(2)?;
    let line = Line {
        kind: row.get(0)?,
        seq: row.get(1)?,
        time: text_of(time),
        since: row.get::<_, Option<i64>>(3)?.map(text_of),
        correlation: id(row, 4)?,
        request: id(row, 5)?,
        caller: row
            .get::<_, Option<String>>(6)?
            .map(|sids| serde_json::from_str(&sids))
            .transpose()?,
        action: row.get(7)?,
        status: row.get(8)?,
        reason: row.get(9)?,
        from: row.get(10)?,
        to: row.get(11)?,
        descriptor: digest(row, 12)?,
        policy: digest(row, 13)?,
        count: row.get(14)?,
        entries: row.get(15)?,
        cause: row.get(16)?,
        first_kept: row.get(17)?,
    };
    Ok(Some((time, line)))
}

fn text_of(milliseconds: i64) -> String {
    match Timestamp::from_millisecond(milliseconds) {
        Ok(time) => time.to_string(),
        // No clock says this.
        Err(_) => format!("{milliseconds} ms"),
    }
}

fn id(row: &Row<'_>, column: usize) -> Result<Option<Uuid>, rusqlite::Error> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(Uuid::from_bytes))
}

fn digest(row: &Row<'_>, column: usize) -> Result<Option<String>, rusqlite::Error> {
    let bytes: Option<[u8; 32]> = row.get(column)?;
    Ok(bytes.map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Returns the canonical text of a policy that decided, by its digest in hexadecimal digits.
///
/// # Errors
///
/// Fails if the store can't be read.
pub fn policy_text(store: &Path, digest: &str) -> Result<Option<String>, StoreError> {
    let connection = open_read_only(store)?;
    let text = connection
        .query_row(
            "SELECT text FROM policies WHERE lower(hex(digest)) = lower(?1)",
            [digest],
            |row| row.get(0),
        )
        .optional()?;
    Ok(text)
}

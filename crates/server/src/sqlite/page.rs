//! Pages of a list.

use super::rows::{COLUMNS, FROM, from_columns};
use crate::store::{DescriptorNumber, Filter, Page, Row, StoreError};
use rusqlite::{Connection, params_from_iter, types::Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Walks the rows in the order of their ids until the page is full.
pub(super) fn page(
    connection: &Connection,
    filter: &Filter,
    readable: &BTreeSet<DescriptorNumber>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page, StoreError> {
    let mut sql = format!("SELECT {COLUMNS}, r.id {FROM} WHERE r.id > ?");
    let mut values = vec![Value::Blob(
        after.map(|id| id.into_bytes().to_vec()).unwrap_or_default(),
    )];
    if let Some(target) = filter.target {
        sql.push_str(" AND r.target = ?");
        values.push(Value::Blob(target.into_bytes().to_vec()));
    }
    if !filter.statuses.is_empty() {
        let places = vec!["?"; filter.statuses.len()].join(",");
        sql.push_str(&format!(" AND r.status IN ({places})"));
        values.extend(filter.statuses.iter().map(|status| Value::from(status.0)));
    }
    sql.push_str(" ORDER BY r.id");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut page = Page::default();
    while let Some(row) = rows.next()? {
        if !readable.contains(&DescriptorNumber(row.get(0)?)) {
            continue;
        }
        if page.rows.len() >= limit.max(1) {
            page.next = page.rows.last().map(|last| last.id);
            break;
        }
        let id = Uuid::from_bytes(row.get(4)?);
        match from_columns(row) {
            Ok((descriptor, json)) => page.rows.push(Row { id, descriptor, json }),
            Err(error) => {
                tracing::error!(target: "sddl_authz::serve", request = %id, %error, "a request was not listed");
            }
        }
    }
    Ok(page)
}

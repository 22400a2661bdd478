//! Lists: walks over the requests, and searches those of some descriptors.

use super::rows::{COLUMNS, FROM, from_columns};
use crate::store::{DescriptorNumber, Filter, Found, Readable, StoreError, Walked};
use core::cmp::Reverse;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use std::collections::BinaryHeap;
use uuid::Uuid;

/// The next request with a descriptor.
const NEXT: &str =
    "SELECT id FROM requests INDEXED BY requests_of_descriptor WHERE descriptor = ?1 AND id > ?2 ORDER BY id LIMIT 1";
/// The next request with a status and a descriptor.
const NEXT_WITH_STATUS: &str = "SELECT id FROM requests INDEXED BY requests_of_status \
    WHERE status = ?1 AND descriptor = ?2 AND id > ?3 ORDER BY id LIMIT 1";
/// The requests with a status, in no order.
const WITH_STATUS: &str =
    "SELECT id, descriptor FROM requests INDEXED BY requests_of_status WHERE status = ?1 LIMIT ?2";

/// How much a search may do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The most places of an index that are searched: the requests of each readable descriptor, with each status.
    places: usize,
    /// The most places that are searched without a look at how many requests have the wanted statuses.
    few_places: usize,
    /// The most requests with the wanted statuses that are all looked at instead.
    few: usize,
}

impl Bounds {
    /// A place takes some microseconds, a request less than one.
    pub(super) const DEFAULT: Self = Self {
        places: 20_000,
        few_places: 2000,
        few: 20_000,
    };
}

/// Returns the bytes of an id, and bytes before every id for `None`.
fn key(id: Option<&Uuid>) -> &[u8] {
    id.map_or(&[], |id| id.as_bytes())
}

fn id(row: &Row<'_>, column: usize) -> Result<Uuid, rusqlite::Error> {
    row.get(column).map(Uuid::from_bytes)
}

/// Looks at `most` requests.
pub(super) fn walk(
    connection: &Connection,
    filter: &Filter,
    after: Option<Uuid>,
    most: usize,
) -> Result<Walked, StoreError> {
    let statuses = &filter.statuses;
    // The index has everything else, and the status is read from the request.
    let status = if statuses.is_empty() { "NULL" } else { "status" };
    let (index, target) = match filter.target {
        Some(_) => ("requests_of_target", "target = ?3 AND"),
        None => ("requests_in_order", ""),
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, descriptor, {status} FROM requests INDEXED BY {index} WHERE {target} id > ?1 ORDER BY id LIMIT ?2"
    ))?;
    let (after, limit) = (key(after.as_ref()), i64::try_from(most).unwrap_or(i64::MAX));
    let target = filter.target.as_ref().map(Uuid::as_bytes);
    let mut values: Vec<&dyn ToSql> = vec![&after, &limit];
    values.extend(target.as_ref().map(|target| -> &dyn ToSql { target }));
    let mut rows = statement.query(&*values)?;
    let (mut walked, mut looked_at) = (Walked::default(), 0_usize);
    while let Some(row) = rows.next()? {
        looked_at = looked_at.saturating_add(1);
        let id = id(row, 0)?;
        walked.reached = Some(id);
        let status: Option<i64> = row.get(2)?;
        if status.is_none_or(|status| statuses.iter().any(|wanted| wanted.0 == status)) {
            walked.found.push((id, DescriptorNumber(row.get(1)?)));
        }
    }
    if looked_at < most {
        walked.reached = None;
    }
    Ok(walked)
}

/// Searches the requests of readable descriptors.
pub(super) fn search(
    connection: &Connection,
    filter: &Filter,
    readable: &Readable,
    after: Option<Uuid>,
    limit: usize,
    bounds: Bounds,
) -> Result<Found, StoreError> {
    // All that is read is of one moment. In a store in memory, it is so already.
    let own_transaction = connection.is_autocommit();
    let _transaction = own_transaction
        .then(|| connection.unchecked_transaction())
        .transpose()?;
    let last: Option<i64> = connection.query_row("SELECT max(seq) FROM descriptors", [], |row| row.get(0))?;
    if last.map(DescriptorNumber) > readable.up_to.max(Some(DescriptorNumber::NONE)) {
        return Ok(Found::NewDescriptors);
    }
    if filter.target.is_some() {
        return Ok(Found::TooMany);
    }
    let statuses: Vec<_> = filter.statuses.iter().map(|status| status.0).collect();
    let places = readable.numbers.len().saturating_mul(statuses.len().max(1));
    if places > bounds.few_places
        && let Some(ids) = few(connection, filter, readable, after, limit, bounds.few)?
    {
        return Ok(Found::Requests(ids));
    }
    if places > bounds.places {
        return Ok(Found::TooMany);
    }
    let ids = if statuses.is_empty() {
        let mut next = connection.prepare_cached(NEXT)?;
        let sources: Vec<_> = readable.numbers.iter().map(|number| number.0).collect();
        merged(&sources, after, limit, |descriptor, after| {
            next.query_row(params![descriptor, key(after)], |row| id(row, 0))
                .optional()
        })?
    } else {
        let mut next = connection.prepare_cached(NEXT_WITH_STATUS)?;
        let of_status = |&status| readable.numbers.iter().map(move |number| (status, number.0));
        let sources: Vec<_> = statuses.iter().flat_map(of_status).collect();
        merged(&sources, after, limit, |(status, descriptor), after| {
            next.query_row(params![status, descriptor, key(after)], |row| id(row, 0))
                .optional()
        })?
    };
    Ok(Found::Requests(ids))
}

/// Looks at all requests with the wanted statuses, if there are fewer than `left`.
fn few(
    connection: &Connection,
    filter: &Filter,
    readable: &Readable,
    after: Option<Uuid>,
    limit: usize,
    mut left: usize,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    if filter.statuses.is_empty() {
        return Ok(None);
    }
    let mut statement = connection.prepare_cached(WITH_STATUS)?;
    let mut ids = Vec::new();
    for status in &filter.statuses {
        let mut rows = statement.query(params![status.0, i64::try_from(left).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            left = left.saturating_sub(1);
            let (id, descriptor) = (id(row, 0)?, DescriptorNumber(row.get(1)?));
            if Some(id) > after && readable.numbers.binary_search(&descriptor).is_ok() {
                ids.push(id);
            }
        }
        if left == 0 {
            return Ok(None);
        }
    }
    ids.sort_unstable();
    ids.truncate(limit);
    Ok(Some(ids))
}

/// Returns the first ids after one of them that come from any of these sources, in their order. `next` returns the next id of a source.
fn merged<T: Copy>(
    sources: &[T],
    after: Option<Uuid>,
    limit: usize,
    mut next: impl FnMut(T, Option<&Uuid>) -> Result<Option<Uuid>, rusqlite::Error>,
) -> Result<Vec<Uuid>, rusqlite::Error> {
    let mut heads = BinaryHeap::new();
    for (place, &source) in sources.iter().enumerate() {
        heads.extend(next(source, after.as_ref())?.map(|id| Reverse((id, place))));
    }
    let mut ids = Vec::new();
    while ids.len() < limit
        && let Some(Reverse((id, place))) = heads.pop()
    {
        ids.push(id);
        if let Some(&source) = sources.get(place) {
            heads.extend(next(source, Some(&id))?.map(|id| Reverse((id, place))));
        }
    }
    Ok(ids)
}

/// Returns the texts of these descriptors. A text that is not UTF-8 is returned with replacements: the row of a request that has it can't be
/// read either, so nobody reads it.
pub(super) fn texts(
    connection: &Connection,
    numbers: &[DescriptorNumber],
) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT text FROM descriptors WHERE seq = ?1")?;
    let mut found = Vec::with_capacity(numbers.len());
    for &number in numbers {
        let text = statement.query_row([number.0], |row| text(row, 0)).optional()?;
        found.extend(text.map(|text| (number, text)));
    }
    Ok(found)
}

/// Returns the descriptors after a number, in order, at most `limit`. Their texts are those of [`texts`].
pub(super) fn descriptors(
    connection: &Connection,
    after: Option<DescriptorNumber>,
    limit: usize,
) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
    let after = after.max(Some(DescriptorNumber::NONE)).map(|number| number.0);
    let mut statement =
        connection.prepare_cached("SELECT seq, text FROM descriptors WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![after, limit], |row| {
        Ok((DescriptorNumber(row.get(0)?), text(row, 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn text(row: &Row<'_>, column: usize) -> Result<String, rusqlite::Error> {
    Ok(String::from_utf8_lossy(row.get_ref(column)?.as_bytes()?).into_owned())
}

/// Returns the rows of the first of these requests, until they have this many bytes together. A row that can't be read is empty.
pub(super) fn rows(connection: &Connection, ids: &[Uuid], bytes: usize) -> Result<Vec<Option<String>>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE r.id = ?1"))?;
    let (mut found, mut size) = (Vec::new(), 0_usize);
    for id in ids {
        let mut rows = statement.query([id.as_bytes()])?;
        let row = rows
            .next()?
            .map(|row| from_columns(row).map_or_else(|_| String::new(), |(_, json)| json));
        size = size.saturating_add(row.as_ref().map_or(0, String::len));
        found.push(row);
        if size >= bytes {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;

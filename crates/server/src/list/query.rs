//! The query of a list: filters, limit and cursor.

use super::cursor::{Cursors, Position};
use crate::store::Filter;
use sddl_authz::mim::RequestStatus;
use uuid::Uuid;

/// How many requests a page has if the query does not say it.
pub(super) const DEFAULT_LIMIT: usize = 100;
/// The most requests of a page.
pub(super) const MOST: usize = 1000;

/// A query that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// Only the requests whose target user is the caller.
    current: bool,
    statuses: Vec<RequestStatus>,
    /// The most requests of the page.
    pub(super) limit: usize,
    /// The page has requests after this one alone.
    pub(super) after: Option<Uuid>,
}

impl Query {
    /// Reads the parameters. Returns `None` if one is unknown or wrong: to ignore a filter would list too much.
    pub(super) fn read(parameters: &[(String, String)], cursors: &Cursors) -> Option<Self> {
        let (mut current, mut statuses, mut limit, mut after) = (false, Vec::new(), None, None);
        for (name, value) in parameters {
            if name.eq_ignore_ascii_case("targetuser") {
                current = value.eq_ignore_ascii_case("current");
                current.then_some(())?;
            } else if name.eq_ignore_ascii_case("status") {
                for word in value.split(',') {
                    let status = RequestStatus::from_name(word)?;
                    if !statuses.contains(&status) {
                        statuses.push(status);
                    }
                }
            } else if name.eq_ignore_ascii_case("limit") {
                once(&mut limit, count(value)?)?;
            } else if name.eq_ignore_ascii_case("cursor") {
                once(&mut after, cursors.read(value)?)?;
            } else {
                return None;
            }
        }
        Some(Self {
            current,
            statuses,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            after,
        })
    }

    /// Returns the filter for a caller whose GUID is `uuid`. Returns `None` if the query needs the GUID and nobody knows it.
    pub(super) fn filter(&self, uuid: Option<Uuid>) -> Option<Filter> {
        // Requests name their users by GUID, not by SID.
        let target = if self.current { Some(uuid?) } else { None };
        Some(Filter {
            target,
            statuses: self.statuses.clone(),
        })
    }

    /// Returns the query of the page after a position, as a reference relative to the list.
    pub(super) fn next(&self, position: Position, cursors: &Cursors) -> Option<String> {
        let mut query = "?".to_owned();
        if self.current {
            query.push_str("targetuser=current&");
        }
        if !self.statuses.is_empty() {
            let names: Option<Vec<_>> = self.statuses.iter().map(|status| status.name()).collect();
            query.push_str(&format!("status={}&", names?.join(",")));
        }
        query.push_str(&format!("limit={}&cursor={}", self.limit, cursors.write(position)?));
        Some(query)
    }
}

/// Sets a value that a query may have once.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

/// Reads a limit: digits alone, from 1 to [`MOST`].
fn count(text: &str) -> Option<usize> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let count = digits.then(|| text.parse().ok()).flatten()?;
    (1..=MOST).contains(&count).then_some(count)
}

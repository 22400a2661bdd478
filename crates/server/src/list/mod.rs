//! `GET /requests`: lists the requests that the caller may read, a page at a time.

mod body;
mod cursor;
mod decisions;
mod noted;
mod numbers;
mod page;
mod places;
mod query;
mod route;

pub(crate) use route::list;

use core::{num::NonZeroUsize, time::Duration};
use cursor::Cursors;
use decisions::Cache;
use noted::Noted;
use page::Steps;
use places::Places;
use std::sync::Arc;

/// Limits of lists.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most lists that are made at once. Others wait. A quarter of them may be of one user, and one at least: further lists of this user
    /// are answered 503 at once.
    pub at_once: usize,
    /// How long a list may wait. The answer is then 503.
    pub wait: Duration,
    /// How long a page may be looked for. It then ends where it is, with a link to the next one.
    pub time: Duration,
    /// The most callers whose decisions are remembered.
    pub callers: NonZeroUsize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            at_once: 16,
            wait: Duration::from_secs(5),
            time: Duration::from_secs(1),
            callers: NonZeroUsize::MIN.saturating_add(255),
        }
    }
}

/// The decisions and limits that all lists share.
#[derive(Debug)]
pub struct Lists {
    limits: Limits,
    places: Places,
    cursors: Cursors,
    cache: Cache,
    noted: Arc<Noted>,
    steps: Steps,
}

/// The system has no random bytes for the key of cursors.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system has no random bytes")]
pub struct NoRandomBytes;

impl Lists {
    /// The most elements of all remembered decisions: some 20 MB.
    const ELEMENTS: usize = 1_000_000;

    /// Remembers nothing yet.
    ///
    /// # Errors
    ///
    /// Fails if the system has no random bytes.
    pub fn new(limits: Limits) -> Result<Self, NoRandomBytes> {
        Ok(Self {
            limits,
            places: Places::new(limits.at_once),
            cursors: Cursors::new().map_err(|_| NoRandomBytes)?,
            cache: Cache::new(limits.callers, Self::ELEMENTS),
            noted: Arc::default(),
            steps: Steps::DEFAULT,
        })
    }
}

#[cfg(test)]
mod tests;

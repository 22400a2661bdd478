//! The plan of a page: which requests it has.
//!
//! 1. Walk over the requests in the order of their ids, for a bounded number of steps. Descriptors are decided when they appear. A caller
//!    who may read a good part of the requests has its page then.
//! 2. Else decide about every descriptor of the store, and search the requests of each readable one.
//! 3. If there are too many of these to search, and for the requests of one target user, walk on.
//!
//! A page that takes too long ends where it is, and says where the next one begins. So does a page at a request whose descriptor is
//! replaced again and again, before it is decided.

use super::{
    cursor::Position,
    decisions::{Decisions, Undecidable},
};
use crate::store::{Filter, Found, ListSource, StoreError, Walked};
use tokio::time::Instant;
use uuid::Uuid;

/// How far a walk goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    /// How many requests are looked at in one step.
    pub(super) step: usize,
    /// How many requests are looked at before the descriptors are searched.
    pub(super) walk: usize,
    /// How many requests are looked at in one step, if a long walk is all that is left.
    pub(super) long_step: usize,
}

impl Steps {
    /// A step takes about a millisecond, and some more while its descriptors are not decided.
    pub(super) const DEFAULT: Self = Self {
        step: 512,
        walk: 2048,
        long_step: 8192,
    };
}

/// The requests of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// Their ids, in order.
    pub(super) ids: Vec<Uuid>,
    /// Where the next page begins, or `None` if there is no request after this page.
    pub(super) next: Option<Position>,
}

/// A search for the requests of a page.
pub(super) struct Search<'a, S, N> {
    pub(super) store: &'a S,
    pub(super) decisions: &'a Decisions,
    pub(super) filter: &'a Filter,
    pub(super) limit: usize,
    pub(super) steps: Steps,
    /// The page ends after this time.
    pub(super) end: Instant,
    /// Is told the descriptors about which nothing can be decided.
    pub(super) undecidable: N,
}

/// How often a step is tried while descriptors are replaced during it.
const TRIES: usize = 8;

/// Where a search stands.
struct Progress {
    ids: Vec<Uuid>,
    /// All requests up to this one were looked at.
    reached: Option<Uuid>,
}

impl<S: ListSource, N: Fn(Undecidable) + Sync> Search<'_, S, N> {
    /// Looks for the requests after an id.
    pub(super) async fn page(&self, after: Option<Uuid>) -> Result<Page, StoreError> {
        let mut progress = Progress {
            ids: Vec::new(),
            reached: after,
        };
        let (mut looked_at, mut step) = (0_usize, self.steps.step);
        // A target user has few requests.
        let mut searchable = self.filter.target.is_none();
        loop {
            if let Some(page) = self.walk(&mut progress, step).await? {
                return Ok(page);
            }
            looked_at = looked_at.saturating_add(step);
            if looked_at < self.steps.walk {
                continue;
            }
            if searchable {
                if let Some(page) = self.search(&mut progress).await? {
                    return Ok(page);
                }
                searchable = false;
            }
            step = self.steps.long_step;
        }
    }

    /// Walks one step. Returns the page if it is done, or if it is late.
    async fn walk(&self, progress: &mut Progress, step: usize) -> Result<Option<Page>, StoreError> {
        let walked = self.decided_step(progress.reached, step).await?;
        // Nothing is known about this request, so the page ends before it.
        let undecided = walked
            .found
            .iter()
            .find(|(_, descriptor)| !self.decisions.is_decided(*descriptor));
        let undecided = undecided.map(|&(id, _)| id);
        let before = walked.found.iter().take_while(|(id, _)| Some(*id) != undecided);
        let readable = before.filter(|(_, descriptor)| self.decisions.may_read(*descriptor));
        progress.ids.extend(readable.map(|&(id, _)| id));
        if progress.ids.len() > self.limit {
            return Ok(Some(self.full(progress)));
        }
        if let Some(undecided) = undecided {
            let before = undecided.as_u128().checked_sub(1).map(Uuid::from_u128);
            // Before the least id the page can't end.
            progress.reached = Some(before.ok_or(StoreError::Deadline)?);
            return Ok(Some(progress.cut()));
        }
        let Some(reached) = walked.reached else {
            return Ok(Some(progress.whole()));
        };
        progress.reached = Some(reached);
        Ok(self.is_late().then(|| progress.cut()))
    }

    /// Returns the requests of one step. Their descriptors are decided, except those that were replaced again and again.
    async fn decided_step(&self, after: Option<Uuid>, step: usize) -> Result<Walked, StoreError> {
        let mut tries = 1;
        loop {
            let walked = self.store.walk(self.filter.clone(), after, step).await?;
            let numbers = walked.found.iter().map(|&(_, descriptor)| descriptor);
            let all_decided = self.decisions.decide(self.store, numbers, &self.undecidable).await?;
            // If not, a request was replaced meanwhile, and the descriptor that it had is gone.
            if all_decided || tries >= TRIES || self.is_late() {
                return Ok(walked);
            }
            tries = tries.saturating_add(1);
        }
    }

    /// Searches the requests of the readable descriptors. Returns `None` if there are too many descriptors.
    async fn search(&self, progress: &mut Progress) -> Result<Option<Page>, StoreError> {
        // One more than the page has, to see whether there is a next page.
        let limit = self.limit.saturating_sub(progress.ids.len()).saturating_add(1);
        loop {
            let readable = self.decisions.readable();
            let found = self
                .store
                .search(self.filter.clone(), readable, progress.reached, limit);
            match found.await? {
                Found::Requests(ids) => {
                    progress.ids.extend(ids);
                    let full = progress.ids.len() > self.limit;
                    return Ok(Some(if full { self.full(progress) } else { progress.whole() }));
                }
                Found::NewDescriptors => self.decisions.decide_next(self.store, &self.undecidable).await?,
                Found::TooMany => return Ok(None),
            }
            if self.is_late() {
                return Ok(Some(progress.cut()));
            }
        }
    }

    fn is_late(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Returns the page if there are more requests than it may have.
    fn full(&self, progress: &mut Progress) -> Page {
        let mut ids = core::mem::take(&mut progress.ids);
        ids.truncate(self.limit);
        let next = ids.last().copied().map(Position::Listed);
        Page { ids, next }
    }
}

impl Progress {
    /// Returns the page if there is no request after it.
    fn whole(&mut self) -> Page {
        Page {
            ids: core::mem::take(&mut self.ids),
            next: None,
        }
    }

    /// Returns the page if it ends before it is full.
    fn cut(&mut self) -> Page {
        let ids = core::mem::take(&mut self.ids);
        let next = self.reached.map(|reached| {
            if ids.last() == Some(&reached) {
                Position::Listed(reached)
            } else {
                Position::Reached(reached)
            }
        });
        Page { ids, next }
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that can't count has failed")]
mod tests;

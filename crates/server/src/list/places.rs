//! The places of lists: some for all callers together, and a share of them for each user.

use super::decisions::locked;
use core::time::Duration;
use sddl_authz::Sid;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The places of lists.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    /// The most lists of one user that are made or wait at once.
    share: usize,
    /// How many lists each user has now. Users without a list are not in it.
    users: Mutex<BTreeMap<Sid, usize>>,
}

/// A list that counts for its user. It waits for a place, or has one.
#[derive(Debug)]
struct Counted<'a> {
    places: &'a Places,
    user: Sid,
}

/// A place of a list. It is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    _permit: SemaphorePermit<'a>,
    _counted: Counted<'a>,
}

impl Places {
    /// A user may have a quarter of the places, and one at least.
    pub(super) fn new(at_once: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(at_once)),
            share: (at_once / 4).max(1),
            users: Mutex::default(),
        }
    }

    /// Waits for a place. Returns `None` after this time, and at once if the user has its share.
    pub(super) async fn take(&self, user: &Sid, wait: Duration) -> Option<Place<'_>> {
        let counted = self.count(user)?;
        let permit = tokio::time::timeout(wait, self.all.acquire()).await.ok()?.ok()?;
        Some(Place {
            _permit: permit,
            _counted: counted,
        })
    }

    /// Counts a list for its user, unless the user has its share.
    fn count(&self, user: &Sid) -> Option<Counted<'_>> {
        let mut users = locked(&self.users);
        let lists = users.get(user).copied().unwrap_or_default();
        if lists >= self.share {
            return None;
        }
        users.insert(*user, lists.saturating_add(1));
        drop(users);
        Some(Counted {
            places: self,
            user: *user,
        })
    }

    /// Returns what holds the places of all callers.
    #[cfg(test)]
    pub(super) fn all(&self) -> Arc<Semaphore> {
        Arc::clone(&self.all)
    }

    /// Returns how many users have a list now.
    #[cfg(test)]
    pub(super) fn users_with_lists(&self) -> usize {
        locked(&self.users).len()
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        let mut users = locked(&self.places.users);
        let lists = users.get(&self.user).copied().unwrap_or_default();
        if lists > 1 {
            users.insert(self.user, lists.saturating_sub(1));
        } else {
            users.remove(&self.user);
        }
    }
}

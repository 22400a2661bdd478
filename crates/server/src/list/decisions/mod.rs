//! The decisions about reading: each descriptor is decided once for a caller.
//!
//! They say which requests a page looks for. Before a request is listed, the policy decides once more on its row.

use super::numbers::Numbers;
use crate::store::{DescriptorNumber, ListSource, Readable, StoreError};
use core::{
    hash::{Hash, Hasher},
    num::NonZeroUsize,
};
use lru::LruCache;
use sddl_authz::{
    Caller,
    mim::{DecisionError, StatusChangePolicy},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many descriptors are read from the store and decided at once.
const BATCH: usize = 512;
/// How many descriptors are decided before other tasks may run: some tenths of a millisecond.
const TURN: usize = 32;

/// The decisions for the callers who asked last.
#[derive(Debug)]
pub(super) struct Cache {
    callers: Mutex<LruCache<Key, Arc<Decisions>>>,
    /// The most elements of all sets together.
    most: usize,
}

/// Everything that a decision depends on besides the descriptor. It is compared in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) policy: Arc<StatusChangePolicy>,
    pub(super) caller: Arc<Caller>,
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // There is one policy most of the time.
        self.caller.hash(state);
    }
}

impl Cache {
    pub(super) fn new(callers: NonZeroUsize, most: usize) -> Self {
        Self {
            callers: Mutex::new(LruCache::new(callers)),
            most,
        }
    }

    /// Returns the decisions for a caller, none at first.
    pub(super) fn of(&self, key: Key) -> Arc<Decisions> {
        let mut callers = locked(&self.callers);
        let decisions = Arc::clone(callers.get_or_insert(key.clone(), || Arc::new(Decisions::new(key))));
        let mut elements: usize = callers.iter().map(|(_, decisions)| decisions.elements()).sum();
        while elements > self.most
            && let Some((_, least)) = callers.pop_lru()
        {
            elements = elements.saturating_sub(least.elements());
        }
        decisions
    }
}

/// The decisions for one caller and one policy.
#[derive(Debug)]
pub(super) struct Decisions {
    key: Key,
    made: Mutex<Made>,
    /// Held while a batch is decided, so that lists of one caller at once don't decide it again.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Made {
    decided: Numbers,
    readable: Numbers,
    /// All descriptors up to this one are decided.
    up_to: Option<DescriptorNumber>,
}

/// A descriptor about which nothing can be decided.
pub(super) struct Undecidable {
    pub(super) descriptor: DescriptorNumber,
    pub(super) failure: DecisionError,
}

impl Decisions {
    fn new(key: Key) -> Self {
        Self {
            key,
            made: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    fn elements(&self) -> usize {
        let made = locked(&self.made);
        made.decided.elements().saturating_add(made.readable.elements())
    }

    /// Returns whether the caller may read by a descriptor. Without a decision it may not.
    pub(super) fn may_read(&self, number: DescriptorNumber) -> bool {
        locked(&self.made).readable.contains(number)
    }

    /// Returns whether something is decided about a descriptor, or it is known that nothing can be.
    pub(super) fn is_decided(&self, number: DescriptorNumber) -> bool {
        locked(&self.made).decided.contains(number)
    }

    /// Returns all descriptors that are known to be readable.
    pub(super) fn readable(&self) -> Readable {
        let made = locked(&self.made);
        Readable {
            numbers: made.readable.iter().collect(),
            up_to: made.up_to,
        }
    }

    /// Decides about these descriptors, as far as they are not decided. Returns whether the store still has all of them.
    pub(super) async fn decide(
        &self,
        store: &impl ListSource,
        numbers: impl Iterator<Item = DescriptorNumber> + Send,
        undecidable: impl Fn(Undecidable) + Sync,
    ) -> Result<bool, StoreError> {
        let mut missing: Vec<_> = {
            let made = locked(&self.made);
            numbers.filter(|&number| !made.decided.contains(number)).collect()
        };
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(true);
        }
        let asked = missing.len();
        let texts = store.texts(missing).await?;
        self.note(&texts, undecidable).await;
        Ok(texts.len() == asked)
    }

    /// Decides about the next descriptors of the store, whether requests have them or not.
    pub(super) async fn decide_next(
        &self,
        store: &impl ListSource,
        undecidable: impl Fn(Undecidable) + Sync,
    ) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let after = locked(&self.made).up_to;
        let batch = store.descriptors(after, BATCH).await?;
        self.note(&batch, undecidable).await;
        if let Some(&(last, _)) = batch.last() {
            locked(&self.made).up_to = Some(last);
        }
        Ok(())
    }

    async fn note(&self, descriptors: &[(DescriptorNumber, String)], undecidable: impl Fn(Undecidable) + Sync) {
        for some in descriptors.chunks(TURN) {
            for &(descriptor, ref text) in some {
                if locked(&self.made).decided.contains(descriptor) {
                    continue;
                }
                let decided = self.key.policy.may_read(text, &self.key.caller);
                let mut made = locked(&self.made);
                made.decided.insert(descriptor);
                match decided {
                    Ok(true) => made.readable.insert(descriptor),
                    Ok(false) => {}
                    Err(failure) => {
                        drop(made);
                        undecidable(Undecidable { descriptor, failure });
                    }
                }
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Locks a mutex. What it holds is right after every step, so a panic elsewhere does not matter.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;

//! The state that the queue of refusals and its writer share.

use super::{
    bounds::{Admission, Bounds},
    health::AuditHealth,
};
use crate::{
    audit::{AuditEntry, AuditedCaller, LeftOut, RefusalEntry},
    clock::Clock,
};
use core::sync::atomic::AtomicU32;
use jiff::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An entry in the queue, and its size in bytes.
pub(super) type Queued = (AuditEntry, u32);

/// The state that the queue and its writer share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) admission: Mutex<Admission>,
    /// The start of the time for which refusals are counted now.
    pub(super) since: Mutex<Timestamp>,
    /// The bytes of the entries in the queue.
    pub(super) queued: AtomicU32,
    pub(super) clock: Clock,
    pub(super) bounds: Bounds,
    pub(super) health: AuditHealth,
}

impl Shared {
    pub(super) fn admission(&self) -> MutexGuard<'_, Admission> {
        // It only counts, so it is whole after a panic, too.
        self.admission.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the refusals that were only counted, and begins to count anew.
    pub(super) fn take_left_out(&self) -> Vec<RefusalEntry> {
        let until = self.clock.now();
        let since = core::mem::replace(&mut *self.since.lock().unwrap_or_else(PoisonError::into_inner), until);
        let counts = self.admission().take_left_out();
        let entry = |(user, count): (Option<_>, _)| LeftOut {
            since,
            until,
            caller: user.as_ref().map(AuditedCaller::user_alone),
            count,
        };
        counts.into_iter().map(entry).map(RefusalEntry::LeftOut).collect()
    }
}

//! The way of refusals into the audit: bounded for each user and for all, queued, and written by a task that is watched.

mod bounds;
mod health;
mod shared;
#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that can't count has failed")]
mod tests;
mod writer;

pub use self::{bounds::Bounds, health::AuditHealth, writer::Writer};

use crate::{audit::AuditEntry, clock::Clock, policy::Policy};
use bounds::Admission;
use core::sync::atomic::{AtomicU32, Ordering};
use sddl_authz::{Caller, http::Event};
use shared::{Queued, Shared};
use std::{
    sync::{Arc, Mutex},
    time::Instant,
};
use tokio::sync::mpsc;

/// The queue of refusals that wait to be written. Answers never wait for it: a refusal beyond the [`Bounds`], or one that finds the queue
/// full, is only counted. A clone is cheap.
#[derive(Clone, Debug)]
pub struct Refusals {
    queue: mpsc::Sender<Queued>,
    shared: Arc<Shared>,
}

/// The most refusals that wait.
const QUEUE: usize = 4096;
/// The most bytes of the refusals that wait.
const QUEUE_BYTES: u32 = 4 << 20;

impl Refusals {
    /// Returns a queue, and the writer that empties it.
    #[must_use]
    pub fn new(clock: Clock, bounds: Bounds) -> (Self, Writer) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let shared = Arc::new(Shared {
            admission: Mutex::new(Admission::new(bounds, Instant::now())),
            since: Mutex::new(clock.now()),
            queued: AtomicU32::new(0),
            clock,
            bounds,
            health: AuditHealth::default(),
        });
        let writer = Writer::new(waiting, Arc::clone(&shared));
        (Self { queue, shared }, writer)
    }

    /// Returns an observer for a guard that decides by this policy. It queues the decisions that were answered 403 or 500.
    pub fn observer(&self, policy: Policy) -> impl Fn(&Event<'_>) + Send + Sync + use<> {
        let refusals = self.clone();
        move |event| {
            let refused = matches!(event.status.as_u16(), 403 | 500);
            if let Some(caller) = event.caller.filter(|_| refused) {
                refusals.note(event, caller, &policy);
            }
        }
    }

    /// Returns whether refusals are written.
    #[must_use]
    pub fn health(&self) -> &AuditHealth {
        &self.shared.health
    }

    fn note(&self, event: &Event<'_>, caller: &Caller, policy: &Policy) {
        let admitted = self.shared.admission().admit(caller, Instant::now());
        let Some((audited, bytes)) = admitted else {
            return;
        };
        let entry = AuditEntry::of_refusal(event, audited, policy, self.shared.clock.now());
        let queued = self.shared.queued.fetch_add(bytes, Ordering::Relaxed);
        let fits = queued.checked_add(bytes).is_some_and(|all| all <= QUEUE_BYTES);
        if !fits || self.queue.try_send((entry, bytes)).is_err() {
            self.shared.queued.fetch_sub(bytes, Ordering::Relaxed);
            self.shared.admission().leave_out(caller.user());
        }
    }
}

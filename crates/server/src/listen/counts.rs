//! Counts of connections, for metrics.

use core::sync::atomic::{AtomicU64, Ordering};

/// Counts of the connections of a listener since the start, by how they went.
#[derive(Debug, Default)]
pub struct Counts {
    accepted: AtomicU64,
    ended: AtomicU64,
    full: AtomicU64,
    over_peer: AtomicU64,
    untaken: AtomicU64,
    malformed: AtomicU64,
    handshakes: AtomicU64,
}

/// The numbers at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Connections that were accepted.
    pub accepted: u64,
    /// Connections that are open.
    pub open: u64,
    /// Times that every place was taken, so that others had to wait.
    pub full: u64,
    /// Connections that were closed at once, because their peer had its most.
    pub over_peer: u64,
    /// Connections that were cut, because the client did not take its answer.
    pub untaken: u64,
    /// Requests that were refused, because their head is malformed.
    pub malformed: u64,
    /// Handshakes of TLS that failed or took too long.
    pub failed_handshakes: u64,
}

impl Counts {
    /// Returns the numbers.
    #[must_use]
    pub fn counted(&self) -> Counted {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let ended = of(&self.ended);
        let accepted = of(&self.accepted);
        Counted {
            accepted,
            open: accepted.saturating_sub(ended),
            full: of(&self.full),
            over_peer: of(&self.over_peer),
            untaken: of(&self.untaken),
            malformed: of(&self.malformed),
            failed_handshakes: of(&self.handshakes),
        }
    }

    pub(super) fn note_accepted(&self) {
        one_more(&self.accepted);
    }

    pub(super) fn note_ended(&self) {
        one_more(&self.ended);
    }

    pub(super) fn note_full(&self) {
        one_more(&self.full);
    }

    pub(super) fn note_over_peer(&self) {
        one_more(&self.over_peer);
    }

    pub(super) fn note_untaken(&self) {
        one_more(&self.untaken);
    }

    pub(super) fn note_malformed(&self) {
        one_more(&self.malformed);
    }

    pub(super) fn note_failed_handshake(&self) {
        one_more(&self.handshakes);
    }
}

fn one_more(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

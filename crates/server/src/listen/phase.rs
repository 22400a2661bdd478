//! The phase of a connection: the event that it waits for, and the time when the wait ends.
//!
//! hyper has one time limit, for a head, and starts it when the answer before is written. So it would close a connection that is idle
//! between two requests as fast as one whose head is slow. The phase is kept from what is seen on both sides of hyper: bytes come, a
//! request is handed on, its answer is dropped, and everything is flushed.

use super::limits::Limits;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// The event that a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The first byte of the next request.
    Idle,
    /// The rest of a head.
    Head,
    /// The answer to a request, or the rest of the request.
    Request,
    /// The client, which has not taken the whole answer.
    Answered,
    /// The client, which is to see the end of the connection.
    Closing,
}

/// The phase of a connection. Both sides of hyper share it.
#[derive(Debug)]
pub(super) struct Progress(Mutex<State>);

#[derive(Clone, Copy, Debug)]
struct State {
    phase: Phase,
    since: Instant,
    /// Whether an answer was given before the whole request was read.
    early: bool,
    /// Whether the rest of that request is too much to be read for the sake of the connection.
    closes: bool,
}

impl Progress {
    /// A new connection, which owes the head of its first request.
    pub(super) fn new() -> Self {
        Self(Mutex::new(State {
            phase: Phase::Head,
            since: Instant::now(),
            early: false,
            closes: false,
        }))
    }

    fn update(&self, next: impl FnOnce(&mut State) -> Option<Phase>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(phase) = next(&mut state) {
            state.phase = phase;
            state.since = Instant::now();
        }
    }

    fn get(&self) -> State {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn phase(&self) -> Phase {
        self.get().phase
    }

    /// Whether there is no request that somebody waits for.
    pub(super) fn has_no_request(&self) -> bool {
        matches!(self.phase(), Phase::Idle | Phase::Head)
    }

    /// Whether the last answer was given before its request was read.
    pub(super) fn answered_early(&self) -> bool {
        self.get().early
    }

    /// Whether the last answer ends the connection, because the rest of its request is not read.
    pub(super) fn answer_closes(&self) -> bool {
        self.get().closes
    }

    /// Bytes of the client were read.
    pub(super) fn bytes_came(&self) {
        self.update(|state| (state.phase == Phase::Idle).then_some(Phase::Head));
    }

    /// The head of a request is complete.
    pub(super) fn request_begins(&self) {
        self.update(|state| {
            state.early = false;
            state.closes = false;
            Some(Phase::Request)
        });
    }

    /// The rest of the request is not read any more. `is_long` says whether it is so long that the connection ends.
    pub(super) fn request_dropped(&self, is_long: bool) {
        self.update(|state| {
            state.early = true;
            state.closes = is_long;
            None
        });
    }

    /// The last part of the answer was handed on.
    pub(super) fn answer_ends(&self) {
        self.update(|state| (state.phase == Phase::Request).then_some(Phase::Answered));
    }

    /// Everything that was handed on was given to the system.
    pub(super) fn flushed(&self) {
        self.update(|state| (state.phase == Phase::Answered).then_some(Phase::Idle));
    }

    /// The connection is closed for writing.
    pub(super) fn closing(&self) {
        self.update(|state| (state.phase != Phase::Closing).then_some(Phase::Closing));
    }

    /// When the connection has waited for too long, if what it waits for has a limit here. Writing and bodies have theirs elsewhere.
    pub(super) fn deadline(&self, limits: &Limits) -> Option<Instant> {
        let State { phase, since, .. } = self.get();
        match phase {
            Phase::Idle => since.checked_add(limits.idle_time),
            Phase::Head => since.checked_add(limits.head_time),
            Phase::Request | Phase::Answered | Phase::Closing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Phase, Progress};
    use crate::listen::limits::tests::LIMITS;
    use core::time::Duration;
    use tokio::time::{Instant, advance};

    /// The time that is left, in seconds.
    fn left(progress: &Progress) -> Option<u64> {
        progress
            .deadline(&LIMITS)
            .map(|at| at.duration_since(Instant::now()).as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_is_timed_from_its_first_byte() {
        let progress = Progress::new();
        assert_eq!(left(&progress), Some(10), "the first head from the start");
        advance(Duration::from_secs(4)).await;
        progress.bytes_came();
        assert_eq!(left(&progress), Some(6), "further bytes give no more time");
        progress.request_begins();
        assert_eq!(left(&progress), None);
        progress.flushed();
        assert_eq!(progress.phase(), Phase::Request, "a 100 Continue is no answer");
        progress.answer_ends();
        assert_eq!(left(&progress), None, "the client still takes the answer");
        progress.flushed();
        assert_eq!(left(&progress), Some(75));
        advance(Duration::from_secs(70)).await;
        assert!(progress.has_no_request());
        progress.bytes_came();
        assert_eq!(left(&progress), Some(10));
        progress.request_begins();
        assert!(!progress.has_no_request());
    }

    #[tokio::test]
    async fn an_early_answer_counts_for_its_request_alone() {
        let progress = Progress::new();
        progress.request_begins();
        progress.request_dropped(true);
        assert!(progress.answered_early() && progress.answer_closes());
        progress.request_begins();
        assert!(!progress.answered_early() && !progress.answer_closes());
        progress.request_dropped(false);
        assert!(progress.answered_early() && !progress.answer_closes());
    }
}

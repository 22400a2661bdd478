//! A job for a thread of the store, and the wait for its result.

use crate::store::StoreError;
use core::sync::atomic::{AtomicBool, Ordering};
use rusqlite::Connection;
use std::{sync::Arc, time::Instant};
use tokio::sync::oneshot;

/// A job for a thread of the store.
pub(super) trait Job: Send {
    /// When it must have begun.
    fn deadline(&self) -> Instant;

    /// Whether nobody waits for it any more.
    fn is_given_up(&self) -> bool;

    /// Takes the job, so that from now on whoever waits for it learns its outcome. Returns nothing if it is too late.
    fn begun(self: Box<Self>) -> Option<Box<dyn Job>>;

    /// Works, and returns whether it succeeded.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Gives the result to whoever waits; `failed` is why nothing of it remains.
    fn answer(self: Box<Self>, failed: Option<StoreError>);
}

/// Work for a thread, whose result goes to a [`Claim`].
pub(super) struct Task<T, F> {
    deadline: Instant,
    claimed: Arc<AtomicBool>,
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

/// The wait for a task. The first of the two that claims the task decides: the thread begins it, or it is given up. So a task that was
/// given up never begins.
pub(super) struct Claim(Arc<AtomicBool>);

impl Claim {
    /// Gives the task up. Returns whether it had not begun.
    pub(super) fn give_up(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// A task whose caller no longer waits is given up.
impl Drop for Claim {
    fn drop(&mut self) {
        self.give_up();
    }
}

pub(super) type Answer<T> = oneshot::Receiver<Result<T, StoreError>>;

impl<T, F> Task<T, F>
where
    T: Send + 'static,
    F: FnOnce(&Connection, Instant) -> Result<T, StoreError> + Send + 'static,
{
    pub(super) fn new(deadline: Instant, work: F) -> (Box<Self>, Claim, Answer<T>) {
        let claimed = Arc::new(AtomicBool::new(false));
        let (answer, answered) = oneshot::channel();
        let task = Self {
            deadline,
            claimed: Arc::clone(&claimed),
            work: Some(work),
            result: None,
            answer,
        };
        (Box::new(task), Claim(claimed), answered)
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send + 'static,
    F: FnOnce(&Connection, Instant) -> Result<T, StoreError> + Send + 'static,
{
    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn is_given_up(&self) -> bool {
        self.claimed.load(Ordering::Acquire)
    }

    fn begun(self: Box<Self>) -> Option<Box<dyn Job>> {
        if self.claimed.swap(true, Ordering::AcqRel) {
            return None;
        }
        if Instant::now() >= self.deadline {
            self.answer(Some(StoreError::Deadline));
            return None;
        }
        Some(self)
    }

    fn run(&mut self, connection: &Connection) -> bool {
        let result = self.work.take().map(|work| work(connection, self.deadline));
        self.result = result;
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, failed: Option<StoreError>) {
        let result = match (failed, self.result) {
            // It says more of this job than the failure of all does.
            (_, Some(Err(error))) => Err(error),
            (Some(error), _) => Err(error),
            (None, Some(Ok(value))) => Ok(value),
            (None, None) => Err(StoreError::Gone),
        };
        // The caller may be gone. A task that began is finished all the same.
        let _ = self.answer.send(result);
    }
}

//! A connection with a time limit for each phase.

use super::{limits::Limits, phase::Progress};
use core::{
    pin::Pin,
    task::{Context, Poll},
};
use std::sync::Arc;
use tokio::time::{Sleep, sleep_until};

/// A connection of hyper. It is done when the connection has ended, or has waited for too long.
#[derive(Debug)]
pub(super) struct Timed<C> {
    connection: Pin<Box<C>>,
    timer: Option<Pin<Box<Sleep>>>,
    progress: Arc<Progress>,
    limits: Limits,
}

impl<C> Timed<C> {
    pub(super) fn new(connection: C, progress: Arc<Progress>, limits: Limits) -> Self {
        Self {
            connection: Box::pin(connection),
            timer: None,
            progress,
            limits,
        }
    }

    pub(super) fn connection(&mut self) -> Pin<&mut C> {
        self.connection.as_mut()
    }
}

impl<C: Future<Output = hyper::Result<()>>> Future for Timed<C> {
    type Output = hyper::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        if let Poll::Ready(ended) = self.connection.as_mut().poll(cx) {
            return Poll::Ready(ended);
        }
        let Some(deadline) = self.progress.deadline(&self.limits) else {
            return Poll::Pending;
        };
        // Each byte and each answer wakes this task, so the timer always has the deadline of the phase.
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(cx).map(Ok)
    }
}

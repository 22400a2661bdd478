//! The task that writes refusals, and the one that watches it.

use super::shared::{Queued, Shared};
use crate::{audit::RefusalEntry, store::Store};
use core::{sync::atomic::Ordering, time::Duration};
use std::sync::Arc;
use tokio::{
    sync::{Mutex, mpsc, oneshot, watch},
    task::JoinError,
    time::{Instant, sleep, sleep_until, timeout},
};

/// The most entries of one transaction.
const BATCH: usize = 256;
/// The time between two transactions. What comes meanwhile is written together.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest time between two attempts, if writing fails.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// The time for what still waits when the server ends.
const LAST: Duration = Duration::from_secs(5);

/// Writes the queued refusals in batches.
#[derive(Debug)]
pub struct Writer {
    work: Arc<Mutex<Work>>,
    shared: Arc<Shared>,
}

/// The entries to write. They outlive the task that writes them.
#[derive(Debug)]
struct Work {
    waiting: mpsc::Receiver<Queued>,
    /// The entries of the next transaction. They stay here until they are on the disk.
    batch: Vec<RefusalEntry>,
}

impl Writer {
    pub(super) fn new(waiting: mpsc::Receiver<Queued>, shared: Arc<Shared>) -> Self {
        let batch = Vec::new();
        let work = Arc::new(Mutex::new(Work { waiting, batch }));
        Self { work, shared }
    }

    /// Writes refusals until `stop` is done or every queue is dropped. Then it writes those that still wait, for at most 5 seconds.
    ///
    /// A batch that can't be written is tried again until it can. If the task that writes ends by a panic, another one goes on with what
    /// it left.
    pub async fn run<S: Store>(self, store: S, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let (end, ending) = watch::channel(false);
        let mut ended = false;
        let start = || {
            tokio::spawn(write(
                Arc::clone(&self.work),
                Arc::clone(&self.shared),
                store.clone(),
                ending.clone(),
            ))
        };
        let mut task = start();
        loop {
            tokio::select! {
                done = &mut task => {
                    let Err(error) = done else { return };
                    self.shared.health.add_failure();
                    if ended {
                        return;
                    }
                    // Logging may be what failed, so it happens in a task of its own.
                    tokio::spawn(async move {
                        tracing::error!(target: "sddl_authz::audit", %error, "the task that writes refusals ended; another one goes on");
                    });
                    sleep(PAUSE).await;
                    task = start();
                }
                () = &mut stop, if !ended => {
                    ended = true;
                    let _ = end.send(true);
                }
            }
        }
    }

    /// Writes refusals while this work is done. When it has ended, also by an error, those that still wait are written, for at most 5
    /// seconds. Returns the end of the work, and of the writing.
    pub async fn run_during<S: Store, T>(self, store: S, work: impl Future<Output = T>) -> (T, Result<(), JoinError>) {
        let (ended, ending) = oneshot::channel::<()>();
        let writing = tokio::spawn(self.run(store, async {
            let _ = ending.await;
        }));
        let done = work.await;
        drop(ended);
        (done, writing.await)
    }
}

async fn write<S: Store>(work: Arc<Mutex<Work>>, shared: Arc<Shared>, store: S, mut ending: watch::Receiver<bool>) {
    let mut work = work.lock().await;
    let mut report_at = after(shared.bounds.interval);
    // The time until which what still waits must be written.
    let mut last = None;
    loop {
        if *ending.borrow() {
            work.waiting.close();
            last = last.or_else(|| Some(after(LAST)));
        }
        let mut over = false;
        if work.batch.is_empty() {
            let mut received = Vec::new();
            tokio::select! {
                count = work.waiting.recv_many(&mut received, BATCH) => over = count == 0,
                _ = ending.wait_for(|end| *end), if last.is_none() => {}
                () = sleep_until(report_at), if last.is_none() => {}
            }
            work.take(&shared, received);
        }
        if over || Instant::now() >= report_at {
            report_at = after(shared.bounds.interval);
            work.batch.extend(shared.take_left_out());
        }
        let mut pause = PAUSE;
        while !work.write(&shared, &store).await {
            if last.is_some_and(|last| Instant::now() >= last) {
                let lost = work.batch.len().saturating_add(work.waiting.len());
                tracing::error!(target: "sddl_authz::audit", refusals = lost, "refusals were not written before the end");
                return;
            }
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
            rest(pause, &mut ending).await;
            if *ending.borrow() && last.is_none() {
                last = Some(after(LAST));
            }
        }
        if over {
            return;
        }
        rest(PAUSE, &mut ending).await;
    }
}

fn after(time: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(time).unwrap_or(now)
}

/// Waits, a short time if the server ends.
async fn rest(pause: Duration, ending: &mut watch::Receiver<bool>) {
    if *ending.borrow() {
        sleep(Duration::from_millis(10)).await;
    } else {
        let _ = timeout(pause, ending.wait_for(|end| *end)).await;
    }
}

impl Work {
    /// Takes entries out of the queue.
    fn take(&mut self, shared: &Shared, received: Vec<Queued>) {
        for (entry, bytes) in received {
            shared.queued.fetch_sub(bytes, Ordering::Relaxed);
            self.batch.push(RefusalEntry::One(entry));
        }
    }

    /// Tries to write the batch. Returns whether it is written.
    async fn write<S: Store>(&mut self, shared: &Shared, store: &S) -> bool {
        if self.batch.is_empty() {
            return true;
        }
        match store.record(self.batch.clone()).await {
            Ok(()) => {
                let batch = core::mem::take(&mut self.batch);
                let left_out = batch.iter().fold(0, |all: u64, entry| match entry {
                    RefusalEntry::One(_) => all,
                    RefusalEntry::LeftOut(left_out) => all.saturating_add(left_out.count),
                });
                let failed_before = shared.health.add_written(batch.len());
                shared.health.add_left_out(left_out);
                if failed_before {
                    tracing::warn!(target: "sddl_authz::audit", "refusals are written to the audit again");
                }
                if left_out > 0 {
                    tracing::warn!(
                        target: "sddl_authz::audit", refusals = left_out,
                        "refusals were left out of the audit: there were too many"
                    );
                }
                true
            }
            Err(error) => {
                if !shared.health.add_failure() {
                    tracing::error!(target: "sddl_authz::audit", %error, "refusals are not written to the audit, and are tried again");
                }
                false
            }
        }
    }
}

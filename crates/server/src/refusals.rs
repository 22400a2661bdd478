//! The way of refusals into the audit.

use crate::{audit::AuditEntry, clock::Clock, store::Store};
use core::sync::atomic::{AtomicU64, Ordering};
use sddl_authz::http::Event;
use std::sync::Arc;
use tokio::sync::mpsc;

/// The queue of refusals that wait to be written. Answers never wait for it: a refusal that finds it full is counted and dropped.
#[derive(Clone, Debug)]
pub struct Refusals {
    queue: mpsc::Sender<AuditEntry>,
    dropped: Arc<AtomicU64>,
    clock: Clock,
}

/// The most refusals that wait.
const QUEUE: usize = 4096;
/// The most refusals of one transaction.
const BATCH: usize = 256;

impl Refusals {
    /// Returns a queue, and the writer that empties it.
    #[must_use]
    pub fn new(clock: Clock) -> (Self, Writer) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let dropped = Arc::default();
        let writer = Writer {
            waiting,
            dropped: Arc::clone(&dropped),
        };
        (Self { queue, dropped, clock }, writer)
    }

    /// Queues a decision that was answered 403 or 500.
    pub fn note(&self, event: &Event<'_>) {
        let refused = matches!(event.status.as_u16(), 403 | 500);
        let Some(caller) = event.caller.filter(|_| refused) else {
            return;
        };
        match self.queue.try_reserve() {
            Ok(place) => place.send(AuditEntry::of_refusal(event, caller, self.clock.now())),
            Err(_) => {
                self.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Writes the queued refusals in batches.
#[derive(Debug)]
pub struct Writer {
    waiting: mpsc::Receiver<AuditEntry>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    /// Writes refusals until `stop` is done or every queue is dropped. It writes those that still wait before it ends.
    pub async fn run<S: Store>(mut self, store: S, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut stopping = false;
        loop {
            let mut batch = Vec::new();
            let received = tokio::select! {
                received = self.waiting.recv_many(&mut batch, BATCH) => received,
                () = &mut stop, if !stopping => {
                    stopping = true;
                    self.waiting.close();
                    continue;
                }
            };
            if received == 0 {
                return;
            }
            if let Err(error) = store.record(batch).await {
                tracing::error!(target: "sddl_authz::audit", refusals = received, %error, "refusals were not written");
            }
            match self.dropped.swap(0, Ordering::Relaxed) {
                0 => {}
                dropped => {
                    tracing::warn!(target: "sddl_authz::audit", dropped, "refusals were dropped: the queue was full")
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{QUEUE, Refusals};
    use crate::{clock::Clock, sqlite::Sqlite};
    use axum::http::{Request, request::Parts};
    use sddl_authz::{
        Caller,
        http::{CallerSourceError, ResponseContext},
        mim::{StatusChangePolicy, http::Guard},
    };
    use std::{fs, sync::Arc};

    /// As many refusals as the queue holds and seven more, before anybody writes.
    #[tokio::test]
    async fn what_the_queue_can_t_hold_is_counted_and_said() {
        const MORE: usize = 7;
        let folder = std::env::temp_dir().join(format!("sddl-authz-audit-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (path, log) = (folder.join("store"), folder.join("log"));
        let file = Arc::new(fs::File::create(&log).unwrap());
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(file);
        let _logging = tracing::subscriber::set_default(subscriber.finish());

        let store = Sqlite::create(&path).unwrap();
        let (refusals, writer) = Refusals::new(Clock::System);
        let nobody = |_: &Parts| -> Result<Caller, CallerSourceError> { Ok(Caller::anonymous()) };
        let policy = StatusChangePolicy::inferred();
        let guard = Guard::new(policy, nobody, store.clone()).observer(move |event| refusals.note(event));
        let (head, ()) = Request::new(()).into_parts();
        for _ in 0..QUEUE + MORE {
            let refused = guard
                .change_as(Caller::anonymous(), None, ResponseContext::new(&head))
                .await;
            assert_eq!(refused.unwrap_err().status(), 403);
        }
        writer.run(store, async {}).await;

        let log = fs::read_to_string(&log).unwrap();
        let said = log
            .lines()
            .filter(|line| line.contains("refusals were dropped"))
            .collect::<Vec<_>>();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].contains("WARN") && said[0].ends_with(&format!("dropped={MORE}")),
            "{said:?}"
        );
        let audit = rusqlite::Connection::open(&path).unwrap();
        let written: u32 = audit
            .query_row("SELECT count(*) FROM audit", [], |row| row.get(0))
            .unwrap();
        assert_eq!(usize::try_from(written), Ok(QUEUE));
        drop(audit);
        fs::remove_dir_all(folder).unwrap();
    }
}

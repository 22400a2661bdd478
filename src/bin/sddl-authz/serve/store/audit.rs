//! What was changed and what was refused, for whom.

use super::Store;
use crate::serve::clock::Clock;
use core::sync::atomic::{AtomicU64, Ordering};
use sddl_authz::{Caller, http::Event, mim::StatusUpdate};
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;

/// A row of the audit.
#[derive(Clone, Debug)]
pub(crate) struct AuditEntry {
    pub(crate) time: String,
    pub(crate) correlation: Uuid,
    pub(crate) request: Option<Uuid>,
    /// The caller's SIDs: the user, then the groups, those for Deny alone with a `-` in front, `…` at the end where some are not known.
    pub(crate) caller: String,
    pub(crate) action: &'static str,
    pub(crate) status: u16,
    pub(crate) reason: &'static str,
    pub(crate) change: Option<AuditedChange>,
}

/// What a change was from and to.
#[derive(Clone, Debug)]
pub(crate) struct AuditedChange {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) descriptor: [u8; 32],
}

impl AuditEntry {
    /// A change that is about to be made.
    pub(crate) fn of_change(
        update: &StatusUpdate,
        action: &'static str,
        caller: &Caller,
        correlation: Uuid,
        time: String,
    ) -> Self {
        Self {
            time,
            correlation,
            request: Some(update.request),
            caller: sids(caller),
            action,
            status: 200,
            reason: "permitted",
            change: Some(AuditedChange {
                from: update.from.0,
                to: update.to.0,
                descriptor: *update.descriptor.as_bytes(),
            }),
        }
    }

    /// A rejection of somebody known.
    fn of_refusal(event: &Event<'_>, caller: &Caller, time: String) -> Self {
        Self {
            time,
            correlation: event.correlation.0,
            request: event.request,
            caller: sids(caller),
            action: event.action.code(),
            status: event.reason.status().as_u16(),
            reason: event.reason.code(),
            change: None,
        }
    }
}

fn sids(caller: &Caller) -> String {
    let mut text = caller.user().to_string();
    for group in caller.groups() {
        let mark = if group.deny_only { "-" } else { "" };
        text.push_str(&format!(",{mark}{}", group.sid));
    }
    if !caller.groups_complete() {
        text.push_str(",…");
    }
    text
}

/// Refusals on their way into the audit. Answers never wait for them: what does not fit is counted and dropped.
#[derive(Clone, Debug)]
pub(crate) struct Refusals {
    queue: mpsc::Sender<AuditEntry>,
    dropped: Arc<AtomicU64>,
    clock: Clock,
}

/// How many refusals may wait, and how many are written at once.
const QUEUE: usize = 4096;
const BATCH: usize = 256;

impl Refusals {
    pub(crate) fn new(clock: Clock) -> (Self, Writer) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let dropped = Arc::default();
        let writer = Writer {
            waiting,
            dropped: Arc::clone(&dropped),
        };
        (Self { queue, dropped, clock }, writer)
    }

    /// Notes a decision that was 403 or 500.
    pub(crate) fn note(&self, event: &Event<'_>) {
        let refused = matches!(event.reason.status().as_u16(), 403 | 500);
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

/// Writes refusals in batches until nobody can refuse any more.
#[derive(Debug)]
pub(crate) struct Writer {
    waiting: mpsc::Receiver<AuditEntry>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    /// Takes no more refusals once `stop` is done, writes what waits, and ends.
    pub(crate) async fn run<S: Store>(mut self, store: S, stop: impl Future<Output = ()>) {
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
    use crate::serve::{clock::Clock, store::Sqlite};
    use axum::http::{Request, request::Parts};
    use sddl_authz::{
        Caller,
        http::{CallerSourceError, Guard, ResponseContext},
        mim::StatusChangePolicy,
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

        let store = Sqlite::open(&path).unwrap();
        let (refusals, writer) = Refusals::new(Clock::System);
        let nobody = |_: &Parts| -> Result<Caller, CallerSourceError> { Ok(Caller::anonymous()) };
        let policy = StatusChangePolicy::inferred();
        let guard = Guard::with_observer(policy, nobody, store.clone(), move |event| refusals.note(event));
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

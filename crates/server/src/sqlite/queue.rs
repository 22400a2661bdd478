//! The threads of the store, each with a connection of its own, and the queues in front of them.

use super::{
    job::{Job, Task},
    open::Identity,
};
use crate::store::StoreError;
use core::{
    num::NonZeroUsize,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use std::{collections::VecDeque, sync::Arc, thread, time::Instant};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout_at,
};

/// The most jobs that wait for a thread. The sender of one more waits until there is room.
const QUEUE: usize = 1024;
/// How long the writer waits at a time while another process writes. Between two waits it looks for new jobs and for those given up.
const BUSY: Duration = Duration::from_millis(50);

/// The most changes that are committed together.
pub(super) const GROUP: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);

enum Message {
    Job(Box<dyn Job>),
    /// Ends the thread; the answer is the connection.
    Close(oneshot::Sender<Connection>),
}

/// The queue in front of a thread.
#[derive(Clone, Debug)]
pub(super) struct Queue(mpsc::Sender<Message>, Arc<Work>);

/// Counts of the work that a thread has done since the start.
#[derive(Debug, Default)]
struct Work {
    commits: AtomicU64,
    committed: AtomicU64,
}

impl Queue {
    /// Starts a thread that does one job after the other.
    pub(super) fn of_reader(connection: Connection) -> Result<Self, StoreError> {
        Self::start("store-read", move |jobs, _| read(connection, jobs))
    }

    /// Starts a thread that does the waiting jobs in one transaction, at most `group` of them. It commits nothing once the file was
    /// deleted or replaced.
    pub(super) fn of_writer(
        connection: Connection,
        file: Option<Arc<Identity>>,
        group: NonZeroUsize,
    ) -> Result<Self, StoreError> {
        connection.busy_timeout(BUSY)?;
        Self::start("store-write", move |jobs, work| {
            write((connection, file.as_deref()), jobs, group.get(), &work);
        })
    }

    fn start(
        name: &str,
        run: impl FnOnce(mpsc::Receiver<Message>, Arc<Work>) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let queue = Self(queue, Arc::default());
        let of_thread = Arc::clone(&queue.1);
        let thread = thread::Builder::new().name(name.to_owned());
        thread.spawn(move || run(jobs, of_thread)).map_err(StoreError::Thread)?;
        Ok(queue)
    }

    /// Returns how many jobs wait for the thread.
    pub(super) fn waiting(&self) -> usize {
        self.0.max_capacity().saturating_sub(self.0.capacity())
    }

    /// Returns how many transactions the thread has committed, and how many jobs were in them.
    pub(super) fn committed(&self) -> (u64, u64) {
        let Work { commits, committed } = &*self.1;
        (commits.load(Ordering::Relaxed), committed.load(Ordering::Relaxed))
    }

    /// Has the thread do some work, which is told its deadline. If it can't begin within this time, it is not done at all.
    pub(super) async fn done<T: Send + 'static>(
        &self,
        time: Duration,
        work: impl FnOnce(&Connection, Instant) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let deadline = Instant::now().checked_add(time).ok_or(StoreError::Deadline)?;
        let (task, claim, mut answer) = Task::new(deadline, work);
        match timeout_at(deadline.into(), self.0.send(Message::Job(task))).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(StoreError::Gone),
            Err(_) => return Err(StoreError::Deadline),
        }
        let answered = match timeout_at(deadline.into(), &mut answer).await {
            Ok(answered) => answered,
            Err(_) if claim.give_up() => return Err(StoreError::Deadline),
            // It began in time.
            Err(_) => answer.await,
        };
        answered.map_err(|_| StoreError::Gone)?
    }

    /// Ends the thread after the jobs that wait now. Returns its connection.
    pub(super) async fn close(&self) -> Result<Connection, StoreError> {
        let (closed, connection) = oneshot::channel();
        let sent = self.0.send(Message::Close(closed)).await;
        sent.map_err(|_| StoreError::Gone)?;
        connection.await.map_err(|_| StoreError::Gone)
    }
}

fn read(connection: Connection, mut jobs: mpsc::Receiver<Message>) {
    while let Some(message) = jobs.blocking_recv() {
        match message {
            Message::Job(job) => {
                let Some(mut job) = job.begun() else { continue };
                let failed = connection.busy_timeout(rest(job.deadline())).err();
                if failed.is_none() {
                    job.run(&connection);
                }
                job.answer(failed.map(StoreError::from));
            }
            Message::Close(closed) => {
                let _ = closed.send(connection);
                return;
            }
        }
    }
}

fn rest(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

fn write(
    (mut connection, file): (Connection, Option<&Identity>),
    mut jobs: mpsc::Receiver<Message>,
    group: usize,
    work: &Work,
) {
    let mut waiting = VecDeque::new();
    loop {
        let mut message = if waiting.is_empty() {
            jobs.blocking_recv()
        } else {
            jobs.try_recv().ok()
        };
        if message.is_none() && waiting.is_empty() {
            return;
        }
        let mut close = None;
        while let Some(received) = message {
            match received {
                Message::Job(job) => waiting.push_back(job),
                Message::Close(closed) => close = Some(closed),
            }
            message = if close.is_none() && waiting.len() < group {
                jobs.try_recv().ok()
            } else {
                None
            };
        }
        loop {
            commit((&mut connection, file), &mut waiting, work);
            if close.is_none() || waiting.is_empty() {
                break;
            }
        }
        if let Some(closed) = close {
            let _ = closed.send(connection);
            return;
        }
    }
}

/// Does the waiting jobs in one transaction, and answers them when it is on the disk. While another process writes, they remain.
fn commit(store: (&mut Connection, Option<&Identity>), waiting: &mut VecDeque<Box<dyn Job>>, work: &Work) {
    waiting.retain(|job| !job.is_given_up());
    if waiting.is_empty() {
        return;
    }
    let mut begun = Vec::with_capacity(waiting.len());
    let failed = match in_transaction(store, waiting, &mut begun) {
        Ok(()) => {
            work.commits.fetch_add(1, Ordering::Relaxed);
            let jobs = u64::try_from(begun.len()).unwrap_or(u64::MAX);
            work.committed.fetch_add(jobs, Ordering::Relaxed);
            None
        }
        Err(error) if is_busy(&error) && begun.is_empty() => {
            // A job past its deadline is told so. The others wait on.
            let now = Instant::now();
            let (late, rest): (VecDeque<_>, _) = waiting.drain(..).partition(|job| job.deadline() <= now);
            late.into_iter().for_each(|job| drop(job.begun()));
            *waiting = rest;
            return;
        }
        Err(error) => {
            if begun.is_empty() {
                // The transaction did not begin, and it would not for the others.
                begun.extend(waiting.drain(..).filter_map(Job::begun));
            }
            Some(Arc::new(error))
        }
    };
    for job in begun {
        job.answer(failed.clone().map(StoreError::RolledBack));
    }
}

fn is_busy(error: &StoreError) -> bool {
    matches!(error, StoreError::Sqlite(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy))
}

/// Moves the jobs that it did to `begun`. They hold if it succeeds.
fn in_transaction(
    (connection, file): (&mut Connection, Option<&Identity>),
    waiting: &mut VecDeque<Box<dyn Job>>,
    begun: &mut Vec<Box<dyn Job>>,
) -> Result<(), StoreError> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    while let Some(job) = waiting.pop_front() {
        let Some(job) = job.begun() else { continue };
        begun.push(job);
        let Some(job) = begun.last_mut() else { break };
        let savepoint = transaction.savepoint()?;
        let kept = job.run(&savepoint);
        if savepoint.is_autocommit() {
            // SQLite itself rolled the whole transaction back, as it does when the disk is full.
            let rolled_back = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT_ROLLBACK);
            return Err(rusqlite::Error::SqliteFailure(rolled_back, None).into());
        }
        if kept {
            savepoint.commit()?;
        } else {
            // It rolls this job back.
            savepoint.finish()?;
        }
    }
    // A commit to a file without its name would be lost.
    file.map_or(Ok(()), Identity::is_there)?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::{GROUP, Queue};
    use crate::{
        sqlite::open,
        store::StoreError::{self, Deadline, RolledBack},
    };
    use core::time::Duration;
    use rusqlite::Connection;
    use std::sync::mpsc;

    const LONG: Duration = Duration::from_secs(10);

    /// A queue whose thread is busy until the sender is dropped.
    async fn busy() -> (Queue, mpsc::Sender<()>) {
        let queue = Queue::of_writer(open::in_memory().unwrap(), None, GROUP).unwrap();
        let (sender, wait) = mpsc::channel();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let busy = queue.clone();
        tokio::spawn(async move {
            let work = move |_: &Connection, _| {
                begun.send(()).unwrap();
                let _ = wait.recv();
                Ok(())
            };
            busy.done(LONG, work).await
        });
        begins.await.unwrap();
        (queue, sender)
    }

    /// Adds a row that may be there once.
    fn add(connection: &Connection, seq: i64) -> Result<(), StoreError> {
        connection.execute(
            "INSERT INTO policies (seq, digest, text) VALUES (?1, randomblob(32), '')",
            [seq],
        )?;
        Ok(())
    }

    async fn added(queue: &Queue) -> Vec<i64> {
        let rows = |connection: &Connection, _| {
            let mut statement = connection.prepare("SELECT seq FROM policies ORDER BY seq")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        queue.done(LONG, rows).await.unwrap()
    }

    #[tokio::test]
    async fn a_job_that_fails_is_rolled_back_alone() {
        let (queue, busy) = busy().await;
        let fails = |connection: &Connection, _| {
            add(connection, 2)?;
            add(connection, 1)
        };
        let (_, one, failed, three) = tokio::join!(
            async { drop(busy) },
            queue.done(LONG, |connection, _| add(connection, 1)),
            queue.done(LONG, fails),
            queue.done(LONG, |connection, _| add(connection, 3)),
        );
        one.unwrap();
        assert!(matches!(failed, Err(StoreError::Sqlite(_))), "{failed:?}");
        three.unwrap();
        assert_eq!(added(&queue).await, [1, 3]);
    }

    /// As SQLite does when the disk is full.
    #[tokio::test]
    async fn what_sqlite_rolled_back_is_not_acknowledged() {
        let (queue, busy) = busy().await;
        let rolls_back = |connection: &Connection, _| {
            connection.execute_batch("ROLLBACK")?;
            Ok(())
        };
        let ((), one, rolled_back, three) = tokio::join!(
            async { drop(busy) },
            queue.done(LONG, |connection, _| add(connection, 1)),
            queue.done(LONG, rolls_back),
            queue.done(LONG, |connection, _| add(connection, 3)),
        );
        assert!(matches!(one, Err(RolledBack(_))), "{one:?}");
        assert!(matches!(rolled_back, Err(RolledBack(_))), "{rolled_back:?}");
        three.unwrap();
        assert_eq!(added(&queue).await, [3]);
    }

    #[tokio::test]
    async fn a_job_that_was_given_up_never_begins() {
        let (queue, busy) = busy().await;
        let late = queue
            .done(Duration::from_millis(20), |connection, _| add(connection, 1))
            .await;
        assert!(matches!(late, Err(Deadline)), "{late:?}");
        let dropped = queue.done(LONG, |connection, _| add(connection, 2));
        let _ = tokio::time::timeout(Duration::from_millis(20), dropped)
            .await
            .unwrap_err();
        drop(busy);
        assert_eq!(added(&queue).await, Vec::<i64>::new());
    }

    /// It takes longer than it may wait.
    #[tokio::test]
    async fn a_job_that_has_begun_is_waited_for() {
        let queue = Queue::of_writer(open::in_memory().unwrap(), None, GROUP).unwrap();
        let slow = |connection: &Connection, _| {
            std::thread::sleep(Duration::from_millis(100));
            add(connection, 1)
        };
        queue.done(Duration::from_millis(50), slow).await.unwrap();
        assert_eq!(added(&queue).await, [1]);
    }

    #[tokio::test]
    async fn after_its_end_nothing_is_done() {
        let queue = Queue::of_writer(open::in_memory().unwrap(), None, GROUP).unwrap();
        let (begun, closed) = tokio::join!(queue.done(LONG, |connection, _| add(connection, 1)), queue.close());
        begun.unwrap();
        drop(closed.unwrap());
        let gone = queue.done(LONG, |connection, _| add(connection, 2)).await;
        assert!(matches!(gone, Err(StoreError::Gone)), "{gone:?}");
    }
}

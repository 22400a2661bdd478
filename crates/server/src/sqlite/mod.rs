//! A store in a file of SQLite. Three threads each have a connection: one writes, one reads single requests, one reads lists.

mod apply;
mod audit;
mod backup;
mod descriptors;
mod export;
mod health;
mod import;
mod job;
mod open;
mod page;
mod queue;
mod rows;

pub use audit::{AuditReader, policy_text};
pub use backup::{Backup, BackupError, backup};
pub use export::{ExportError, export};

use crate::{
    audit::{AuditEntry, RefusalEntry},
    store::{
        Applied, Batch, DescriptorNumber, Filter, Found, Imported, ListSource, Readable, Store, StoreError, Walked,
    },
};
use core::{num::NonZeroUsize, time::Duration};
use open::Identity;
use queue::{GROUP, Queue};
use rusqlite::Connection;
use sddl_authz::{http::ResourceSource, mim::StatusUpdate};
use std::{path::Path, sync::Arc};
use uuid::Uuid;

/// How long a job may wait before it begins.
const TIME: Duration = Duration::from_secs(5);

/// The pages that an import keeps in memory: a negative number is one of KiB.
const IMPORT_CACHE: i64 = -65_536;

/// A store in a file of SQLite, or in memory.
///
/// Changes that wait at one time are committed together. Each is on the disk before its call returns.
///
/// ```
/// use sddl_authz_server::sqlite::Sqlite;
/// # let folder = std::env::temp_dir().join(format!("sddl-authz-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let path = folder.join("requests.db");
/// assert!(Sqlite::open(&path).is_err());
/// let store = Sqlite::create(&path)?;
/// assert!(Sqlite::open(&path).is_ok());
/// # drop(store); std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sqlite {
    reader: Queue,
    lister: Queue,
    writer: Queue,
    file: Option<Arc<Identity>>,
    time: Duration,
}

impl Sqlite {
    /// Opens a store.
    ///
    /// # Errors
    ///
    /// Fails if there is no such file, if it is not a whole store of this version, or if it can't be written.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with_group(path, GROUP)
    }

    /// Opens a store that commits at most this many waiting changes together. [`open`](Self::open) takes 256.
    ///
    /// # Errors
    ///
    /// Fails as [`open`](Self::open) does.
    pub fn open_with_group(path: &Path, most: NonZeroUsize) -> Result<Self, StoreError> {
        Self::start(open::open(path)?, most)
    }

    /// Opens a store for a large import: it keeps up to 64 MiB of the store's pages in memory while it writes.
    ///
    /// # Errors
    ///
    /// Fails as [`open`](Self::open) does.
    pub fn open_to_import(path: &Path) -> Result<Self, StoreError> {
        let (file, writer) = open::open(path)?;
        writer.pragma_update(None, "cache_size", IMPORT_CACHE)?;
        Self::start((file, writer), GROUP)
    }

    /// Creates a store as [`create`](Self::create) does, for a large import.
    ///
    /// # Errors
    ///
    /// Fails as [`create`](Self::create) does.
    pub fn create_to_import(path: &Path) -> Result<Self, StoreError> {
        open::create(path)?;
        Self::open_to_import(path)
    }

    fn start((file, writer): (Identity, Connection), most: NonZeroUsize) -> Result<Self, StoreError> {
        let (reader, lister) = (open::connect(&file)?, open::connect(&file)?);
        let file = Arc::new(file);
        let store = Self {
            reader: Queue::of_reader(reader)?,
            lister: Queue::of_reader(lister)?,
            writer: Queue::of_writer(writer, Some(Arc::clone(&file)), most)?,
            file: Some(file),
            time: TIME,
        };
        Ok(store)
    }

    /// Creates a store in a new file that only its owner may read and write, and opens it.
    ///
    /// # Errors
    ///
    /// Fails if there is such a file, or if it can't be written.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        open::create(path)?;
        Self::open(path)
    }

    /// Opens a store, or creates it if there is no such file. Returns whether it was created.
    ///
    /// # Errors
    ///
    /// Fails if the file is there and is not a whole store of this version, or if it can't be written.
    pub fn open_or_create(path: &Path) -> Result<(Self, bool), StoreError> {
        match Self::open(path) {
            Err(StoreError::Missing(_)) => Self::create(path).map(|store| (store, true)),
            opened => opened.map(|store| (store, false)),
        }
    }

    /// Creates a store in memory, which ends with the process.
    ///
    /// # Errors
    ///
    /// Fails if SQLite fails, or if the thread does not start.
    pub fn in_memory() -> Result<Self, StoreError> {
        let writer = Queue::of_writer(open::in_memory()?, None, GROUP)?;
        Ok(Self {
            reader: writer.clone(),
            lister: writer.clone(),
            writer,
            file: None,
            time: TIME,
        })
    }

    /// Sets how long a job may wait before it begins. One that can't begin in this time fails with [`StoreError::Deadline`], and nothing of
    /// it is done.
    #[must_use]
    pub fn with_time(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// Returns how many jobs wait: those of changes, of reads, and of lists. In memory, one thread does all of them.
    #[must_use]
    pub fn waiting(&self) -> [usize; 3] {
        [&self.writer, &self.reader, &self.lister].map(Queue::waiting)
    }

    /// Returns how many transactions were committed since the start, and how many jobs were in them.
    #[must_use]
    pub fn committed(&self) -> (u64, u64) {
        self.writer.committed()
    }

    /// Does the jobs that wait, and closes the store. Afterwards all is in the one file, if no other process has it open. Every later
    /// call fails, on clones, too.
    ///
    /// # Errors
    ///
    /// Fails if the file can't be written. What was acknowledged is then in the files beside it, `-wal` and `-shm`.
    pub async fn close(&self) -> Result<(), StoreError> {
        let writer = self.writer.close().await?;
        if self.file.is_none() {
            return Ok(());
        }
        drop((self.reader.close().await?, self.lister.close().await?));
        open::close(writer)
    }
}

impl ResourceSource for Sqlite {
    type Id = Uuid;
    type Resource = String;
    type Error = StoreError;

    async fn load(&self, id: Uuid) -> Result<Option<String>, StoreError> {
        let load = move |connection: &_, _| rows::load(connection, id);
        self.reader.done(self.time, load).await
    }
}

impl ListSource for Sqlite {
    async fn walk(&self, filter: Filter, after: Option<Uuid>, most: usize) -> Result<Walked, StoreError> {
        let walk = move |connection: &_, _| page::walk(connection, &filter, after, most);
        self.lister.done(self.time, walk).await
    }

    async fn search(
        &self,
        filter: Filter,
        readable: Readable,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Found, StoreError> {
        let search =
            move |connection: &_, _| page::search(connection, &filter, &readable, after, limit, page::Bounds::DEFAULT);
        self.lister.done(self.time, search).await
    }

    async fn descriptors(
        &self,
        after: Option<DescriptorNumber>,
        limit: usize,
    ) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        let next = move |connection: &_, _| page::descriptors(connection, after, limit);
        self.lister.done(self.time, next).await
    }

    async fn texts(&self, numbers: Vec<DescriptorNumber>) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        let texts = move |connection: &_, _| page::texts(connection, &numbers);
        self.lister.done(self.time, texts).await
    }

    async fn rows(&self, ids: Arc<[Uuid]>, first: usize, bytes: usize) -> Result<Vec<Option<String>>, StoreError> {
        let rows = move |connection: &_, _| page::rows(connection, ids.get(first..).unwrap_or_default(), bytes);
        self.lister.done(self.time, rows).await
    }
}

impl Store for Sqlite {
    async fn apply(&self, update: StatusUpdate, entry: AuditEntry) -> Result<Applied, StoreError> {
        let apply = move |connection: &_, _| apply::apply(connection, &update, &entry);
        self.writer.done(self.time, apply).await
    }

    async fn record(&self, entries: Vec<RefusalEntry>) -> Result<(), StoreError> {
        let record = move |connection: &_, _| {
            entries
                .iter()
                .try_for_each(|entry| audit::append_refusal(connection, entry))
        };
        self.writer.done(self.time, record).await
    }

    async fn import(&self, batch: Batch) -> Result<Imported, StoreError> {
        let import = move |connection: &_, _| import::import(connection, batch);
        self.writer.done(self.time, import).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        let file = self.file.clone();
        let reads = move |connection: &_, _| {
            file.map_or(Ok(()), |file| file.is_there())?;
            health::reads(connection)
        };
        self.reader.done(self.time, reads).await?;
        self.writer
            .done(self.time, |connection, _| health::write(connection))
            .await
    }
}

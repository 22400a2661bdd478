use std::{io, path::PathBuf, sync::Arc};

/// An error of a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite failed.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The transaction of several changes failed as a whole, so none of them was made.
    #[error("the transaction failed, and nothing of it was done: {0}")]
    RolledBack(Arc<Self>),
    /// The store did not begin with the job in time. Nothing was changed.
    #[error("the store was busy for too long, and did nothing")]
    Deadline,
    /// A stored row is not a request.
    #[error("a stored row is not a request: {0}")]
    Row(#[from] serde_json::Error),
    /// The thread of the store has ended.
    #[error("the store does not answer")]
    Gone,
    /// The thread of the store did not start.
    #[error("the store's thread did not start: {0}")]
    Thread(io::Error),
    /// The file can't be read or created.
    #[error("`{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        error: io::Error,
    },
    /// There is no such file.
    #[error("there is no file `{}`", .0.display())]
    Missing(PathBuf),
    /// The file is there already.
    #[error("there is a file `{}` already", .0.display())]
    Exists(PathBuf),
    /// The file has no bytes.
    #[error("`{}` is empty, so it is not a store; it was cut, or its creation was interrupted", .0.display())]
    Empty(PathBuf),
    /// The file is no database of SQLite, or one of another program.
    #[error("`{}` is not a store of this program", .0.display())]
    Foreign(PathBuf),
    /// The file is shorter than its first page says.
    #[error("`{}` is torn: it should have {expected} bytes, and has {found}", path.display())]
    Torn {
        /// The file.
        path: PathBuf,
        /// The bytes that it should have.
        expected: u64,
        /// The bytes that it has.
        found: u64,
    },
    /// The file can't be written.
    #[error("`{}` can't be written", .0.display())]
    ReadOnly(PathBuf),
    /// Another version of the server wrote the store.
    #[error("the store is of version {found}, and this program knows version {known}")]
    Version {
        /// The version of the store.
        found: i64,
        /// The version that this program knows.
        known: i64,
    },
    /// A table, an index, a trigger or a view of the store is missing, is another, or should not be there.
    #[error("the table, index, trigger or view `{0}` of the store differs from that of this version")]
    Schema(String),
    /// The file was deleted or replaced while the store was open.
    #[error("`{}` was deleted or replaced", .0.display())]
    Replaced(PathBuf),
}

use super::place::Place;
use crate::store::{Imported, StoreError};
use std::io;
use uuid::Uuid;

/// A value of the input that is not a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct BadValue {
    /// Where the value begins.
    pub place: Place,
    /// Why it is not a request. It may hold text of the input.
    pub message: String,
}

/// Why an import did not begin, or did not end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input can't be read.
    #[error("can't read the input: {0}")]
    Read(#[from] io::Error),
    /// The input is not UTF-8.
    #[error("the input is UTF-16 or UTF-32, and must be UTF-8")]
    Encoding,
    /// The input has no value.
    #[error("the input is empty")]
    Empty,
    /// The input ends within an array or an object.
    #[error("{0}: the input ends too early")]
    Truncated(Place),
    /// The values can't be told from each other.
    #[error("line {line}: {message}")]
    Syntax {
        /// The line.
        line: u64,
        /// The error.
        message: String,
    },
    /// A value is too long.
    #[error("{place}: a request has at most {most} bytes")]
    TooLong {
        /// Where the value begins.
        place: Place,
        /// The most bytes.
        most: usize,
    },
    /// A value is not a request.
    #[error(transparent)]
    Bad(#[from] BadValue),
    /// Two requests have one id, so it is unknown which one is meant.
    #[error("{second}: the id {id} is also in {first}")]
    Twice {
        /// The id.
        id: Uuid,
        /// The place of the first request.
        first: Place,
        /// The place of the second request.
        second: Place,
    },
    /// The temporary file with what was read can't be written or read.
    #[error("the temporary file of the import failed: {0}")]
    Staging(#[from] rusqlite::Error),
    /// The store failed. What it did before remains.
    #[error("the store failed after {} of {given} requests, and the import can be repeated: {error}", done.total())]
    Store {
        /// The requests that were given.
        given: u64,
        /// The requests that were brought in before.
        done: Box<Imported>,
        /// The error.
        error: Box<StoreError>,
    },
}

//! Requests are brought into a store, replaced there, or removed.
//!
//! An import has two parts. [`Staged::read`] reads the whole input into a temporary file: if a part of it can't be used, the store is not
//! changed. [`Staged::apply`] makes the changes, in batches, each of which is a transaction: a server that uses the store goes on between
//! them.

mod error;
mod place;
mod read;
mod request;
mod staged;

pub use self::{
    error::{BadValue, ImportError},
    place::Place,
    staged::{Mode, Staged},
};

//! The store of requests: the trait [`Store`] says what the server asks of it.

mod batch;
mod error;
mod list_source;
mod row;

pub use batch::{Batch, Imported};
pub use error::StoreError;
pub use list_source::{Found, ListSource, Readable, Walked};
pub use row::{DescriptorNumber, Filter};

use crate::audit::{AuditEntry, RefusalEntry};
use sddl_authz::{http::ResourceSource, mim::StatusUpdate};
use uuid::Uuid;

/// A store of requests. A row is JSON, as the API prints a request.
///
/// A call that fails with [`StoreError::Deadline`] changed nothing and will change nothing. A call whose future is dropped before the
/// store began with it changes nothing either.
pub trait Store: ResourceSource<Id = Uuid, Resource = String, Error = StoreError> + ListSource + Clone {
    /// Makes a change and adds its entry to the audit, both or neither. It does so only if the row still has the id, the status and
    /// the digest of the descriptor that the update names. Once it returns, the change survives a crash of the process and the machine.
    fn apply(
        &self,
        update: StatusUpdate,
        entry: AuditEntry,
    ) -> impl Future<Output = Result<Applied, StoreError>> + Send;

    /// Adds refusals to the audit.
    fn record(&self, entries: Vec<RefusalEntry>) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Adds, replaces or removes requests, all of a batch or none.
    fn import(&self, batch: Batch) -> impl Future<Output = Result<Imported, StoreError>> + Send;

    /// Succeeds if changes can be made.
    fn ready(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The result of [`Store::apply`].
#[derive(Debug)]
pub enum Applied {
    /// The change is made. The row is as it is now.
    Done(String),
    /// The row changed after the decision, so nothing was done.
    Stale,
}

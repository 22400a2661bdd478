//! The store of requests: what the server asks of it.

use crate::audit::AuditEntry;
use sddl_authz::{
    http::ResourceSource,
    mim::{CertificateRequest, RequestStatus, StatusUpdate},
};
use uuid::Uuid;

/// A store of requests. A row is JSON, as the API prints a request.
pub trait Store: ResourceSource<Id = Uuid, Resource = String, Error = StoreError> + Clone {
    /// Makes a change and adds its entry to the audit, in one transaction. It does so only if the row still has the id, the status and
    /// the digest of the descriptor that the update names. Once it returns, the change survives a crash of the process and the machine.
    fn apply(
        &self,
        update: StatusUpdate,
        entry: AuditEntry,
    ) -> impl Future<Output = Result<Applied, StoreError>> + Send;

    /// Returns the next rows after an id, in the order of their ids. The list is empty after the last row.
    fn page(
        &self,
        filter: Filter,
        after: Option<Uuid>,
    ) -> impl Future<Output = Result<Vec<(Uuid, String)>, StoreError>> + Send;

    /// Adds refusals to the audit.
    fn record(&self, entries: Vec<AuditEntry>) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Adds the requests whose ids are not in the store, in one transaction, and returns how many it added.
    fn import(&self, requests: Vec<CertificateRequest>) -> impl Future<Output = Result<usize, StoreError>> + Send;

    /// Succeeds if the store answers.
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

/// The rows of a list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only the rows with this target user.
    pub target: Option<Uuid>,
    /// Only the rows with one of these statuses. An empty list does not filter.
    pub statuses: Vec<RequestStatus>,
}

/// An error of a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite failed.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored row is not a request.
    #[error("a stored row is not a request: {0}")]
    Row(#[from] serde_json::Error),
    /// Another version of the server wrote the store.
    #[error("the store is of version {found}, and this program knows {known}")]
    Version {
        /// The version of the store.
        found: i64,
        /// The version that this program knows.
        known: i64,
    },
    /// The thread of the store has ended.
    #[error("the store does not answer")]
    Gone,
    /// The thread of the store did not start.
    #[error("the store's thread did not start: {0}")]
    Thread(#[from] std::io::Error),
}

//! Where requests are kept.

mod audit;
mod sqlite;

pub(crate) use audit::{AuditEntry, Refusals};
pub(crate) use sqlite::Sqlite;

use sddl_authz::{
    http::RequestSource,
    mim::{CertificateRequest, RequestStatus, StatusUpdate},
};
use uuid::Uuid;

/// What the server asks of a store. A row is JSON, as the API prints a request.
pub(crate) trait Store: RequestSource<Request = String, Error = StoreError> + Clone {
    /// Makes a change and writes it into the audit, both or neither, where id, status and the descriptor's digest are still those of
    /// the update. When it returns, the change outlives the process and the machine.
    fn apply(
        &self,
        update: StatusUpdate,
        entry: AuditEntry,
    ) -> impl Future<Output = Result<Applied, StoreError>> + Send;

    /// The next rows after an id, in the order of ids; none at the end.
    fn page(
        &self,
        filter: Filter,
        after: Option<Uuid>,
    ) -> impl Future<Output = Result<Vec<(Uuid, String)>, StoreError>> + Send;

    /// Writes refusals into the audit.
    fn record(&self, entries: Vec<AuditEntry>) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Takes in requests whose ids are not there yet, all or none, and returns how many those were.
    fn import(&self, requests: Vec<CertificateRequest>) -> impl Future<Output = Result<usize, StoreError>> + Send;

    /// Whether it answers.
    fn ready(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// What became of a change.
#[derive(Debug)]
pub(crate) enum Applied {
    /// It is made; the row as it is now.
    Done(String),
    /// The request is no longer what was decided on.
    Stale,
}

/// Which rows to list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Only of this target user.
    pub(crate) target: Option<Uuid>,
    /// Only in one of these statuses, where there are any.
    pub(crate) statuses: Vec<RequestStatus>,
}

/// Why a store did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("a stored row is no request: {0}")]
    Row(#[from] serde_json::Error),
    #[error("the store is of version {found}, and this program knows {known}")]
    Version { found: i64, known: i64 },
    #[error("the store does not answer")]
    Gone,
    #[error("the store's thread did not start: {0}")]
    Thread(#[from] std::io::Error),
}

use jiff::Timestamp;
use sddl_authz::Sid;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The entries that are looked for in the audit. The default is all.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Only entries of this time and later.
    pub since: Option<Timestamp>,
    /// Only entries before this time.
    pub until: Option<Timestamp>,
    /// Only entries about this request.
    pub request: Option<Uuid>,
    /// Only entries about this user, in whatever groups.
    pub user: Option<Sid>,
    /// Only entries of this kind.
    pub kind: Option<Kind>,
    /// The most entries.
    pub limit: Option<u64>,
}

/// A kind of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Changes.
    Changes,
    /// Refusals.
    Refusals,
}

/// An entry as it is printed, in JSON. A field that the entry does not have is left out.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) kind: String,
    pub(crate) seq: i64,
    pub(crate) time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) correlation: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) caller: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) descriptor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entries: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_kept: Option<i64>,
}

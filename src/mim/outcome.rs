use super::{Permit, PolicyError, RequestStatus, StatusChange};
use crate::{check::Unresolved, mask::AccessMask, sddl::ParseError};
use alloc::{string::String, vec::Vec};
use uuid::Uuid;

/// The answer to a change of status, in the operation's own terms.
///
/// Not `#[non_exhaustive]`, on purpose: a new kind of answer must break the builds of those who match on it.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 200: the change may be made, with this.
    Permitted(Permit),
    /// 204: the request has that status already.
    Unchanged(Unchanged),
    /// 403: the change may not be made. The reason is for the log, and for those who may read the request.
    Forbidden(Forbidden),
    /// 500: it could not be decided, so nothing is granted.
    Failed(DecisionError),
}

impl Outcome {
    /// 200, 204, 403 or 500.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        match self {
            Self::Permitted(_) => 200,
            Self::Unchanged(_) => 204,
            Self::Forbidden(_) => 403,
            Self::Failed(_) => 500,
        }
    }
}

/// A request that has the wanted status already. Abandoned leads to Failed, so a failed request is one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unchanged {
    /// The request.
    pub request: Uuid,
    /// What was wanted.
    pub change: StatusChange,
    /// The status it has.
    pub status: RequestStatus,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forbidden {
    /// The request.
    pub request: Uuid,
    /// What was wanted.
    pub change: StatusChange,
    /// Why not.
    pub reason: ForbiddenReason,
    /// For each mask that would have been enough, in the policy's order, what of it is not granted; empty unless a right is missing.
    pub missing: Vec<AccessMask>,
    /// The groups and claims that must be known to decide; empty unless that is the reason.
    pub resolve: Vec<Unresolved>,
    /// Whether the caller may read the request, and so be told the reason.
    pub reader: bool,
}

/// Why a change is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForbiddenReason {
    /// The descriptor does not grant the caller what the change needs.
    NoRight,
    /// It does, but the change does not start from the status that the request has.
    WrongState,
    /// It depends on what is not known of the caller.
    Undetermined,
}

/// Why nothing could be decided. A server logs it and tells the client no more than that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError {
    /// The stored row is no request.
    #[error("the request is unreadable: {message}")]
    RequestUnreadable {
        /// What is wrong with it.
        message: String,
    },
    /// The request has no security descriptor: missing, null or empty.
    #[error("the request has no security descriptor")]
    DescriptorMissing,
    /// The security descriptor is no SDDL.
    #[error("the security descriptor is unreadable: {0}")]
    DescriptorUnreadable(#[source] ParseError),
    /// The security descriptor has no DACL, or a NULL one, so it protects nothing.
    #[error("the security descriptor has no DACL, or a NULL one, so it protects nothing")]
    Unprotected,
    /// There is no policy to decide by.
    #[error("the policy is unusable: {0}")]
    Policy(#[from] PolicyError),
}

impl DecisionError {
    /// A stable word for logs: `request_unreadable`, `descriptor_unreadable`, `unprotected` or `policy`.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::RequestUnreadable { .. } => "request_unreadable",
            Self::DescriptorMissing | Self::DescriptorUnreadable(_) => "descriptor_unreadable",
            Self::Unprotected => "unprotected",
            Self::Policy(_) => "policy",
        }
    }
}

use super::{DecisionError, Permit, RequestStatus, StatusChange};
use crate::{check::Unresolved, mask::AccessMask};
use alloc::vec::Vec;
use uuid::Uuid;

/// The answer to a change of status, in the terms of the REST API.
///
/// This enum is exhaustive: a new kind of answer must break the build of everybody who matches on it.
///
/// ```
/// use sddl_authz::{Caller, mim::{Outcome, StatusChange, StatusChangePolicy}};
/// let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":8,"SecurityDescriptor":"D:(A;;CC;;;AU)"}"#;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-7".parse()?)?.with_no_groups();
/// let outcome = StatusChangePolicy::inferred().decide_json(row, &caller, StatusChange::Complete);
/// assert!(matches!(outcome, Outcome::Unchanged(_))); // it is completed already
/// assert_eq!(outcome.http_status(), 204);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 200: the change may be made, with this permit.
    Permitted(Permit),
    /// 204: the request has that status already.
    Unchanged(Unchanged),
    /// 403: the change may not be made. The reason is for the log, and for callers who may read the request.
    Forbidden(Forbidden),
    /// 500: it could not be decided, so nothing is granted.
    Failed(DecisionError),
}

impl Outcome {
    /// Returns the status of the HTTP answer: 200, 204, 403 or 500. A 200 is true only after the store has made the update of the
    /// [`Permit`]. A caller who may not read the request then gets 204 without it.
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

/// A request that has the wanted status already. For [`StatusChange::Abandon`] that status is Failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unchanged {
    /// The id of the request.
    pub request: Uuid,
    /// The change that was asked for.
    pub change: StatusChange,
    /// The status of the request.
    pub status: RequestStatus,
}

/// A change that is refused.
///
/// ```
/// use sddl_authz::{AccessMask, Caller, mim::{ForbiddenReason, Outcome, StatusChange, StatusChangePolicy}};
/// let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"D:(A;;RC;;;AU)"}"#;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-7".parse()?)?.with_no_groups();
/// let outcome = StatusChangePolicy::inferred().decide_json(row, &caller, StatusChange::Cancel);
/// let Outcome::Forbidden(why) = outcome else { unreachable!() };
/// assert_eq!(why.reason, ForbiddenReason::NoRight);
/// assert_eq!(why.missing, ["DC".parse::<AccessMask>()?]);
/// assert!(why.reader); // RC lets the caller read the request, and so learn the reason
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forbidden {
    /// The id of the request.
    pub request: Uuid,
    /// The change that was asked for.
    pub change: StatusChange,
    /// The reason.
    pub reason: ForbiddenReason,
    /// The rights that are missing: for each mask that would be enough, in the order of the policy, its missing part. Empty for
    /// [`ForbiddenReason::WrongState`].
    pub missing: Vec<AccessMask>,
    /// The groups and claims that must be known to decide. Empty unless the reason is [`ForbiddenReason::Undetermined`].
    pub resolve: Vec<Unresolved>,
    /// Whether the caller may read the request, and so may learn the reason.
    pub reader: bool,
}

/// The reason why a change is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForbiddenReason {
    /// The descriptor does not grant the caller the rights that the change needs.
    NoRight,
    /// The caller has the rights, but the change does not start from the status of the request.
    WrongState,
    /// The decision depends on groups or claims of the caller that are not known.
    Undetermined,
}

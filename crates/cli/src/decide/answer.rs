//! The answer of `decide` to one request.

use crate::{diagnostic::Diagnostic, policy::Policy};
use sddl_authz::{
    Explanation, SecurityDescriptor, Span,
    mim::{Outcome, RequestStatus},
};
use uuid::Uuid;

/// A request and the decision on it.
pub(super) struct Answer<'a> {
    pub(super) policy: &'a Policy,
    pub(super) request: Uuid,
    pub(super) status: RequestStatus,
    pub(super) outcome: Outcome,
    /// With `--explain`.
    pub(super) explained: Option<Explained>,
}

/// The explanations of a decision: one for each mask of the rule, up to the first that is granted.
pub(super) struct Explained {
    pub(super) alternatives: Vec<Explanation>,
    pub(super) descriptor: SecurityDescriptor,
    pub(super) dacl_spans: Vec<Span>,
}

/// An error because of which nothing was decided.
pub(super) struct Undecided {
    /// The code of the reason.
    pub(super) reason: &'static str,
    pub(super) diagnostic: Diagnostic,
}

//! The audit: one row for each change, and one for each refusal.

mod caller;
mod query;
mod retention;

pub use self::{
    caller::AuditedCaller,
    query::{Kind, Query},
    retention::{Keep, Removal, Retention},
};
pub(crate) use query::Line;

use crate::policy::Policy;
use jiff::Timestamp;
use sddl_authz::{Caller, http::Event, mim::StatusUpdate};
use uuid::Uuid;

/// An entry of the audit: a change, or a refusal.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// The time of the decision.
    pub time: Timestamp,
    /// The correlation id of the answer.
    pub correlation: Uuid,
    /// The id of the request, if the path had one.
    pub request: Option<Uuid>,
    /// The SIDs of the caller.
    pub caller: AuditedCaller,
    /// The action: `read`, the status that was asked for, or `change` if the answer did not depend on it.
    pub action: &'static str,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The code of the reason.
    pub reason: &'static str,
    /// The policy that decided.
    pub policy: Policy,
    /// The change; `None` for a refusal.
    pub change: Option<AuditedChange>,
}

/// A change of the status.
#[derive(Clone, Debug)]
pub struct AuditedChange {
    /// The number of the status before.
    pub from: i64,
    /// The number of the status after.
    pub to: i64,
    /// The SHA-256 of the descriptor that was decided on.
    pub descriptor: [u8; 32],
}

/// An entry about refusals.
#[derive(Clone, Debug)]
pub enum RefusalEntry {
    /// One refusal.
    One(AuditEntry),
    /// Refusals that have no entries of their own.
    LeftOut(LeftOut),
}

/// A number of refusals that have no entries of their own, because there were too many.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// The start of the time in which they were answered.
    pub since: Timestamp,
    /// The end of this time.
    pub until: Timestamp,
    /// The user of all of them; `None` if they are of several users.
    pub caller: Option<AuditedCaller>,
    /// Their number.
    pub count: u64,
}

impl AuditEntry {
    /// Describes a change that is about to be made.
    #[must_use]
    pub fn of_change(
        update: &StatusUpdate,
        action: &'static str,
        caller: &Caller,
        policy: &Policy,
        correlation: Uuid,
        time: Timestamp,
    ) -> Self {
        Self {
            time,
            correlation,
            request: Some(update.request),
            caller: AuditedCaller::new(caller),
            action,
            status: 200,
            reason: "permitted",
            policy: policy.clone(),
            change: Some(AuditedChange {
                from: update.from.0,
                to: update.to.0,
                descriptor: *update.descriptor.as_bytes(),
            }),
        }
    }

    /// Describes a refusal of a known caller.
    pub(crate) fn of_refusal(event: &Event<'_>, caller: AuditedCaller, policy: &Policy, time: Timestamp) -> Self {
        Self {
            time,
            correlation: event.correlation.0,
            request: event.resource.and_then(|id| id.parse().ok()),
            caller,
            action: event.action,
            status: event.status.as_u16(),
            reason: event.reason.code(),
            policy: policy.clone(),
            change: None,
        }
    }
}

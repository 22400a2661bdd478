//! The audit: one row for each change, and one for each refusal.

use sddl_authz::{Caller, http::Event, mim::StatusUpdate};
use uuid::Uuid;

/// A row of the audit.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// The time of the decision.
    pub time: String,
    /// The correlation id of the answer.
    pub correlation: Uuid,
    /// The id of the request, if the path had one.
    pub request: Option<Uuid>,
    /// The SIDs of the caller, separated by commas: the user, then the groups. A user or a group that counts for Deny entries only has a
    /// `-` in front, and a user of whom this is unknown a `?`. A `…` at the end says that not all groups are known.
    pub caller: String,
    /// The action: `read`, or the status that was asked for.
    pub action: &'static str,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The code of the reason.
    pub reason: &'static str,
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

impl AuditEntry {
    /// Describes a change that is about to be made.
    #[must_use]
    pub fn of_change(
        update: &StatusUpdate,
        action: &'static str,
        caller: &Caller,
        correlation: Uuid,
        time: String,
    ) -> Self {
        Self {
            time,
            correlation,
            request: Some(update.request),
            caller: sids(caller),
            action,
            status: 200,
            reason: "permitted",
            change: Some(AuditedChange {
                from: update.from.0,
                to: update.to.0,
                descriptor: *update.descriptor.as_bytes(),
            }),
        }
    }

    /// Describes a refusal of a known caller.
    pub(crate) fn of_refusal(event: &Event<'_>, caller: &Caller, time: String) -> Self {
        Self {
            time,
            correlation: event.correlation.0,
            request: event.resource.and_then(|id| id.parse().ok()),
            caller: sids(caller),
            action: event.action,
            status: event.status.as_u16(),
            reason: event.reason.code(),
            change: None,
        }
    }
}

fn sids(caller: &Caller) -> String {
    let mark = |deny_only| if deny_only { "-" } else { "" };
    let mark_of_user = if caller.is_user_deny_only_known() {
        mark(caller.is_user_deny_only())
    } else {
        "?"
    };
    let mut text = format!("{mark_of_user}{}", caller.user());
    for group in caller.groups() {
        text.push_str(&format!(",{}{}", mark(group.deny_only), group.sid));
    }
    if !caller.groups_complete() {
        text.push_str(",…");
    }
    text
}

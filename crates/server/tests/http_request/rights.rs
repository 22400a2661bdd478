//! The rights of a caller to a stored row, by the reference, the policy and the row's status.

use crate::targets::answer::{answer_of, granted};
use sddl_authz::{
    Caller, SecurityDescriptor,
    mim::{CertificateRequest, RequestView, StatusChange, StatusChangePolicy},
};
use serde_json::json;
use uuid::Uuid;

/// Of more entries the reference can't try every way to complete the caller's groups in time; there `mim` says.
const MOST_UNKNOWN: usize = 4;

#[derive(Debug)]
pub(super) struct Rights {
    /// Whether anything can be decided.
    pub(super) decided: bool,
    pub(super) reads: bool,
    /// The answers to the three changes for somebody who may read the request.
    pub(super) changes: [u16; 3],
}

impl Rights {
    /// Of whoever asks for a request that is not there.
    pub(super) const NONE: Self = Self {
        decided: true,
        reads: false,
        changes: [403; 3],
    };
    const UNDECIDED: Self = Self {
        decided: false,
        reads: false,
        changes: [500; 3],
    };

    pub(super) fn of(caller: &Caller, id: Uuid, row: &str) -> Self {
        let policy = StatusChangePolicy::inferred();
        let Ok(view) = RequestView::from_json(row.as_bytes()) else {
            return Self::UNDECIDED;
        };
        let text = view.security_descriptor.clone().unwrap_or_default();
        let Ok(descriptor) = text.parse::<SecurityDescriptor>() else {
            return Self::UNDECIDED;
        };
        let entries = descriptor.dacl.acl().map_or(0, |acl| acl.aces().len());
        let (reads, changes) = if caller.groups_complete() || entries <= MOST_UNKNOWN {
            let value = json!({"Status": view.status.0, "SecurityDescriptor": text});
            let changes = StatusChange::ALL.map(|change| answer_of(&policy, &descriptor, &value, caller, change));
            (granted(&policy, &descriptor, caller, &policy.rules().read), changes)
        } else {
            let changes = StatusChange::ALL.map(|change| policy.decide(view.clone(), caller, change).http_status());
            (policy.preview(view.clone(), caller).is_ok_and(|may| may.read), changes)
        };
        if view.uuid != id || changes.contains(&500) {
            return Self::UNDECIDED;
        }
        let is_written = serde_json::from_str::<CertificateRequest>(row).is_ok();
        Self {
            decided: true,
            reads,
            // A row of which only the rest can't be read is decided on, and then not written.
            changes: changes.map(|answer| if answer == 200 && !is_written { 500 } else { answer }),
        }
    }

    /// The answer to a change. Who may not read the request is shown nothing of it.
    pub(super) fn answer(&self, change: StatusChange) -> u16 {
        match self.of_reader(change) {
            200 if !self.reads => 204,
            answer => answer,
        }
    }

    /// Whether the change is made.
    pub(super) fn permits(&self, change: StatusChange) -> bool {
        self.of_reader(change) == 200
    }

    fn of_reader(&self, change: StatusChange) -> u16 {
        let mut answers = StatusChange::ALL.into_iter().zip(self.changes);
        let answer = answers.find_map(|(one, answer)| (one == change).then_some(answer));
        answer.expect("one of three")
    }
}

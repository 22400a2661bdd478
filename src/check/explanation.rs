use super::{
    decision::{Decision, DenialReason},
    ledger::Ledger,
    request::Request,
};
use crate::{mask::AccessMask, sid::Sid};
use alloc::vec::Vec;

/// A decision, and how it came about: what each entry of the DACL did, by its place in the list.
///
/// Serialized as the decision, with `desired` and `steps` beside its own fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Explanation {
    /// The decision, equal to that of [`check_with`](super::check_with).
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub decision: Decision,
    /// What was asked for, generic rights as mapped.
    pub desired: AccessMask,
    /// What happened, in order.
    pub steps: Vec<Step>,
}

/// Something that happened in a check.
///
/// Serialized as `{"step":"owner_granted","bits":"0x60000"}`, `{"step":"entry","index":0,"did":"granted","bits":"0x1"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "step", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Step {
    /// The request was refused before any DACL was looked at.
    Refused {
        /// Why.
        reason: DenialReason,
    },
    /// There is no DACL, which grants everybody everything.
    DaclAbsent {
        /// What that granted.
        bits: AccessMask,
    },
    /// The DACL is NULL, which grants everybody everything.
    DaclNull {
        /// What that granted.
        bits: AccessMask,
    },
    /// The DACL is empty, which grants nobody anything.
    DaclEmpty,
    /// The caller owns the object, which grants READ_CONTROL and WRITE_DAC before any entry is looked at.
    OwnerGranted {
        /// Those of the two that were wanted.
        bits: AccessMask,
    },
    /// The owner has no implicit rights, because an entry for Owner Rights replaces them.
    OwnerReplaced {
        /// The first such entry.
        index: usize,
    },
    /// It is unknown whether the caller owns the object.
    OwnerUnknown {
        /// The implicit rights that hang on it.
        bits: AccessMask,
        /// The owner.
        sid: Sid,
    },
    /// An entry was looked at.
    Entry {
        /// Its place in the DACL, from 0.
        index: usize,
        /// What it did.
        #[cfg_attr(feature = "serde", serde(flatten))]
        outcome: EntryOutcome,
    },
    /// The answer was certain; this entry and all after it were not looked at.
    Unvisited {
        /// The place in the DACL of the first entry that was not looked at.
        from: usize,
    },
}

/// What an entry of the DACL did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "did", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum EntryOutcome {
    /// Nothing: it stands there only to be inherited.
    InheritOnly,
    /// Nothing: its type belongs in a SACL.
    NotAccessEntry,
    /// Nothing: its type is unknown, and the options say to skip such entries.
    UnknownTypeSkipped,
    /// Nothing: Creator Owner and Creator Group match nobody.
    CreatorPlaceholder,
    /// Nothing: it is for Principal Self, and the object represents no principal.
    NoPrincipalSelf,
    /// Nothing: it is for the owner, and the descriptor has none.
    NoOwner,
    /// Nothing: the caller is not who it is for.
    NotMember,
    /// Nothing: it allows, and the caller's group counts for Deny alone.
    DenyOnlyGroup,
    /// Nothing: it allows, but what it says is not evaluated.
    NotEvaluated {
        /// What is not evaluated.
        part: Unevaluated,
    },
    /// Nothing: it applies, but to rights that are not wanted.
    NothingWanted,
    /// Nothing: it applies, but what it speaks of was settled before.
    AlreadySettled,
    /// It granted rights.
    Granted {
        /// Those that it settled.
        bits: AccessMask,
    },
    /// It denied rights.
    Denied {
        /// Those that it settled.
        bits: AccessMask,
        /// What in it is not evaluated, so that it was taken to apply.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
        part: Option<Unevaluated>,
    },
    /// Its type is unknown, so it may be a Deny, and denied everything wanted that was not settled.
    UnknownTypeDenied {
        /// Those that it settled.
        bits: AccessMask,
    },
    /// It is unknown whether the caller is in the group; if so, it grants.
    MayGrant {
        /// What it would settle.
        bits: AccessMask,
        /// Whom the entry is for, stand-ins resolved.
        sid: Sid,
    },
    /// It is unknown whether the caller is in the group; if so, it denies. So what it speaks of is not granted.
    MayDeny {
        /// What it would settle.
        bits: AccessMask,
        /// Whom the entry is for, stand-ins resolved.
        sid: Sid,
    },
}

/// A part of an entry that a check does not evaluate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Unevaluated {
    /// The GUID of an object entry.
    Object,
    /// The condition of a callback entry.
    Condition,
    /// The application data of a callback entry.
    ApplicationData,
    /// The reserved compound entry as a whole.
    Compound,
}

impl Explanation {
    /// The decision that follows from the steps alone. Equal to [`decision`](Self::decision) in every explanation that a check
    /// has made.
    pub fn replay(&self) -> Decision {
        let request = Request::of(self.desired);
        let mut ledger = Ledger::new(request);
        for step in &self.steps {
            match *step {
                Step::Refused { reason } => return Decision::Denied(request.refused(reason)),
                Step::DaclAbsent { bits } | Step::DaclNull { bits } | Step::OwnerGranted { bits } => {
                    ledger.grant(bits);
                }
                Step::OwnerUnknown { bits, .. } => {
                    ledger.may_grant(bits);
                }
                Step::Entry { outcome, .. } => outcome.replay(&mut ledger),
                Step::DaclEmpty | Step::OwnerReplaced { .. } | Step::Unvisited { .. } => {}
            }
        }
        ledger.decision()
    }

    /// The SIDs whose membership the caller's list leaves open and that the answer may depend on, in the order of the entries,
    /// each once. Empty unless the decision is [`DenialReason::Undetermined`]; then knowing them all settles it.
    #[must_use]
    pub fn unresolved(&self) -> Vec<Sid> {
        let mut sids = Vec::new();
        if is_undetermined(&self.decision) {
            self.steps.iter().for_each(|step| step.note_unresolved(&mut sids));
        }
        sids
    }
}

impl Step {
    /// Adds the SID that this step leaves open, if there is one and it is new.
    pub(super) fn note_unresolved(&self, sids: &mut Vec<Sid>) {
        if let Self::OwnerUnknown { sid, .. }
        | Self::Entry {
            outcome: EntryOutcome::MayGrant { sid, .. } | EntryOutcome::MayDeny { sid, .. },
            ..
        } = self
            && !sids.contains(sid)
        {
            sids.push(*sid);
        }
    }
}

impl EntryOutcome {
    fn replay(self, ledger: &mut Ledger) {
        match self {
            Self::Granted { bits } => {
                ledger.grant(bits);
            }
            Self::Denied { bits, .. } | Self::UnknownTypeDenied { bits } => {
                ledger.deny(bits);
            }
            Self::MayGrant { bits, .. } => {
                ledger.may_grant(bits);
            }
            Self::MayDeny { bits, .. } => {
                ledger.may_deny(bits);
            }
            Self::InheritOnly
            | Self::NotAccessEntry
            | Self::UnknownTypeSkipped
            | Self::CreatorPlaceholder
            | Self::NoPrincipalSelf
            | Self::NoOwner
            | Self::NotMember
            | Self::DenyOnlyGroup
            | Self::NotEvaluated { .. }
            | Self::NothingWanted
            | Self::AlreadySettled => {}
        }
    }
}

pub(super) fn is_undetermined(decision: &Decision) -> bool {
    decision
        .denial()
        .is_some_and(|denial| denial.reason == DenialReason::Undetermined)
}

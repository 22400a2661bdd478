use super::{
    decision::DenialReason,
    state::BitState,
    unresolved::{Unresolved, UnresolvedSet},
};
use crate::{
    caller::{IntegrityLevel, Privileges},
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;

/// Something that happened in a check.
///
/// Serialized as `{"step":"owner_granted","bits":"0x60000"}`, `{"step":"entry","index":0,"did":"granted","bits":"0x1"}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "step", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Step {
    /// The request was refused before the DACL was looked at.
    Refused {
        /// Why.
        reason: DenialReason,
        /// The entry of the SACL that is the reason, if one is.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
        index: Option<usize>,
    },
    /// The caller holds a privilege, which grants rights whatever else is said.
    PrivilegeGranted {
        /// Which privilege.
        privilege: Privileges,
        /// What it granted.
        bits: AccessMask,
    },
    /// The object is trusted more than the caller, which keeps rights back, whatever the owner and the DACL grant.
    IntegrityDenied {
        /// What it kept back.
        bits: AccessMask,
        /// The caller's level.
        caller: IntegrityLevel,
        /// The object's level.
        object: IntegrityLevel,
        /// The entry of the SACL that says so; without one, the object is of medium integrity with NO_WRITE_UP.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
        index: Option<usize>,
    },
    /// From here on, the caller is its restricting SIDs and nobody else; what it is granted must be granted twice.
    RestrictedPass {
        /// What need not be granted twice: of a caller that is restricted in what it writes, what writes nothing.
        exempt: AccessMask,
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
        /// The facts that are the reason: where they are unknown, which ones; where the condition is unknown for good, the attributes in
        /// it that are absent.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty", default))]
        facts: Vec<Unresolved>,
    },
    /// After the entry just looked at, all parts right below this one have rights, so it has them as well.
    PartsGranted {
        /// What it got.
        bits: AccessMask,
        /// What it may have got besides, if the facts that are unknown are so.
        may_grant: AccessMask,
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
    /// Nothing: it is about a part of the object that is not asked about.
    PartNotAsked,
    /// Nothing here: it is about another part of the object than the one that is explained.
    OtherPart,
    /// Nothing: its condition is false.
    ConditionFalse,
    /// Nothing: it allows, and its condition is neither true nor false.
    ConditionUnknown,
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
        /// What in it is not evaluated, or is neither true nor false, so that it was taken to apply.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
        part: Option<Unevaluated>,
    },
    /// Its type is unknown, so it may be a Deny, and denied everything wanted that was not settled.
    UnknownTypeDenied {
        /// Those that it settled.
        bits: AccessMask,
    },
    /// It is unknown whether it applies; if so, it grants.
    MayGrant {
        /// What it would apply.
        bits: AccessMask,
    },
    /// It is unknown whether it applies; if so, it denies. So what it speaks of is not granted.
    MayDeny {
        /// What it would apply.
        bits: AccessMask,
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
    /// The GUID of an object entry, where nothing says which parts of the object are asked about.
    Object,
    /// The condition of a callback entry, which is neither true nor false.
    Condition,
    /// The application data of a callback entry.
    ApplicationData,
    /// The reserved compound entry as a whole.
    Compound,
    /// Generic rights, where no mapping says what they are for this kind of object, and no other right of the entry is wanted.
    GenericRights,
}

impl Step {
    /// What Windows calls the reason in the events 4656, 4663 and 4818: the number of a message, as in `%%1801`. `None` where it has none.
    ///
    /// Which number stands for privileges is inferred.
    #[must_use]
    pub const fn message_number(&self) -> Option<u16> {
        match self {
            Self::PrivilegeGranted { .. } | Self::PartsGranted { .. } => Some(1801),
            Self::IntegrityDenied { .. } => Some(1803),
            Self::OwnerGranted { .. } => Some(1804),
            Self::DaclAbsent { .. } | Self::DaclNull { .. } => Some(1806),
            Self::DaclEmpty => Some(1807),
            Self::OwnerUnknown { .. } | Self::Unvisited { .. } => Some(1809),
            Self::Refused {
                reason: DenialReason::PrivilegeNotHeld,
                ..
            } => Some(1810),
            Self::Entry { outcome, .. } => outcome.message_number(),
            Self::Refused { .. } | Self::RestrictedPass { .. } | Self::OwnerReplaced { .. } => None,
        }
    }

    /// Adds the facts that this step leaves open to those that are known to be.
    pub(super) fn note_unknown(&self, names: &mut UnresolvedSet) {
        if let Self::OwnerUnknown { sid, .. } = self {
            names.note(Unresolved::Group(*sid));
        }
        if let Self::Entry {
            outcome: EntryOutcome::MayGrant { .. } | EntryOutcome::MayDeny { .. } | EntryOutcome::OtherPart,
            facts,
            ..
        } = self
        {
            facts.iter().cloned().for_each(|fact| names.note(fact));
        }
    }
}

impl EntryOutcome {
    /// As [`Step::message_number`].
    #[must_use]
    pub const fn message_number(self) -> Option<u16> {
        match self.fate() {
            Some((BitState::Granted, _)) => Some(1801),
            Some((BitState::Denied, _)) => Some(1802),
            Some((BitState::MayBeGranted | BitState::MayBeDenied, _)) => Some(1809),
            None => None,
        }
    }
}

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

/// One step of a check, in an [`Explanation`](super::Explanation).
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::Step};
/// let nobody: SecurityDescriptor = "D:".parse()?;
/// let explanation = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).explain(&nobody);
/// assert_eq!(explanation.steps, [Step::DaclEmpty]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// The request was refused before any entry of the DACL was looked at.
    Refused {
        /// The reason.
        reason: DenialReason,
        /// The index in the SACL of the entry that is the reason, if an entry is.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
        index: Option<usize>,
    },
    /// The caller holds a privilege, which grants rights that nothing takes away.
    PrivilegeGranted {
        /// The privilege.
        privilege: Privileges,
        /// The rights that it granted.
        bits: AccessMask,
    },
    /// The integrity level of the caller is below that of the object, which denies rights, whatever the owner and the DACL grant.
    IntegrityDenied {
        /// The rights that it denied.
        bits: AccessMask,
        /// The caller's level.
        caller: IntegrityLevel,
        /// The object's level.
        object: IntegrityLevel,
        /// The index of the mandatory label in the SACL. An object without a label is of medium integrity with NO_WRITE_UP.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
        index: Option<usize>,
    },
    /// The second pass of a restricted caller begins: entries now apply to its restricting SIDs. A right is granted if both passes grant it.
    RestrictedPass {
        /// The rights that the first pass alone can grant: those of a write-restricted caller that do not write.
        exempt: AccessMask,
    },
    /// The pass for the app container of the caller begins. Now Allow entries apply to the container, unless they are for the user or a group.
    /// Deny entries do nothing. A right is granted if every pass grants it. Without a DACL, this pass grants nothing.
    AppContainerPass,
    /// There is no DACL, which grants everybody everything.
    DaclAbsent {
        /// The rights that this granted.
        bits: AccessMask,
    },
    /// The DACL is NULL, which grants everybody everything.
    DaclNull {
        /// The rights that this granted.
        bits: AccessMask,
    },
    /// The DACL is empty, which grants nobody anything.
    DaclEmpty,
    /// The caller owns the object, which grants READ_CONTROL and WRITE_DAC before any entry is looked at.
    ///
    /// A restricted caller owns it only if the owner is also one of its restricting SIDs.
    OwnerGranted {
        /// The ones of these two rights that were wanted.
        bits: AccessMask,
    },
    /// The owner has no implicit rights, because an entry for Owner Rights replaces them, or an entry of unknown type, which may be one for
    /// Owner Rights.
    OwnerReplaced {
        /// The index of the first such entry.
        index: usize,
    },
    /// It is unknown whether the caller owns the object.
    OwnerUnknown {
        /// The implicit rights of the owner that were wanted.
        bits: AccessMask,
        /// The owner.
        sid: Sid,
    },
    /// An entry was looked at.
    Entry {
        /// Its index in the DACL.
        index: usize,
        /// Its outcome.
        #[cfg_attr(feature = "serde", serde(flatten))]
        outcome: EntryOutcome,
        /// The facts that are the reason for the outcome: the unknown facts that it depends on, or the absent attributes if its condition is
        /// neither true nor false.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty", default))]
        facts: Vec<Unresolved>,
    },
    /// After the entry before this step, a part below this part is denied rights, so this part is denied them too.
    PartsDenied {
        /// The rights that the part was denied.
        bits: AccessMask,
        /// More rights that it was denied if the unknown facts turn out so.
        may_deny: AccessMask,
    },
    /// After the entry before this step, all parts directly below this part have rights, so this part has them too.
    PartsGranted {
        /// The rights that the part was granted.
        bits: AccessMask,
        /// More rights that it was granted if the unknown facts turn out so.
        may_grant: AccessMask,
    },
    /// The decision was certain, so the rest of the DACL was not looked at.
    Unvisited {
        /// The index in the DACL of the first entry that was not looked at.
        from: usize,
    },
}

/// The outcome of an entry of the DACL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "did", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum EntryOutcome {
    /// Nothing: the entry is only inherited by other objects.
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
    /// Nothing: the caller is not its trustee, nor in that group.
    NotMember,
    /// Nothing in the pass for the app container: it does not allow, or it is for the user or a group.
    NotForAppContainer,
    /// Nothing: it allows, and the group, or the user, is deny-only.
    DenyOnlyGroup,
    /// Nothing: it allows, but a part of it can't be evaluated.
    NotEvaluated {
        /// The part.
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
    /// Nothing: it applies, but its rights were settled before.
    AlreadySettled,
    /// It granted rights.
    Granted {
        /// The rights that it settled.
        bits: AccessMask,
    },
    /// It denied rights.
    Denied {
        /// The rights that it settled.
        bits: AccessMask,
        /// The part of it that can't be evaluated, or a condition that is neither true nor false: then a Deny applies.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
        part: Option<Unevaluated>,
    },
    /// Its type is unknown, so it may be a Deny, and denied everything wanted that was not settled.
    UnknownTypeDenied {
        /// The rights that it settled.
        bits: AccessMask,
    },
    /// It is unknown whether it applies; if so, it grants.
    MayGrant {
        /// The rights that it may have settled.
        bits: AccessMask,
    },
    /// It is unknown whether it applies; if so, it denies. So its rights are not granted.
    MayDeny {
        /// The rights that it may have settled.
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
    /// The GUID of an object entry, if the question has no [`ObjectTree`](super::ObjectTree).
    Object,
    /// The condition of a callback entry, if it is neither true nor false.
    Condition,
    /// The application data of a callback entry, if it is missing or not a condition.
    ApplicationData,
    /// The whole entry, which has the reserved compound type.
    Compound,
    /// Generic rights, if the options have no mapping and no other right of the entry is wanted.
    GenericRights,
}

impl Step {
    /// The rights that this step changed, and their new state.
    pub(super) fn changes(&self) -> [(BitState, AccessMask); 2] {
        let none = (BitState::Granted, AccessMask::empty());
        match self {
            Self::PrivilegeGranted { bits, .. }
            | Self::DaclAbsent { bits }
            | Self::DaclNull { bits }
            | Self::OwnerGranted { bits }
            | Self::RestrictedPass { exempt: bits } => [(BitState::Granted, *bits), none],
            Self::IntegrityDenied { bits, .. } => [(BitState::Denied, *bits), none],
            Self::OwnerUnknown { bits, .. } => [(BitState::MayBeGranted, *bits), none],
            Self::PartsDenied { bits, may_deny } => [(BitState::Denied, *bits), (BitState::MayBeDenied, *may_deny)],
            Self::PartsGranted { bits, may_grant } => {
                [(BitState::Granted, *bits), (BitState::MayBeGranted, *may_grant)]
            }
            Self::Entry { outcome, .. } => [outcome.change().unwrap_or(none), none],
            Self::Refused { .. }
            | Self::AppContainerPass
            | Self::DaclEmpty
            | Self::OwnerReplaced { .. }
            | Self::Unvisited { .. } => [none, none],
        }
    }

    /// The number of the message by which Windows gives this reason in the events 4656, 4663 and 4818 (`%%1801`); `None` if it has none.
    ///
    /// The number for privileges is inferred.
    ///
    /// ```
    /// use sddl_authz::check::Step;
    /// assert_eq!(Step::DaclEmpty.message_number(), Some(1807));
    /// ```
    #[must_use]
    pub const fn message_number(&self) -> Option<u16> {
        match self {
            Self::PrivilegeGranted { .. } | Self::PartsGranted { .. } => Some(1801),
            Self::PartsDenied { .. } => Some(1802),
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
            Self::Refused { .. }
            | Self::RestrictedPass { .. }
            | Self::AppContainerPass
            | Self::OwnerReplaced { .. } => None,
        }
    }

    /// Adds the facts that this step leaves open.
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
    /// The rights that the entry changed, and their new state.
    const fn change(self) -> Option<(BitState, AccessMask)> {
        match self {
            Self::Granted { bits } => Some((BitState::Granted, bits)),
            Self::Denied { bits, .. } | Self::UnknownTypeDenied { bits } => Some((BitState::Denied, bits)),
            Self::MayGrant { bits } => Some((BitState::MayBeGranted, bits)),
            Self::MayDeny { bits } => Some((BitState::MayBeDenied, bits)),
            Self::InheritOnly
            | Self::NotAccessEntry
            | Self::UnknownTypeSkipped
            | Self::CreatorPlaceholder
            | Self::NoPrincipalSelf
            | Self::NoOwner
            | Self::NotMember
            | Self::NotForAppContainer
            | Self::DenyOnlyGroup
            | Self::NotEvaluated { .. }
            | Self::PartNotAsked
            | Self::OtherPart
            | Self::ConditionFalse
            | Self::ConditionUnknown
            | Self::NothingWanted
            | Self::AlreadySettled => None,
        }
    }

    /// The number of Windows' message for this outcome ([`Step::message_number`]).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, check::EntryOutcome};
    /// assert_eq!(EntryOutcome::Granted { bits: AccessMask::DELETE }.message_number(), Some(1801));
    /// assert_eq!(EntryOutcome::NotMember.message_number(), None);
    /// ```
    #[must_use]
    pub const fn message_number(self) -> Option<u16> {
        match self.change() {
            Some((BitState::Granted, _)) => Some(1801),
            Some((BitState::Denied, _)) => Some(1802),
            Some((BitState::MayBeGranted | BitState::MayBeDenied, _)) => Some(1809),
            None => None,
        }
    }
}

use crate::mask::AccessMask;

/// The answer to a check ([MS-DTYP] 2.5.3.2).
///
/// Not `#[non_exhaustive]`, on purpose: a new kind of answer must break the builds of those who match on it.
///
/// Serialized as `{"decision":"allowed","granted":"0x1"}` or
/// `{"decision":"denied","granted_before_denial":"0x0","missing":"0x1","reason":"not_granted"}`.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "decision", rename_all = "snake_case")
)]
pub enum Decision {
    /// Everything that was asked for is granted.
    Allowed {
        /// The rights granted: those asked for, generic ones as mapped; with MAXIMUM_ALLOWED, all that are certain.
        granted: AccessMask,
    },
    /// Something that was asked for is not granted, so nothing is to be done.
    Denied(Denial),
}

/// A refusal, in masks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Denial {
    /// The rights asked for that were certain when the check ended. This is for the log: the caller may exercise none of them, since
    /// [`Decision::granted`] of a refusal is empty. A check ends at the first right that is refused, unless MAXIMUM_ALLOWED is asked for.
    pub granted_before_denial: AccessMask,
    /// The rights asked for, generic ones as mapped, that are not granted; empty where MAXIMUM_ALLOWED alone was asked for.
    pub missing: AccessMask,
    /// Why.
    pub reason: DenialReason,
}

/// Why access is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum DenialReason {
    /// Something that is wanted is denied, or not granted, by the DACL, for the caller or for its restricting SIDs, or by the caller's
    /// integrity; whatever is not known of the caller.
    NotGranted,
    /// Nothing was asked for.
    NothingAsked,
    /// A generic right was asked for, and no mapping says what it means here.
    #[doc(alias = "STATUS_GENERIC_NOT_MAPPED")]
    GenericNotMapped,
    /// ACCESS_SYSTEM_SECURITY was asked for, which a privilege alone grants, and the caller does not hold one.
    #[doc(alias = "STATUS_PRIVILEGE_NOT_HELD")]
    PrivilegeNotHeld,
    /// The descriptor lacks its owner or group, and the options insist on them.
    #[doc(alias = "STATUS_INVALID_SECURITY_DESCR")]
    OwnerOrGroupMissing,
    /// The descriptor has no DACL, or a NULL one, and the options refuse that
    /// ([`Unprotected::Refuse`](crate::check::Unprotected::Refuse)).
    Unprotected,
    /// The SACL carries an entry that would limit access in a way that this crate does not evaluate: a central policy (`SP`), a trust
    /// label (`TL`), an access filter (`FL`), or one of an unknown type.
    SystemPolicyNotEvaluated,
    /// The answer depends on groups or claims that the caller's lists may lack; [`Explanation::unresolved`](crate::check::Explanation::unresolved) names them.
    Undetermined,
}

impl Decision {
    /// Whether access is granted.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        match self {
            Self::Allowed { .. } => true,
            Self::Denied(_) => false,
        }
    }

    /// The rights that may be exercised: none if access is refused.
    #[must_use]
    pub const fn granted(&self) -> AccessMask {
        match self {
            Self::Allowed { granted } => *granted,
            Self::Denied(_) => AccessMask::empty(),
        }
    }

    /// Whether the answer depends on facts that are not known ([`DenialReason::Undetermined`]).
    #[must_use]
    pub const fn is_undetermined(&self) -> bool {
        matches!(
            self,
            Self::Denied(Denial {
                reason: DenialReason::Undetermined,
                ..
            })
        )
    }

    /// The refusal, if it is one.
    #[must_use]
    pub const fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Allowed { .. } => None,
            Self::Denied(denial) => Some(denial),
        }
    }
}

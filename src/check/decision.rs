use crate::mask::AccessMask;

/// The answer to a check.
///
/// It is not `#[non_exhaustive]` on purpose: a new kind of answer must break the code that matches on it.
///
/// ```
/// use sddl_authz::{AccessMask, Caller, Decision, SecurityDescriptor, check};
/// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AN)".parse()?;
/// match check(&descriptor, &Caller::anonymous(), AccessMask::READ_CONTROL) {
///     Decision::Allowed { granted } => assert_eq!(granted, AccessMask::READ_CONTROL),
///     Decision::Denied(denial) => panic!("{denial:?}"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// All rights that were asked for are granted.
    Allowed {
        /// The rights that are granted: those asked for, generic ones as mapped; with MAXIMUM_ALLOWED, every right that is certain.
        granted: AccessMask,
    },
    /// A right that was asked for is not granted, so the caller may exercise none.
    Denied(Denial),
}

/// A refusal: the reason, and the rights that are missing.
///
/// ```
/// use sddl_authz::{AccessMask, Caller, SecurityDescriptor, check, check::DenialReason};
/// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let decision = check(&descriptor, &caller, AccessMask::READ_CONTROL | AccessMask::DELETE);
/// let denial = decision.denial().expect("nobody may delete it");
/// assert_eq!((denial.reason, denial.missing), (DenialReason::NotGranted, AccessMask::DELETE));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Denial {
    /// The rights asked for that were certain when the check ended. This is for the log: the caller may exercise none of them, since
    /// [`Decision::granted`] of a refusal is empty. A check ends at the first right that is refused, unless MAXIMUM_ALLOWED is asked for.
    pub granted_before_denial: AccessMask,
    /// The rights asked for that are not granted, generic ones as mapped; empty if only MAXIMUM_ALLOWED was asked for.
    pub missing: AccessMask,
    /// The reason.
    pub reason: DenialReason,
}

/// The reason for a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum DenialReason {
    /// The DACL denies a right or does not grant it, to the caller or to its restricting SIDs, or the caller's integrity level denies it. No
    /// unknown fact about the caller could change that.
    NotGranted,
    /// Nothing was asked for.
    NothingAsked,
    /// A generic right was asked for, and the options have no mapping that says which rights it means.
    #[doc(alias = "STATUS_GENERIC_NOT_MAPPED")]
    GenericNotMapped,
    /// ACCESS_SYSTEM_SECURITY was asked for. Only a privilege grants it, and the caller does not hold one.
    #[doc(alias = "STATUS_PRIVILEGE_NOT_HELD")]
    PrivilegeNotHeld,
    /// The descriptor has no owner, and the options require it ([`Options::require_owner`](crate::check::Options::require_owner)).
    OwnerMissing,
    /// The descriptor has no group, and the options require it ([`Options::require_group`](crate::check::Options::require_group)).
    GroupMissing,
    /// The descriptor lacks its owner or group, and the options require both.
    #[doc(alias = "STATUS_INVALID_SECURITY_DESCR")]
    OwnerOrGroupMissing,
    /// The descriptor has no DACL, or a NULL one, and the options refuse that
    /// ([`Unprotected::Refuse`](crate::check::Unprotected::Refuse)).
    Unprotected,
    /// The SACL has an entry that this crate does not evaluate and that could limit access: a trust label (`TL`), an access filter (`FL`),
    /// an entry of an unknown type, or a central policy (`SP`) if the question has no policies.
    SystemPolicyNotEvaluated,
    /// A rule denies that is in no descriptor, such as the read-only attribute of a file. Only [`layers`](crate::layers) has such rules;
    /// [`denying_rule`](crate::layers::LayeredExplanation::denying_rule) says which one it was.
    ObjectRule,
    /// The object grants the rights, and a rule of its central policy does not ([`AccessCheck::central_policies`](crate::AccessCheck::central_policies)).
    CentralPolicy,
    /// The answer depends on groups or claims that the caller's lists may lack; [`Explanation::unresolved`](crate::check::Explanation::unresolved) names them.
    Undetermined,
}

impl Decision {
    /// Whether access is granted.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Caller, SecurityDescriptor, check};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AN)".parse()?;
    /// assert!(check(&descriptor, &Caller::anonymous(), AccessMask::READ_CONTROL).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        match self {
            Self::Allowed { .. } => true,
            Self::Denied(_) => false,
        }
    }

    /// The rights that the caller may exercise: none if access is refused.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Caller, SecurityDescriptor, check};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AN)".parse()?;
    /// let anonymous = Caller::anonymous();
    /// assert_eq!(check(&descriptor, &anonymous, AccessMask::MAXIMUM_ALLOWED).granted(), AccessMask::READ_CONTROL);
    /// assert_eq!(check(&descriptor, &anonymous, AccessMask::DELETE).granted(), AccessMask::empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// The refusal, if access is refused.
    #[must_use]
    pub const fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Allowed { .. } => None,
            Self::Denied(denial) => Some(denial),
        }
    }
}

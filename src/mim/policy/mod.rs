mod form;
mod start_statuses;
#[cfg(feature = "toml")]
mod text;

#[cfg(feature = "toml")]
pub use text::PolicyTextError;

use super::{RequestStatus, StatusChange};
use crate::{
    check::Unprotected,
    mask::{AccessMask, GenericMapping},
};
use alloc::{vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// The rights that a change of status needs, and the statuses that it starts from.
///
/// No document says which bit in the descriptor of a request is for which permission. So this is configuration, and there is no default;
/// [`inferred`](Self::inferred) is what this project infers. It deserializes from the form of [`PolicyRules`], which describes the file.
///
/// ```
/// use sddl_authz::mim::{PolicyError, PolicyRules, StatusChangePolicy};
/// let mut rules = PolicyRules::from(StatusChangePolicy::inferred());
/// rules.completed.masks = vec!["0x10".parse()?]; // completing needs this right instead
/// assert!(StatusChangePolicy::try_from(rules.clone()).is_ok());
///
/// rules.completed.masks = vec!["0x0".parse()?]; // everybody would have it
/// assert_eq!(StatusChangePolicy::try_from(rules), Err(PolicyError::MaskEmpty));
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyRules", into = "PolicyRules")]
pub struct StatusChangePolicy(PolicyRules);

/// The version of policy files that this crate reads.
pub const POLICY_VERSION: u32 = 1;

/// The content of a policy file. `StatusChangePolicy::try_from` checks it, and refuses rules that can't be meant.
///
/// In TOML:
///
/// ```toml
/// version = 1
/// read = ["RC"]                # a caller with one of these masks may read the request
/// unprotected = "refuse"       # a request without a DACL is answered 500; "grant" grants everybody everything
///
/// [completed]                  # without this rule, or with an empty list, nobody may complete
/// masks = ["CC"]               # one of these masks must be granted in full
/// start = ["Approved", "Executing"]
/// ```
///
/// A mask is a token of SDDL, or a number as SDDL has it: `"0x10"` and `"16"` are the same mask, and so is `"020"`, since a number with a
/// leading 0 is octal. A change can't start from a [final](RequestStatus::is_final) status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PolicyRules {
    /// The version of the file, [`POLICY_VERSION`].
    pub version: u32,
    /// The masks for reading. A caller who is granted all rights of one mask may read the request.
    pub read: Vec<AccessMask>,
    /// The answer about a request whose DACL is absent or NULL.
    pub unprotected: Unprotected,
    /// The rule for completing.
    pub completed: Rule,
    /// The rule for canceling.
    pub canceled: Rule,
    /// The rule for abandoning.
    pub abandoned: Rule,
    /// The meaning of generic rights in a descriptor. Without it they grant nothing in an Allow entry, and deny everything in a Deny entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<GenericMapping>,
}

impl PolicyRules {
    /// Returns rules of the version [`POLICY_VERSION`] that let nobody do anything.
    ///
    /// ```
    /// use sddl_authz::mim::{PolicyRules, RequestStatus, StatusChangePolicy};
    /// let mut rules = PolicyRules::new();
    /// rules.canceled.masks = vec!["DC".parse()?];
    /// rules.canceled.start = vec![RequestStatus::PENDING];
    /// assert!(StatusChangePolicy::try_from(rules).is_ok());
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self {
            version: POLICY_VERSION,
            read: Vec::new(),
            unprotected: Unprotected::Refuse,
            completed: Rule::default(),
            canceled: Rule::default(),
            abandoned: Rule::default(),
            mapping: None,
        }
    }

    /// Returns the rule for a change.
    #[must_use]
    pub const fn rule(&self, change: StatusChange) -> &Rule {
        match change {
            StatusChange::Complete => &self.completed,
            StatusChange::Cancel => &self.canceled,
            StatusChange::Abandon => &self.abandoned,
        }
    }
}

/// The rule for a change. The default is that nobody may make it.
///
/// ```
/// use sddl_authz::mim::{RequestStatus, StatusChange, StatusChangePolicy};
/// let policy = StatusChangePolicy::inferred();
/// let rule = policy.rules().rule(StatusChange::Complete);
/// assert_eq!(rule.start, [RequestStatus::APPROVED, RequestStatus::EXECUTING]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The masks for the change. The caller must be granted all rights of one mask.
    pub masks: Vec<AccessMask>,
    /// The statuses that the change starts from, none of them [final](RequestStatus::is_final). Serialized as names, or as numbers if they have no name.
    #[serde(serialize_with = "start_statuses::serialize")]
    pub start: Vec<RequestStatus>,
}

/// The reason why rules are not a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The file has a version that this crate does not read.
    #[error("policy version {found} is not known; this is version {POLICY_VERSION}")]
    VersionUnknown {
        /// The version of the file.
        found: u32,
    },
    /// A mask is 0. Everybody would be granted it.
    #[error("a mask of 0 asks for nothing, so it would let everybody in")]
    MaskEmpty,
    /// A mask has generic rights, MAXIMUM_ALLOWED or reserved bits.
    #[error("the mask {mask} has bits beyond 0x1fffff, generic ones or MAXIMUM_ALLOWED; name the rights themselves")]
    MaskNotSpecific {
        /// The mask.
        mask: AccessMask,
    },
    /// The mapping lacks a right that a rule needs, so that a Deny of everything would not deny it.
    #[error("the mapping's `all` lacks {mask}, which a rule needs, so that a Deny of everything would not deny it")]
    MappingIncomplete {
        /// The missing rights.
        mask: AccessMask,
    },
    /// A change starts from the status that it leads to.
    #[error("{change} leads to status {}, so it can't start there", change.target())]
    StartIsTarget {
        /// The change.
        change: StatusChange,
    },
    /// A change starts from a status that is final, such as Denied.
    #[error("{change} can't start from {status}, which is final: a request with this status stays as it is")]
    StartIsFinal {
        /// The change.
        change: StatusChange,
        /// The status.
        status: RequestStatus,
    },
}

impl PolicyError {
    /// Returns a stable code for logs, such as `mask_empty`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::VersionUnknown { .. } => "version_unknown",
            Self::MaskEmpty => "mask_empty",
            Self::MaskNotSpecific { .. } => "mask_not_specific",
            Self::MappingIncomplete { .. } => "mapping_incomplete",
            Self::StartIsTarget { .. } => "start_is_target",
            Self::StartIsFinal { .. } => "start_is_final",
        }
    }
}

impl Default for PolicyRules {
    fn default() -> Self {
        Self::new()
    }
}

impl TryFrom<PolicyRules> for StatusChangePolicy {
    type Error = PolicyError;

    fn try_from(rules: PolicyRules) -> Result<Self, PolicyError> {
        if rules.version != POLICY_VERSION {
            return Err(PolicyError::VersionUnknown { found: rules.version });
        }
        let changes = StatusChange::ALL.map(|change| (change, rules.rule(change)));
        let masks = changes.iter().flat_map(|(_, rule)| &rule.masks).chain(&rules.read);
        for &mask in masks {
            if mask.is_empty() {
                return Err(PolicyError::MaskEmpty);
            }
            if !AccessMask::SPECIFIC_AND_STANDARD.contains(mask) {
                return Err(PolicyError::MaskNotSpecific { mask });
            }
            let all = rules.mapping.map_or(mask, |mapping| mapping.all);
            if !all.contains(mask) {
                let mask = mask.difference(all);
                return Err(PolicyError::MappingIncomplete { mask });
            }
        }
        for (change, rule) in changes {
            if rule.start.contains(&change.target()) {
                return Err(PolicyError::StartIsTarget { change });
            }
            if let Some(&status) = rule.start.iter().find(|status| status.is_final()) {
                return Err(PolicyError::StartIsFinal { change, status });
            }
        }
        Ok(Self(rules))
    }
}

impl From<StatusChangePolicy> for PolicyRules {
    fn from(policy: StatusChangePolicy) -> Self {
        policy.0
    }
}

impl StatusChangePolicy {
    /// Returns the policy that **this project infers** from the published requests and the pages of the SDK. Microsoft documents no such
    /// mapping.
    ///
    /// | for | one of | from the status |
    /// | --- | --- | --- |
    /// | Completed | CC (read as Execute) | Approved, Executing |
    /// | Canceled | DC | Pending, Approved, Executing |
    /// | Abandoned | CC, DC | Approved, Executing |
    /// | reading | RC | any |
    ///
    /// It has no generic mapping.
    #[must_use]
    pub fn inferred() -> Self {
        const EXECUTE: AccessMask = AccessMask::from_bits_retain(0x1);
        const CANCEL: AccessMask = AccessMask::from_bits_retain(0x2);
        const RUNNING: [RequestStatus; 2] = [RequestStatus::APPROVED, RequestStatus::EXECUTING];
        Self(PolicyRules {
            version: POLICY_VERSION,
            read: vec![AccessMask::READ_CONTROL],
            unprotected: Unprotected::Refuse,
            completed: Rule {
                masks: vec![EXECUTE],
                start: RUNNING.to_vec(),
            },
            canceled: Rule {
                masks: vec![CANCEL],
                start: vec![
                    RequestStatus::PENDING,
                    RequestStatus::APPROVED,
                    RequestStatus::EXECUTING,
                ],
            },
            abandoned: Rule {
                masks: vec![EXECUTE, CANCEL],
                start: RUNNING.to_vec(),
            },
            mapping: None,
        })
    }

    /// Returns the rules of the policy.
    #[must_use]
    pub const fn rules(&self) -> &PolicyRules {
        &self.0
    }
}

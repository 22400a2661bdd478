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

/// Which rights a change of status needs, and from which status it starts.
///
/// No source says which bit of a request's descriptor stands for which permission, so this is configuration: there is no default, and
/// [`inferred`](Self::inferred) is always typed out. Reads from JSON or TOML by serde, in the shape of [`PolicyRules`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyRules", into = "PolicyRules")]
pub struct StatusChangePolicy(PolicyRules);

/// The version of the form of a policy file that this crate reads.
pub const POLICY_VERSION: u32 = 1;

/// A policy as it is written; becomes a [`StatusChangePolicy`] by `try_from`, which refuses what can't be meant.
///
/// In TOML:
///
/// ```toml
/// version = 1
/// read = ["RC"]                # one of these masks lets the caller read the request
/// unprotected = "refuse"       # what becomes of a request without a DACL; "grant" grants everybody everything
///
/// [completed]                  # a rule that is missing, or an empty list, means nobody
/// masks = ["CC"]               # one of these masks must be granted in full
/// start = ["Approved", "Executing"]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyRules {
    /// [`POLICY_VERSION`].
    pub version: u32,
    /// Masks of which one lets the caller read the request.
    pub read: Vec<AccessMask>,
    /// What becomes of a request whose DACL is absent or NULL.
    pub unprotected: Unprotected,
    /// Who may complete, and when.
    pub completed: Rule,
    /// Who may cancel, and when.
    pub canceled: Rule,
    /// Who may abandon, and when.
    pub abandoned: Rule,
    /// What generic rights in a descriptor mean. Without it they grant nothing and deny everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<GenericMapping>,
}

impl PolicyRules {
    /// The rule of a change.
    #[must_use]
    pub const fn rule(&self, change: StatusChange) -> &Rule {
        match change {
            StatusChange::Complete => &self.completed,
            StatusChange::Cancel => &self.canceled,
            StatusChange::Abandon => &self.abandoned,
        }
    }
}

/// Who may make a change, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Masks of which one must be granted in full.
    pub masks: Vec<AccessMask>,
    /// The statuses it starts from, by name, or by number where there is none.
    #[serde(serialize_with = "start_statuses::serialize")]
    pub start: Vec<RequestStatus>,
}

/// Why rules are no policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The file is of a version that this crate does not read.
    #[error("policy version {found} is not known; this is version {POLICY_VERSION}")]
    VersionUnknown {
        /// The version given.
        found: u32,
    },
    /// A mask of 0, which everybody would have.
    #[error("a mask of 0 asks for nothing, so it would let everybody in")]
    MaskEmpty,
    /// A mask that does not say which rights it means.
    #[error("the mask {mask} has bits beyond 0x1fffff, generic ones or MAXIMUM_ALLOWED; name the rights themselves")]
    MaskNotSpecific {
        /// The mask given.
        mask: AccessMask,
    },
    /// A mapping by which denying everything would not deny a right that a rule needs.
    #[error("the mapping's `all` lacks {mask}, which a rule needs, so that a Deny of everything would not deny it")]
    MappingIncomplete {
        /// What is missing of it.
        mask: AccessMask,
    },
    /// A change that starts where it leads to.
    #[error("{change} leads to status {}, so it can't start there", change.target())]
    StartIsTarget {
        /// The change.
        change: StatusChange,
    },
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
        let circular = changes
            .iter()
            .find(|(change, rule)| rule.start.contains(&change.target()));
        match circular {
            Some(&(change, _)) => Err(PolicyError::StartIsTarget { change }),
            None => Ok(Self(rules)),
        }
    }
}

impl From<StatusChangePolicy> for PolicyRules {
    fn from(policy: StatusChangePolicy) -> Self {
        policy.0
    }
}

impl StatusChangePolicy {
    /// **This project's inference** from the published requests and the SDK's pages; Microsoft documents no such mapping.
    ///
    /// Completed needs CC, which is read as Execute; Abandoned CC or DC; Canceled DC; reading RC. Completed and Abandoned start from
    /// Approved or Executing, Canceled from Pending, Approved or Executing. There is no generic mapping.
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

    /// The rules it is made of.
    #[must_use]
    pub const fn rules(&self) -> &PolicyRules {
        &self.0
    }
}

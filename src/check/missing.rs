use super::{decision::DenialReason, state::BitState, step::Step};
use crate::mask::AccessMask;

/// Rights that were asked for and are missing for one reason, from [`Explanation::missing_rights`](super::Explanation::missing_rights).
///
/// ```
/// use sddl_authz::{AccessCheck, Caller, SecurityDescriptor, check::MissingCause};
/// let descriptor: SecurityDescriptor = "D:(D;;LC;;;AU)(A;;CCLC;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let missing = AccessCheck::new(&caller, "CCLC".parse()?).explain(&descriptor).missing_rights();
/// assert_eq!((missing[0].bits, missing[0].cause), ("LC".parse()?, MissingCause::Denied { index: 0 }));
/// assert_eq!((missing[1].bits, missing[1].cause), ("CC".parse()?, MissingCause::NotLookedAt));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Serialized as `{"bits":"0x4","cause":"denied","index":0,"message":1802}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct MissingRights {
    /// The rights.
    pub bits: AccessMask,
    /// The reason.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub cause: MissingCause,
    /// The pass over the DACL that did not grant them.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Pass::is_caller", default))]
    pub pass: Pass,
    /// The number of the message by which Windows gives this reason ([`Step::message_number`](super::Step::message_number)); `None` if it
    /// has none.
    pub message: Option<u16>,
}

/// The reason why a right is missing.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::MissingCause};
/// let descriptor: SecurityDescriptor = "D:(A;;RC;;;BA)".parse()?;
/// let explanation = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).explain(&descriptor);
/// assert_eq!(explanation.missing_rights()[0].cause, MissingCause::NotGranted);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "cause", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum MissingCause {
    /// The request was refused before any entry of the DACL was looked at.
    Refused {
        /// The reason.
        reason: DenialReason,
    },
    /// The integrity level of the caller is below that of the object, which keeps the right back.
    Integrity,
    /// An entry denied it.
    Denied {
        /// The index of the entry in the DACL.
        index: usize,
    },
    /// The DACL is empty.
    DaclEmpty,
    /// All entries were looked at, and no entry granted it.
    NotGranted,
    /// It depends on facts that are not known.
    Uncertain {
        /// The index in the DACL of the first entry that depends on them; `None` if it is unknown whether the caller is the owner.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
        index: Option<usize>,
    },
    /// The object grants it, and a rule of its central policy does not.
    CentralPolicy {
        /// The index of the rule in [`PolicyExplanation::rules`](super::PolicyExplanation::rules).
        rule: usize,
    },
    /// The object grants it, and it is not known whether a rule of its central policy keeps it back.
    CentralPolicyUncertain {
        /// The index of the rule in [`PolicyExplanation::rules`](super::PolicyExplanation::rules).
        rule: usize,
    },
    /// It was not looked at: the check had ended, since another right was certainly missing.
    NotLookedAt,
}

/// A pass over the DACL. A right is granted if every pass grants it.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, Sid, check::Pass};
/// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AN)".parse()?;
/// let caller = Caller::anonymous().with_restricting_sids([Sid::EVERYONE]);
/// let explanation = AccessCheck::new(&caller, AccessMask::READ_CONTROL).explain(&descriptor);
/// assert_eq!(explanation.missing_rights()[0].pass, Pass::RestrictingSids);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Pass {
    /// The pass for the user and the groups of the caller.
    #[default]
    Caller,
    /// The pass for the restricting SIDs of the caller.
    RestrictingSids,
    /// The pass for the app container that the caller runs in.
    AppContainer,
}

impl Pass {
    #[cfg(feature = "serde")]
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(crate) fn is_caller(&self) -> bool {
        *self == Self::Caller
    }
}

impl MissingCause {
    /// The number of Windows' message for this cause ([`Step::message_number`](super::Step::message_number)). What no entry grants to an app
    /// container has a number of its own, 1830.
    ///
    /// ```
    /// use sddl_authz::check::MissingCause;
    /// assert_eq!(MissingCause::Denied { index: 0 }.message_number(), Some(1802));
    /// assert_eq!(MissingCause::NotLookedAt.message_number(), Some(1809));
    /// ```
    #[must_use]
    pub const fn message_number(self) -> Option<u16> {
        match self {
            Self::Refused {
                reason: DenialReason::PrivilegeNotHeld,
            } => Some(1810),
            Self::Refused { .. } => None,
            Self::Integrity => Some(1803),
            Self::Denied { .. } => Some(1802),
            Self::DaclEmpty => Some(1807),
            Self::NotGranted => Some(1805),
            Self::CentralPolicy { .. } => Some(1814),
            Self::Uncertain { .. } | Self::CentralPolicyUncertain { .. } | Self::NotLookedAt => Some(1809),
        }
    }

    /// The number of Windows' message for this cause in a pass.
    pub(super) const fn message_in(self, pass: Pass) -> Option<u16> {
        match (self, pass) {
            (Self::NotGranted, Pass::AppContainer) => Some(1830),
            _ => self.message_number(),
        }
    }

    /// Orders causes: the more certain ones come first. Entries that deny are in the order of the DACL.
    pub(super) fn rank(self) -> (u8, usize) {
        match self {
            Self::Refused { .. } => (0, 0),
            Self::Integrity => (1, 0),
            Self::Denied { index } => (2, index),
            Self::DaclEmpty => (3, 0),
            Self::NotGranted => (4, 0),
            Self::CentralPolicy { rule } => (5, rule),
            Self::Uncertain { index } => (6, index.unwrap_or(0)),
            Self::CentralPolicyUncertain { rule } => (7, rule),
            Self::NotLookedAt => (8, 0),
        }
    }
}

/// The end of a check for one right.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ending {
    /// The step that is the reason.
    pub(super) step: Option<usize>,
    /// The reason why the right is missing, and the pass; `None` if it is granted.
    pub(super) missing: Option<(MissingCause, Pass)>,
}

/// The steps that changed one right, in one pass.
#[derive(Clone, Copy, Debug, Default)]
struct History {
    pass: Pass,
    granted: Option<usize>,
    denied: Option<(usize, MissingCause)>,
    /// The first step that left the right undetermined, and the index of its entry.
    uncertain: Option<(usize, Option<usize>)>,
    may_grant: bool,
    may_deny: bool,
    empty: Option<usize>,
    ended: Option<usize>,
}

impl History {
    fn follow(&mut self, place: usize, step: &Step, entry: Option<usize>, right: AccessMask) {
        if matches!(step, Step::DaclEmpty) {
            self.empty = Some(place);
        }
        if matches!(step, Step::Unvisited { .. }) {
            self.ended = Some(place);
        }
        for (state, bits) in step.changes() {
            if !bits.contains(right) {
                continue;
            }
            match state {
                BitState::Granted => {
                    self.granted.get_or_insert(place);
                }
                BitState::Denied => {
                    let cause = match entry {
                        Some(index) => MissingCause::Denied { index },
                        None => MissingCause::Integrity,
                    };
                    self.denied.get_or_insert((place, cause));
                }
                BitState::MayBeGranted | BitState::MayBeDenied => {
                    self.uncertain.get_or_insert((place, entry));
                    self.may_grant |= state == BitState::MayBeGranted;
                    self.may_deny |= state == BitState::MayBeDenied;
                }
            }
        }
    }

    /// The step and the cause at the end of the pass.
    fn end(&self) -> Ending {
        let missing = |step, cause| Ending {
            step,
            missing: Some((cause, self.pass)),
        };
        match *self {
            Self {
                granted: Some(step),
                may_deny: false,
                ..
            } => Ending {
                step: Some(step),
                missing: None,
            },
            Self {
                denied: Some((step, cause)),
                may_grant: false,
                ..
            } => missing(Some(step), cause),
            Self {
                uncertain: Some((step, index)),
                granted,
                may_grant,
                ..
            } if granted.is_some() || may_grant => missing(Some(step), MissingCause::Uncertain { index }),
            Self { ended: Some(step), .. } => missing(Some(step), MissingCause::NotLookedAt),
            Self { empty: Some(step), .. } => missing(Some(step), MissingCause::DaclEmpty),
            _ => missing(None, MissingCause::NotGranted),
        }
    }
}

/// The end of a check for one right, computed from its steps. Of several passes that do not grant it, the most certain cause counts.
pub(super) fn ending(steps: &[Step], right: AccessMask) -> Ending {
    let mut before = History::default();
    let mut current = before;
    let mut strongest: Option<Ending> = None;
    let mut entry = None;
    for (place, step) in steps.iter().enumerate() {
        match step {
            Step::Refused { reason, .. } => return refused(place, *reason, &current, right),
            Step::PrivilegeGranted { .. } | Step::IntegrityDenied { .. } => {
                current.follow(place, step, None, right);
                before = current;
            }
            Step::RestrictedPass { .. } => {
                strongest = Some(stronger(strongest, current.end()));
                current = History {
                    pass: Pass::RestrictingSids,
                    ..before
                };
                entry = None;
                current.follow(place, step, None, right);
            }
            Step::AppContainerPass => {
                strongest = Some(stronger(strongest, current.end()));
                current = History {
                    pass: Pass::AppContainer,
                    ..History::default()
                };
                entry = None;
            }
            Step::Entry { index, .. } => {
                entry = Some(*index);
                current.follow(place, step, entry, right);
            }
            Step::DaclAbsent { .. }
            | Step::DaclNull { .. }
            | Step::DaclEmpty
            | Step::OwnerGranted { .. }
            | Step::OwnerReplaced { .. }
            | Step::OwnerUnknown { .. }
            | Step::PartsDenied { .. }
            | Step::PartsGranted { .. }
            | Step::Unvisited { .. } => current.follow(place, step, entry, right),
        }
    }
    stronger(strongest, current.end())
}

/// If the caller lacks a privilege, the check ends there. Other refusals are about all rights.
fn refused(place: usize, reason: DenialReason, history: &History, right: AccessMask) -> Ending {
    let looked_at = reason != DenialReason::PrivilegeNotHeld
        || right == AccessMask::ACCESS_SYSTEM_SECURITY
        || history.granted.is_some();
    let cause = if looked_at {
        MissingCause::Refused { reason }
    } else {
        MissingCause::NotLookedAt
    };
    Ending {
        step: Some(place),
        missing: Some((cause, Pass::Caller)),
    }
}

fn stronger(first: Option<Ending>, second: Ending) -> Ending {
    let rank = |ending: &Ending| ending.missing.map_or((u8::MAX, 0), |(cause, _)| cause.rank());
    match first {
        Some(first) if rank(&first) <= rank(&second) => first,
        _ => second,
    }
}

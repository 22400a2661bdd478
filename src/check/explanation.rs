use super::{
    decision::Decision,
    request::Request,
    state::{AccessState, BitState},
    step::{EntryOutcome, Step},
    unresolved::{Unresolved, UnresolvedSet},
};
use crate::mask::AccessMask;
use alloc::vec::Vec;

/// A decision, and how it came about: what each rule and each entry of the DACL did, by its place in the list.
///
/// Serialized as the decision, with `desired` and `steps` beside its own fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Explanation {
    /// The decision, equal to that of [`AccessCheck::check`](super::AccessCheck::check).
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub decision: Decision,
    /// What was asked for, generic rights as mapped.
    pub desired: AccessMask,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// The facts that the caller's lists leave open and that the decision may depend on, in the order of the entries, each once: ask a
    /// directory about them. Empty unless the decision is [`Undetermined`](super::DenialReason::Undetermined); then the decision is certain once all are known.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty", default))]
    pub unresolved: Vec<Unresolved>,
}

/// What became of one right, and why.
///
/// Serialized as `{"right":"0x1","granted":true,"step":3,"message":1801}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RightOutcome {
    /// The right, one bit.
    pub right: AccessMask,
    /// Whether it is granted, taken by itself.
    pub granted: bool,
    /// The place in [`Explanation::steps`] of the step that settled it; `None` where nothing did, so that it is not granted.
    pub step: Option<usize>,
    /// The number of Windows' message for this ([`Step::message_number`]): 1805, not granted, where nothing settled it.
    pub message: Option<u16>,
}

/// The message "Not granted".
const NOT_GRANTED: u16 = 1805;

/// The states of a check, written anew from its steps.
struct Replay {
    /// What is written before the DACL is looked at.
    before: AccessState,
    first: Option<AccessState>,
    current: AccessState,
}

impl Replay {
    fn new(request: Request) -> Self {
        let state = AccessState::new(request);
        Self {
            before: state,
            first: None,
            current: state,
        }
    }

    /// Writes down what a step did. A refusal is no entry in a state.
    fn step(&mut self, step: &Step) {
        if matches!(step, Step::RestrictedPass { .. }) {
            self.first = Some(self.current);
            self.current = self.before;
        }
        for (fate, bits) in step.fates() {
            self.current.write(fate, bits);
        }
        if matches!(step, Step::PrivilegeGranted { .. } | Step::IntegrityDenied { .. }) {
            self.before = self.current;
        }
    }

    fn decision(&self) -> Decision {
        match &self.first {
            Some(first) => first.decision(Some(&self.current)),
            None => self.current.decision(None),
        }
    }
}

impl Explanation {
    pub(super) fn new(decision: Decision, desired: AccessMask, steps: Vec<Step>) -> Self {
        let mut names = UnresolvedSet::default();
        if decision.is_undetermined() {
            steps.iter().for_each(|step| step.note_unknown(&mut names));
        }
        Self {
            decision,
            desired,
            steps,
            unresolved: names.into_vec(),
        }
    }

    /// The decision that follows from the steps alone. Equal to [`decision`](Self::decision) in every explanation that a check
    /// has made.
    pub fn replay(&self) -> Decision {
        let request = Request::of(self.desired);
        let mut replay = Replay::new(request);
        for step in &self.steps {
            if let Step::Refused { reason, .. } = step {
                return Decision::Denied(request.refused(*reason));
            }
            replay.step(step);
        }
        replay.decision()
    }

    /// What became of each right that was asked for by name, from the lowest bit on; where the maximum was asked for, of each that was
    /// settled as well.
    ///
    /// A right that a restricted caller was granted twice is said to be granted by the first; one that it was granted once, refused by the
    /// second.
    #[must_use]
    pub fn rights(&self) -> Vec<RightOutcome> {
        let request = Request::of(self.desired);
        let bits = (0..u32::BITS).map(|place| AccessMask::from_bits_retain(1_u32.rotate_left(place)));
        bits.filter(|right| request.wanted().contains(*right))
            .filter_map(|right| {
                let reason = self.reason(right);
                (reason.step.is_some() || request.explicit.contains(right)).then_some(reason)
            })
            .collect()
    }

    fn reason(&self, right: AccessMask) -> RightOutcome {
        let mut before = BitHistory::default();
        let mut passes = (None, BitHistory::default());
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Refused { .. } => return self.because(right, false, Some(index)),
                Step::PrivilegeGranted { .. } | Step::IntegrityDenied { .. } => {
                    before.follow(index, step, right);
                    passes.1 = before;
                }
                Step::RestrictedPass { .. } => {
                    before.follow(index, step, right);
                    passes = (Some(passes.1), before);
                }
                Step::DaclAbsent { .. }
                | Step::DaclNull { .. }
                | Step::DaclEmpty
                | Step::OwnerGranted { .. }
                | Step::OwnerReplaced { .. }
                | Step::OwnerUnknown { .. }
                | Step::Entry { .. }
                | Step::PartsGranted { .. }
                | Step::Unvisited { .. } => passes.1.follow(index, step, right),
            }
        }
        let (granted, step) = match passes {
            (None, only) => only.end(),
            (Some(first), second) => match (first.end(), second.end()) {
                ((true, _), (false, step)) => (false, step),
                (end, _) => end,
            },
        };
        self.because(right, granted, step)
    }

    fn because(&self, right: AccessMask, granted: bool, step: Option<usize>) -> RightOutcome {
        let settling = step.and_then(|step| self.steps.get(step));
        RightOutcome {
            right,
            granted,
            step,
            message: settling.map_or(Some(NOT_GRANTED), Step::message_number),
        }
    }
}

/// What became of one right in one pass, and by which steps.
#[derive(Clone, Copy, Default)]
struct BitHistory {
    granted: Option<usize>,
    denied: Option<usize>,
    may_grant: Option<usize>,
    may_deny: Option<usize>,
}

impl BitHistory {
    fn follow(&mut self, index: usize, step: &Step, right: AccessMask) {
        for (fate, bits) in step.fates() {
            let place = match fate {
                BitState::Granted => &mut self.granted,
                BitState::Denied => &mut self.denied,
                BitState::MayBeGranted => &mut self.may_grant,
                BitState::MayBeDenied => &mut self.may_deny,
            };
            if bits.contains(right) {
                place.get_or_insert(index);
            }
        }
    }

    /// Whether the right is granted for certain, and the step to name: the one that settled it, or else the first that left it open.
    fn end(self) -> (bool, Option<usize>) {
        let open = match (self.may_grant, self.may_deny) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        match self {
            Self {
                granted: Some(_),
                may_deny: None,
                ..
            } => (true, self.granted),
            Self {
                denied: Some(_),
                may_grant: None,
                ..
            } => (false, self.denied),
            Self {
                granted: None,
                may_grant: None,
                ..
            } => (false, None),
            _ => (false, open),
        }
    }
}

impl Step {
    /// What becomes of which rights.
    fn fates(&self) -> [(BitState, AccessMask); 2] {
        let none = (BitState::Granted, AccessMask::empty());
        match self {
            Self::PrivilegeGranted { bits, .. }
            | Self::DaclAbsent { bits }
            | Self::DaclNull { bits }
            | Self::OwnerGranted { bits }
            | Self::RestrictedPass { exempt: bits } => [(BitState::Granted, *bits), none],
            Self::IntegrityDenied { bits, .. } => [(BitState::Denied, *bits), none],
            Self::OwnerUnknown { bits, .. } => [(BitState::MayBeGranted, *bits), none],
            Self::PartsGranted { bits, may_grant } => {
                [(BitState::Granted, *bits), (BitState::MayBeGranted, *may_grant)]
            }
            Self::Entry { outcome, .. } => [outcome.fate().unwrap_or(none), none],
            Self::Refused { .. } | Self::DaclEmpty | Self::OwnerReplaced { .. } | Self::Unvisited { .. } => {
                [none, none]
            }
        }
    }
}

impl EntryOutcome {
    /// What becomes of which rights.
    pub(super) const fn fate(self) -> Option<(BitState, AccessMask)> {
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
}

use super::{
    decision::Decision,
    options::Options,
    request::Request,
    state::{AccessState, BitState},
    step::Step,
    unresolved::{Unresolved, UnresolvedSet},
};
use crate::mask::AccessMask;
use alloc::vec::Vec;

/// A decision and the reason for it: what each rule and each entry of the DACL did.
///
/// Made by [`AccessCheck::explain`](super::AccessCheck::explain). [`render`](crate::render) prints it for people.
/// Serialized as the decision, with the fields `desired`, `steps` and, where they differ from the default, `unresolved` and `options`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Explanation {
    /// The decision, equal to that of [`AccessCheck::check`](super::AccessCheck::check).
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub decision: Decision,
    /// The rights asked for, generic ones as mapped.
    pub desired: AccessMask,
    /// The steps of the check, in order.
    pub steps: Vec<Step>,
    /// The facts that the caller's lists leave open and that the decision may depend on, in the order of the entries, each once: ask a
    /// directory about them. Empty unless the decision is [`Undetermined`](super::DenialReason::Undetermined); then the decision is certain once all are known.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty", default))]
    pub unresolved: Vec<Unresolved>,
    /// The options of the check.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Options::is_default", default))]
    pub options: Options,
}

/// Whether one right is granted, and the step that settled it.
///
/// Serialized as `{"right":"0x1","granted":true,"step":3,"message":1801}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RightOutcome {
    /// The right: a mask of one bit.
    pub right: AccessMask,
    /// Whether the right would be granted if nothing else were asked for.
    pub granted: bool,
    /// The index in [`Explanation::steps`] of the step that settled it. If it is `None`, no step did, so the right is not granted.
    pub step: Option<usize>,
    /// The number of Windows' message for this step ([`Step::message_number`]); 1805 ("Not granted") if no step settled the right.
    pub message: Option<u16>,
}

/// The message "Not granted".
const NOT_GRANTED: u16 = 1805;

/// The access states of a check, computed from its steps.
struct Replay {
    /// The state before the DACL.
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

    /// Applies a step.
    fn step(&mut self, step: &Step) {
        if matches!(step, Step::RestrictedPass { .. }) {
            self.first = Some(self.current);
            self.current = self.before;
        }
        for (state, bits) in step.changes() {
            self.current.apply_bits(state, bits);
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
    pub(super) fn new(decision: Decision, desired: AccessMask, options: Options, steps: Vec<Step>) -> Self {
        let mut names = UnresolvedSet::default();
        if decision.is_undetermined() {
            steps.iter().for_each(|step| step.note_unknown(&mut names));
        }
        Self {
            decision,
            desired,
            steps,
            unresolved: names.into_vec(),
            options,
        }
    }

    /// Computes the decision from the steps alone. In every explanation made by a check it is equal to [`decision`](Self::decision).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:(D;;RC;;;BG)(A;;RC;;;WD)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// let explanation = AccessCheck::new(&caller, AccessMask::READ_CONTROL).explain(&descriptor);
    /// assert_eq!(explanation.replay(), explanation.decision);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// The outcome of each right that was explicitly asked for, from the lowest bit on. If MAXIMUM_ALLOWED was asked for, the list also has each
    /// right that a step settled.
    ///
    /// For a restricted caller, the step is that of the first pass if both passes grant the right, and that of the second pass if only the
    /// first one does.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;WD)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// let desired = AccessMask::READ_CONTROL | AccessMask::WRITE_DAC;
    /// let rights = AccessCheck::new(&caller, desired).explain(&descriptor).rights();
    /// assert_eq!(rights.iter().map(|right| (right.granted, right.step)).collect::<Vec<_>>(), [(true, Some(0)), (false, None)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rights(&self) -> Vec<RightOutcome> {
        let request = Request::of(self.desired);
        let bits = (0..u32::BITS).map(|place| AccessMask::from_bits_retain(1_u32.rotate_left(place)));
        bits.filter(|right| request.wanted().contains(*right))
            .filter_map(|right| {
                let outcome = self.right_outcome(right);
                (outcome.step.is_some() || request.explicit.contains(right)).then_some(outcome)
            })
            .collect()
    }

    fn right_outcome(&self, right: AccessMask) -> RightOutcome {
        let mut before = BitHistory::default();
        let mut passes = (None, BitHistory::default());
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Refused { .. } => return self.outcome(right, false, Some(index)),
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
                | Step::PartsDenied { .. }
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
        self.outcome(right, granted, step)
    }

    fn outcome(&self, right: AccessMask, granted: bool, step: Option<usize>) -> RightOutcome {
        let settling = step.and_then(|step| self.steps.get(step));
        RightOutcome {
            right,
            granted,
            step,
            message: settling.map_or(Some(NOT_GRANTED), Step::message_number),
        }
    }
}

/// The first steps of a pass that changed one right.
#[derive(Clone, Copy, Default)]
struct BitHistory {
    granted: Option<usize>,
    denied: Option<usize>,
    may_grant: Option<usize>,
    may_deny: Option<usize>,
}

impl BitHistory {
    fn follow(&mut self, index: usize, step: &Step, right: AccessMask) {
        for (state, bits) in step.changes() {
            let first = match state {
                BitState::Granted => &mut self.granted,
                BitState::Denied => &mut self.denied,
                BitState::MayBeGranted => &mut self.may_grant,
                BitState::MayBeDenied => &mut self.may_deny,
            };
            if bits.contains(right) {
                first.get_or_insert(index);
            }
        }
    }

    /// Whether the right is certainly granted, and the step that settled it, or the first step that left it undetermined.
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

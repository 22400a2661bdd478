use super::{
    explanation::{LayerRule, LayerStep, LayeredExplanation},
    observer::Observer,
};
use crate::{
    check::{AccessCheck, Decision, Denial, DenialReason, Descriptor, Request},
    mask::AccessMask,
};
use alloc::vec::Vec;

/// A decision, and the step that denied.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub(super) decision: Decision,
    pub(super) denied_by: Option<usize>,
}

impl Outcome {
    pub(super) fn explained(self, request: Request, steps: Vec<LayerStep>) -> LayeredExplanation {
        LayeredExplanation {
            decision: self.decision,
            desired: request.desired(),
            denied_by: self.denied_by,
            steps,
        }
    }
}

/// Joins the decisions of layers: the rights that all of them grant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    request: Request,
    /// The rights that all layers so far grant for certain; `None` before the first one.
    granted: Option<AccessMask>,
    /// The rights that at least one layer was asked for. No layer grants the others.
    asked: AccessMask,
    /// Whether a layer is undetermined, and the step of the first one.
    doubt: Option<Option<usize>>,
}

impl Join {
    pub(super) fn new(request: Request) -> Self {
        Self {
            request,
            granted: None,
            asked: AccessMask::empty(),
            doubt: None,
        }
    }

    /// Asks a layer, and joins its decision. The layer is not asked for the rights in `exempt`, and does not limit them.
    ///
    /// The error is the refusal of a layer that denies for certain.
    pub(super) fn ask<D: Descriptor>(
        &mut self,
        observer: &mut impl Observer,
        question: &AccessCheck<'_>,
        (name, descriptor): (&str, &D),
        exempt: AccessMask,
    ) -> Result<(), Outcome> {
        let desired = question.desired.difference(exempt);
        if desired.is_empty() {
            return Err(self.refuse(observer, LayerRule::NothingAsked, question.desired));
        }
        let question = AccessCheck { desired, ..*question };
        let decision = observer.ask(name, &question, descriptor);
        match decision {
            Decision::Allowed { granted } => self.limit(granted, exempt),
            Decision::Denied(denial) => self.denied(&denial, exempt, observer.last())?,
        }
        Ok(())
    }

    /// Joins the rights that a layer grants. It was not asked for those in `exempt`.
    pub(super) fn limit(&mut self, granted: AccessMask, exempt: AccessMask) {
        let passed = granted.union(exempt);
        self.granted = Some(self.granted.map_or(passed, |before| before.intersection(passed)));
        self.asked = self.asked.union(exempt.complement());
    }

    /// The rights that every layer grants for certain.
    fn certain(&self) -> AccessMask {
        let granted = self.granted.unwrap_or_default().intersection(self.asked);
        if self.request.maximum {
            granted
        } else {
            granted.intersection(self.request.explicit)
        }
    }

    /// Joins the refusal of a layer.
    pub(super) fn denied(&mut self, denial: &Denial, exempt: AccessMask, step: Option<usize>) -> Result<(), Outcome> {
        self.limit(denial.granted_before_denial, exempt);
        if denial.reason == DenialReason::Undetermined {
            self.doubt.get_or_insert(step);
            return Ok(());
        }
        Err(self.refusal(denial.reason, step))
    }

    /// Asks for a right on another object. If it is granted, that grants nothing here.
    ///
    /// The error is a refusal that no unknown fact can change.
    pub(super) fn require<D: Descriptor>(
        &mut self,
        observer: &mut impl Observer,
        question: &AccessCheck<'_>,
        (name, descriptor): (&str, &D),
    ) -> Result<(), Outcome> {
        match observer.ask(name, question, descriptor) {
            Decision::Allowed { .. } => {}
            Decision::Denied(denial) if denial.reason == DenialReason::Undetermined => self.doubt(observer.last()),
            Decision::Denied(denial) => return Err(self.refusal(denial.reason, observer.last())),
        }
        Ok(())
    }

    /// Notes that what a layer grants depends on unknown facts.
    pub(super) fn doubt(&mut self, step: Option<usize>) {
        self.doubt.get_or_insert(step);
    }

    /// Refuses by a rule that is in no descriptor.
    pub(super) fn refuse(&self, observer: &mut impl Observer, rule: LayerRule, bits: AccessMask) -> Outcome {
        observer.saw(|| LayerStep::Refused { rule, bits });
        let reason = match rule {
            LayerRule::NothingAsked => DenialReason::NothingAsked,
            LayerRule::PrivilegeNotHeld => DenialReason::PrivilegeNotHeld,
            LayerRule::NoLayers
            | LayerRule::ReservedBits
            | LayerRule::ReadOnly
            | LayerRule::ReadOnlyDelete
            | LayerRule::DeleteOnCloseWithoutDelete
            | LayerRule::Exists
            | LayerRule::DoesNotExist
            | LayerRule::DirectoryNotReplaceable
            | LayerRule::ParentUnknown
            | LayerRule::BothViews
            | LayerRule::MaximumUnknown => DenialReason::ObjectRule,
        };
        self.refusal(reason, observer.last())
    }

    pub(super) fn refusal(&self, reason: DenialReason, step: Option<usize>) -> Outcome {
        let granted = self.certain();
        Outcome {
            decision: Decision::Denied(Denial {
                granted_before_denial: granted,
                missing: self.request.explicit.difference(granted),
                reason,
            }),
            denied_by: step,
        }
    }

    /// The refusal, if a layer is undetermined.
    pub(super) fn undetermined(&self) -> Option<Outcome> {
        self.doubt.map(|step| self.refusal(DenialReason::Undetermined, step))
    }

    /// The decision, after all layers were asked. `maybe` says whether unknown facts could make all layers grant a right, if they grant none
    /// for certain.
    pub(super) fn finish(self, maybe: impl FnOnce() -> bool) -> Outcome {
        if let Some(undetermined) = self.undetermined() {
            return undetermined;
        }
        let granted = self.certain();
        if granted.contains(self.request.explicit) && !granted.is_empty() {
            let decision = Decision::Allowed { granted };
            return Outcome {
                decision,
                denied_by: None,
            };
        }
        let reason = if maybe() {
            DenialReason::Undetermined
        } else {
            DenialReason::NotGranted
        };
        self.refusal(reason, None)
    }
}

/// Each right that MAXIMUM_ALLOWED can list, alone.
pub(super) fn single_rights() -> impl Iterator<Item = AccessMask> {
    let others = AccessMask::GENERIC
        .union(AccessMask::MAXIMUM_ALLOWED)
        .union(AccessMask::ACCESS_SYSTEM_SECURITY);
    others.complement().single_rights()
}

/// Whether a right from elsewhere may take the place of one that a check refused for this reason.
pub(super) const fn can_be_mended(reason: DenialReason) -> bool {
    matches!(
        reason,
        DenialReason::NotGranted | DenialReason::CentralPolicy | DenialReason::Undetermined
    )
}

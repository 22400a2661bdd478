use super::explanation::LayerStep;
use crate::check::{AccessCheck, Decision, Descriptor};
use alloc::{borrow::ToOwned, vec::Vec};

/// Asks the check about a descriptor, and receives the steps.
pub(super) trait Observer {
    /// Asks about the descriptor of the layer `name`.
    fn ask<D: Descriptor>(&mut self, name: &str, question: &AccessCheck<'_>, descriptor: &D) -> Decision;
    fn saw(&mut self, step: impl FnOnce() -> LayerStep);
    /// The index of the last step.
    fn last(&self) -> Option<usize>;
}

/// A plain check needs no steps.
impl Observer for () {
    fn ask<D: Descriptor>(&mut self, _: &str, question: &AccessCheck<'_>, descriptor: &D) -> Decision {
        question.check(descriptor)
    }

    fn saw(&mut self, _: impl FnOnce() -> LayerStep) {}

    fn last(&self) -> Option<usize> {
        None
    }
}

/// An explanation keeps every step.
impl Observer for Vec<LayerStep> {
    fn ask<D: Descriptor>(&mut self, name: &str, question: &AccessCheck<'_>, descriptor: &D) -> Decision {
        let explanation = question.explain(descriptor);
        let decision = explanation.decision;
        let layer = name.to_owned();
        self.push(LayerStep::Asked { layer, explanation });
        decision
    }

    fn saw(&mut self, step: impl FnOnce() -> LayerStep) {
        self.push(step());
    }

    fn last(&self) -> Option<usize> {
        self.len().checked_sub(1)
    }
}

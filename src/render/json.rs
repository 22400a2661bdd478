use crate::{
    check::{Decision, Explanation, RightOutcome, Step},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sddl::{self, AclKind},
    span::Span,
};
use alloc::{string::String, vec::Vec};
use serde::{Serialize, Serializer};

/// An explanation for machines: as the [`Explanation`] itself, and each step about an entry with `sddl`, the entry's text, and
/// `span`, where it stands in the input, as far as there are such; and `rights`, what became of each right, by which step, with the number of
/// Windows' message ([`Explanation::rights`]).
#[derive(Clone, Copy, Debug)]
pub struct ExplanationJson<'a> {
    explanation: &'a Explanation,
    descriptor: &'a SecurityDescriptor,
    dacl_spans: &'a [Span],
}

impl<'a> ExplanationJson<'a> {
    /// An explanation of a check of `descriptor`.
    #[must_use]
    pub const fn new(explanation: &'a Explanation, descriptor: &'a SecurityDescriptor) -> Self {
        Self {
            explanation,
            descriptor,
            dacl_spans: &[],
        }
    }

    /// The same with the places of the entries of the DACL, as [`inspect`](sddl::inspect) finds them.
    #[must_use]
    pub const fn with_dacl_spans(mut self, spans: &'a [Span]) -> Self {
        self.dacl_spans = spans;
        self
    }

    fn step(&self, step: &'a Step) -> StepJson<'a> {
        let Step::Entry { index, .. } = *step else {
            return StepJson {
                step,
                sddl: None,
                span: None,
            };
        };
        let ace = self.descriptor.dacl.acl().and_then(|acl| acl.aces().get(index));
        StepJson {
            step,
            sddl: ace.and_then(|ace| sddl::ace_to_text(AclKind::Dacl, ace, &sddl::Options::default())),
            span: self.dacl_spans.get(index).copied(),
        }
    }
}

impl Serialize for ExplanationJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Explanation {
            decision,
            desired,
            steps,
            unresolved: _,
        } = self.explanation;
        let steps = steps.iter().map(|step| self.step(step)).collect();
        Fields {
            decision,
            desired: *desired,
            steps,
            rights: self.explanation.rights(),
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
struct Fields<'a> {
    #[serde(flatten)]
    decision: &'a Decision,
    desired: AccessMask,
    steps: Vec<StepJson<'a>>,
    rights: Vec<RightOutcome>,
}

#[derive(Serialize)]
struct StepJson<'a> {
    #[serde(flatten)]
    step: &'a Step,
    #[serde(skip_serializing_if = "Option::is_none")]
    sddl: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Span>,
}

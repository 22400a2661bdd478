use crate::{
    check::{Decision, Explanation, MissingRights, PolicyExplanation, RightOutcome, Step},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sddl::{self, AclKind},
    span::Span,
};
use alloc::{string::String, vec::Vec};
use serde::{Serialize, Serializer};

/// An [`Explanation`] for programs: its serialized form with more fields.
///
/// - Each step about an entry has `sddl`, the text of the entry, and `span`, its place in the input if it is known.
/// - `policy` has what the central policy of the object did ([`Explanation::policy`]).
/// - `rights` has the outcome of each right ([`Explanation::rights`]).
/// - `missing_rights` has the rights that are missing, set by set ([`Explanation::missing_rights`]).
///
/// ```
/// use sddl_authz::{AccessCheck, Caller, SecurityDescriptor, render::ExplanationJson};
/// let descriptor: SecurityDescriptor = "D:(A;;CC;;;WD)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let explanation = AccessCheck::new(&caller, "CC".parse()?).explain(&descriptor);
/// let json = serde_json::to_value(ExplanationJson::new(&explanation, &descriptor))?;
/// assert_eq!(json["steps"][0]["sddl"], "(A;;CC;;;WD)");
/// assert_eq!(json["rights"][0]["message"], 1801);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ExplanationJson<'a> {
    explanation: &'a Explanation,
    descriptor: &'a SecurityDescriptor,
    dacl_spans: &'a [Span],
}

impl<'a> ExplanationJson<'a> {
    /// The explanation of a check of `descriptor`.
    #[must_use]
    pub const fn new(explanation: &'a Explanation, descriptor: &'a SecurityDescriptor) -> Self {
        Self {
            explanation,
            descriptor,
            dacl_spans: &[],
        }
    }

    /// Adds the places of the entries of the DACL in the input, as [`inspect`](sddl::inspect) gives them.
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
            policy,
            options: _,
        } = self.explanation;
        let steps = steps.iter().map(|step| self.step(step)).collect();
        Fields {
            decision,
            desired: *desired,
            steps,
            rights: self.explanation.rights(),
            missing_rights: self.explanation.missing_rights(),
            policy: policy.as_deref(),
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing_rights: Vec<MissingRights>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a PolicyExplanation>,
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

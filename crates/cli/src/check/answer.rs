//! What is asked of a descriptor, and what comes of it.

use crate::output::Verdict;
use sddl_authz::{
    AccessMask, Caller, Decision, Explanation, SecurityDescriptor, Span,
    check::{self, DenialReason, ObjectTree, Unresolved},
    render::ExplanationJson,
};
use serde::Serialize;
use std::rc::Rc;
use uuid::Uuid;

/// What is asked of each descriptor.
pub(crate) struct Question {
    pub(crate) caller: Rc<Caller>,
    pub(crate) desired: AccessMask,
    pub(crate) objects: Option<ObjectTree>,
    pub(crate) options: check::Options,
}

/// What was decided on a descriptor.
pub(crate) struct Answer<'a> {
    pub(crate) question: &'a Question,
    pub(crate) descriptor: &'a SecurityDescriptor,
    pub(crate) decision: Decision,
    pub(crate) resolve: Vec<Unresolved>,
    /// One for each part of the object that was asked about, else one for the whole.
    pub(crate) parts: Vec<Part>,
}

/// What was decided on a part of an object.
pub(crate) struct Part {
    /// Which one, unless it is the whole.
    pub(crate) node: Option<Node>,
    pub(crate) decision: Decision,
    /// With `--explain`.
    pub(crate) explanation: Option<Explanation>,
}

pub(crate) struct Node {
    pub(crate) place: usize,
    pub(crate) level: u16,
    pub(crate) object: Uuid,
}

impl Question {
    pub(crate) fn ask<'a>(&'a self, descriptor: &'a SecurityDescriptor, explain: bool) -> Answer<'a> {
        let Self {
            caller,
            desired,
            objects,
            options,
        } = self;
        let (decision, resolve, parts) = match objects {
            None => {
                let decision = check::check_with(descriptor, caller, *desired, options);
                let undetermined = decision.denial().map(|denial| denial.reason) == Some(DenialReason::Undetermined);
                let resolve = if undetermined {
                    check::unresolved(descriptor, caller, *desired, options)
                } else {
                    Vec::new()
                };
                let whole = Part {
                    node: None,
                    decision,
                    explanation: explain.then(|| check::explain_with(descriptor, caller, *desired, options)),
                };
                (decision, resolve, vec![whole])
            }
            Some(tree) => {
                let mut nodes = Vec::new();
                let decision = check::check_objects(descriptor, caller, *desired, tree, options, &mut nodes);
                let resolve = check::unresolved_objects(descriptor, caller, *desired, tree, options);
                let parts = tree.nodes().zip(nodes).enumerate();
                let parts = parts.map(|(place, ((level, object), decision))| Part {
                    node: Some(Node { place, level, object }),
                    decision,
                    explanation: explain
                        .then(|| check::explain_object(descriptor, caller, *desired, tree, place, options)),
                });
                (decision, resolve, parts.collect())
            }
        };
        Answer {
            question: self,
            descriptor,
            decision,
            resolve,
            parts,
        }
    }
}

impl Answer<'_> {
    pub(crate) fn verdict(&self) -> Verdict {
        if self.decision.is_allowed() {
            Verdict::Yes
        } else {
            Verdict::No
        }
    }
}

pub(super) fn decision_word(decision: &Decision) -> &'static str {
    if decision.is_allowed() { "allowed" } else { "denied" }
}

/// The answer for machines.
#[derive(Serialize)]
pub(crate) struct AnswerJson<'a> {
    #[serde(flatten)]
    decision: DecisionJson,
    resolve: &'a [Unresolved],
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<NodeJson<'a>>,
}

/// What may be exercised: nothing of a refusal, though the walk had granted some of it.
#[derive(Serialize)]
struct DecisionJson {
    decision: &'static str,
    granted: AccessMask,
    missing: AccessMask,
}

#[derive(Serialize)]
struct NodeJson<'a> {
    level: u16,
    object: Uuid,
    #[serde(flatten)]
    decision: DecisionJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationJson<'a>>,
}

impl From<&Decision> for DecisionJson {
    fn from(decision: &Decision) -> Self {
        Self {
            decision: decision_word(decision),
            granted: decision.granted(),
            missing: decision.denial().map_or(AccessMask::empty(), |denial| denial.missing),
        }
    }
}

impl<'a> AnswerJson<'a> {
    /// The answer about a descriptor whose entries stand at these places.
    pub(crate) fn new(answer: &'a Answer<'_>, dacl_spans: &'a [Span]) -> Self {
        let explained = |part: &'a Part| {
            let explanation = part.explanation.as_ref()?;
            Some(ExplanationJson::new(explanation, answer.descriptor).with_dacl_spans(dacl_spans))
        };
        let whole = answer.parts.iter().find(|part| part.node.is_none());
        let nodes = answer.parts.iter().filter_map(|part| {
            let node = part.node.as_ref()?;
            Some(NodeJson {
                level: node.level,
                object: node.object,
                decision: (&part.decision).into(),
                explanation: explained(part),
            })
        });
        Self {
            decision: (&answer.decision).into(),
            resolve: &answer.resolve,
            explanation: whole.and_then(explained),
            nodes: nodes.collect(),
        }
    }
}

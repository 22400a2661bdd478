//! A question about a descriptor, and its answer.

use crate::{caller::Subject, output::Verdict};
use sddl_authz::{
    AccessCheck, AccessMask, Decision, Explanation, SecurityDescriptor, Span,
    central_policy::CentralPolicies,
    check::{ObjectTree, Options, PartsDecision, Unresolved},
    render::ExplanationJson,
};
use serde::Serialize;
use std::rc::Rc;
use uuid::Uuid;

/// A question that is asked of each descriptor.
pub(crate) struct Question {
    pub(crate) subject: Rc<Subject>,
    pub(crate) desired: AccessMask,
    pub(crate) objects: Option<ObjectTree>,
    pub(crate) options: Options,
    /// The central policies of the machine; without them, a descriptor that names one is refused.
    pub(crate) policies: Option<Rc<CentralPolicies>>,
}

/// The answer for one descriptor.
pub(crate) struct Answer<'a> {
    pub(crate) question: &'a Question,
    pub(crate) descriptor: &'a SecurityDescriptor,
    pub(crate) decision: Decision,
    pub(crate) resolve: Vec<Unresolved>,
    /// One for each part of the object that was asked about; without parts, one for the whole object.
    pub(crate) parts: Vec<Part>,
}

/// The answer for a part of an object, or for the whole.
pub(crate) struct Part {
    /// The part; `None` for the whole object.
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
    pub(crate) fn options(&self) -> Options {
        self.subject.options(self.options)
    }

    pub(crate) fn check(&self) -> AccessCheck<'_> {
        let check = AccessCheck::new(&self.subject.caller, self.desired).options(self.options());
        match &self.policies {
            Some(policies) => check.central_policies(policies),
            None => check,
        }
    }

    pub(crate) fn ask<'a>(&'a self, descriptor: &'a SecurityDescriptor, explain: bool) -> Answer<'a> {
        let question = self.check();
        let (decision, resolve, parts) = match &self.objects {
            None => {
                let decision = question.check(descriptor);
                let explanation = (explain || decision.is_undetermined()).then(|| question.explain(descriptor));
                let resolve = explanation.as_ref().map(|explanation| explanation.unresolved.clone());
                let whole = Part {
                    node: None,
                    decision,
                    explanation: explanation.filter(|_| explain),
                };
                (decision, resolve.unwrap_or_default(), vec![whole])
            }
            Some(tree) => {
                let question = question.parts(tree);
                let PartsDecision { overall, nodes, .. } = question.check(descriptor);
                let parts = tree.nodes().zip(nodes).enumerate();
                let parts = parts.map(|(place, ((level, object), decision))| Part {
                    node: Some(Node { place, level, object }),
                    decision,
                    explanation: explain.then(|| question.explain(descriptor, place)),
                });
                (overall, question.unresolved(descriptor), parts.collect())
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
        Verdict::of(&self.decision)
    }
}

pub(crate) fn decision_word(decision: &Decision) -> &'static str {
    if decision.is_allowed() { "allowed" } else { "denied" }
}

/// An answer in JSON.
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

/// The rights that the caller may use. A denied caller may use none, even if an entry granted some of those asked for.
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
    /// `dacl_spans` are the places of the entries in the text.
    pub(crate) fn new(answer: &'a Answer<'_>, dacl_spans: &'a [Span]) -> Self {
        let explained = |part: &'a Part| {
            let explanation = part.explanation.as_ref()?;
            Some(ExplanationJson::new(explanation, answer.descriptor).with_dacl_spans(dacl_spans))
        };
        let whole = answer.parts.iter().find(|part| part.node.is_none());
        Self {
            explanation: whole.and_then(explained),
            ..Self::with_parts(&answer.decision, &answer.resolve, &answer.parts, explained)
        }
    }

    /// An answer that only decides.
    pub(crate) fn unexplained(decision: &Decision, resolve: &'a [Unresolved], parts: &'a [Part]) -> Self {
        Self::with_parts(decision, resolve, parts, |_| None)
    }

    fn with_parts(
        decision: &Decision,
        resolve: &'a [Unresolved],
        parts: &'a [Part],
        explained: impl Fn(&'a Part) -> Option<ExplanationJson<'a>>,
    ) -> Self {
        let nodes = parts.iter().filter_map(|part| {
            let node = part.node.as_ref()?;
            Some(NodeJson {
                level: node.level,
                object: node.object,
                decision: (&part.decision).into(),
                explanation: explained(part),
            })
        });
        Self {
            decision: decision.into(),
            resolve,
            explanation: None,
            nodes: nodes.collect(),
        }
    }
}

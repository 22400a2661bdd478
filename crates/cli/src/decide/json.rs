//! The answers of `decide` in JSON.

use super::answer::{Answer, Undecided};
use crate::diagnostic::DiagnosticJson;
use sddl_authz::{
    AccessMask,
    check::Unresolved,
    mim::{ForbiddenReason, Outcome, RequestStatus, StatusChange},
    render::ExplanationJson,
};
use serde::Serialize;

/// A decision. Fields that belong to other outcomes are left out.
#[derive(Serialize)]
pub(super) struct AnswerJson<'a> {
    status: u16,
    outcome: &'static str,
    change: StatusChange,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<RequestStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<RequestStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ForbiddenReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'a [AccessMask]>,
    #[serde(skip_serializing_if = "<[Unresolved]>::is_empty")]
    resolve: &'a [Unresolved],
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationsJson<'a>>,
}

/// One explanation for each mask of the rule, up to the first that is granted.
#[derive(Serialize)]
struct ExplanationsJson<'a> {
    alternatives: Vec<ExplanationJson<'a>>,
}

impl<'a> AnswerJson<'a> {
    pub(super) fn new(answer: &'a Answer<'_>, change: StatusChange) -> Self {
        let json = Self {
            status: answer.outcome.http_status(),
            outcome: "failed",
            change,
            from: None,
            to: None,
            reason: None,
            missing: None,
            resolve: &[],
            explanation: explanations(answer),
        };
        match &answer.outcome {
            Outcome::Permitted(permit) => Self {
                outcome: "permitted",
                from: Some(permit.found_status()),
                to: Some(permit.new_status()),
                ..json
            },
            Outcome::Unchanged(unchanged) => Self {
                outcome: "unchanged",
                from: Some(unchanged.status),
                to: Some(change.target()),
                ..json
            },
            Outcome::Forbidden(forbidden) => Self {
                outcome: "forbidden",
                reason: Some(forbidden.reason),
                missing: Some(&forbidden.missing),
                resolve: &forbidden.resolve,
                ..json
            },
            Outcome::Failed(_) => json,
        }
    }
}

fn explanations<'a>(answer: &'a Answer<'_>) -> Option<ExplanationsJson<'a>> {
    let explained = answer.explained.as_ref()?;
    let json =
        |explanation| ExplanationJson::new(explanation, &explained.descriptor).with_dacl_spans(&explained.dacl_spans);
    Some(ExplanationsJson {
        alternatives: explained.alternatives.iter().map(json).collect(),
    })
}

/// An error because of which nothing was decided.
#[derive(Serialize)]
pub(super) struct FailedJson<'a> {
    status: u16,
    outcome: &'static str,
    reason: &'static str,
    error: DiagnosticJson<'a>,
}

impl<'a> FailedJson<'a> {
    pub(super) fn new(undecided: &'a Undecided) -> Self {
        Self {
            status: 500,
            outcome: "failed",
            reason: undecided.reason,
            error: undecided.diagnostic.json(),
        }
    }
}

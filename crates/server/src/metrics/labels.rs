//! The labels of decisions and answers.

use prometheus_client::encoding::EncodeLabelSet;
use sddl_authz::http::Event;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct DecisionLabels {
    action: &'static str,
    reason: &'static str,
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct AnswerLabels {
    pub(super) route: &'static str,
    pub(super) method: &'static str,
    pub(super) status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RouteLabels {
    pub(super) route: &'static str,
}

impl DecisionLabels {
    pub(super) fn of(event: &Event<'_>) -> Self {
        Self {
            action: event.action,
            reason: event.reason.code(),
            status: event.status.as_u16().into(),
        }
    }
}

//! The state that the routes share.

use crate::{
    clock::Clock, identity::Trust, list::Lists, listen::Ending, policy::Policy, readiness::Readiness,
    refusals::AuditHealth, store::Store,
};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use core::time::Duration;
use sddl_authz::mim::http::Guard;
use std::sync::Arc;

/// The state that the routes share.
#[derive(Clone, Debug)]
pub struct App<S> {
    /// Decides whether a caller may change or read a request.
    pub guard: Guard<Trust, S>,
    /// The policy of the guard. It decides on each row of a list, and its digest is in the audit.
    pub policy: Policy,
    /// The decisions and limits that all lists share.
    pub lists: Arc<Lists>,
    /// Says who calls.
    pub trust: Trust,
    /// Says whether refusals are written to the audit.
    pub audit: AuditHealth,
    /// Says the time of a change.
    pub clock: Clock,
    /// The most bytes of a body.
    pub body_bytes: usize,
    /// How long a body may take.
    pub body_time: Duration,
    /// How long deciding on a request and storing its change may take.
    pub request_time: Duration,
    /// Says whether the server is about to end.
    pub ending: Ending,
    /// Says whether the store is ready.
    pub readiness: Readiness,
}

impl<S: Store> App<S> {
    pub(crate) fn store(&self) -> &S {
        self.guard.requests()
    }
}

/// Answers 200 with a body of JSON.
#[must_use]
pub fn json(body: String) -> Response {
    let media_type = HeaderValue::from_static("application/json; charset=utf-8");
    ([(header::CONTENT_TYPE, media_type)], body).into_response()
}

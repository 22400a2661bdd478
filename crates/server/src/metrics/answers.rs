//! The labels of decisions and answers.

use super::Metrics;
use crate::paths::REQUESTS;
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use prometheus_client::encoding::EncodeLabelSet;
use sddl_authz::http::Event;
use std::time::Instant;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct DecisionLabels {
    action: &'static str,
    reason: &'static str,
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct AnswerLabels {
    route: &'static str,
    method: &'static str,
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RouteLabels {
    route: &'static str,
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

/// Answers a request, and counts it.
pub(super) async fn observe(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = route(request.uri().path());
    let method = method(request.method());
    let response = next.run(request).await;
    let status = response.status().as_u16().into();
    let labels = AnswerLabels { route, method, status };
    metrics.0.answers.get_or_create(&labels).inc();
    let seconds = metrics.0.seconds.get_or_create(&RouteLabels { route });
    seconds.observe(start.elapsed().as_secs_f64());
    response
}

/// The route of a path that is in lower case.
fn route(path: &str) -> &'static str {
    match path {
        "/healthz" => "/healthz",
        "/readyz" => "/readyz",
        _ => match path.strip_prefix(REQUESTS) {
            Some("") => "/requests",
            Some(rest) if rest.starts_with('/') => "/requests/{id}",
            Some(_) | None => "other",
        },
    }
}

/// The name of a method. A client can make up others.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::PUT => "PUT",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::{method, route};
    use axum::http::Method;

    #[test]
    fn labels_are_of_a_fixed_set() {
        for (path, expected) in [
            ("/healthz", "/healthz"),
            ("/certificatemanagement/api/v1.0/requests", "/requests"),
            ("/certificatemanagement/api/v1.0/requests/x", "/requests/{id}"),
            ("/certificatemanagement/api/v1.0/requestsx", "other"),
            ("/x", "other"),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
        assert_eq!(method(&Method::from_bytes(b"BREW").unwrap()), "other");
    }
}

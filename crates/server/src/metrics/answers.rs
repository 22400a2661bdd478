//! Counts answers.

use super::{
    Metrics,
    labels::{AnswerLabels, RouteLabels},
};
use crate::paths::REQUESTS;
use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use std::time::Instant;

impl Metrics {
    /// Counts the answers of a router, and measures how long they take.
    pub fn observed(&self, router: Router) -> Router {
        router.layer(axum::middleware::from_fn_with_state(self.clone(), observe))
    }
}

/// Answers a request, and counts it.
async fn observe(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
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

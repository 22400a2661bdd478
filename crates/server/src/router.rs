//! The routes.

use crate::{
    app::json,
    change::change,
    current::{self, Begun, ByCurrent, Current},
    deadline::with_deadline,
    list::list,
    listen::Stage,
    log::answered,
    metrics::Metrics,
    paths::{REQUEST, REQUESTS},
    store::Store,
};
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{get, put},
};
use sddl_authz::{
    http::{AuthorizeLayer, Rejection, ResponseContext},
    mim::http::reason,
};

/// Which routes there are besides `/healthz` and `/readyz`.
#[derive(Clone, Copy, Debug)]
pub struct Routes {
    /// Whether the API is there. Without it, its paths are answered 404.
    pub api: bool,
}

/// Builds the router. Its routes have paths as [`normalized`](crate::paths::normalized) writes them.
pub fn router<S: Store>(app: impl Into<Current<S>>, routes: Routes) -> Router {
    let mut router = health::<S>();
    if routes.api {
        let guarded = put(change::<S>).route_layer(AuthorizeLayer::new(ByCurrent::<S>::new()));
        let request = guarded.get(read::<S>).fallback(only_get_and_put);
        router = router
            .route(REQUESTS, get(list::<S>).fallback(only_get))
            .route(REQUEST, request);
    }
    complete(router, app.into())
}

/// Builds the router for the operator: `/healthz`, `/readyz` and `/metrics`.
pub fn admin_router<S: Store>(app: impl Into<Current<S>>, metrics: &Metrics) -> Router {
    complete(health::<S>().merge(metrics.router()), app.into())
}

fn health<S: Store>() -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready::<S>))
}

/// Answers other paths. Gives each request its deadline and the state that decides it, and each answer its correlation id and its line in
/// the log.
fn complete<S: Store>(router: Router, current: Current<S>) -> Router {
    let app = current.now();
    with_deadline(router.fallback(nothing), app.request_time)
        .layer(from_fn_with_state(current, current::begin))
        .layer(from_fn_with_state(app.trust.clone(), answered))
}

async fn ready<S: Store>(app: Begun<S>) -> (StatusCode, &'static str) {
    if app.ending.stage() > Stage::Serving {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is about to end\n");
    }
    if !app.readiness.of(app.store()).await {
        return (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n");
    }
    if !app.audit.is_written() {
        let reason = "refusals are not written to the audit\n";
        return (StatusCode::SERVICE_UNAVAILABLE, reason);
    }
    (StatusCode::OK, "ready\n")
}

async fn read<S: Store>(app: Begun<S>, head: Parts) -> Result<Response, Rejection> {
    let readable = app.guard.read(&head).await?;
    Ok(json(readable.request))
}

async fn nothing(head: Parts) -> Rejection {
    Rejection::new(reason::NOT_FOUND, ResponseContext::new(&head))
}

async fn only_get(head: Parts) -> Response {
    not_allowed(&head, "GET,HEAD")
}

async fn only_get_and_put(head: Parts) -> Response {
    not_allowed(&head, "GET,HEAD,PUT")
}

fn not_allowed(head: &Parts, allowed: &'static str) -> Response {
    let mut response =
        IntoResponse::into_response(Rejection::new(reason::METHOD_NOT_ALLOWED, ResponseContext::new(head)));
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

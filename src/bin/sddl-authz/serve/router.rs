//! The routes.

use super::{change::change, clock::Clock, identity::Trust, list::list, store::Store};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderValue, Request, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, put},
};
use core::time::Duration;
use sddl_authz::{
    http::{AuthorizeLayer, Guard, Reason, Rejection, ResponseContext},
    mim::StatusChangePolicy,
};
use std::sync::Arc;

const REQUESTS: &str = "/certificatemanagement/api/v1.0/requests";
const REQUEST: &str = "/certificatemanagement/api/v1.0/requests/{id}";

/// What the routes share.
pub(crate) struct App<S> {
    pub(crate) guard: Guard<Trust, S>,
    pub(crate) policy: Arc<StatusChangePolicy>,
    pub(crate) trust: Trust,
    pub(crate) clock: Clock,
    pub(crate) body_bytes: usize,
    pub(crate) body_time: Duration,
}

impl<S: Store> App<S> {
    pub(crate) fn store(&self) -> &S {
        self.guard.requests()
    }
}

/// What a router is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Routes {
    /// Whether the API is there.
    pub(crate) api: bool,
}

pub(crate) fn router<S: Store>(app: App<S>, routes: Routes) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready::<S>));
    if routes.api {
        let guarded = put(change::<S>).route_layer(AuthorizeLayer::new(app.guard.clone()));
        let request = guarded.get(read::<S>).fallback(only_get_and_put);
        router = router
            .route(REQUESTS, get(list::<S>).fallback(only_get))
            .route(REQUEST, request);
    }
    router.fallback(nothing).with_state(Arc::new(app))
}

/// Paths are looked up in lower case: the API takes them in any.
pub(crate) fn lower_cased(mut request: Request<Body>) -> Request<Body> {
    let path = request.uri().path();
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let mut lower = path.to_ascii_lowercase();
        if let Some(query) = request.uri().query() {
            lower.push('?');
            lower.push_str(query);
        }
        if let Ok(uri) = lower.parse() {
            *request.uri_mut() = uri;
        }
    }
    request
}

async fn ready<S: Store>(State(app): State<Arc<App<S>>>) -> (StatusCode, &'static str) {
    match app.store().ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(target: "sddl_authz::serve", %error, "the store is not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
    }
}

async fn read<S: Store>(State(app): State<Arc<App<S>>>, head: Parts) -> Result<Response, Rejection> {
    let readable = app.guard.read(&head).await?;
    Ok(json(readable.request))
}

async fn nothing(head: Parts) -> Rejection {
    Rejection::new(Reason::NotFound, ResponseContext::new(&head))
}

async fn only_get(head: Parts) -> Response {
    not_allowed(&head, "GET,HEAD")
}

async fn only_get_and_put(head: Parts) -> Response {
    not_allowed(&head, "GET,HEAD,PUT")
}

fn not_allowed(head: &Parts, allowed: &'static str) -> Response {
    let mut response =
        IntoResponse::into_response(Rejection::new(Reason::MethodNotAllowed, ResponseContext::new(head)));
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// An answer of the API.
pub(crate) fn json(body: String) -> Response {
    let media_type = HeaderValue::from_static("application/json; charset=utf-8");
    ([(header::CONTENT_TYPE, media_type)], body).into_response()
}

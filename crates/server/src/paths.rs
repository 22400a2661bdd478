//! The paths of the API, which are matched without regard to case.

use axum::{body::Body, http::Request};

pub(crate) const REQUESTS: &str = "/certificatemanagement/api/v1.0/requests";
pub(crate) const REQUEST: &str = "/certificatemanagement/api/v1.0/requests/{id}";

/// Rewrites the path in lower case, in which the routes are. Apply it to each request before the router sees it.
pub fn lower_cased(mut request: Request<Body>) -> Request<Body> {
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

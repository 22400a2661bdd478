//! What axum asks of extractors and answers.

use super::{Authorized, Reason, Rejection, ResponseContext, StoredRequest};
use axum_core::{
    body::Body,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::request::Parts;

/// What the layer in front decided. A route without the layer answers 500: it is not guarded.
impl<T: Sync, R: StoredRequest> FromRequestParts<T> for Authorized<R> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Rejection> {
        Self::take(&mut parts.extensions).ok_or_else(|| Rejection::new(Reason::Unguarded, ResponseContext::new(parts)))
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        Self::into_response::<Body>(self)
    }
}

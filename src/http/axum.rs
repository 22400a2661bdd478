//! The extractor and the response of axum.

use super::{Granted, Reason, Rejection, ResponseContext};
use axum_core::{
    body::Body,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::request::Parts;

/// Extracts the [`Granted`] of the layer. A route without the layer answers 500.
impl<T: Sync, R: Send + Sync + 'static> FromRequestParts<T> for Granted<R> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Rejection> {
        let granted = Self::take(&mut parts.extensions);
        granted.ok_or_else(|| Rejection::new(Reason::UNGUARDED, ResponseContext::new(parts)))
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        Self::into_response::<Body>(self)
    }
}

use super::Authorized;
use crate::http::{Reason, Rejection, ResponseContext};
use axum_core::extract::FromRequestParts;
use http::request::Parts;

/// Extracts the [`Authorized`] of the layer. A route without the layer answers 500.
impl<T: Sync, R: Send + Sync + 'static> FromRequestParts<T> for Authorized<R> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Rejection> {
        let authorized = Self::take(&mut parts.extensions);
        authorized.ok_or_else(|| Rejection::new(Reason::UNGUARDED, ResponseContext::new(parts)))
    }
}

use super::{Authorized, CallerSource, Guard, RequestSource, StoredRequest};
use alloc::{boxed::Box, vec::Vec};
use core::{
    fmt, mem,
    pin::Pin,
    task::{Context, Poll},
};
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

/// Guards a service: whoever may not change the request that a path is about is answered before the body is read. The service
/// finds an [`Authorized`] in the request's extensions ([`Authorized::take`]; with axum it is an extractor).
pub struct AuthorizeLayer<C, S>(Guard<C, S>);

impl<C, S> AuthorizeLayer<C, S> {
    /// A layer of this guard.
    #[must_use]
    pub const fn new(guard: Guard<C, S>) -> Self {
        Self(guard)
    }
}

impl<T, C, S> Layer<T> for AuthorizeLayer<C, S> {
    type Service = Authorize<T, C, S>;

    fn layer(&self, inner: T) -> Self::Service {
        Authorize {
            inner,
            guard: self.0.clone(),
        }
    }
}

/// A service behind a [`Guard`].
pub struct Authorize<T, C, S> {
    inner: T,
    guard: Guard<C, S>,
}

impl<T, C, S, B, A> Service<Request<B>> for Authorize<T, C, S>
where
    T: Service<Request<B>, Response = Response<A>> + Clone + Send + 'static,
    T::Future: Send,
    C: CallerSource,
    S: RequestSource,
    S::Request: StoredRequest,
    B: Send + 'static,
    A: From<Vec<u8>>,
{
    type Response = Response<A>;
    type Error = T::Error;
    type Future = AuthorizeFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that is ready answers this request; its clone is asked again whether it is.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let guard = self.guard.clone();
        AuthorizeFuture(Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match guard.change(&parts).await {
                Ok(authorized) => Authorized::put(authorized, &mut parts.extensions),
                Err(rejection) => return Ok(rejection.into_response()),
            }
            inner.call(Request::from_parts(parts, body)).await
        }))
    }
}

/// The answer to come of an [`Authorize`].
#[must_use = "futures do nothing unless polled"]
pub struct AuthorizeFuture<A, E>(Pin<Box<dyn Future<Output = Result<A, E>> + Send>>);

impl<A, E> Future for AuthorizeFuture<A, E> {
    type Output = Result<A, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<C, S> Clone for AuthorizeLayer<C, S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Clone, C, S> Clone for Authorize<T, C, S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            guard: self.guard.clone(),
        }
    }
}

impl<C, S> fmt::Debug for AuthorizeLayer<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthorizeLayer").field(&self.0).finish()
    }
}

impl<T: fmt::Debug, C, S> fmt::Debug for Authorize<T, C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorize")
            .field("inner", &self.inner)
            .field("guard", &self.guard)
            .finish()
    }
}

impl<A, E> fmt::Debug for AuthorizeFuture<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizeFuture").finish_non_exhaustive()
    }
}

use super::{Action, CallerSource, Granted, Guard, Protected, Rejection, Report, ResourceSource, extension};
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    fmt, mem,
    pin::Pin,
    task::{Context, Poll},
};
use http::{Request, Response, request::Parts};
use tower_layer::Layer;
use tower_service::Service;

/// Decides about the head of an HTTP request, for an [`AuthorizeLayer`].
///
/// ```
/// use http::request::Parts;
/// use sddl_authz::http::{AuthorizeLayer, Authorizer, Reason, Rejection, ResponseContext};
/// /// Rejects everything, for example during maintenance.
/// #[derive(Clone)]
/// struct Closed;
/// impl Authorizer for Closed {
///     type Granted = ();
///     async fn authorize(&self, parts: &Parts) -> Result<(), Rejection> {
///         const CLOSED: Reason = Reason::new(http::StatusCode::SERVICE_UNAVAILABLE, "closed", "Come back later.");
///         Err(Rejection::new(CLOSED, ResponseContext::new(parts)))
///     }
/// }
/// let layer = AuthorizeLayer::new(Closed);
/// ```
pub trait Authorizer: Clone + Send + Sync + 'static {
    /// The value that the guarded service receives.
    type Granted: Send + 'static;

    /// Decides about a request.
    ///
    /// # Errors
    /// Fails if the request is rejected.
    fn authorize(&self, parts: &Parts) -> impl Future<Output = Result<Self::Granted, Rejection>> + Send;

    /// Returns the report that the layer completes with the status of the answer, or `None` if there is nothing to report.
    fn report(granted: &Self::Granted) -> Option<Report> {
        let _ = granted;
        None
    }
}

/// A [`Guard`] for one action.
pub struct ActionGuard<C, S, A> {
    guard: Guard<C, S>,
    action: Arc<A>,
}

impl<C, S, A> Authorizer for ActionGuard<C, S, A>
where
    C: CallerSource,
    S: ResourceSource,
    S::Resource: Protected,
    A: Action + 'static,
{
    type Granted = Granted<S::Resource>;

    async fn authorize(&self, parts: &Parts) -> Result<Granted<S::Resource>, Rejection> {
        self.guard.authorize(parts, &*self.action).await
    }

    fn report(granted: &Granted<S::Resource>) -> Option<Report> {
        Some(granted.report().clone())
    }
}

impl<C, S> Guard<C, S> {
    /// Returns a layer that guards a service for this action.
    ///
    /// The service finds a [`Granted`] in the extensions of the request ([`Granted::take`]). With axum, `Granted` is an extractor.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Caller, http::{Action, CallerSourceError, Guard, from_fn}};
    /// struct Read;
    /// impl Action for Read {
    ///     fn desired(&self) -> AccessMask { AccessMask::FILE_READ_DATA }
    ///     fn name(&self) -> &'static str { "read" }
    /// }
    /// # fn caller(_: &http::request::Parts) -> Result<Caller, CallerSourceError> { Ok(Caller::anonymous()) }
    /// # async fn load(_: u64) -> Result<Option<String>, std::convert::Infallible> { Ok(None) }
    /// let guard = Guard::new(caller, from_fn(load));
    /// let route = axum::routing::get(async || "guarded").route_layer(guard.layer(Read));
    /// let router: axum::Router = axum::Router::new().route("/documents/{id}", route);
    /// ```
    #[must_use]
    pub fn layer<A: Action + 'static>(&self, action: A) -> AuthorizeLayer<ActionGuard<C, S, A>> {
        AuthorizeLayer::new(ActionGuard {
            guard: self.clone(),
            action: Arc::new(action),
        })
    }
}

/// A layer that answers rejected requests itself, before their body is read.
///
/// [`Guard::layer`] returns one. [`new`](Self::new) takes any [`Authorizer`], such as the guard of `mim::http`.
#[derive(Clone, Debug)]
pub struct AuthorizeLayer<G>(G);

impl<G> AuthorizeLayer<G> {
    /// Returns a layer with this authorizer.
    #[must_use]
    pub const fn new(authorizer: G) -> Self {
        Self(authorizer)
    }
}

impl<T, G: Clone> Layer<T> for AuthorizeLayer<G> {
    type Service = Authorize<T, G>;

    fn layer(&self, inner: T) -> Self::Service {
        Authorize {
            inner,
            authorizer: self.0.clone(),
        }
    }
}

/// A service with an [`AuthorizeLayer`] in front.
#[derive(Clone, Debug)]
pub struct Authorize<T, G> {
    inner: T,
    authorizer: G,
}

impl<T, G, B, A> Service<Request<B>> for Authorize<T, G>
where
    T: Service<Request<B>, Response = Response<A>> + Clone + Send + 'static,
    T::Future: Send,
    G: Authorizer,
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
        // The service that reported readiness handles this request. Its clone must be polled before the next one.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let authorizer = self.authorizer.clone();
        AuthorizeFuture(Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let report = match authorizer.authorize(&parts).await {
                Ok(granted) => {
                    let report = G::report(&granted);
                    extension::put(granted, &mut parts.extensions);
                    report
                }
                Err(rejection) => return Ok(rejection.into_response()),
            };
            let answer = inner.call(Request::from_parts(parts, body)).await;
            if let (Ok(response), Some(report)) = (&answer, report) {
                report.answered(response.status());
            }
            answer
        }))
    }
}

/// The future of an [`Authorize`].
#[must_use = "futures do nothing unless polled"]
pub struct AuthorizeFuture<A, E>(Pin<Box<dyn Future<Output = Result<A, E>> + Send>>);

impl<A, E> Future for AuthorizeFuture<A, E> {
    type Output = Result<A, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<C, S, A> Clone for ActionGuard<C, S, A> {
    fn clone(&self) -> Self {
        Self {
            guard: self.guard.clone(),
            action: Arc::clone(&self.action),
        }
    }
}

impl<C, S, A: Action> fmt::Debug for ActionGuard<C, S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionGuard")
            .field("action", &self.action.name())
            .finish_non_exhaustive()
    }
}

impl<A, E> fmt::Debug for AuthorizeFuture<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizeFuture").finish_non_exhaustive()
    }
}

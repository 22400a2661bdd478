//! The state of the routes, which a reload replaces while requests are answered.

use crate::{app::App, identity::Trust, policy::Policy, store::Store};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::Response,
};
use core::{fmt, marker::PhantomData, ops::Deref};
use sddl_authz::{
    http::{Authorizer, Reason, Rejection, Report, ResponseContext},
    mim::http::{Authorized, Guard},
};
use std::sync::{Arc, PoisonError, RwLock};

/// The state as it is now. A clone is the same state.
pub struct Current<S>(Arc<RwLock<Arc<App<S>>>>);

impl<S: Store> Current<S> {
    /// Begins with this state.
    #[must_use]
    pub fn new(app: App<S>) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(app))))
    }

    /// Returns the state for a request that begins now.
    #[must_use]
    pub fn now(&self) -> Arc<App<S>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Decides by another policy, and the guard for it, each request that begins from now on. Requests under way end by the policy that
    /// they began with.
    pub fn set_policy(&self, guard: Guard<Trust, S>, policy: Policy) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let app = App::clone(&current);
        *current = Arc::new(App { guard, policy, ..app });
    }
}

/// Gives a request the state that decides it from its start to its end.
pub(crate) async fn begin<S: Store>(State(current): State<Current<S>>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(current.now());
    next.run(request).await
}

/// The state of a request: an extractor for handlers.
pub(crate) struct Begun<S>(Arc<App<S>>);

impl<S> Deref for Begun<S> {
    type Target = Arc<App<S>>;

    fn deref(&self) -> &Arc<App<S>> {
        &self.0
    }
}

/// Fails with 500 if the request did not [begin].
impl<S: Store, T: Sync> FromRequestParts<T> for Begun<S> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Rejection> {
        of(parts).map(|app| Self(Arc::clone(app)))
    }
}

/// Authorizes each request by its own state.
pub(crate) struct ByCurrent<S>(PhantomData<fn() -> S>);

impl<S> ByCurrent<S> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<S: Store> Authorizer for ByCurrent<S> {
    type Granted = Authorized<String>;

    async fn authorize(&self, parts: &Parts) -> Result<Authorized<String>, Rejection> {
        of::<S>(parts)?.guard.change(parts).await
    }

    fn report(granted: &Authorized<String>) -> Option<Report> {
        Guard::<Trust, S>::report(granted)
    }
}

fn of<S: Store>(parts: &Parts) -> Result<&Arc<App<S>>, Rejection> {
    let app = parts.extensions.get();
    app.ok_or_else(|| Rejection::new(Reason::UNGUARDED, ResponseContext::new(parts)))
}

impl<S: Store> From<App<S>> for Current<S> {
    fn from(app: App<S>) -> Self {
        Self::new(app)
    }
}

impl<S> Clone for Current<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> Clone for ByCurrent<S> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Current<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current").finish_non_exhaustive()
    }
}

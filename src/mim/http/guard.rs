use super::{Authorized, CHANGE, READ, StoredRequest, outcome, reason, stored_request::request_id_of};
use crate::{
    caller::Caller,
    http::{self, CallerSource, Event, Loaded, Reason, Rejection, ResourceSource, ResponseContext},
    mim::{ParsedRequest, Preview, Previews, StatusChangePolicy},
};
use ::http::request::Parts;
use alloc::{format, sync::Arc};
use core::fmt;
use uuid::Uuid;

/// A guard in front of certificate requests. It finds out who calls, loads the request, and lets a policy decide.
///
/// ```
/// use sddl_authz::http::{CallerSourceError, from_fn};
/// use sddl_authz::mim::{StatusChange, StatusChangePolicy, http::{Change, Guard}};
/// # use sddl_authz::Caller;
/// # async fn load(id: uuid::Uuid) -> Result<Option<String>, std::convert::Infallible> {
/// #     Ok(Some(format!(r#"{{"Uuid":"{id}","Status":3,"SecurityDescriptor":"D:(A;;CCRC;;;AU)"}}"#)))
/// # }
/// # fn caller(_: &http::request::Parts) -> Result<Caller, CallerSourceError> {
/// #     Ok(Caller::authenticated("S-1-5-21-1-2-3-7".parse().unwrap()).unwrap().with_no_groups())
/// # }
/// # let head = http::Request::put("/requests/a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099").body(()).unwrap().into_parts().0;
/// // The descriptor of each request is D:(A;;CCRC;;;AU).
/// let guard = Guard::new(StatusChangePolicy::inferred(), caller, from_fn(load));
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let change = guard.change(&head).await.unwrap().into_change(StatusChange::Complete).unwrap();
/// assert!(matches!(change, Change::Permitted(_)));
///
/// let rejection = guard.change(&head).await.unwrap().into_change(StatusChange::Cancel).unwrap_err();
/// assert_eq!((rejection.status().as_u16(), rejection.reason().code()), (403, "no_right"));
/// # });
/// ```
pub struct Guard<C, S> {
    inner: http::Guard<C, S>,
    policy: Arc<StatusChangePolicy>,
}

/// A certificate request that the caller may read.
///
/// ```
/// use sddl_authz::http::{CallerSourceError, from_fn};
/// use sddl_authz::mim::{Preview, StatusChangePolicy, http::Guard};
/// # use sddl_authz::Caller;
/// # async fn load(id: uuid::Uuid) -> Result<Option<String>, std::convert::Infallible> {
/// #     Ok(Some(format!(r#"{{"Uuid":"{id}","Status":3,"SecurityDescriptor":"D:(A;;CCRC;;;AU)"}}"#)))
/// # }
/// # fn caller(_: &http::request::Parts) -> Result<Caller, CallerSourceError> {
/// #     Ok(Caller::authenticated("S-1-5-21-1-2-3-7".parse().unwrap()).unwrap().with_no_groups())
/// # }
/// # let head = http::Request::put("/requests/a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099").body(()).unwrap().into_parts().0;
/// // The descriptor of each request is D:(A;;CCRC;;;AU).
/// let guard = Guard::new(StatusChangePolicy::inferred(), caller, from_fn(load));
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_eq!(guard.read(&head).await.unwrap().previews.complete, Preview::Permitted);
/// # });
/// ```
#[must_use]
#[derive(Debug)]
#[non_exhaustive]
pub struct ReadableRequest<R> {
    /// The request.
    pub request: R,
    /// The preview of every change.
    pub previews: Previews,
}

/// A request that the store returned, and its preview.
struct Found<R> {
    loaded: Loaded<R>,
    parsed: ParsedRequest<'static>,
    previews: Previews,
}

impl<C, S> Guard<C, S> {
    /// Returns a guard that decides by this policy.
    #[must_use]
    pub fn new(policy: impl Into<Arc<StatusChangePolicy>>, callers: C, requests: S) -> Self {
        Self {
            inner: http::Guard::new(callers, requests).not_found(reason::UNKNOWN_REQUEST),
            policy: policy.into(),
        }
    }

    /// Sets a function that is called for every decision, once its outcome is known, for metrics and audits. It should be quick, since
    /// answers wait for it.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.inner = self.inner.observer(observer);
        self
    }

    /// Reports a list with this many requests. `action` is its name in events.
    pub fn report_list(&self, action: &'static str, caller: &Caller, context: ResponseContext, count: usize) {
        self.inner.report_list(action, caller, context, count);
    }

    /// Reports the rejection of a list, and returns it. `action` is its name in events.
    #[must_use]
    pub fn reject(&self, action: &'static str, caller: &Caller, rejection: Rejection) -> Rejection {
        self.inner.reject(action, caller, rejection)
    }

    /// Returns the source of requests.
    #[must_use]
    pub fn requests(&self) -> &S {
        self.inner.resources()
    }
}

impl<C, S> Guard<C, S>
where
    C: CallerSource,
    S: ResourceSource<Id = Uuid>,
    S::Resource: StoredRequest,
{
    /// Returns the caller of an HTTP request that is about no certificate request, such as a list. `action` is its name in events.
    ///
    /// # Errors
    /// Fails with 400, 401 or 500 if the caller is not known.
    pub async fn authenticate(&self, parts: &Parts, action: &'static str) -> Result<Arc<Caller>, Rejection> {
        self.inner.authenticate(parts, action).await
    }

    /// Decides whether the sender of an HTTP request may change the certificate request of its path in at least one way.
    ///
    /// Behind a router of axum, with the feature `axum`, the id is the parameter after the segment `requests` of the route, else the
    /// parameter `{id}`, else the only parameter. Behind any other router it is the [segment after `requests`](super::request_id). If that
    /// is not certain, or is not a GUID with hyphens, the answer is that to an unknown request.
    ///
    /// # Errors
    /// Fails with 400 or 401 if the caller is not known, with 403 if no change is possible, and with 500 if it can't be decided.
    pub async fn change(&self, parts: &Parts) -> Result<Authorized<S::Resource>, Rejection> {
        let id = request_id_of(parts);
        let loaded = self.inner.load(parts, id, CHANGE).await?;
        self.authorized(self.find(loaded, id, CHANGE)?)
    }

    /// Decides whether a known caller may change the certificate request with this id in at least one way.
    ///
    /// For paths that contain the id elsewhere, and for a second decision if the store finds that the request was changed. Without an id the
    /// answer is that to an unknown request. No layer knows of this decision: the service reports the outcome, with
    /// [`PermittedChange::report`](super::PermittedChange::report).
    ///
    /// # Errors
    /// Fails with 403 if no change is possible, and with 500 if it can't be decided.
    pub async fn change_as(
        &self,
        caller: impl Into<Arc<Caller>>,
        id: Option<Uuid>,
        context: ResponseContext,
    ) -> Result<Authorized<S::Resource>, Rejection> {
        let loaded = self.inner.load_for(caller, id, context, CHANGE).await?;
        self.authorized(self.find(loaded, id, CHANGE)?)
    }

    /// Returns the certificate request of the path, if the sender may read it.
    ///
    /// # Errors
    /// Fails with 400 or 401 if the caller is not known, with 403 if the caller may not read the request, and with 500 if it can't be
    /// decided.
    pub async fn read(&self, parts: &Parts) -> Result<ReadableRequest<S::Resource>, Rejection> {
        let id = request_id_of(parts);
        let loaded = self.inner.load(parts, id, READ).await?;
        let Found { loaded, previews, .. } = self.find(loaded, id, READ)?;
        if !previews.read {
            let rejection = Rejection::new(reason::NO_RIGHT, loaded.context());
            return Err(loaded.reject(READ, rejection));
        }
        loaded.permit(READ, Reason::PERMITTED).done();
        Ok(ReadableRequest {
            request: loaded.into_resource(),
            previews,
        })
    }

    /// Reads the request that the store returned, once for all decisions, and asks for the previews.
    fn find(
        &self,
        loaded: Loaded<S::Resource>,
        id: Option<Uuid>,
        action: &'static str,
    ) -> Result<Found<S::Resource>, Rejection> {
        match self.preview(&loaded, id) {
            Ok((parsed, previews)) => Ok(Found {
                loaded,
                parsed,
                previews,
            }),
            Err(rejection) => Err(loaded.reject(action, rejection)),
        }
    }

    fn preview(
        &self,
        loaded: &Loaded<S::Resource>,
        id: Option<Uuid>,
    ) -> Result<(ParsedRequest<'static>, Previews), Rejection> {
        let context = loaded.context();
        let failed = |error| outcome::failed(&error, context);
        let view = loaded.resource().view().map_err(failed)?;
        if Some(view.uuid) != id {
            let detail = format!("asked for {}, the store gave {}", loaded.id(), view.uuid);
            return Err(Rejection::new(reason::WRONG_REQUEST, context).with_detail(detail));
        }
        let parsed = ParsedRequest::new(view).map_err(failed)?.into_owned();
        let previews = parsed.preview(&self.policy, loaded.caller()).map_err(failed)?;
        Ok((parsed, previews))
    }

    fn authorized(&self, found: Found<S::Resource>) -> Result<Authorized<S::Resource>, Rejection> {
        let Found {
            loaded,
            parsed,
            previews,
        } = found;
        match obstacle(&previews) {
            None => Ok(Authorized::new(loaded, parsed, previews, Arc::clone(&self.policy))),
            Some(reason) => {
                let rejection = Rejection::new(reason, loaded.context()).for_reader(previews.read);
                Err(loaded.reject(CHANGE, rejection))
            }
        }
    }
}

/// Returns the reason why no change is possible, so that the body need not be read.
///
/// A reader learns the reason for the change that the body asks for. So if the reasons differ, the body of a reader must be read.
fn obstacle(previews: &Previews) -> Option<Reason> {
    let refused = |preview| match preview {
        Preview::Permitted | Preview::Unchanged => None,
        Preview::Forbidden(reason) => Some(reason),
    };
    let complete = refused(previews.complete)?;
    let (cancel, abandon) = (refused(previews.cancel)?, refused(previews.abandon)?);

    if complete == cancel && complete == abandon {
        Some(complete.into())
    } else {
        (!previews.read).then_some(reason::NOTHING_PERMITTED)
    }
}

impl<C, S> Clone for Guard<C, S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            policy: Arc::clone(&self.policy),
        }
    }
}

impl<C, S> fmt::Debug for Guard<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

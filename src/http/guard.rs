use super::{
    Action, Authorized, CallerSource, Event, ReadableRequest, Reason, Rejection, RequestSource, ResponseContext,
    StoredRequest, request_id,
};
use crate::{
    caller::Caller,
    mim::{ForbiddenReason, ParsedRequest, Preview, Previews, StatusChangePolicy},
};
use alloc::{boxed::Box, sync::Arc};
use core::fmt;
use http::request::Parts;
use uuid::Uuid;

/// Who is told of every decision.
type Observer = dyn Fn(&Event<'_>) + Send + Sync;

/// Stands in front of requests: finds out who calls, loads the request, and has the policy decide.
pub struct Guard<C, S>(Arc<Inner<C, S>>);

struct Inner<C, S> {
    callers: C,
    requests: S,
    desk: Arc<Desk>,
}

/// What decides, and who is told.
pub(super) struct Desk {
    pub(super) policy: Arc<StatusChangePolicy>,
    observer: Box<Observer>,
}

/// A request that was asked for, and what the caller may do with it.
pub(super) struct Found<R> {
    pub(super) request: R,
    pub(super) parsed: ParsedRequest<'static>,
    pub(super) caller: Arc<Caller>,
    pub(super) previews: Previews,
}

impl Desk {
    pub(super) fn tell(&self, event: &Event<'_>) {
        event.record();
        (self.observer)(event);
    }
}

impl<C: CallerSource, S: RequestSource> Guard<C, S> {
    /// A guard that decides by `policy`.
    pub fn new(policy: impl Into<Arc<StatusChangePolicy>>, callers: C, requests: S) -> Self {
        Self::with_observer(policy, callers, requests, |_| {})
    }

    /// A guard that tells `observer` of every decision besides: for metrics and audits. It should be quick, since answers wait for it.
    pub fn with_observer(
        policy: impl Into<Arc<StatusChangePolicy>>,
        callers: C,
        requests: S,
        observer: impl Fn(&Event<'_>) + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Inner {
            callers,
            requests,
            desk: Arc::new(Desk {
                policy: policy.into(),
                observer: Box::new(observer),
            }),
        }))
    }

    /// Where requests come from.
    #[must_use]
    pub fn requests(&self) -> &S {
        &self.0.requests
    }

    /// Who calls, for what is about no request, such as a list.
    ///
    /// # Errors
    /// 400, 401 or 500.
    pub async fn caller(&self, parts: &Parts, action: Action) -> Result<Arc<Caller>, Rejection> {
        self.known(parts, ResponseContext::new(parts), None, action).await
    }

    /// Whether whoever sent this may change the request that its path is about, at least in some way.
    ///
    /// # Errors
    /// The answer where not: 400, 401, 403 or 500.
    pub async fn change(&self, parts: &Parts) -> Result<Authorized<S::Request>, Rejection> {
        let (context, id) = (ResponseContext::new(parts), request_id(parts.uri.path()));
        let caller = self.known(parts, context, id, Action::AnyChange).await?;
        self.change_as(caller, id, context).await
    }

    /// The same for a caller and an id that are known: where the path says the id otherwise, or to decide anew when the store found
    /// the request changed. Without an id it is an unknown request.
    ///
    /// # Errors
    /// The answer where not: 403 or 500.
    pub async fn change_as(
        &self,
        caller: impl Into<Arc<Caller>>,
        id: Option<Uuid>,
        context: ResponseContext,
    ) -> Result<Authorized<S::Request>, Rejection> {
        let caller = caller.into();
        let rejection = match self.find(&caller, id, context).await {
            Ok(found) => match gate(&found.previews) {
                None => return Ok(Authorized::new(found, context, &self.0.desk)),
                Some(reason) => Rejection::new(reason, context).for_reader(found.previews.read),
            },
            Err(rejection) => rejection,
        };
        Err(self.rejected(Action::AnyChange, rejection, id, Some(&caller)))
    }

    /// The request that the path is about, where whoever sent this may read it.
    ///
    /// # Errors
    /// The answer where not: 400, 401, 403 or 500.
    pub async fn read(&self, parts: &Parts) -> Result<ReadableRequest<S::Request>, Rejection> {
        let (context, id) = (ResponseContext::new(parts), request_id(parts.uri.path()));
        let caller = self.known(parts, context, id, Action::Read).await?;
        match self.find(&caller, id, context).await {
            Ok(found) if found.previews.read => {
                let event = Event::new(Action::Read, Reason::Permitted, context.correlation);
                self.0.desk.tell(&event.about(id, Some(&caller)));
                let Found { request, previews, .. } = *found;
                Ok(ReadableRequest { request, previews })
            }
            Ok(_) => Err(self.rejected(
                Action::Read,
                Rejection::new(Reason::NoRight, context),
                id,
                Some(&caller),
            )),
            Err(rejection) => Err(self.rejected(Action::Read, rejection, id, Some(&caller))),
        }
    }

    async fn known(
        &self,
        parts: &Parts,
        context: ResponseContext,
        id: Option<Uuid>,
        action: Action,
    ) -> Result<Arc<Caller>, Rejection> {
        match self.0.callers.caller(parts).await {
            Ok(caller) => Ok(Arc::new(caller)),
            Err(why) => Err(self.rejected(action, Rejection::without_caller(why, context), id, None)),
        }
    }

    /// The request, and what the caller may do with it.
    async fn find(
        &self,
        caller: &Arc<Caller>,
        id: Option<Uuid>,
        context: ResponseContext,
    ) -> Result<Box<Found<S::Request>>, Rejection> {
        let unknown = || Rejection::new(Reason::UnknownRequest, context);
        let id = id.ok_or_else(unknown)?;
        let loaded = self.0.requests.load(id).await;
        let loaded = loaded.map_err(|error| Rejection::new(Reason::Store, context).with_detail(error))?;
        let request = loaded.ok_or_else(unknown)?;
        let failed = |failure| Rejection::failed(&failure, context);
        let view = request.view().map_err(failed)?;
        if view.uuid != id {
            let detail = alloc::format!("asked for {id}, the store gave {}", view.uuid);
            return Err(Rejection::new(Reason::WrongRequest, context).with_detail(detail));
        }
        // Read once, and kept for the decision after the body.
        let parsed = ParsedRequest::new(view).map_err(failed)?.into_owned();
        let previews = parsed.preview(&self.0.desk.policy, caller).map_err(failed)?;
        Ok(Box::new(Found {
            request,
            parsed,
            caller: Arc::clone(caller),
            previews,
        }))
    }

    fn rejected(&self, action: Action, rejection: Rejection, id: Option<Uuid>, caller: Option<&Caller>) -> Rejection {
        self.0.desk.tell(&Event::of(action, &rejection).about(id, caller));
        rejection
    }
}

/// Why the body need not be read: no change is possible. A reader is told the reason of the change that is wanted, so where the
/// reasons differ the body must be.
fn gate(previews: &Previews) -> Option<Reason> {
    let refused = |preview| match preview {
        Preview::Permitted | Preview::Unchanged => None,
        Preview::Forbidden(reason) => Some(reason),
    };
    let complete = refused(previews.complete)?;
    let (cancel, abandon) = (refused(previews.cancel)?, refused(previews.abandon)?);
    let same: fn(ForbiddenReason, ForbiddenReason) -> bool = |one, other| one == other;
    if same(complete, cancel) && same(complete, abandon) {
        Some(complete.into())
    } else {
        (!previews.read).then_some(Reason::NothingPermitted)
    }
}

impl<C, S> Clone for Guard<C, S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C, S> fmt::Debug for Guard<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

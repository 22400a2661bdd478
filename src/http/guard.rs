use super::{
    Action, Authorized, CallerSource, Event, Exchange, Readable, Reason, Refusal, RequestSource, StoredRequest,
    request_id,
};
use crate::{
    caller::Caller,
    mim::{Case, ForbiddenReason, Prospect, Prospects, StatusChangePolicy},
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
    pub(super) case: Case<'static>,
    pub(super) caller: Arc<Caller>,
    pub(super) prospects: Prospects,
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
        Self::observed(policy, callers, requests, |_| {})
    }

    /// A guard that tells `observer` of every decision besides: for metrics and audits. It should be quick, since answers wait for it.
    pub fn observed(
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
    pub async fn caller(&self, parts: &Parts, action: Action) -> Result<Arc<Caller>, Refusal> {
        self.known(parts, Exchange::of(parts), None, action).await
    }

    /// Whether whoever sent this may change the request that its path is about, at least in some way.
    ///
    /// # Errors
    /// The answer where not: 400, 401, 403 or 500.
    pub async fn change(&self, parts: &Parts) -> Result<Authorized<S::Request>, Refusal> {
        let (exchange, id) = (Exchange::of(parts), request_id(parts.uri.path()));
        let caller = self.known(parts, exchange, id, Action::AnyChange).await?;
        self.change_as(caller, id, exchange).await
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
        exchange: Exchange,
    ) -> Result<Authorized<S::Request>, Refusal> {
        let caller = caller.into();
        let refusal = match self.find(&caller, id, exchange).await {
            Ok(found) => match gate(&found.prospects) {
                None => return Ok(Authorized::new(found, exchange, &self.0.desk)),
                Some(reason) => Refusal::new(reason, exchange).to_reader(found.prospects.read),
            },
            Err(refusal) => refusal,
        };
        Err(self.refused(Action::AnyChange, refusal, id, Some(&caller)))
    }

    /// The request that the path is about, where whoever sent this may read it.
    ///
    /// # Errors
    /// The answer where not: 400, 401, 403 or 500.
    pub async fn read(&self, parts: &Parts) -> Result<Readable<S::Request>, Refusal> {
        let (exchange, id) = (Exchange::of(parts), request_id(parts.uri.path()));
        let caller = self.known(parts, exchange, id, Action::Read).await?;
        match self.find(&caller, id, exchange).await {
            Ok(found) if found.prospects.read => {
                let event = Event::new(Action::Read, Reason::Permitted, exchange.correlation);
                self.0.desk.tell(&event.about(id, Some(&caller)));
                let Found { request, prospects, .. } = *found;
                Ok(Readable { request, prospects })
            }
            Ok(_) => Err(self.refused(Action::Read, Refusal::new(Reason::NoRight, exchange), id, Some(&caller))),
            Err(refusal) => Err(self.refused(Action::Read, refusal, id, Some(&caller))),
        }
    }

    async fn known(
        &self,
        parts: &Parts,
        exchange: Exchange,
        id: Option<Uuid>,
        action: Action,
    ) -> Result<Arc<Caller>, Refusal> {
        match self.0.callers.caller(parts).await {
            Ok(caller) => Ok(Arc::new(caller)),
            Err(why) => Err(self.refused(action, Refusal::no_caller(why, exchange), id, None)),
        }
    }

    /// The request, and what the caller may do with it.
    async fn find(
        &self,
        caller: &Arc<Caller>,
        id: Option<Uuid>,
        exchange: Exchange,
    ) -> Result<Box<Found<S::Request>>, Refusal> {
        let unknown = || Refusal::new(Reason::UnknownRequest, exchange);
        let id = id.ok_or_else(unknown)?;
        let loaded = self.0.requests.load(id).await;
        let loaded = loaded.map_err(|error| Refusal::new(Reason::Store, exchange).with_detail(error))?;
        let request = loaded.ok_or_else(unknown)?;
        let failed = |failure| Refusal::failed(&failure, exchange);
        let view = request.view().map_err(failed)?;
        if view.uuid != id {
            let detail = alloc::format!("asked for {id}, the store gave {}", view.uuid);
            return Err(Refusal::new(Reason::WrongRequest, exchange).with_detail(detail));
        }
        // Read once, and kept for the decision after the body.
        let case = Case::of(view).map_err(failed)?.into_owned();
        let prospects = case.may(&self.0.desk.policy, caller).map_err(failed)?;
        Ok(Box::new(Found {
            request,
            case,
            caller: Arc::clone(caller),
            prospects,
        }))
    }

    fn refused(&self, action: Action, refusal: Refusal, id: Option<Uuid>, caller: Option<&Caller>) -> Refusal {
        self.0.desk.tell(&Event::of(action, &refusal).about(id, caller));
        refusal
    }
}

/// Why the body need not be read: no change is possible. A reader is told the reason of the change that is wanted, so where the
/// reasons differ the body must be.
fn gate(prospects: &Prospects) -> Option<Reason> {
    let refused = |prospect| match prospect {
        Prospect::Permitted | Prospect::Unchanged => None,
        Prospect::Forbidden(reason) => Some(reason),
    };
    let complete = refused(prospects.complete)?;
    let (cancel, abandon) = (refused(prospects.cancel)?, refused(prospects.abandon)?);
    let same: fn(ForbiddenReason, ForbiddenReason) -> bool = |one, other| one == other;
    if same(complete, cancel) && same(complete, abandon) {
        Some(complete.into())
    } else {
        (!prospects.read).then_some(Reason::NothingPermitted)
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

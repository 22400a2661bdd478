extern crate std;

use super::{
    Action, Event, Reason, Rejection, ResponseContext,
    guard::{Desk, Found},
};
use crate::{
    caller::Caller,
    mim::{Outcome, Permit, Previews, StatusChange},
};
use alloc::{boxed::Box, sync::Arc};
use core::fmt;
use http::Extensions;
use std::sync::{Mutex, PoisonError};

/// A caller that may change a request, at least in some way; which way, [`into_change`](Self::into_change) decides.
///
/// Only a [`Guard`](super::Guard) makes one. It can't be copied, and using it consumes it.
#[must_use]
pub struct Authorized<R> {
    // Elsewhere, since it is handed on from layer to handler.
    found: Box<Found<R>>,
    context: ResponseContext,
    desk: Arc<Desk>,
}

/// A change that the caller may make, or need not.
#[must_use]
#[derive(Debug)]
pub enum Change<R> {
    /// It may be made, with the permit. 200, once the store has done so.
    Permitted(PermittedChange<R>),
    /// 204: the request has that status already.
    Unchanged(R),
}

/// A change that may be made.
#[must_use]
#[derive(Debug)]
#[non_exhaustive]
pub struct PermittedChange<R> {
    /// What turns into the change.
    pub permit: Permit,
    /// The request that it was decided on.
    pub request: R,
    /// Who makes it.
    pub caller: Arc<Caller>,
    /// What an answer needs, also that of a second decision when the store found the request changed meanwhile.
    pub context: ResponseContext,
}

/// A request that the caller may read.
#[must_use]
#[derive(Debug)]
#[non_exhaustive]
pub struct ReadableRequest<R> {
    /// The request.
    pub request: R,
    /// What the caller may do with it.
    pub previews: Previews,
}

impl<R> Authorized<R> {
    pub(super) fn new(found: Box<Found<R>>, context: ResponseContext, desk: &Arc<Desk>) -> Self {
        Self {
            found,
            context,
            desk: Arc::clone(desk),
        }
    }

    /// Who asks.
    #[must_use]
    pub fn caller(&self) -> &Arc<Caller> {
        &self.found.caller
    }

    /// What the caller may do.
    #[must_use]
    pub fn previews(&self) -> &Previews {
        &self.found.previews
    }

    /// What an answer needs.
    #[must_use]
    pub const fn context(&self) -> ResponseContext {
        self.context
    }
}

impl<R: Send + 'static> Authorized<R> {
    /// Decides on one change.
    ///
    /// # Errors
    /// The answer where it may not be made: 403, or 500.
    pub fn into_change(self, change: StatusChange) -> Result<Change<R>, Rejection> {
        let Self { found, context, desk } = self;
        let Found {
            request,
            parsed,
            caller,
            ..
        } = *found;
        let tell = |event: Event<'_>| desk.tell(&event.about(Some(parsed.uuid()), Some(&caller)));
        let action = Action::Change(change);
        match parsed.decide(&desk.policy, &caller, change) {
            Outcome::Permitted(permit) => {
                tell(Event::new(action, Reason::Permitted, context.correlation));
                Ok(Change::Permitted(PermittedChange {
                    permit,
                    request,
                    caller,
                    context,
                }))
            }
            Outcome::Unchanged(_) => {
                tell(Event::new(action, Reason::Unchanged, context.correlation));
                Ok(Change::Unchanged(request))
            }
            Outcome::Forbidden(why) => {
                let rejection = Rejection::new(why.reason.into(), context).for_reader(why.reader);
                tell(Event::of(action, &rejection).because(&why));
                Err(rejection)
            }
            Outcome::Failed(failure) => {
                let rejection = Rejection::failed(&failure, context);
                tell(Event::of(action, &rejection));
                Err(rejection)
            }
        }
    }

    /// Ends it for a reason that has nothing to do with rights, such as an unreadable body.
    #[must_use]
    pub fn reject(self, reason: Reason) -> Rejection {
        let rejection = Rejection::new(reason, self.context);
        let event = Event::of(Action::AnyChange, &rejection);
        let Found { parsed, caller, .. } = &*self.found;
        self.desk.tell(&event.about(Some(parsed.uuid()), Some(caller)));
        rejection
    }

    /// Puts it where a handler can take it, once.
    #[cfg(feature = "tower")]
    pub(super) fn put(self, extensions: &mut Extensions) {
        extensions.insert(Slot(Arc::new(Mutex::new(Some(self)))));
    }

    /// Takes what the layer put into a request's extensions; there is one, once, behind the layer alone.
    #[must_use]
    pub fn take(extensions: &mut Extensions) -> Option<Self> {
        let slot: Slot<R> = extensions.remove()?;
        slot.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Extensions must be `Clone`, and this must not be: whoever takes it first has it.
struct Slot<R>(Arc<Mutex<Option<Authorized<R>>>>);

impl<R> Clone for Slot<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R> fmt::Debug for Authorized<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized")
            .field("caller", self.caller())
            .field("previews", self.previews())
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

use super::{CHANGE, outcome, reason};
use crate::{
    caller::Caller,
    http::{Loaded, Reason, Rejection, Report, ResponseContext, extension},
    mim::{Outcome, ParsedRequest, Permit, Previews, StatusChange, StatusChangePolicy},
};
use alloc::{boxed::Box, sync::Arc};
use core::fmt;
use http::Extensions;

/// A certificate request of which the caller may change the status in at least one way. [`into_change`](Self::into_change) decides about
/// one change.
///
/// Only a [`Guard`](super::Guard) makes one. It can't be copied, and using it consumes it.
///
/// ```
/// use sddl_authz::http::Rejection;
/// use sddl_authz::mim::{RequestStatus, StatusChange, http::{Authorized, Change, reason}};
/// fn handle(request: Authorized<String>, body: &str) -> Result<Option<RequestStatus>, Rejection> {
///     let Ok(change) = body.parse::<StatusChange>() else {
///         return Err(request.reject(reason::BODY_UNREADABLE));
///     };
///     match request.into_change(change)? {
///         Change::Permitted(permitted) => Ok(Some(permitted.permit.new_status())), // 200, or 204 if not `permitted.reader`
///         Change::Unchanged(_) => Ok(None),                                        // 204
///     }
/// }
/// ```
#[must_use]
pub struct Authorized<R>(Box<Inner<R>>);

struct Inner<R> {
    loaded: Loaded<R>,
    parsed: ParsedRequest<'static>,
    previews: Previews,
    policy: Arc<StatusChangePolicy>,
}

/// A change that the caller may make, or need not make.
#[must_use]
#[derive(Debug)]
pub enum Change<R> {
    /// Once the store has made the change: 200 and the request as it is now, or 204 if the caller is not a
    /// [reader](PermittedChange::reader).
    Permitted(PermittedChange<R>),
    /// 204: the request has that status already.
    Unchanged(R),
}

/// A change that the caller may make.
#[must_use]
#[derive(Debug)]
#[non_exhaustive]
pub struct PermittedChange<R> {
    /// The permit, which becomes the update of the store.
    pub permit: Permit,
    /// The request as it was when the change was permitted.
    pub request: R,
    /// The caller.
    pub caller: Arc<Caller>,
    /// Whether the caller may read the request. Send the request to nobody else: a right to change it is no right to read it.
    pub reader: bool,
    /// The context of the answer. A second decision needs it too, if the store finds that the request was changed meanwhile.
    pub context: ResponseContext,
    /// The report of the change, which becomes an event once the outcome is known. Call [`done`](Report::done) when the store has made
    /// the change. Otherwise the answer is the outcome, if a [layer](crate::http::AuthorizeLayer) made the decision.
    pub report: Report,
}

impl<R> Authorized<R> {
    pub(super) fn new(
        loaded: Loaded<R>,
        parsed: ParsedRequest<'static>,
        previews: Previews,
        policy: Arc<StatusChangePolicy>,
    ) -> Self {
        Self(Box::new(Inner {
            loaded,
            parsed,
            previews,
            policy,
        }))
    }

    /// Returns the caller.
    #[must_use]
    pub fn caller(&self) -> &Arc<Caller> {
        self.0.loaded.caller()
    }

    /// Returns the preview of every change.
    #[must_use]
    pub const fn previews(&self) -> &Previews {
        &self.0.previews
    }

    /// Returns the context of the answer.
    #[must_use]
    pub fn context(&self) -> ResponseContext {
        self.0.loaded.context()
    }

    /// Returns the report of the change, about which nothing is decided yet.
    pub(super) const fn report(&self) -> &Report {
        self.0.loaded.report()
    }

    /// Decides about one change.
    ///
    /// # Errors
    /// Fails with 403 if the caller may not make the change, and with 500 if it can't be decided.
    pub fn into_change(self, change: StatusChange) -> Result<Change<R>, Rejection> {
        let Inner {
            loaded,
            parsed,
            previews,
            policy,
        } = *self.0;
        let (caller, context, action) = (Arc::clone(loaded.caller()), loaded.context(), change.word());
        let reader = previews.read;
        match parsed.decide(&policy, &caller, change) {
            Outcome::Permitted(permit) => {
                let reason = if reader {
                    Reason::PERMITTED
                } else {
                    reason::PERMITTED_WITHOUT_CONTENT
                };
                let report = loaded.permit(action, reason);
                Ok(Change::Permitted(PermittedChange {
                    permit,
                    report,
                    request: loaded.into_resource(),
                    caller,
                    reader,
                    context,
                }))
            }
            Outcome::Unchanged(_) => {
                loaded.permit(action, reason::UNCHANGED).done();
                Ok(Change::Unchanged(loaded.into_resource()))
            }
            Outcome::Forbidden(why) => Err(loaded.reject(action, outcome::forbidden(why, context))),
            Outcome::Failed(error) => Err(loaded.reject(action, outcome::failed(&error, context))),
        }
    }

    /// Rejects the request for a reason other than rights, such as a body that can't be read.
    #[must_use]
    pub fn reject(self, reason: Reason) -> Rejection {
        let rejection = Rejection::new(reason, self.context());
        self.0.loaded.reject(CHANGE, rejection)
    }
}

impl<R: Send + Sync + 'static> Authorized<R> {
    /// Takes the `Authorized` that a [layer](crate::http::AuthorizeLayer) put into the extensions of a request, or `None` if there is none
    /// or it was taken before.
    #[must_use]
    pub fn take(extensions: &mut Extensions) -> Option<Self> {
        extension::take(extensions)
    }
}

impl<R> fmt::Debug for Authorized<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized")
            .field("loaded", &self.0.loaded)
            .field("previews", self.previews())
            .finish_non_exhaustive()
    }
}

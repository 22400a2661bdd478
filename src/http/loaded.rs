use super::{Reason, Rejection, Report, ResponseContext, settings::Settings};
use crate::caller::Caller;
use alloc::{boxed::Box, sync::Arc};
use core::fmt;

/// A resource that a [`Guard`](super::Guard) loaded for a caller, before any decision.
///
/// For services whose decision needs more than a mask, such as the state of the resource. They decide by themselves, and say so with
/// [`permit`](Self::permit) or [`reject`](Self::reject), so that the decision becomes an [`Event`](super::Event).
///
/// ```
/// use sddl_authz::http::{CallerSourceError, Guard, Loaded, Reason, Rejection, Report, from_fn};
/// # use sddl_authz::Caller;
/// # fn caller(_: &http::request::Parts) -> Result<Caller, CallerSourceError> { Ok(Caller::anonymous()) }
/// struct Invoice { paid: bool }
/// fn cancel(invoice: &Loaded<Invoice>) -> Result<Report, Rejection> {
///     const PAID: Reason = Reason::new(http::StatusCode::CONFLICT, "paid", "The invoice is paid.");
///     if invoice.resource().paid {
///         return Err(invoice.reject("cancel", Rejection::new(PAID, invoice.context())));
///     }
///     Ok(invoice.permit("cancel", Reason::PERMITTED)) // `done` once the store has written it
/// }
/// async fn load(_: u64) -> Result<Option<Invoice>, std::convert::Infallible> {
///     Ok(Some(Invoice { paid: true }))
/// }
/// # let (parts, ()) = http::Request::get("/invoices/7").body(()).unwrap().into_parts();
/// let guard = Guard::new(caller, from_fn(load));
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let invoice = guard.load(&parts, Some(7), "cancel").await.unwrap();
/// assert_eq!(cancel(&invoice).unwrap_err().status(), 409);
/// # });
/// ```
#[must_use]
pub struct Loaded<R>(Box<Inner<R>>);

struct Inner<R> {
    resource: R,
    report: Report,
}

impl<R> Loaded<R> {
    pub(super) fn new(resource: R, report: Report) -> Self {
        Self(Box::new(Inner { resource, report }))
    }

    /// Returns the resource.
    pub const fn resource(&self) -> &R {
        &self.0.resource
    }

    /// Returns the resource by value.
    pub fn into_resource(self) -> R {
        self.0.resource
    }

    /// Returns the identifier of the resource, as text.
    #[must_use]
    pub fn id(&self) -> &str {
        self.report().id()
    }

    /// Returns the caller.
    #[must_use]
    pub fn caller(&self) -> &Arc<Caller> {
        self.report().caller()
    }

    /// Returns the context of the answer.
    #[must_use]
    pub fn context(&self) -> ResponseContext {
        self.report().context()
    }

    /// Says that the caller may do this. The [`Report`] becomes an event once the outcome is known.
    #[must_use]
    pub fn permit(&self, action: &'static str, reason: Reason) -> Report {
        self.report().permit(action, reason);
        self.report().clone()
    }

    /// Reports that the request is rejected, and returns the rejection with the guard's own [response](super::Guard::responses).
    #[must_use]
    pub fn reject(&self, action: &'static str, rejection: Rejection) -> Rejection {
        self.report().reject(action, rejection)
    }

    /// Returns the report of the action.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.0.report
    }

    pub(super) fn settings(&self) -> &Settings {
        self.report().settings()
    }
}

impl<R> fmt::Debug for Loaded<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded")
            .field("id", &self.id())
            .field("caller", self.caller())
            .field("context", &self.context())
            .finish_non_exhaustive()
    }
}

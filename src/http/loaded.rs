use super::{Reason, Rejection, ResponseContext, settings::Settings};
use crate::caller::Caller;
use alloc::{boxed::Box, string::String, sync::Arc};
use core::fmt;

/// A resource that a [`Guard`](super::Guard) loaded for a caller, before any decision.
///
/// For services whose decision needs more than a mask, such as the state of the resource. They decide by themselves, and report the
/// decision with [`permit`](Self::permit) or [`reject`](Self::reject), so that it becomes an [`Event`](super::Event).
///
/// ```
/// use sddl_authz::http::{CallerSourceError, Guard, Loaded, Reason, Rejection, from_fn};
/// # use sddl_authz::Caller;
/// # fn caller(_: &http::request::Parts) -> Result<Caller, CallerSourceError> { Ok(Caller::anonymous()) }
/// struct Invoice { paid: bool }
/// fn cancel(invoice: &Loaded<Invoice>) -> Result<(), Rejection> {
///     const PAID: Reason = Reason::new(http::StatusCode::CONFLICT, "paid", "The invoice is paid.");
///     if invoice.resource().paid {
///         return Err(invoice.reject("cancel", Rejection::new(PAID, invoice.context())));
///     }
///     invoice.permit("cancel", Reason::PERMITTED);
///     Ok(())
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
    id: String,
    caller: Arc<Caller>,
    context: ResponseContext,
    settings: Arc<Settings>,
}

impl<R> Loaded<R> {
    pub(super) fn new(
        resource: R,
        id: String,
        caller: Arc<Caller>,
        context: ResponseContext,
        settings: Arc<Settings>,
    ) -> Self {
        Self(Box::new(Inner {
            resource,
            id,
            caller,
            context,
            settings,
        }))
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
        &self.0.id
    }

    /// Returns the caller.
    #[must_use]
    pub const fn caller(&self) -> &Arc<Caller> {
        &self.0.caller
    }

    /// Returns the context of the answer.
    #[must_use]
    pub const fn context(&self) -> ResponseContext {
        self.0.context
    }

    /// Reports that the caller may do this.
    pub fn permit(&self, action: &'static str, reason: Reason) {
        let Inner {
            id,
            caller,
            context,
            settings,
            ..
        } = &*self.0;
        settings.succeed(action, reason, *context, id, caller);
    }

    /// Reports that the request is rejected, and returns the rejection with the guard's own [response](super::Guard::responses).
    #[must_use]
    pub fn reject(&self, action: &'static str, rejection: Rejection) -> Rejection {
        let Inner {
            id, caller, settings, ..
        } = &*self.0;
        settings.reject(action, rejection, Some(id), Some(caller))
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.0.settings
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

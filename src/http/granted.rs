use super::{Action, Loaded, Protected, Reason, Rejection, Report, ResponseContext, extension};
use crate::{
    caller::Caller,
    check::{AccessCheck, Decision, DenialReason, Options, Unprotected},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
};
use alloc::{borrow::Cow, sync::Arc, vec};
use core::fmt;
use http::Extensions;

/// A resource on which a [`Guard`](super::Guard) has granted the caller an action.
///
/// Only a guard makes one. It can't be copied. Its [`report`](Self::report) becomes an event once the outcome is known: behind a
/// [layer](super::AuthorizeLayer) with the answer.
///
/// ```
/// use sddl_authz::http::{Action, CallerSourceError, Guard, from_fn};
/// # use sddl_authz::{AccessMask, Caller, Sid};
/// # struct Access(&'static str, AccessMask);
/// # impl Action for Access {
/// #     fn desired(&self) -> AccessMask { self.1 }
/// #     fn name(&self) -> &'static str { self.0 }
/// # }
/// # const READ: Access = Access("read", AccessMask::FILE_READ_DATA);
/// # const WRITE: Access = Access("write", AccessMask::FILE_WRITE_DATA);
/// # fn caller(_: &http::request::Parts) -> Result<Caller, CallerSourceError> {
/// #     Ok(Caller::authenticated(Sid::new(5, &[21, 1, 2, 3, 1104]).unwrap()).unwrap().with_no_groups())
/// # }
/// # async fn load(id: u64) -> Result<Option<String>, std::convert::Infallible> {
/// #     Ok((id == 7).then(|| "D:(A;;0x1;;;AU)".to_owned()))
/// # }
/// # let (parts, ()) = http::Request::get("/documents/7").body(()).unwrap().into_parts();
/// let guard = Guard::new(caller, from_fn(load)); // the descriptor of document 7 is D:(A;;0x1;;;AU)
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let document = guard.authorize(&parts, &READ).await.unwrap();
/// assert_eq!(document.resource(), "D:(A;;0x1;;;AU)");
/// assert!(document.allows(&READ) && !document.allows(&WRITE));
/// assert!(document.require(&WRITE).is_err());
/// # });
/// ```
#[must_use]
pub struct Granted<R>(Loaded<R>);

impl<R: Protected> Granted<R> {
    /// Decides about an action.
    pub(super) fn new(loaded: Loaded<R>, action: &impl Action) -> Result<Self, Rejection> {
        match decide(&loaded, action.desired()) {
            Ok(()) => {
                loaded.report().permit(action.name(), Reason::PERMITTED);
                Ok(Self(loaded))
            }
            Err(rejection) => Err(loaded.reject(action.name(), rejection)),
        }
    }

    /// Decides about a further action, for example once the body of the request is read. The report is then about this action.
    ///
    /// # Errors
    /// Fails if the action is not granted.
    pub fn require(self, action: &impl Action) -> Result<Self, Rejection> {
        Self::new(self.0, action)
    }

    /// Returns whether the caller may do this as well, for example to offer it to a user. Nothing is reported.
    #[must_use]
    pub fn allows(&self, action: &impl Action) -> bool {
        decide(&self.0, action.desired()).is_ok()
    }
}

impl<R: Send + Sync + 'static> Granted<R> {
    /// Takes the `Granted` that a [layer](super::Guard::layer) put into the extensions of a request, or `None` if there is none or it was
    /// taken before.
    #[must_use]
    pub fn take(extensions: &mut Extensions) -> Option<Self> {
        extension::take(extensions)
    }
}

impl<R> Granted<R> {
    /// Returns the resource.
    pub const fn resource(&self) -> &R {
        self.0.resource()
    }

    /// Returns the resource by value.
    pub fn into_resource(self) -> R {
        self.0.into_resource()
    }

    /// Returns the identifier of the resource, as text.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.id()
    }

    /// Returns the report, for services that know the outcome before they answer, and for those without the layer.
    #[must_use]
    pub const fn report(&self) -> &Report {
        self.0.report()
    }

    /// Returns the caller.
    #[must_use]
    pub fn caller(&self) -> &Arc<Caller> {
        self.0.caller()
    }

    /// Returns the context of the answer.
    #[must_use]
    pub fn context(&self) -> ResponseContext {
        self.0.context()
    }
}

impl<R> fmt::Debug for Granted<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Granted").field(&self.0).finish()
    }
}

fn decide<R: Protected>(loaded: &Loaded<R>, desired: AccessMask) -> Result<(), Rejection> {
    let (settings, resource, context) = (loaded.settings(), loaded.resource(), loaded.context());
    if desired.is_empty() || desired.intersects(AccessMask::MAXIMUM_ALLOWED) {
        return Err(Rejection::new(Reason::ACTION_UNUSABLE, context));
    }
    let descriptor = resource.descriptor().parsed();
    let descriptor: Cow<'_, SecurityDescriptor> =
        descriptor.map_err(|error| Rejection::new(Reason::DESCRIPTOR_UNREADABLE, context).with_detail(error))?;
    let options = Options {
        principal_self: resource.principal_self(),
        ..settings.options
    };
    if options.unprotected == Unprotected::Refuse && descriptor.dacl.acl().is_none() {
        return Err(Rejection::new(Reason::UNPROTECTED, context));
    }
    let question = |desired| AccessCheck::new(loaded.caller(), desired).options(options);
    let denial = match question(desired).check(&*descriptor) {
        Decision::Allowed { .. } => return Ok(()),
        Decision::Denied(denial) => denial,
    };
    let rejection = if denial.reason == DenialReason::Undetermined {
        let unresolved = question(desired).explain(&*descriptor).unresolved;
        Rejection::new(Reason::UNDETERMINED, context).with_unresolved(unresolved)
    } else {
        Rejection::new(Reason::NO_RIGHT, context)
    };
    let is_reader = |readers| question(readers).check(&*descriptor).is_allowed();
    let reader = settings.readers.is_some_and(is_reader);
    Err(rejection.for_reader(reader).with_missing(vec![denial.missing]))
}

use super::{
    Action, CallerSource, Event, Granted, Loaded, Protected, Reason, Rejection, Report, ResourceSource,
    ResponseContext, settings::Settings,
};
use crate::{caller::Caller, check::Unprotected, mask::GenericMapping};
use alloc::{
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::fmt;
use http::{Response, request::Parts};

/// A guard in front of resources. It finds out who calls, loads the resource, and grants or rejects the [action](Action).
///
/// A clone shares its caller source, its resources and its settings with the original.
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
/// let guard = Guard::new(caller, from_fn(load)).readers(&READ); // the descriptor of document 7 is D:(A;;0x1;;;AU)
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_eq!(guard.authorize(&parts, &READ).await.unwrap().id(), "7");
/// assert_eq!(guard.authorize(&parts, &WRITE).await.unwrap_err().status(), 403);
/// # });
/// ```
pub struct Guard<C, S> {
    callers: Arc<C>,
    resources: Arc<S>,
    settings: Arc<Settings>,
}

impl<C, S> Guard<C, S> {
    /// Returns a guard that gets callers and resources from these sources.
    ///
    /// It rejects resources whose descriptor has no DACL, and it tells no client the reason for a rejection.
    #[must_use]
    pub fn new(callers: C, resources: S) -> Self {
        Self {
            callers: Arc::new(callers),
            resources: Arc::new(resources),
            settings: Arc::new(Settings::new()),
        }
    }

    /// Sets the meaning of generic rights. Without a mapping they grant nothing in an Allow entry, and deny everything in a Deny entry.
    #[must_use]
    pub fn mapping(mut self, mapping: GenericMapping) -> Self {
        self.change_settings().options.mapping = Some(mapping);
        self
    }

    /// Sets the answer about a resource whose descriptor has no DACL or a NULL DACL. It is 500, unless this is
    /// [`Unprotected::Grant`], as on Windows.
    #[must_use]
    pub fn unprotected(mut self, unprotected: Unprotected) -> Self {
        self.change_settings().options.unprotected = unprotected;
        self
    }

    /// Sets the action of readers. A caller who is granted it learns why a request is rejected, with status 403. Everybody else gets the
    /// answer to a resource that does not exist, status 404.
    #[must_use]
    pub fn readers(mut self, action: &impl Action) -> Self {
        self.change_settings().readers = Some(action.desired());
        self
    }

    /// Sets a function that is called for every decision, once its outcome is known, for metrics and audits. It should be quick, since
    /// answers wait for it.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.change_settings().observer = Arc::new(observer);
        self
    }

    /// Sets a function that returns the response to a rejection, or `None` for the [response](Rejection::into_response) of this crate.
    ///
    /// [`Rejection::is_for_reader`] says whether the caller may know of the resource.
    ///
    /// ```
    /// use sddl_authz::http::{CallerSourceError, Guard, from_fn};
    /// # use sddl_authz::Caller;
    /// # fn caller(_: &http::request::Parts) -> Result<Caller, CallerSourceError> { Ok(Caller::anonymous()) }
    /// # async fn load(_: u64) -> Result<Option<String>, std::convert::Infallible> { Ok(None) }
    /// let guard = Guard::new(caller, from_fn(load)).responses(|rejection| {
    ///     let own = http::Response::builder().status(rejection.status());
    ///     own.body(b"Ask the owner of the document.".to_vec()).ok()
    /// });
    /// ```
    #[must_use]
    pub fn responses(
        mut self,
        responses: impl Fn(&Rejection) -> Option<Response<Vec<u8>>> + Send + Sync + 'static,
    ) -> Self {
        self.change_settings().responses = Arc::new(responses);
        self
    }

    /// Sets the reason for the rejection of a request whose resource does not exist, instead of [`Reason::NOT_FOUND`].
    #[must_use]
    pub fn not_found(mut self, reason: impl Into<Reason>) -> Self {
        self.change_settings().not_found = reason.into();
        self
    }

    /// Reports a list with this many resources. `action` is its name in events.
    pub fn report_list(&self, action: &'static str, caller: &Caller, context: ResponseContext, count: usize) {
        let event = Event::success(action, Reason::PERMITTED, context).with_count(count);
        self.settings.tell(&event.about(None, Some(caller)));
    }

    /// Reports the rejection of a request that is about no resource, such as a list, and returns the rejection with the guard's own
    /// [response](Self::responses). `action` is its name in events.
    #[must_use]
    pub fn reject(&self, action: &'static str, caller: &Caller, rejection: Rejection) -> Rejection {
        self.settings.reject(action, rejection, None, Some(caller))
    }

    /// Returns the source of resources.
    #[must_use]
    pub fn resources(&self) -> &S {
        &self.resources
    }

    fn change_settings(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.settings)
    }
}

impl<C: CallerSource, S: ResourceSource> Guard<C, S> {
    /// Decides whether the sender of a request may do this with the resource that the request is about. Call
    /// [`done`](Report::done) on its [report](Granted::report) once it is done.
    ///
    /// # Errors
    /// Fails with 400, 401 or 503 if the caller is not known, with 403 or 404 if the action is not granted or there is no such resource,
    /// and with 500 if it can't be decided.
    pub async fn authorize(&self, parts: &Parts, action: &impl Action) -> Result<Granted<S::Resource>, Rejection>
    where
        S::Resource: Protected,
    {
        let loaded = self.load(parts, self.resources.id(parts), action.name()).await?;
        Granted::new(loaded, action)
    }

    /// Returns the caller of a request that is about no resource, such as a list. `action` is its name in events. Nothing is reported
    /// but a failure: [`report_list`](Self::report_list) reports the list.
    ///
    /// # Errors
    /// Fails with 400, 401, 500 or 503 if the caller is not known.
    pub async fn authenticate(&self, parts: &Parts, action: &'static str) -> Result<Arc<Caller>, Rejection> {
        self.caller(parts, ResponseContext::new(parts), None, action).await
    }

    /// Loads a resource for the sender of a request, and decides nothing. `action` is its name in events.
    ///
    /// # Errors
    /// Fails with 400, 401, 500 or 503 if the caller is not known, with 404 if there is no such resource, and with 500 if the store fails.
    pub async fn load(
        &self,
        parts: &Parts,
        id: Option<S::Id>,
        action: &'static str,
    ) -> Result<Loaded<S::Resource>, Rejection> {
        let context = ResponseContext::new(parts);
        let text = id.as_ref().map(ToString::to_string);
        let caller = self.caller(parts, context, text.as_deref(), action).await?;
        self.load_for(caller, id, context, action).await
    }

    /// Loads a resource for a known caller, and decides nothing. `action` is its name in events.
    ///
    /// # Errors
    /// Fails with 404 if there is no such resource, and with 500 if the store fails.
    pub async fn load_for(
        &self,
        caller: impl Into<Arc<Caller>>,
        id: Option<S::Id>,
        context: ResponseContext,
        action: &'static str,
    ) -> Result<Loaded<S::Resource>, Rejection> {
        let caller = caller.into();
        let text = id.as_ref().map(ToString::to_string);
        let loaded = match id {
            Some(id) => self.resources.load(id).await,
            None => Ok(None),
        };
        let rejection = match loaded {
            Ok(Some(resource)) => {
                let id: String = text.unwrap_or_default();
                let report = Report::new(id, caller, context, Arc::clone(&self.settings));
                return Ok(Loaded::new(resource, report));
            }
            Ok(None) => Rejection::new(self.settings.not_found, context),
            Err(error) => Rejection::new(Reason::STORE, context).with_detail(error),
        };
        Err(self.settings.reject(action, rejection, text.as_deref(), Some(&caller)))
    }

    async fn caller(
        &self,
        parts: &Parts,
        context: ResponseContext,
        id: Option<&str>,
        action: &'static str,
    ) -> Result<Arc<Caller>, Rejection> {
        match self.callers.caller(parts).await {
            Ok(caller) => Ok(Arc::new(caller)),
            Err(error) => {
                let rejection = Rejection::without_caller(error, context);
                Err(self.settings.reject(action, rejection, id, None))
            }
        }
    }
}

impl<C, S> Clone for Guard<C, S> {
    fn clone(&self) -> Self {
        Self {
            callers: Arc::clone(&self.callers),
            resources: Arc::clone(&self.resources),
            settings: Arc::clone(&self.settings),
        }
    }
}

impl<C, S> fmt::Debug for Guard<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

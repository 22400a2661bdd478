extern crate std;

use super::{Reason, Rejection, ResponseContext, settings::Settings};
use crate::caller::Caller;
use alloc::{format, string::String, sync::Arc};
use core::fmt::{self, Display};
use http::StatusCode;
use std::sync::{Mutex, PoisonError};

/// The report of a permitted action: once its outcome is known, it becomes one [`Event`](super::Event).
///
/// Behind a [layer](super::AuthorizeLayer) the status of the answer is the outcome. A service can report the outcome before, with
/// [`done`](Self::done) as soon as its store has made a change, or with [`failed`](Self::failed). A service without the layer must call one
/// of them. The first report counts.
///
/// If nobody reports an outcome, the event has the reason [`ABANDONED`](Reason::ABANDONED). It happens if the client goes away
/// before it is answered.
///
/// ```
/// use sddl_authz::http::{Action, CallerSourceError, Guard, Rejection, from_fn};
/// # use sddl_authz::{AccessMask, Caller, Sid};
/// # struct Delete;
/// # impl Action for Delete {
/// #     fn desired(&self) -> AccessMask { AccessMask::DELETE }
/// #     fn name(&self) -> &'static str { "delete" }
/// # }
/// # fn caller(_: &http::request::Parts) -> Result<Caller, CallerSourceError> {
/// #     Ok(Caller::authenticated(Sid::new(5, &[21, 1, 2, 3, 1104]).unwrap()).unwrap().with_no_groups())
/// # }
/// # async fn load(_: u64) -> Result<Option<String>, std::convert::Infallible> { Ok(Some("D:(A;;SD;;;AU)".to_owned())) }
/// # let (parts, ()) = http::Request::delete("/documents/7").body(()).unwrap().into_parts();
/// # let guard = Guard::new(caller, from_fn(load));
/// # fn delete(_: &str) -> Result<(), &'static str> { Err("the disk is full") }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let document = guard.authorize(&parts, &Delete).await.unwrap();
/// let answer = match delete(document.id()) {
///     Ok(()) => Ok(document.report().done()),
///     Err(error) => Err(document.report().failed(error)), // an event with the reason `store`, and status 500
/// };
/// assert_eq!(answer.unwrap_err().status(), 500);
/// # });
/// ```
#[derive(Clone)]
pub struct Report(Arc<Inner>);

struct Inner {
    id: String,
    caller: Arc<Caller>,
    context: ResponseContext,
    settings: Arc<Settings>,
    state: Mutex<State>,
}

/// The facts about an action.
#[derive(Clone, Copy)]
enum State {
    /// There is no decision.
    Undecided,
    /// It is permitted, and its outcome is not known.
    Permitted { action: &'static str, reason: Reason },
    /// Its event has been told, or there is nothing to tell.
    Told,
}

impl Report {
    pub(super) fn new(id: String, caller: Arc<Caller>, context: ResponseContext, settings: Arc<Settings>) -> Self {
        Self(Arc::new(Inner {
            id,
            caller,
            context,
            settings,
            state: Mutex::new(State::Undecided),
        }))
    }

    /// Reports that the action is done.
    pub fn done(&self) {
        if let Some((action, reason)) = self.0.permitted() {
            self.0.succeed(action, reason, reason.status());
        }
    }

    /// Reports that the store failed, and returns the answer, with status 500. The error is for the log.
    #[must_use]
    pub fn failed(&self, error: impl Display) -> Rejection {
        let rejection = Rejection::new(Reason::STORE, self.context()).with_detail(error);
        match self.0.permitted() {
            Some((action, _)) => self.0.reject(action, rejection),
            None => rejection,
        }
    }

    /// Reports nothing. For an action that was not done because the resource had changed, so that the service decides anew.
    pub fn withdraw(&self) {
        self.0.permitted();
    }

    /// Reports the status of the answer. Every status from 400 on is a failure.
    pub fn answered(&self, status: StatusCode) {
        let Some((action, reason)) = self.0.permitted() else {
            return;
        };
        if status.is_client_error() || status.is_server_error() {
            self.0.fail(action, Reason::NOT_DONE, status);
        } else {
            self.0.succeed(action, reason, status);
        }
    }

    /// Returns the identifier of the resource, as text.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Returns the caller.
    #[must_use]
    pub fn caller(&self) -> &Arc<Caller> {
        &self.0.caller
    }

    /// Returns the context of the answer.
    #[must_use]
    pub fn context(&self) -> ResponseContext {
        self.0.context
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Notes that the action is permitted. An action that was permitted before is no longer reported.
    pub(super) fn permit(&self, action: &'static str, reason: Reason) {
        self.0.replace(State::Permitted { action, reason });
    }

    /// Reports a rejection.
    pub(super) fn reject(&self, action: &'static str, rejection: Rejection) -> Rejection {
        self.0.replace(State::Told);
        self.0.reject(action, rejection)
    }
}

impl Inner {
    fn replace(&self, state: State) -> State {
        core::mem::replace(&mut *self.state.lock().unwrap_or_else(PoisonError::into_inner), state)
    }

    /// Returns the permitted action whose outcome is not known yet. Afterwards there is none.
    fn permitted(&self) -> Option<(&'static str, Reason)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State::Permitted { action, reason } = *state else {
            return None;
        };
        *state = State::Told;
        Some((action, reason))
    }

    fn succeed(&self, action: &'static str, reason: Reason, status: StatusCode) {
        let event = super::Event::success(action, reason, self.context).with_status(status);
        self.settings.tell(&event.about(Some(&self.id), Some(&self.caller)));
    }

    fn fail(&self, action: &'static str, reason: Reason, status: StatusCode) {
        let detail = format!("the service answered {}", status.as_u16());
        let event = super::Event::success(action, reason, self.context).with_status(status);
        let event = event.with_detail(&detail).about(Some(&self.id), Some(&self.caller));
        self.settings.tell(&event);
    }

    fn reject(&self, action: &'static str, rejection: Rejection) -> Rejection {
        self.settings
            .reject(action, rejection, Some(&self.id), Some(&self.caller))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some((action, _)) = self.permitted() {
            self.succeed(action, Reason::ABANDONED, Reason::ABANDONED.status());
        }
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("id", &self.id())
            .field("caller", self.caller())
            .field("context", &self.context())
            .finish_non_exhaustive()
    }
}

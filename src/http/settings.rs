use super::{Event, Reason, Rejection};
use crate::{
    caller::Caller,
    check::{Options, Unprotected},
    mask::AccessMask,
};
use alloc::{sync::Arc, vec::Vec};
use http::Response;

type Observer = dyn Fn(&Event<'_>) + Send + Sync;
type Responses = dyn Fn(&Rejection) -> Option<Response<Vec<u8>>> + Send + Sync;

/// The settings of a guard.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) options: Options,
    /// The rights of a reader.
    pub(super) readers: Option<AccessMask>,
    /// The reason where there is no such resource.
    pub(super) not_found: Reason,
    pub(super) observer: Arc<Observer>,
    pub(super) responses: Arc<Responses>,
}

impl Settings {
    pub(super) fn new() -> Self {
        Self {
            options: Options {
                unprotected: Unprotected::Refuse,
                ..Options::default()
            },
            readers: None,
            not_found: Reason::NOT_FOUND,
            observer: Arc::new(|_| {}),
            responses: Arc::new(|_| None),
        }
    }

    /// Reports a rejection, with the response of the guard's owner if there is one.
    pub(super) fn reject(
        &self,
        action: &'static str,
        mut rejection: Rejection,
        id: Option<&str>,
        caller: Option<&Caller>,
    ) -> Rejection {
        if let Some(response) = (self.responses)(&rejection) {
            rejection = rejection.with_response(response);
        }
        self.tell(&Event::rejection(action, &rejection).about(id, caller));
        rejection
    }

    pub(super) fn tell(&self, event: &Event<'_>) {
        event.record();
        (self.observer)(event);
    }
}

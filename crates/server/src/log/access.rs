//! One line for each answer.

use super::{correlation, form::start_of};
use crate::identity::{PeerUid, Trust};
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::Response,
};
use core::{
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};
use http_body::{Frame, SizeHint};
use sddl_authz::{
    Sid,
    http::{CorrelationId, Event, Reason},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// The most characters of a path.
const PATH: usize = 128;
/// The most characters of a method.
const METHOD: usize = 16;

tokio::task_local! {
    static NOTES: Notes;
}

/// The address of the peer. It is in the extensions of each request over TCP.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub SocketAddr);

/// The facts from the events of a request, for its line in the log.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Noted>>);

#[derive(Clone, Copy, Default)]
struct Noted {
    action: Option<&'static str>,
    reason: Option<&'static str>,
    caller: Option<Sid>,
    count: Option<usize>,
}

/// Notes an event for the line of the answer under way. Call it in the [observer](sddl_authz::mim::http::Guard::observer).
pub fn note(event: &Event<'_>) {
    let write = |notes: &Notes| {
        let mut noted = notes.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.action = Some(event.action);
        noted.reason = Some(event.reason.code());
        noted.caller = event.caller.map(|caller| *caller.user()).or(noted.caller);
        noted.count = event.count.or(noted.count);
    };
    // An event outside of a request has no line.
    let _ = NOTES.try_with(write);
}

/// Runs another task of the answer under way, so that its events are noted for the line.
pub(crate) fn noted<F: Future>(task: F) -> impl Future<Output = F::Output> {
    // Without an answer under way these notes are new, and are not read.
    let notes = NOTES.try_get().unwrap_or_default();
    NOTES.scope(notes, task)
}

/// Answers with a correlation id and without being stored by anybody, and logs a line once the answer is sent.
pub(crate) async fn answered(State(trust): State<Trust>, request: Request, next: Next) -> Response {
    let (mut head, body) = request.into_parts();
    let line = Line::new(&head, correlation::of(&head, &trust));
    head.extensions.insert(line.correlation);
    let response = next.run(Request::from_parts(head, body));
    let response = NOTES.scope(line.notes.clone(), response).await;
    line.with(response)
}

/// Refuses the head of a request, if it must be, before anything else looks at it.
pub(crate) fn refused(head: &mut Parts, refusal: impl FnOnce(&Parts) -> Option<Response>) -> Option<Response> {
    let correlation = CorrelationId::random();
    head.extensions.insert(correlation);
    refusal(head).map(|response| Line::new(head, correlation).with(response))
}

/// The line of one answer. It is logged when it is dropped.
struct Line {
    began: Instant,
    method: Method,
    uri: Uri,
    peer: Option<String>,
    correlation: CorrelationId,
    notes: Notes,
    /// `None` until there is an answer.
    status: Option<StatusCode>,
    reason: Option<&'static str>,
    bytes: u64,
    /// Whether the whole answer was sent.
    whole: bool,
}

impl Line {
    fn new(head: &Parts, correlation: CorrelationId) -> Self {
        let address = head
            .extensions
            .get()
            .map(|PeerAddress(address): &PeerAddress| address.to_string());
        let uid = head.extensions.get().and_then(|PeerUid(uid): &PeerUid| *uid);
        Self {
            began: Instant::now(),
            method: head.method.clone(),
            uri: head.uri.clone(),
            peer: address.or_else(|| uid.map(|uid| format!("uid:{uid}"))),
            correlation,
            notes: Notes::default(),
            status: None,
            reason: None,
            bytes: 0,
            whole: false,
        }
    }

    fn with(mut self, mut response: Response) -> Response {
        self.status = Some(response.status());
        self.reason = response.extensions().get().map(Reason::code);
        // The body of an answer to HEAD is never asked for.
        self.whole = self.method == Method::HEAD;
        let headers = response.headers_mut();
        if let Some(id) = correlation::header(self.correlation) {
            headers.insert(correlation::HEADER, id);
        }
        // The answer depends on the caller, and on the state of the request.
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        response.map(|body| Body::new(Sent { body, line: self }))
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let noted = *self.notes.0.lock().unwrap_or_else(PoisonError::into_inner);
        let milliseconds = (self.began.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        macro_rules! line {
            ($level:ident) => {
                tracing::event!(
                    target: "sddl_authz::access",
                    tracing::Level::$level,
                    method = %start_of(self.method.as_str(), METHOD),
                    path = %start_of(self.uri.path(), PATH),
                    status = self.status.map(|status| status.as_u16()),
                    reason = self.reason.or(noted.reason),
                    action = noted.action,
                    caller = noted.caller.map(tracing::field::display),
                    count = noted.count,
                    bytes = self.bytes,
                    ms = milliseconds,
                    correlation = %self.correlation,
                    peer = self.peer.as_deref().map(tracing::field::display),
                    cut = (!self.whole).then_some(true),
                )
            };
        }
        match self.uri.path() {
            "/healthz" | "/readyz" | "/metrics" => line!(DEBUG),
            _ => line!(INFO),
        }
    }
}

/// The body of an answer, of which the bytes are counted.
struct Sent {
    body: Body,
    line: Line,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Self { body, line } = &mut *self;
        // A list that is streamed ends here, with its event.
        let polled = NOTES.sync_scope(line.notes.clone(), || Pin::new(body).poll_frame(context));
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                line.bytes = line.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
            }
            Poll::Ready(None) => line.whole = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.line.whole |= self.body.is_end_stream();
    }
}

/// Logs that hyper refused the head of a request.
pub(crate) fn head_refused(error: &hyper::Error, most: usize, peer: Option<PeerAddress>) {
    let peer = peer.map(|PeerAddress(address)| tracing::field::display(address));
    if error.is_parse_too_large() {
        tracing::warn!(target: "sddl_authz::access", status = 431, reason = "head_too_large", most, peer, "the head of a request is too large");
    } else if error.is_parse() {
        tracing::info!(target: "sddl_authz::access", status = 400, reason = "head_unreadable", detail = %error, peer);
    }
}

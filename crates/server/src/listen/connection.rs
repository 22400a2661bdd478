//! One connection, from its first byte to its end.

use super::{
    counts::Counts,
    discard::Discarding,
    drain::{Ending, Stage},
    limits::Limits,
    observed::{AnswerBody, Observed, RequestBody, Stream},
    phase::Progress,
    strict,
    timed::Timed,
    tls::Tls,
    write_time::TimedWrites,
};
use crate::{
    identity::{PeerCertificate, PeerUid},
    log::{self, PeerAddress},
    paths::normalized,
};
use axum::{
    Router,
    body::Body,
    http::{
        HeaderValue,
        header::{CONNECTION, EXPECT},
    },
    response::Response,
};
use core::convert::Infallible;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{io, sync::Arc};
use tokio::time::{sleep, timeout};
use tower_service::Service;

/// The router, the limits and the counts that all connections of a listener share.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub(super) router: Router,
    pub(super) limits: Limits,
    pub(super) tls: Option<Tls>,
    pub(super) counts: Arc<Counts>,
    pub(super) ending: Ending,
}

/// The facts about the process at the other end. They are in the extensions of each request.
#[derive(Clone, Copy, Debug)]
struct Other {
    uid: PeerUid,
    address: Option<PeerAddress>,
    certificate: PeerCertificate,
}

impl Shared {
    /// Answers the requests of a connection until it ends.
    pub(super) async fn converse(mut self, socket: Box<dyn Stream>, uid: PeerUid, address: Option<PeerAddress>) {
        let mut ending = self.ending.clone();
        tokio::select! {
            () = self.answer_all(socket, uid, address) => {}
            () = ending.reached(Stage::Cut) => {}
        }
    }

    async fn answer_all(&mut self, socket: Box<dyn Stream>, uid: PeerUid, address: Option<PeerAddress>) {
        let progress = Arc::new(Progress::new());
        let socket = TimedWrites::new(socket, self.limits.write_time);
        let socket: Box<dyn Stream> = Box::new(Discarding::new(socket, Arc::clone(&progress), &self.limits));
        let (stream, certificate) = match &self.tls {
            None => (socket, PeerCertificate(false)),
            Some(tls) => {
                let shaken = tokio::select! {
                    shaken = timeout(self.limits.head_time, tls.accept(socket)) => shaken,
                    () = self.ending.reached(Stage::Closing) => return,
                };
                match shaken {
                    Ok(Ok(shaken)) => shaken,
                    Ok(Err(error)) => return self.no_handshake(&error),
                    Err(_) => return self.no_handshake(&"it took too long"),
                }
            }
        };
        let other = Other {
            uid,
            address,
            certificate,
        };
        self.serve(Observed::new(stream, Arc::clone(&progress)), &progress, other)
            .await;
    }

    fn no_handshake(&self, error: &dyn core::fmt::Display) {
        self.counts.note_failed_handshake();
        tracing::info!(target: "sddl_authz::serve", %error, "a client did not complete the handshake of TLS");
    }

    async fn serve(&mut self, stream: Observed, progress: &Arc<Progress>, other: Other) {
        let limits = self.limits;
        let (router, counts, of_request) = (self.router.clone(), Arc::clone(&self.counts), Arc::clone(progress));
        let service = service_fn(move |request: Request<Incoming>| {
            let (router, counts, progress) = (router.clone(), Arc::clone(&counts), Arc::clone(&of_request));
            async move { answer(router, request, other, &counts, progress).await }
        });
        let connection = http1::Builder::new()
            .header_read_timeout(None)
            .max_buf_size(limits.head_bytes)
            .max_headers(limits.head_lines)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = Timed::new(connection, Arc::clone(progress), limits);
        tokio::select! {
            ended = &mut connection => return self.note(ended, other),
            () = sleep(limits.age) => {}
            () = self.ending.reached(Stage::Closing) => {}
        }
        if self.ending.stage() >= Stage::Closing && progress.has_no_request() {
            return;
        }
        connection.connection().graceful_shutdown();
        let ends_without_request = async {
            self.ending.clone().reached(Stage::Closing).await;
            if !progress.has_no_request() {
                core::future::pending::<()>().await;
            }
        };
        tokio::select! {
            ended = &mut connection => self.note(ended, other),
            () = ends_without_request => {}
            () = sleep(limits.grace) => {
                tracing::warn!(target: "sddl_authz::serve", "a connection was cut: its answer took too long");
            }
        }
    }

    /// Says why a connection ended, if it is of interest. Other errors are the client's, and hyper has answered them.
    fn note(&self, ended: hyper::Result<()>, other: Other) {
        let Err(error) = ended else { return };
        log::head_refused(&error, self.limits.head_bytes, other.address);
        if error.is_parse() {
            self.counts.note_malformed();
        } else if is_untaken(&error) {
            self.counts.note_untaken();
            tracing::warn!(target: "sddl_authz::serve", "a connection was cut: its client did not take the answer");
        }
    }
}

fn is_untaken(error: &hyper::Error) -> bool {
    let mut cause = core::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return error.kind() == io::ErrorKind::TimedOut;
        }
        cause = error.source();
    }
    false
}

async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    other: Other,
    counts: &Counts,
    progress: Arc<Progress>,
) -> Result<Response, Infallible> {
    progress.request_begins();
    let (mut head, body) = request.into_parts();
    head.extensions.insert(other.uid);
    head.extensions.insert(other.certificate);
    if let Some(address) = other.address {
        head.extensions.insert(address);
    }
    let waits = head.headers.contains_key(EXPECT);
    let body = Body::new(RequestBody::new(body, waits, Arc::clone(&progress)));
    let mut response = if let Some(refusal) = log::refused(&mut head, strict::refusal) {
        counts.note_malformed();
        drop(body);
        refusal
    } else {
        router.call(normalized(Request::from_parts(head, body))).await?
    };
    if progress.answer_closes() {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Body::new(AnswerBody::new(body, progress))))
}

//! The body of a list: an array of rows, which are loaded as the client reads them.

use super::{decisions::Key, noted::Noted};
use crate::{
    log::noted,
    store::{ListSource, StoreError},
};
use axum::body::Bytes;
use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use hyper::body::{Body, Frame};
use sddl_authz::{
    http::{CorrelationId, Reason},
    mim::{DecisionError, RequestView, http::reason},
};
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;

/// How many bytes of rows are loaded at once. A row that is larger is loaded alone.
const CHUNK: usize = 32 * 1024;

/// The rows of a page.
#[derive(Debug)]
pub(super) struct Rows<S> {
    pub(super) store: S,
    pub(super) key: Key,
    pub(super) noted: Arc<Noted>,
    pub(super) correlation: CorrelationId,
    pub(super) ids: Arc<[Uuid]>,
    /// How many of the ids are done.
    pub(super) done: usize,
    /// How many rows were returned.
    pub(super) listed: usize,
}

impl<S: ListSource + 'static> Rows<S> {
    /// Returns whether there is no further row.
    pub(super) fn is_at_end(&self) -> bool {
        self.done >= self.ids.len()
    }

    /// Loads rows until one of them may be listed. Returns those that may be, joined by commas; the text is empty at the end.
    pub(super) async fn next(&mut self) -> Result<String, StoreError> {
        let mut text = String::new();
        while text.is_empty() && !self.is_at_end() {
            let rows = self.store.rows(Arc::clone(&self.ids), self.done, CHUNK).await?;
            let ids = self.ids.iter().skip(self.done);
            let listed = ids.zip(&rows).filter_map(|(&id, row)| {
                let row = row.as_deref()?;
                self.may_be_listed(id, row).then_some(row)
            });
            let listed = listed.collect::<Vec<_>>();
            text = listed.join(",");
            self.listed = self.listed.saturating_add(listed.len());
            // A store that returns nothing would be asked for ever.
            self.done = self.done.saturating_add(rows.len().max(1));
        }
        Ok(text)
    }

    /// Whether a row may be listed: the policy decides on the row itself, as it is now. A row that can't be read is left out, so that the
    /// caller still gets the others.
    fn may_be_listed(&self, id: Uuid, row: &str) -> bool {
        let read = RequestView::from_json(row.as_bytes()).and_then(|view| {
            let text = view.security_descriptor.ok_or(DecisionError::DescriptorMissing)?;
            Ok((view.uuid, self.key.policy.may_read(&text, &self.key.caller)?))
        });
        let reason = match read {
            Ok((uuid, may_read)) if uuid == id => return may_read,
            Ok(_) => reason::WRONG_REQUEST,
            Err(failure) => Reason::from(&failure),
        };
        self.noted.request(id, reason, self.correlation);
        false
    }

    /// Sends the array with these rows first, and then the others. Reports how many rows were sent, or why it could not go on.
    pub(super) fn into_body(
        mut self,
        first: String,
        report: impl FnOnce(Result<usize, StoreError>) + Send + 'static,
    ) -> Chunks {
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(noted(async move {
            let mut chunk = format!("[{first}");
            let is_whole = loop {
                // The client has gone if nobody receives.
                if sender.send(Chunk::Rows(chunk.into())).await.is_err() {
                    break Ok(false);
                }
                chunk = match self.next().await {
                    Ok(rows) if rows.is_empty() => break Ok(true),
                    Ok(rows) => format!(",{rows}"),
                    Err(error) => break Err(error),
                };
            };
            let last = matches!(is_whole, Ok(true));
            report(is_whole.map(|_| self.listed));
            if last {
                let _ = sender.send(Chunk::Last("]".into())).await;
            }
        }));
        Chunks(Some(receiver))
    }
}

#[derive(Debug)]
enum Chunk {
    Rows(Bytes),
    Last(Bytes),
}

/// The body. It fails if it ends before its last chunk, so that the client sees that the list is not whole.
#[derive(Debug)]
pub(super) struct Chunks(Option<mpsc::Receiver<Chunk>>);

/// The rows of a list could not be loaded to the end.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the list was cut")]
pub(super) struct Cut;

impl Body for Chunks {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let Some(receiver) = &mut self.0 else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(match ready!(receiver.poll_recv(context)) {
            Some(Chunk::Rows(bytes)) => Ok(Frame::data(bytes)),
            Some(Chunk::Last(bytes)) => {
                self.0 = None;
                Ok(Frame::data(bytes))
            }
            None => {
                self.0 = None;
                Err(Cut)
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }
}

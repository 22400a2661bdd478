//! `GET /requests`: lists the requests that the caller may read, a page at a time.

mod body;
mod cursor;
mod decisions;
mod noted;
mod numbers;
mod page;
mod query;
mod source;

pub use source::{Found, ListSource, Readable, Walked};

use crate::{
    app::json,
    current::Begun,
    identity::{Identified, Identity},
    store::{Store, StoreError},
};
use axum::{
    body::Body,
    extract::{self, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use body::Rows;
use core::{num::NonZeroUsize, time::Duration};
use cursor::Cursors;
use decisions::{Cache, Key};
use noted::Noted;
use page::{Search, Steps};
use query::Query;
use sddl_authz::{
    http::{Reason, Rejection, ResponseContext},
    mim::http::{READ, reason},
};
use std::sync::Arc;
use tokio::{sync::Semaphore, time::Instant};

/// 503: too many lists are made at the moment.
const TOO_MANY_LISTS: Reason = Reason::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "too_many_lists",
    "Too many lists are asked for at the moment.",
);

/// Limits of lists.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most lists that are made at once. Others wait.
    pub at_once: usize,
    /// How long a list may wait. The answer is then 503.
    pub wait: Duration,
    /// How long a page may be looked for. It then ends where it is, with a link to the next one.
    pub time: Duration,
    /// The most callers whose decisions are remembered.
    pub callers: NonZeroUsize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            at_once: 16,
            wait: Duration::from_secs(5),
            time: Duration::from_secs(1),
            callers: NonZeroUsize::MIN.saturating_add(255),
        }
    }
}

/// What lists have in common.
#[derive(Debug)]
pub struct Lists {
    limits: Limits,
    places: Arc<Semaphore>,
    cursors: Cursors,
    cache: Cache,
    noted: Arc<Noted>,
    steps: Steps,
}

/// The system has no random bytes for the key of cursors.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system has no random bytes")]
pub struct NoRandomBytes;

impl Lists {
    /// The most elements of all remembered decisions: some 20 MB.
    const ELEMENTS: usize = 1_000_000;

    /// Remembers nothing yet.
    ///
    /// # Errors
    ///
    /// Fails if the system has no random bytes.
    pub fn new(limits: Limits) -> Result<Self, NoRandomBytes> {
        Ok(Self {
            limits,
            places: Arc::new(Semaphore::new(limits.at_once)),
            cursors: Cursors::new().map_err(|_| NoRandomBytes)?,
            cache: Cache::new(limits.callers, Self::ELEMENTS),
            noted: Arc::default(),
            steps: Steps::DEFAULT,
        })
    }
}

pub(crate) async fn list<S: Store>(
    app: Begun<S>,
    parameters: Result<extract::Query<Vec<(String, String)>>, QueryRejection>,
    mut head: Parts,
) -> Result<Response, Rejection> {
    let context = ResponseContext::new(&head);
    // Once, so that user and GUID are of one answer.
    let (caller, uuid) = match app.trust.identify(&head).await {
        Ok(Identity { caller, uuid }) => (Ok(caller), uuid),
        Err(error) => (Err(error), None),
    };
    head.extensions.insert(Identified(caller));
    let caller = app.guard.authenticate(&head, READ).await?;
    let reject = |rejection| app.guard.reject(READ, &caller, rejection);
    let unreadable = || reject(Rejection::new(reason::QUERY_UNREADABLE, context));
    let extract::Query(parameters) = parameters.map_err(|_| unreadable())?;
    let lists = &app.lists;
    let query = Query::read(&parameters, &lists.cursors).ok_or_else(unreadable)?;
    let filter = query.filter(uuid).ok_or_else(unreadable)?;

    let Ok(Ok(place)) = tokio::time::timeout(lists.limits.wait, lists.places.acquire()).await else {
        let mut response = IntoResponse::into_response(reject(Rejection::new(TOO_MANY_LISTS, context)));
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        return Ok(response);
    };
    let failed = |error: StoreError| reject(Rejection::new(Reason::STORE, context).with_detail(error));
    let key = Key {
        policy: Arc::clone(app.policy.rules()),
        caller: Arc::clone(&caller),
    };
    let search = Search {
        store: app.store(),
        decisions: &lists.cache.of(key.clone()),
        filter: &filter,
        limit: query.limit,
        steps: lists.steps,
        end: Instant::now()
            .checked_add(lists.limits.time)
            .unwrap_or_else(Instant::now),
        undecidable: |undecidable| lists.noted.descriptor(&undecidable, context.correlation),
    };
    let page = search.page(query.after).await.map_err(failed)?;
    let mut rows = Rows {
        store: app.store().clone(),
        key,
        noted: Arc::clone(&lists.noted),
        correlation: context.correlation,
        ids: page.ids.into(),
        done: 0,
        listed: 0,
    };
    let first = rows.next().await.map_err(failed)?;
    drop(place);

    if rows.is_at_end() {
        app.guard.report_list(READ, &caller, context, rows.listed);
    }
    let link = page.next.map(|position| query.next(position, &lists.cursors));
    if first.is_empty() && link.is_none() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let mut response = json(if rows.is_at_end() {
        format!("[{first}]")
    } else {
        String::new()
    });
    if !rows.is_at_end() {
        let (app, caller) = (Arc::clone(&app), Arc::clone(&caller));
        let report = move |listed: Result<usize, StoreError>| match listed {
            Ok(count) => app.guard.report_list(READ, &caller, context, count),
            Err(error) => {
                let rejection = Rejection::new(Reason::STORE, context).with_detail(error);
                drop(app.guard.reject(READ, &caller, rejection));
            }
        };
        *response.body_mut() = Body::new(rows.into_body(first, report));
    }
    if let Some(link) = link {
        let link = link.and_then(|link| HeaderValue::try_from(format!("<{link}>; rel=\"next\"")).ok());
        // Without the link the list would look whole.
        let link =
            link.ok_or_else(|| Rejection::new(Reason::STORE, context).with_detail("no link to the next page"))?;
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

#[cfg(test)]
mod tests;

//! The route of lists.

use super::{body::Rows, decisions::Key, page::Search, query::Query};
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
use sddl_authz::{
    http::{Reason, Rejection, ResponseContext},
    mim::http::{READ, reason},
};
use std::sync::Arc;
use tokio::time::Instant;

/// 503: too many lists are made at the moment, of all callers or of this user.
const TOO_MANY_LISTS: Reason = Reason::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "too_many_lists",
    "Too many lists are asked for at the moment.",
);

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

    let Some(place) = lists.places.take(caller.user(), lists.limits.wait).await else {
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

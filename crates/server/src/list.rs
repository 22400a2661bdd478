//! `GET /requests`: lists the requests that the caller may read.

use crate::{
    app::{App, json},
    identity::{Identified, Identity},
    store::{Filter, Store},
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use sddl_authz::{
    http::{CorrelationId, Reason, Rejection, ResponseContext},
    mim::{
        RequestStatus, RequestView,
        http::{READ, reason},
    },
};
use std::sync::Arc;
use uuid::Uuid;

/// The most rows that one list looks at, whether the caller may read them or not.
const MOST_ROWS: usize = 10_000;

pub(crate) async fn list<S: Store>(
    State(app): State<Arc<App<S>>>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
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
    let unreadable = || Rejection::new(reason::QUERY_UNREADABLE, context);
    let Query(query) = query.map_err(|_| unreadable())?;
    let mut wanted = filter(&query).ok_or_else(unreadable)?;
    if wanted.current {
        // Requests name their users by GUID, not by SID. The proxy says the caller's GUID. Without it nobody knows which requests to list.
        wanted.rows.target = Some(uuid.ok_or_else(unreadable)?);
    }
    let (mut readable, mut looked_at, mut after) = (Vec::new(), 0_usize, None);
    loop {
        let page = app.store().page(wanted.rows.clone(), after).await;
        let page = page.map_err(|error| {
            let rejection = Rejection::new(Reason::STORE, context).with_detail(error);
            tracing::error!(target: "sddl_authz::serve", refusal = %rejection, "requests were not listed");
            rejection
        })?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = Some(*last);
        looked_at = looked_at.saturating_add(page.len());
        let may_read = |(id, row): &(Uuid, String)| may_read(&app, &caller, context.correlation, *id, row);
        readable.extend(page.into_iter().filter(may_read).map(|(_, row)| row));
        if looked_at >= MOST_ROWS {
            let correlation = context.correlation;
            tracing::warn!(target: "sddl_authz::serve", %correlation, looked_at, "a list was cut");
            break;
        }
    }
    if readable.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(json(format!("[{}]", readable.join(","))))
}

/// Whether a row may be listed. A row that can't be read is left out, so that the caller still gets the others.
fn may_read<S: Store>(
    app: &App<S>,
    caller: &sddl_authz::Caller,
    correlation: CorrelationId,
    id: Uuid,
    row: &str,
) -> bool {
    let read = RequestView::from_json(row.as_bytes())
        .and_then(|view| Ok((view.uuid, app.policy.rules().preview(view, caller)?)));
    let reason = match read {
        Ok((uuid, previews)) if uuid == id => return previews.read,
        Ok(_) => reason::WRONG_REQUEST,
        Err(failure) => Reason::from(&failure),
    };
    tracing::error!(target: "sddl_authz::serve", %correlation, request = %id, %reason, "a request was not listed");
    false
}

struct Wanted {
    current: bool,
    rows: Filter,
}

/// Reads a query. Returns `None` if it has an unknown filter: to ignore a filter would list too much.
fn filter(query: &[(String, String)]) -> Option<Wanted> {
    let mut wanted = Wanted {
        current: false,
        rows: Filter::default(),
    };
    for (name, value) in query {
        if name.eq_ignore_ascii_case("targetuser") {
            wanted.current = value.eq_ignore_ascii_case("current");
            wanted.current.then_some(())?;
        } else if name.eq_ignore_ascii_case("status") {
            for word in value.split(',') {
                let status = RequestStatus::from_name(word)?;
                if !wanted.rows.statuses.contains(&status) {
                    wanted.rows.statuses.push(status);
                }
            }
        } else {
            return None;
        }
    }
    Some(wanted)
}

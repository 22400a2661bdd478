//! `GET /requests`: lists the requests that the caller may read.

use crate::{
    app::{App, json},
    identity::{Identified, Identity},
    store::{DescriptorNumber, Filter, Row, Store, StoreError},
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use sddl_authz::{
    Caller,
    http::{CorrelationId, Reason, Rejection, ResponseContext},
    mim::{
        RequestStatus, RequestView,
        http::{READ, reason},
    },
};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// The most rows of a list.
const MOST_ROWS: usize = 10_000;
/// The most rows, or descriptors, that the store is asked for at once.
const PAGE: usize = 128;

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
    let failed = |error: StoreError| {
        let rejection = Rejection::new(Reason::STORE, context).with_detail(error);
        tracing::error!(target: "sddl_authz::serve", refusal = %rejection, "requests were not listed");
        rejection
    };
    let descriptors = Arc::new(readable(&app, &caller).await.map_err(failed)?);
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = app
            .store()
            .page(wanted.rows.clone(), Arc::clone(&descriptors), after, PAGE);
        let page = page.await.map_err(failed)?;
        let is_its_own = |row: &Row| is_readable(&app, &caller, context.correlation, row);
        rows.extend(page.rows.into_iter().filter(is_its_own).map(|row| row.json));
        after = page.next;
        if after.is_none() {
            break;
        }
        if rows.len() >= MOST_ROWS {
            let (correlation, listed) = (context.correlation, rows.len());
            tracing::warn!(target: "sddl_authz::serve", %correlation, listed, "a list was cut");
            break;
        }
    }
    if rows.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(json(format!("[{}]", rows.join(","))))
}

/// Decides on each descriptor once. Returns those that let the caller read.
async fn readable<S: Store>(app: &App<S>, caller: &Caller) -> Result<BTreeSet<DescriptorNumber>, StoreError> {
    let mut readable = BTreeSet::new();
    let mut decide = |number: DescriptorNumber, text: Option<String>| {
        let view = RequestView {
            uuid: Uuid::nil(),
            status: RequestStatus::NONE,
            security_descriptor: text.map(Into::into),
        };
        match app.policy.rules().preview(view, caller) {
            Ok(previews) if previews.read => drop(readable.insert(number)),
            Ok(_) => {}
            Err(failure) => {
                let reason = Reason::from(&failure);
                tracing::error!(target: "sddl_authz::serve", descriptor = number.0, %reason, "a descriptor was not decided on");
            }
        }
    };
    decide(DescriptorNumber::NONE, None);
    let mut after = None;
    loop {
        let descriptors = app.store().descriptors(after, PAGE).await?;
        let Some((last, _)) = descriptors.last() else {
            return Ok(readable);
        };
        after = Some(*last);
        for (number, text) in descriptors {
            decide(number, Some(text));
        }
    }
}

/// Whether a row is the one that its id says, and the caller may read it. The columns by which it was found only repeat the row.
fn is_readable<S: Store>(app: &App<S>, caller: &Caller, correlation: CorrelationId, row: &Row) -> bool {
    let view = RequestView::from_json(row.json.as_bytes());
    let read = view.and_then(|view| Ok((view.uuid, app.policy.rules().preview(view, caller)?)));
    let reason = match read {
        Ok((uuid, previews)) if uuid == row.id => return previews.read,
        Ok(_) => reason::WRONG_REQUEST,
        Err(failure) => Reason::from(&failure),
    };
    tracing::error!(target: "sddl_authz::serve", %correlation, request = %row.id, %reason, "a request was not listed");
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

//! A route of one's own on rows in memory, guarded, and the same without the check.

use crate::{ROUTES, ROW, StatusBody};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::put,
};
use sddl_authz::{
    Caller,
    http::{AuthorizeLayer, CallerSourceError, ResourceSource},
    mim::{
        CertificateRequest, DescriptorDigest, Property, RequestStatus, StatusChange, StatusChangePolicy,
        http::{Authorized, Change, Guard},
    },
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

const NOW: &str = "2015-07-07T23:37:37.767Z";

/// A table: the row as the API prints it, and what a conditional update looks at.
#[derive(Clone)]
struct Rows(Arc<BTreeMap<Uuid, Row>>);

struct Row {
    json: String,
    status: RequestStatus,
    descriptor: DescriptorDigest,
}

impl ResourceSource for Rows {
    type Id = Uuid;
    type Resource = CertificateRequest;
    type Error = serde_json::Error;

    async fn load(&self, id: Uuid) -> Result<Option<CertificateRequest>, serde_json::Error> {
        self.0.get(&id).map(|row| serde_json::from_str(&row.json)).transpose()
    }
}

impl Rows {
    /// The request as it is after a change, if its row is still as it was found. It is not kept, so that the next one finds the same.
    fn write(
        &self,
        mut request: CertificateRequest,
        to: RequestStatus,
        completed: Option<String>,
        descriptor: Option<DescriptorDigest>,
    ) -> Option<String> {
        let row = self.0.get(&request.uuid)?;
        let same = row.status == request.status && descriptor.is_none_or(|digest| digest == row.descriptor);
        request.status = to;
        if let Some(completed) = completed {
            request.completed = Property::Value(completed);
        }
        same.then(|| serde_json::to_string(&request).unwrap())
    }
}

/// Reads the caller from the header that a proxy in front writes.
fn caller(head: &Parts) -> Result<Caller, CallerSourceError> {
    let user = head
        .headers
        .get("x-dev-caller")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let caller = user.and_then(|user| Some(Caller::authenticated(user).ok()?.with_no_groups()));
    caller.ok_or(CallerSourceError::Missing {
        challenge: HeaderValue::from_static("Negotiate"),
    })
}

fn answer(row: Option<String>) -> Response {
    match row {
        Some(row) => ([("content-type", "application/json")], row).into_response(),
        None => StatusCode::CONFLICT.into_response(),
    }
}

async fn guarded(State(rows): State<Rows>, authorized: Authorized<CertificateRequest>, body: Bytes) -> Response {
    let Ok(asked) = serde_json::from_slice::<StatusBody>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match authorized.into_change(asked.status) {
        Ok(Change::Permitted(permitted)) => {
            let update = permitted.permit.into_update(NOW);
            answer(rows.write(permitted.request, update.to, update.completed, Some(update.descriptor)))
        }
        Ok(Change::Unchanged(_)) => StatusCode::NO_CONTENT.into_response(),
        Err(rejection) => IntoResponse::into_response(rejection),
    }
}

async fn bare(State(rows): State<Rows>, Path(id): Path<Uuid>, body: Bytes) -> Response {
    let Some(request) = rows.load(id).await.unwrap() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(asked) = serde_json::from_slice::<StatusBody>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let completed = (asked.status == StatusChange::Complete).then(|| NOW.to_owned());
    answer(rows.write(request, asked.status.target(), completed, None))
}

/// Both routes, under the names that they have on SQLite.
pub(crate) fn router() -> Router {
    let stored: CertificateRequest = serde_json::from_str(ROW).unwrap();
    let row = Row {
        json: ROW.to_owned(),
        status: stored.status,
        descriptor: DescriptorDigest::new(stored.security_descriptor.value().unwrap()),
    };
    let rows = Rows(Arc::new(BTreeMap::from([(stored.uuid, row)])));
    let path = |route| format!("/{route}/{{id}}");
    let layer = AuthorizeLayer::new(Guard::new(StatusChangePolicy::inferred(), caller, rows.clone()));
    Router::new()
        .route(&path(ROUTES[0]), put(guarded).route_layer(layer))
        .route(&path(ROUTES[1]), put(bare))
        .with_state(rows)
}

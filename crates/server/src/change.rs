//! `PUT /requests/{id}`: changes the status of a request.

use crate::{
    app::json,
    audit::AuditEntry,
    body::{self, BodyLimits},
    current::Begun,
    store::{Applied, Store},
};
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use sddl_authz::{
    http::Rejection,
    mim::http::{Authorized, Change},
};
use std::sync::Arc;

/// How often the server decides anew when the request changed between the decision and the update.
const TRIES: u32 = 8;

pub(crate) async fn change<S: Store>(
    app: Begun<S>,
    mut authorized: Authorized<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Rejection> {
    let limits = BodyLimits {
        bytes: app.body_bytes,
        time: app.body_time,
    };
    let change = match body::read(&headers, body, limits).await {
        Ok(change) => change,
        Err(reason) => return Err(authorized.reject(reason)),
    };
    let (caller, context) = (Arc::clone(authorized.caller()), authorized.context());
    let mut tries = TRIES;
    loop {
        tries = tries.saturating_sub(1);
        let permitted = match authorized.into_change(change)? {
            Change::Unchanged(_) => return Ok(StatusCode::NO_CONTENT.into_response()),
            Change::Permitted(permitted) => permitted,
        };
        let (now, reader, report) = (app.clock.now(), permitted.reader, permitted.report);
        let update = permitted.permit.into_update(now.to_string());
        let id = update.request;
        let entry = AuditEntry {
            // A caller who may not read the request gets 204 without it, as if the change had been made before.
            status: if reader { 200 } else { 204 },
            ..AuditEntry::of_change(&update, change.word(), &caller, &app.policy, context.correlation.0, now)
        };
        match app.store().apply(update, entry).await {
            Ok(Applied::Done(row)) => {
                report.done();
                return Ok(if reader {
                    json(row)
                } else {
                    StatusCode::NO_CONTENT.into_response()
                });
            }
            Ok(Applied::Stale) if tries == 0 => {
                return Err(report.failed("the request was changed again and again meanwhile"));
            }
            Ok(Applied::Stale) => report.withdraw(),
            Err(error) => return Err(report.failed(error)),
        }
        // Another change came first. The request as it is now is decided on.
        authorized = app.guard.change_as(Arc::clone(&caller), Some(id), context).await?;
    }
}

//! `PUT /requests/{id}`: changes the status of a request.

use crate::{
    app::{App, json},
    audit::AuditEntry,
    store::{Applied, Store},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use sddl_authz::{
    http::{Reason, Rejection},
    mim::{
        StatusChange,
        http::{Authorized, Change, reason},
    },
};
use serde::Deserialize;
use std::sync::Arc;
use tokio::time::timeout;

/// How often the server decides anew when the request changed between the decision and the update.
const TRIES: u32 = 8;

pub(crate) async fn change<S: Store>(
    State(app): State<Arc<App<S>>>,
    mut authorized: Authorized<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Rejection> {
    let change = match read_body(&app, &headers, body).await {
        Ok(change) => change,
        Err(reason) => return Err(authorized.reject(reason)),
    };
    let (caller, context) = (Arc::clone(authorized.caller()), authorized.context());
    let failed = |error: &dyn core::fmt::Display| {
        let rejection = Rejection::new(Reason::STORE, context).with_detail(error);
        tracing::error!(target: "sddl_authz::serve", refusal = %rejection, "a permitted change was not made");
        rejection
    };
    for _ in 0..TRIES {
        let permitted = match authorized.into_change(change)? {
            Change::Unchanged(_) => return Ok(StatusCode::NO_CONTENT.into_response()),
            Change::Permitted(permitted) => permitted,
        };
        let now = app.clock.now();
        let update = permitted.permit.into_update(now.clone());
        let id = update.request;
        let entry = AuditEntry::of_change(&update, change.word(), &caller, context.correlation.0, now);
        match app.store().apply(update, entry).await {
            Ok(Applied::Done(row)) => return Ok(json(row)),
            Ok(Applied::Stale) => {}
            Err(error) => return Err(failed(&error)),
        }
        // Another change came first. The request as it is now is decided on.
        authorized = app.guard.change_as(Arc::clone(&caller), Some(id), context).await?;
    }
    Err(failed(&"the request was changed again and again meanwhile"))
}

/// Reads the change that the body asks for.
async fn read_body<S: Store>(app: &App<S>, headers: &HeaderMap, body: Body) -> Result<StatusChange, Reason> {
    if !headers.get(CONTENT_TYPE).is_some_and(|value| is_json(value.as_bytes())) {
        return Err(reason::MEDIA_TYPE_UNSUPPORTED);
    }
    let read = timeout(app.body_time, Limited::new(body, app.body_bytes).collect()).await;
    let bytes = match read {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(reason::BODY_TOO_LARGE),
        // The client broke off, or was too slow.
        Ok(Err(_)) | Err(_) => return Err(reason::BODY_UNREADABLE),
    };
    parsed(&bytes).ok_or(reason::BODY_UNREADABLE)
}

fn is_json(media_type: &[u8]) -> bool {
    let essence = media_type.split(|&byte| byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
}

/// Reads `{"status":…}`. Other properties are ignored.
fn parsed(body: &[u8]) -> Option<StatusChange> {
    #[derive(Deserialize)]
    struct StatusBody {
        status: StatusChange,
    }
    // serde would also read an array, as the properties in their order.
    let object = body.trim_ascii_start().starts_with(b"{");
    let read: StatusBody = object.then(|| serde_json::from_slice(body).ok()).flatten()?;
    Some(read.status)
}

#[cfg(test)]
mod tests {
    use super::{is_json, parsed};
    use sddl_authz::mim::StatusChange;

    #[test]
    fn bodies_are_read_as_documented() {
        for (body, change) in [
            (r#"{"status":"Completed"}"#, Some(StatusChange::Complete)),
            (
                r#" {"Status":"Canceled","x":{"status":1},"status":"Abandoned"} "#,
                Some(StatusChange::Abandon),
            ),
            (r#"{"status":"\u0043anceled"}"#, Some(StatusChange::Cancel)),
            (r#"{"Status":"Completed"}"#, None),
            (r#"{"status":"completed"}"#, None),
            (r#"{"status":"Completed,"}"#, None),
            (r#"{"status":"Completed","status":"Completed"}"#, None),
            (r#"{"status":8}"#, None),
            (r#"["Completed"]"#, None),
            (r#""Completed""#, None),
            (r#"{"status":"Completed"}{}"#, None),
            ("{“status”:”Completed”}", None),
            ("", None),
        ] {
            assert_eq!(parsed(body.as_bytes()), change, "{body}");
        }
    }

    #[test]
    fn bodies_are_declared_as_json() {
        for (value, declared) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/json ;x", true),
            ("application/jsonx", false),
            ("text/plain", false),
            ("", false),
        ] {
            assert_eq!(is_json(value.as_bytes()), declared, "{value}");
        }
    }
}

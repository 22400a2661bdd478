//! A route of one's own, guarded: `cargo run --example axum_route --features axum`, then
//! `curl -i -X PUT -H 'X-User: S-1-5-21-2127521184-1604012920-1887927527-14995557' http://127.0.0.1:8080/requests/a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099`
use axum::http::{HeaderValue, StatusCode, request::Parts};
use axum::{Json, Router, response::IntoResponse, routing::put};
use sddl_authz::http::{AuthorizeLayer, Authorized, CallerSourceError, Change, Guard, Rejection, RequestSource};
use sddl_authz::mim::{CertificateRequest, StatusChange, StatusChangePolicy};
use sddl_authz::{Caller, Sid};

// Yours verifies a token: this header is believed, for it is an example.
fn caller(head: &Parts) -> Result<Caller, CallerSourceError> {
    let challenge = HeaderValue::from_static("Negotiate");
    let user = head
        .headers
        .get("x-user")
        .ok_or(CallerSourceError::Missing { challenge })?;
    let user = user.to_str().ok().and_then(|text| text.parse::<Sid>().ok());
    let detail = "X-User is no SID of an account".to_owned();
    let unreadable = || CallerSourceError::Unreadable { detail };
    let caller = user.and_then(|sid| Caller::authenticated(sid).ok());
    caller.ok_or_else(unreadable)
}

struct Store; // of one request that never changes
impl RequestSource for Store {
    type Request = CertificateRequest;
    type Error = serde_json::Error;
    async fn load(&self, id: uuid::Uuid) -> Result<Option<CertificateRequest>, serde_json::Error> {
        let stored: CertificateRequest = serde_json::from_str(include_str!("../tests/data/enroll-approved.json"))?;
        Ok((stored.uuid == id).then_some(stored))
    }
}
async fn complete(authorized: Authorized<CertificateRequest>) -> Result<impl IntoResponse, Rejection> {
    Ok(match authorized.into_change(StatusChange::Complete)? {
        Change::Permitted(yes) => Json(yes.permit.into_update("2015-07-07T23:37:37.767Z").to).into_response(),
        Change::Unchanged(_) => StatusCode::NO_CONTENT.into_response(),
    })
}
#[tokio::main]
async fn main() -> Result<(), std::io::Error> {
    let guard = AuthorizeLayer::new(Guard::new(StatusChangePolicy::inferred(), caller, Store));
    let routes = Router::new().route("/requests/{id}", put(complete).route_layer(guard));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8080").await?, routes).await
}

//! A guarded route for certificate requests of MIM CM: `cargo run --example mim_cm --features axum,mim`, then
//! `curl -i -X PUT -H 'X-User: S-1-5-21-2127521184-1604012920-1887927527-14995557' -H 'X-Groups;' http://127.0.0.1:8080/requests/a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099`
use axum::http::{StatusCode, request::Parts};
use axum::{Json, Router, response::IntoResponse, routing::put};
use sddl_authz::Caller;
use sddl_authz::http::{AuthorizeLayer, CallerSourceError, Rejection, ResourceSource};
use sddl_authz::mim::http::{Authorized, Change, Guard};
use sddl_authz::mim::{CertificateRequest, StatusChange, StatusChangePolicy};

// A real service verifies a token. This one believes two headers: the user, and the groups, which may be empty.
// If the second header is missing, the groups are not known, and what depends on them is refused.
fn caller(head: &Parts) -> Result<Caller, CallerSourceError> {
    let text = |name| head.headers.get(name).map(|value| value.to_str()).transpose();
    let user = text("x-user").map_err(CallerSourceError::unreadable)?;
    let user = user.ok_or_else(|| CallerSourceError::missing("Negotiate"))?.parse();
    let caller = Caller::authenticated(user.map_err(CallerSourceError::unreadable)?);
    let caller = caller.map_err(CallerSourceError::unreadable)?;
    let Some(groups) = text("x-groups").map_err(CallerSourceError::unreadable)? else {
        return Ok(caller);
    };
    let groups = groups.split(',').filter(|sid| !sid.is_empty()).map(str::parse);
    let groups = groups
        .collect::<Result<Vec<_>, _>>()
        .map_err(CallerSourceError::unreadable)?;
    caller.with_groups(groups).map_err(CallerSourceError::unreadable)
}

// A store with one request, which never changes.
struct Store;
impl ResourceSource for Store {
    type Id = uuid::Uuid;
    type Resource = CertificateRequest;
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

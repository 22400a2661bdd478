//! Documents, each with its own security descriptor: `cargo run --example axum_service --features axum`, then
//! `curl -i -H 'X-User: S-1-5-21-1-2-3-1104' -H 'X-Groups: S-1-5-32-545' http://127.0.0.1:8080/documents/7`, and the same command with `-X DELETE`.
use axum::{Router, http::request::Parts, routing::delete, routing::get};
use sddl_authz::http::{Action, CallerSourceError, Granted, Guard, Protected, StoredDescriptor, from_fn};
use sddl_authz::{AccessMask, Caller};
enum Access {
    Read,
    Delete,
}
impl Action for Access {
    fn desired(&self) -> AccessMask {
        match self {
            Self::Read => AccessMask::FILE_READ_DATA,
            Self::Delete => AccessMask::DELETE,
        }
    }
    fn name(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Delete => "delete",
        }
    }
}
struct Document(&'static str); // the SDDL text of its descriptor
impl Protected for Document {
    fn descriptor(&self) -> StoredDescriptor<'_> {
        self.0.into()
    }
}
async fn load(id: u64) -> Result<Option<Document>, std::io::Error> {
    Ok((id == 7).then_some(Document("D:(A;;FR;;;AU)(A;;FA;;;BA)")))
}
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
async fn answer(document: Granted<Document>) -> String {
    format!("document {} is yours\n", document.id())
}
#[tokio::main]
async fn main() -> Result<(), std::io::Error> {
    let guard = Guard::new(caller, from_fn(load)).readers(&Access::Read);
    let read = get(answer).route_layer(guard.layer(Access::Read));
    let delete = delete(answer).route_layer(guard.layer(Access::Delete));
    let routes = Router::new().route("/documents/{id}", read.merge(delete));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8080").await?, routes).await
}

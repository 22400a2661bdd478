//! The id of a resource in the path of a route.

use super::setup::{ENROLL, Rows, row};
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{Request, request::Parts},
    routing::put,
};
use sddl_authz::{
    AccessMask, Caller,
    http::{Action, AuthorizeLayer, CallerSourceError, Granted, Guard, from_fn},
    mim::{
        StatusChangePolicy,
        http::{Authorized, Guard as RequestGuard, request_id},
    },
};
use std::sync::Arc;
use tower::ServiceExt;

/// The caller may do nothing with this one, and may change `ENROLL`.
const FORBIDDEN: &str = "10000000-0000-4000-8000-000000000001";

fn user(_: &Parts) -> Result<Caller, CallerSourceError> {
    let user = Caller::authenticated("S-1-5-21-1-2-3-1104".parse().unwrap()).unwrap();
    Ok(user.with_no_groups())
}

async fn status(router: &Router, path: &str) -> u16 {
    let request = Request::put(path).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap().status().as_u16()
}

fn requests(route: &str) -> Router {
    let rows = [
        row(FORBIDDEN, 3, "D:(A;;CCRC;;;BA)"),
        row(ENROLL, 3, "D:(A;;CCRC;;;AU)"),
    ];
    let guard = RequestGuard::new(StatusChangePolicy::inferred(), user, Rows(Arc::new(rows.into())));
    let handler = async |_: Authorized<String>| "done";
    Router::new().route(route, put(handler).route_layer(AuthorizeLayer::new(guard)))
}

#[tokio::test]
async fn a_request_is_the_one_that_the_route_names() {
    for route in [
        "/requests/{id}/items/{item}",
        "/requests/{request}/items/{item}",
        "/v1/Requests/{reqid}/smartcards/{scid}",
        "/tickets/{id}/items/{item}",
    ] {
        let router = requests(route);
        let path = |id: &str, item: &str| {
            let mut ids = [id, item].into_iter();
            let segments = route.split('/').map(|name| {
                if name.starts_with('{') {
                    ids.next().unwrap()
                } else {
                    name
                }
            });
            segments.collect::<Vec<_>>().join("/")
        };
        assert_eq!(status(&router, &path(FORBIDDEN, ENROLL)).await, 403, "{route}");
        assert_eq!(status(&router, &path(ENROLL, FORBIDDEN)).await, 200, "{route}");
        assert_eq!(status(&router, &path(ENROLL, "7")).await, 200, "{route}");
    }
    // One parameter alone, and a router within another.
    assert_eq!(
        status(&requests("/tickets/{ticket}"), &format!("/tickets/{ENROLL}")).await,
        200
    );
    let nested = Router::new().nest("/outer/{tenant}", requests("/requests/{id}/items/{item}"));
    let path = format!("/outer/{ENROLL}/requests/{FORBIDDEN}/items/{ENROLL}");
    assert_eq!(status(&nested, &path).await, 403);
    let path = format!("/outer/{FORBIDDEN}/requests/{ENROLL}/items/{FORBIDDEN}");
    assert_eq!(status(&nested, &path).await, 200);
    // Nothing says which of the two it is.
    let unclear = requests("/tickets/{ticket}/items/{item}");
    assert_eq!(
        status(&unclear, &format!("/tickets/{ENROLL}/items/{ENROLL}")).await,
        403
    );
    let wildcard = requests("/requests/{id}/{*rest}");
    assert_eq!(
        status(&wildcard, &format!("/requests/{FORBIDDEN}/items/{ENROLL}")).await,
        403
    );
}

#[test]
fn without_a_route_a_request_is_the_one_after_the_collection() {
    let enroll = request_id(&format!("/requests/{ENROLL}"));
    assert_eq!(enroll.unwrap().to_string(), ENROLL);
    for path in [
        format!("/API/Requests/{}", ENROLL.to_uppercase()),
        format!("/requests/{ENROLL}/items/{FORBIDDEN}"),
        format!("/requests/{ENROLL}/"),
    ] {
        assert_eq!(request_id(&path), enroll, "{path}");
    }
    for path in [
        format!("/items/{ENROLL}"),
        format!("/requests/7/items/{ENROLL}"),
        format!("/requests/{ENROLL}/requests/{ENROLL}"),
        format!("/requests//{ENROLL}"),
        ENROLL.to_owned(),
        "/requests".to_owned(),
        "/requests/".to_owned(),
    ] {
        assert_eq!(request_id(&path), None, "{path}");
    }
}

struct Write;

impl Action for Write {
    fn desired(&self) -> AccessMask {
        AccessMask::FILE_WRITE_DATA
    }

    fn name(&self) -> &'static str {
        "write"
    }
}

async fn document(id: u64) -> Result<Option<String>, core::convert::Infallible> {
    let trustee = if id == 1 { "BA" } else { "AU" };
    Ok(Some(format!("D:(A;;FW;;;{trustee})")))
}

#[tokio::test]
async fn a_document_is_the_one_that_the_route_names() {
    let guard = Guard::new(user, from_fn(document));
    let handler = async |Path((id, page)): Path<(u64, u64)>, granted: Granted<String>| {
        assert_ne!(id, 1, "page {page} of {}", granted.id());
        granted.id().to_owned()
    };
    let documents = |route: &str| Router::new().route(route, put(handler).route_layer(guard.layer(Write)));
    let router = documents("/documents/{id}/pages/{page}");
    assert_eq!(status(&router, "/documents/1/pages/2").await, 404);
    assert_eq!(status(&router, "/documents/2/pages/1").await, 200);
    let router = documents("/documents/{document}/pages/{page}");
    assert_eq!(
        status(&router, "/documents/2/pages/2").await,
        404,
        "nothing says which one it is"
    );
}

//! A store in memory, callers by header, and a handler that says what it got.

use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Request, Response, StatusCode, request::Parts},
    response::IntoResponse,
    routing::put,
};
use core::sync::atomic::{AtomicUsize, Ordering};
use http_body_util::BodyExt;
use sddl_authz::{
    Caller,
    http::{AuthorizeLayer, CallerSourceError, Rejection, ResourceSource},
    mim::{
        StatusChange, StatusChangePolicy,
        http::{Authorized, Change, Guard, reason},
    },
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tower::ServiceExt;
use uuid::Uuid;

pub(crate) const TARGET_USER: &str = "S-1-5-21-2127521184-1604012920-1887927527-14995557";
pub(crate) const STRANGER: &str = "S-1-5-21-2127521184-1604012920-1887927527-1";
pub(crate) const ENROLL: &str = "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";
pub(crate) const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

/// Rows by id; a row may be anything.
#[derive(Clone, Default)]
pub(crate) struct Rows(pub(crate) Arc<BTreeMap<Uuid, Result<String, &'static str>>>);

impl ResourceSource for Rows {
    type Id = Uuid;
    type Resource = String;
    type Error = &'static str;

    async fn load(&self, id: Uuid) -> Result<Option<String>, &'static str> {
        self.0.get(&id).cloned().transpose()
    }
}

/// A row with this id, status and descriptor.
pub(crate) fn row(id: &str, status: i64, descriptor: &str) -> (Uuid, Result<String, &'static str>) {
    let row = serde_json::json!({"Uuid": id, "Status": status, "SecurityDescriptor": descriptor});
    (id.parse().unwrap(), Ok(row.to_string()))
}

fn caller(head: &Parts) -> Result<Caller, CallerSourceError> {
    let challenge = HeaderValue::from_static("Negotiate");
    let header = head
        .headers
        .get("x-user")
        .ok_or(CallerSourceError::Missing { challenge })?;
    let unreadable = |detail: String| CallerSourceError::Unreadable { detail };
    let text = header.to_str().map_err(|error| unreadable(error.to_string()))?;
    let mut sids = text
        .split(',')
        .map(|sid| sid.parse().map_err(|error| unreadable(format!("{error}"))));
    let user = sids.next().unwrap()?;
    let groups: Vec<_> = sids.collect::<Result<_, _>>()?;
    let caller = Caller::authenticated(user).map_err(|error| unreadable(error.to_string()))?;
    caller
        .with_groups(groups)
        .map_err(|error| unreadable(error.to_string()))
}

/// Reads the wish, and answers with the status that it leads to.
async fn handler(authorized: Authorized<String>, body: Body) -> Result<impl IntoResponse, Rejection> {
    let body = body.collect().await.unwrap().to_bytes();
    let wish = str::from_utf8(&body)
        .ok()
        .and_then(|word| word.parse::<StatusChange>().ok());
    let Some(wish) = wish else {
        return Err(authorized.reject(reason::BODY_UNREADABLE));
    };
    Ok(match authorized.into_change(wish)? {
        Change::Permitted(permitted) => permitted.permit.into_update("now").to.0.to_string().into_response(),
        Change::Unchanged(_) => StatusCode::NO_CONTENT.into_response(),
    })
}

/// The service, and what it told its observer.
pub(crate) struct Bench {
    router: Router,
    events: Arc<Mutex<Vec<String>>>,
    bodies_read: Arc<AtomicUsize>,
}

impl Bench {
    pub(crate) fn new(rows: impl IntoIterator<Item = (Uuid, Result<String, &'static str>)>) -> Self {
        let events = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&events);
        let guard = Guard::new(
            StatusChangePolicy::inferred(),
            caller,
            Rows(Arc::new(rows.into_iter().collect())),
        )
        .observer(move |event| {
            let line = format!("{} {} {}", event.action, event.status.as_u16(), event.reason);
            told.lock().unwrap().push(line);
        });
        let guarded = put(handler).route_layer(AuthorizeLayer::new(guard));
        let router = Router::new()
            .route("/requests/{id}", guarded)
            .route("/bare/{id}", put(handler));
        Self {
            router,
            events,
            bodies_read: Arc::new(AtomicUsize::new(0)),
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn put(&self, id: &str, user: &str, word: &str) -> Answer {
        // Counts whether anybody asks for the body.
        let (word, count) = (word.to_owned(), Arc::clone(&self.bodies_read));
        let body = Body::new(Counted(Some(word), count));
        let request = Request::put(format!("/requests/{id}"))
            .header("x-user", user)
            .body(body);
        self.send(request.unwrap()).await
    }

    pub(crate) fn bodies_read(&self) -> usize {
        self.bodies_read.load(Ordering::SeqCst)
    }

    /// The events since the last call.
    pub(crate) fn events(&self) -> Vec<String> {
        core::mem::take(&mut *self.events.lock().unwrap())
    }
}

/// A body that counts being read.
struct Counted(Option<String>, Arc<AtomicUsize>);

impl axum::body::HttpBody for Counted {
    type Data = axum::body::Bytes;
    type Error = core::convert::Infallible;

    fn poll_frame(
        mut self: core::pin::Pin<&mut Self>,
        _: &mut core::task::Context<'_>,
    ) -> core::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        let word = self.0.take();
        if word.is_some() {
            self.1.fetch_add(1, Ordering::SeqCst);
        }
        core::task::Poll::Ready(word.map(|word| Ok(http_body::Frame::data(word.into()))))
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        Self {
            status: head.status.as_u16(),
            headers: headers.collect(),
            body: String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// All of it, the correlation id taken out; there must be one.
    pub(crate) fn without_correlation(&self) -> (u16, Vec<(String, String)>, String) {
        let json = self.json();
        let id = json
            .get("CorrelationId")
            .or_else(|| json.get("correlationId"))
            .unwrap()
            .as_str()
            .unwrap();
        id.parse::<Uuid>().unwrap();
        (self.status, self.headers.clone(), self.body.replace(id, "ID"))
    }
}

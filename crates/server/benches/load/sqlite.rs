//! The reference server's own route, on a file of SQLite, and the same without the check.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::put,
};
use core::{num::NonZeroUsize, time::Duration};
use http_body_util::{BodyExt, Limited};
use sddl_authz::{
    Caller,
    http::ResourceSource,
    mim::{CertificateRequest, Outcome, StatusChange, StatusChangePolicy, StatusUpdate, http::Guard},
};
use sddl_authz_server::{
    app::{App, json},
    audit::AuditEntry,
    clock::Clock,
    identity::Trust,
    list::{Limits, Lists},
    listen::Ending,
    policy::Policy,
    refusals::{Bounds, Refusals},
    router::{self, Routes},
    sqlite::Sqlite,
    store::{Applied, Batch, Store},
};
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;

/// More than are changed in a second.
const REQUESTS: u32 = 20_000;
const BODY: usize = 16384;
const TIME: Duration = Duration::from_secs(10);

/// An update to a row that is as it was imported, for the route without a guard.
#[derive(Clone)]
struct Bare {
    store: Sqlite,
    policy: Policy,
    update: StatusUpdate,
}

async fn bare(State(bare): State<Bare>, Path(id): Path<Uuid>, headers: HeaderMap, body: Body) -> Response {
    let Some(_row) = bare.store.load(id).await.unwrap() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if headers
        .get(CONTENT_TYPE)
        .is_none_or(|value| value != "application/json")
    {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let read = tokio::time::timeout(TIME, Limited::new(body, BODY).collect()).await;
    let body: crate::StatusBody = serde_json::from_slice(&read.unwrap().unwrap().to_bytes()).unwrap();
    let mut update = bare.update.clone();
    update.request = id;
    let now = Clock::System.now();
    update.completed = (body.status == StatusChange::Complete).then(|| now.to_string());
    let nobody = Caller::anonymous();
    let entry = AuditEntry::of_change(&update, body.status.word(), &nobody, &bare.policy, Uuid::nil(), now);
    match bare.store.apply(update, entry).await {
        Ok(Applied::Done(row)) => json(row),
        Ok(Applied::Stale) | Err(_) => StatusCode::CONFLICT.into_response(),
    }
}

/// A file that goes with the measurement.
pub(crate) struct File(PathBuf);

impl File {
    pub(crate) fn new() -> Self {
        let file = Self(std::env::temp_dir().join(format!("sddl-authz-load-{}", std::process::id())));
        file.remove();
        file
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}

/// The server's routes and `PUT /bare/{id}`, on a new file that holds the published request again and again, each under an id of its own.
///
/// At most `group` changes are committed together.
pub(crate) async fn router(file: &File, group: NonZeroUsize) -> Router {
    let published: CertificateRequest = serde_json::from_str(crate::ROW).unwrap();
    let requests = (0..REQUESTS).map(|number| {
        let mut request = published.clone();
        request.uuid = format!("{number:08x}-0000-4000-8000-000000000000").parse().unwrap();
        request
    });
    Sqlite::create(&file.0).unwrap().close().await.unwrap();
    let store = Sqlite::open_with_group(&file.0, group).unwrap();
    store.import(Batch::Insert(requests.collect())).await.unwrap();
    let policy = Policy::new(StatusChangePolicy::inferred()).unwrap();
    let user = Caller::authenticated(crate::USER.parse().unwrap())
        .unwrap()
        .with_no_groups();
    let Outcome::Permitted(permit) = policy.rules().decide(&published, &user, StatusChange::Complete) else {
        panic!("the user may complete it");
    };
    let update = permit.into_update("");
    let (refusals, _) = Refusals::new(Clock::System, Bounds::default());
    let guard =
        Guard::new(Arc::clone(policy.rules()), Trust::Dev, store.clone()).observer(refusals.observer(policy.clone()));
    let state = Bare {
        store: store.clone(),
        policy: policy.clone(),
        update,
    };
    let app = App {
        guard,
        policy,
        lists: Arc::new(Lists::new(Limits::default()).unwrap()),
        trust: Trust::Dev,
        audit: refusals.health().clone(),
        clock: Clock::System,
        body_bytes: BODY,
        body_time: TIME,
        request_time: TIME,
        ending: Ending::default(),
        readiness: sddl_authz_server::readiness::Readiness::default(),
    };
    let bare = Router::new().route("/bare/{id}", put(bare)).with_state(state);
    router::router(app, Routes { api: true }).merge(bare)
}

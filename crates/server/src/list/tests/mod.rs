//! Pages of random stores, followed by their links to the end, against a plain filter over all rows.

use super::{Limits, Lists, Steps};
use crate::{
    app::App,
    clock::Clock,
    identity::Trust,
    listen::Ending,
    policy::Policy,
    random::Random,
    refusals::AuditHealth,
    router::{Routes, router},
    sqlite::Sqlite,
    store::{Batch, Store},
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode},
};
use core::time::Duration;
use http_body_util::BodyExt;
use sddl_authz::mim::{CertificateRequest, RequestStatus, RequestView, StatusChangePolicy, http::Guard};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use tower_service::Service;
use uuid::Uuid;

mod shares;

const ROUTE: &str = "/certificatemanagement/api/v1.0/requests";
const USER: &str = "S-1-5-21-1-2-3-1107";
const OTHER: &str = "S-1-5-21-1-2-3-1108";
const GROUP: &str = "S-1-5-21-1-2-3-2001";
const USER_UUID: &str = "8f1590dc-d932-4b66-8e68-2e91c5880780";

/// A request that few callers may read, or many, or nobody.
fn random_request(random: &mut Random) -> CertificateRequest {
    let status = *random.one(&[
        RequestStatus::PENDING,
        RequestStatus::APPROVED,
        RequestStatus::COMPLETED,
    ]);
    let mut request = CertificateRequest::new(random.id(), status);
    let reader = *random.one(&[USER, USER, OTHER, GROUP, "AU", "BA", "BA", "BA"]);
    request.security_descriptor = match random.below(10) {
        0 => "no SDDL".to_owned().into(),
        1 => Default::default(),
        2 => format!("D:(D;;RC;;;{GROUP})(A;;RC;;;AU)").into(),
        // Descriptors that differ, and decide alike.
        number => format!("O:S-1-5-21-1-2-3-{number}D:(A;;RC;;;{reader})").into(),
    };
    if random.below(3) == 0 {
        request.target_user_uuid = USER_UUID.parse::<Uuid>().unwrap().into();
    }
    request
}

/// A server in this process, on a store in memory if nothing else is said.
struct Server<S = Sqlite> {
    router: Router,
    store: S,
    lists: Arc<Lists>,
}

impl Server {
    fn new(steps: Steps, time: Duration) -> Self {
        Self::on(Sqlite::in_memory().unwrap(), steps, time)
    }
}

impl<S: Store + 'static> Server<S> {
    fn on(store: S, steps: Steps, time: Duration) -> Self {
        let policy = Policy::new(StatusChangePolicy::inferred()).unwrap();
        let limits = Limits {
            time,
            wait: Duration::from_millis(20),
            ..Limits::default()
        };
        let lists = Arc::new(Lists {
            steps,
            ..Lists::new(limits).unwrap()
        });
        let app = App {
            guard: Guard::new(Arc::clone(policy.rules()), Trust::Dev, store.clone()),
            policy,
            lists: Arc::clone(&lists),
            trust: Trust::Dev,
            audit: AuditHealth::default(),
            clock: Clock::System,
            body_bytes: 1024,
            body_time: Duration::from_secs(10),
            request_time: Duration::from_secs(10),
            ending: Ending::default(),
            readiness: crate::readiness::Readiness::default(),
        };
        let router = router(app, Routes { api: true });
        Self { router, store, lists }
    }

    async fn get(&self, query: &str, caller: &str) -> Response<Body> {
        let request = Request::get(format!("{ROUTE}{query}"));
        let request = request
            .header("x-dev-caller", caller)
            .header("x-dev-caller-uuid", USER_UUID);
        self.router
            .clone()
            .call(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    /// A page: its rows, and the query of the next one.
    async fn page(&self, query: &str, caller: &str) -> (Vec<String>, Option<String>) {
        let answer = self.get(query, caller).await;
        let link = answer.headers().get("link").map(|link| {
            let link = link.to_str().unwrap().strip_prefix('<').unwrap();
            link.strip_suffix(r#">; rel="next""#).unwrap().to_owned()
        });
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        if status == StatusCode::NO_CONTENT {
            assert!(body.is_empty() && link.is_none());
            return (Vec::new(), None);
        }
        assert_eq!(status, StatusCode::OK);
        let rows: Vec<CertificateRequest> = serde_json::from_slice(&body).unwrap();
        let rows: Vec<_> = rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
        assert_eq!(body, format!("[{}]", rows.join(",")), "rows are as they are stored");
        (rows, link)
    }
}

/// The rows that a caller sees, in the order of their ids, by the policy's decision on each whole row.
fn expected(rows: &BTreeMap<Uuid, CertificateRequest>, caller: &str, filter: &str) -> Vec<(Uuid, String)> {
    let mut sids = caller.split(',').map(|sid| sid.parse().unwrap());
    let caller = sddl_authz::Caller::authenticated(sids.next().unwrap()).unwrap();
    let caller = caller.with_groups(sids).unwrap();
    let matching = rows.values().filter(|request| {
        let current = request.target_user_uuid.value().map(Uuid::to_string).as_deref() == Some(USER_UUID);
        (!filter.contains("targetuser") || current)
            && (!filter.contains("status") || filter.contains(request.status.name().unwrap()))
    });
    let readable = matching.filter(|request| {
        let previews = StatusChangePolicy::inferred().preview(RequestView::from(*request), &caller);
        previews.is_ok_and(|previews| previews.read)
    });
    readable
        .map(|request| (request.uuid, serde_json::to_string(request).unwrap()))
        .collect()
}

const SMALL: Steps = Steps {
    step: 3,
    walk: 9,
    long_step: 5,
};
const FILTERS: [&str; 6] = [
    "",
    "status=Approved",
    "status=Pending,Completed",
    "status=Denied",
    "targetuser=current",
    "targetuser=current&status=Approved",
];

#[tokio::test]
async fn pages_have_what_a_filter_over_all_rows_has() {
    let mut random = Random(7);
    let mut cut = 0;
    for round in 0..24 {
        // Without time, each page ends after one step.
        let time = if round % 3 == 0 {
            Duration::ZERO
        } else {
            Duration::from_secs(60)
        };
        let steps = if round % 4 == 3 { Steps::DEFAULT } else { SMALL };
        let server = Server::new(steps, time);
        let requests: Vec<_> = (0..random.below(80)).map(|_| random_request(&mut random)).collect();
        let rows: BTreeMap<_, _> = requests.iter().map(|request| (request.uuid, request.clone())).collect();
        server.store.import(Batch::Insert(requests)).await.unwrap();
        for caller in [
            USER.to_owned(),
            OTHER.to_owned(),
            format!("{USER},{GROUP}"),
            format!("{OTHER},{GROUP}"),
        ] {
            let filter = random.one(&FILTERS);
            let limit = *random.one(&[1, 2, 5, 30, 1000]);
            let expected = expected(&rows, &caller, filter);
            let (mut found, mut query, mut pages) = (Vec::new(), format!("?limit={limit}&{filter}"), 0);
            loop {
                let (page, next) = server.page(&query, &caller).await;
                assert!(page.len() <= limit);
                cut += usize::from(page.len() < limit && next.is_some());
                found.extend(page);
                pages += 1;
                assert!(pages <= rows.len() + 1, "{caller} {query}");
                let Some(next) = next else { break };
                query = next;
            }
            assert!(
                expected.iter().map(|(_, row)| row).eq(&found),
                "{caller} {filter} {limit}"
            );
            if time > Duration::ZERO {
                // The last page is the last one that has anything.
                assert_eq!(
                    pages,
                    expected.len().div_ceil(limit).max(1),
                    "{caller} {filter} {limit}"
                );
            }
        }
    }
    assert!(cut > 20, "{cut}");
}

/// Requests come, change and go between two pages. Those that the caller may see all the time are listed once, and no row that it may not.
#[tokio::test]
async fn pages_hold_while_requests_come_and_change() {
    let mut random = Random(11);
    for round in 0..16 {
        let time = if round % 2 == 0 {
            Duration::ZERO
        } else {
            Duration::from_secs(60)
        };
        let server = Server::new(SMALL, time);
        let requests: Vec<_> = (0..60).map(|_| random_request(&mut random)).collect();
        let mut rows: BTreeMap<_, _> = requests.iter().map(|request| (request.uuid, request.clone())).collect();
        server.store.import(Batch::Insert(requests)).await.unwrap();
        let (caller, filter) = (format!("{USER},{GROUP}"), *random.one(&FILTERS));
        // The rows that the caller sees all the time, and all that it ever sees.
        let mut stable: BTreeMap<_, _> = expected(&rows, &caller, filter).into_iter().collect();
        let mut ever: HashSet<_> = stable.values().cloned().collect();
        let (mut found, mut asked) = (Vec::new(), Some(format!("?limit=4&{filter}")));
        while let Some(query) = asked {
            let (page, next) = server.page(&query, &caller).await;
            found.extend(page);
            asked = next;
            let mut new = random_request(&mut random);
            // A descriptor that nobody decided about.
            new.security_descriptor = format!("G:S-1-5-21-1-2-3-{}D:(A;;RC;;;AU)", random.below(1000)).into();
            let ids: Vec<_> = rows.keys().copied().collect();
            let mut replaced = random_request(&mut random);
            replaced.uuid = *random.one(&ids);
            // The row of a request may get another descriptor that lets the caller read.
            let mut moved = rows[random.one(&ids)].clone();
            moved.security_descriptor = new.security_descriptor.clone();
            let gone = *random.one(&ids);
            for request in [new, replaced, moved] {
                rows.insert(request.uuid, request.clone());
                server.store.import(Batch::Replace(vec![request])).await.unwrap();
            }
            rows.remove(&gone);
            server.store.import(Batch::Delete(vec![gone])).await.unwrap();
            let now: BTreeMap<_, _> = expected(&rows, &caller, filter).into_iter().collect();
            stable.retain(|id, _| now.contains_key(id));
            ever.extend(now.into_values());
        }
        let id = |row: &String| RequestView::from_json(row.as_bytes()).unwrap().uuid;
        let ids: Vec<_> = found.iter().map(id).collect();
        assert!(ids.is_sorted_by(|one, next| one < next), "each once, in order");
        assert!(found.iter().all(|row| ever.contains(row)));
        assert!(stable.keys().all(|id| ids.contains(id)), "{filter}");
    }
}

/// Lists that wait too long for a place are refused, and the client is told when to come again.
#[tokio::test]
async fn more_lists_than_places_are_answered_503() {
    let server = Server::new(SMALL, Duration::from_secs(60));
    server
        .store
        .import(Batch::Insert(vec![random_request(&mut Random(3))]))
        .await
        .unwrap();
    let held = server.lists.places.all().acquire_many_owned(16).await.unwrap();
    let answer = server.get("", USER).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["retry-after"], "1");
    drop(held);
    for _ in 0..40 {
        let answer = server.get("", USER).await;
        assert_ne!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    // No place is lost.
    assert_eq!(server.lists.places.all().available_permits(), 16);
    server.store.close().await.unwrap();
}

/// A list whose rows can't be loaded to the end is cut, and does not look whole.
#[tokio::test]
async fn a_list_that_fails_on_the_way_is_cut() {
    let server = Server::new(Steps::DEFAULT, Duration::from_secs(60));
    let request = |number: u128| {
        let mut request = CertificateRequest::new(Uuid::from_u128(number), RequestStatus::APPROVED);
        request.security_descriptor = "D:(A;;RC;;;AU)".to_owned().into();
        request.comment = "x".repeat(40_000).into();
        request
    };
    server
        .store
        .import(Batch::Insert((1..=9).map(request).collect()))
        .await
        .unwrap();
    let answer = server.get("", USER).await;
    assert_eq!(answer.status(), StatusCode::OK);
    // Some rows are loaded ahead, and others are not.
    server.store.close().await.unwrap();
    let body = answer.into_body();
    assert!(body.collect().await.is_err());
}

#[tokio::test]
async fn a_cursor_carries_no_rights() {
    let server = Server::new(SMALL, Duration::ZERO);
    let mut random = Random(13);
    let request = |number: u32, reader: &str| {
        let mut request = CertificateRequest::new(Uuid::from_u128(number.into()), RequestStatus::APPROVED);
        request.security_descriptor = format!("D:(A;;RC;;;{reader})").into();
        request
    };
    let rows = (1..=9).map(|number| request(number, if number < 9 { USER } else { OTHER }));
    server.store.import(Batch::Insert(rows.collect())).await.unwrap();
    let (_, of_reader) = server.page("?limit=2", USER).await;
    let (none, of_stranger) = server.page("?limit=2", OTHER).await;
    assert!(none.is_empty());
    for query in [of_reader.unwrap(), of_stranger.unwrap()] {
        // The cursor of a page that ends at an unreadable request does not say its id.
        let cursor = query.rsplit_once("cursor=").unwrap().1;
        let mut next = Some(query.clone());
        let mut found = Vec::new();
        while let Some(query) = next {
            let page = server.page(&query, OTHER).await;
            found.extend(page.0);
            next = page.1;
        }
        assert_eq!(found, [serde_json::to_string(&request(9, OTHER)).unwrap()]);
        // A changed cursor is refused, or begins elsewhere.
        let mut changed = cursor.to_owned().into_bytes();
        let place = random.below(changed.len());
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let answer = server.get(&format!("?cursor={changed}"), OTHER).await;
        assert!([200, 204, 400].contains(&answer.status().as_u16()));
    }
}

#[test]
fn the_cursor_of_an_unlisted_request_hides_its_id() {
    use super::cursor::{Cursors, Position};
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let (own, other) = (Cursors::new().unwrap(), Cursors::new().unwrap());
    let id: Uuid = USER_UUID.parse().unwrap();
    let listed = own.write(Position::Listed(id)).unwrap();
    assert_eq!(own.read(&listed), Some(id));
    // It survives the process.
    assert_eq!(other.read(&listed), Some(id));
    let reached = own.write(Position::Reached(id)).unwrap();
    assert_eq!(own.read(&reached), Some(id));
    assert_eq!(other.read(&reached), None);
    let bytes = URL_SAFE_NO_PAD.decode(&reached).unwrap();
    assert!(
        !bytes
            .windows(4)
            .any(|some| id.as_bytes().windows(4).any(|part| some == part))
    );
    assert_ne!(reached, own.write(Position::Reached(id)).unwrap());
    for wrong in [
        "",
        "A",
        "AQ",
        "AQ==",
        "Ag",
        "not base64!",
        listed.strip_prefix('A').unwrap(),
        &format!("{listed}A"),
        &"A".repeat(5000),
    ] {
        assert_eq!(own.read(wrong), None, "{wrong}");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert_eq!(own.read(&URL_SAFE_NO_PAD.encode(changed)), None, "{place}");
    }
}

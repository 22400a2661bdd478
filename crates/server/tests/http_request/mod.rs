//! Any request to the server's router, with any descriptor or row in its store.

#![expect(clippy::expect_used, reason = "a target that finds something says so by a panic")]

mod asked;
mod rights;
mod store;

use asked::{Asked, PROXY, Place, SECRET, Trusted};
use axum::{
    Router,
    body::Body,
    http::{
        HeaderMap, Method, Request,
        header::{CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH, IF_UNMODIFIED_SINCE},
    },
};
use core::time::Duration;
use http_body_util::BodyExt;
use rights::Rights;
use sddl_authz::mim::{RequestView, StatusChange, StatusChangePolicy, http::Guard};
use sddl_authz_server::{
    app::App,
    clock::Clock,
    identity::{ProxyHeaders, Trust},
    list::{Limits, Lists},
    listen::Ending,
    paths::normalized,
    policy::Policy,
    refusals::AuditHealth,
    router::{Routes, router},
};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Memory, Rows};
use tower::ServiceExt;
use uuid::Uuid;

const ENROLL: &str = include_str!("../../../../tests/data/enroll-approved.json");
const UNBLOCK: &str = include_str!("../../../../tests/data/unblock-approved.json");
/// The request with the descriptor, or the row, of the input.
const OWN: Uuid = Uuid::from_u128(0xf9b4_b42c_cc50_4c9b_89d1_bbc0_bcd5_a099);
const UNKNOWN: &str = "/certificatemanagement/api/v1.0/requests/00000000-0000-4000-8000-000000000000";
const BODY: usize = 512;

/// Any request to the server's router, any descriptor or row in its store. The status is a documented one, and the one that the reference,
/// the policy and the request's status make it; only a 200 changes a request, and only that one; who may not read one is told what is
/// told of one that is not there; headers say nothing that came in.
pub(crate) fn http_request(data: &[u8]) {
    thread_local!(static SERVER: Server = Server::new());
    if let Some(asked) = Asked::read(data) {
        SERVER.with(|server| server.ask(&asked));
    }
}

struct Server {
    runtime: tokio::runtime::Runtime,
    store: Memory,
    dev: Router,
    secret: Router,
    proxy: Router,
}

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Server {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let store = Memory::default();
        let router = |trust| router_of(trust, &store);
        Self {
            runtime: runtime.expect("a runtime"),
            dev: router(Trust::Dev),
            secret: router(Trust::secret(SECRET.as_bytes(), ProxyHeaders::OneOrSeparate)),
            proxy: router(Trust::Uid(PROXY, ProxyHeaders::OneOrSeparate)),
            store,
        }
    }

    fn send(&self, trusted: Trusted, request: Request<Body>) -> Answer {
        let router = match trusted {
            Trusted::Dev => &self.dev,
            Trusted::Secret => &self.secret,
            Trusted::Proxy | Trusted::Another => &self.proxy,
        };
        self.runtime.block_on(async {
            let response = router.clone().oneshot(normalized(request)).await;
            let (head, body) = response.expect("a router answers").into_parts();
            let body = body.collect().await.expect("an answer is whole").to_bytes();
            Answer {
                status: head.status.as_u16(),
                headers: head.headers,
                body: String::from_utf8(body.to_vec()).expect("an answer is text"),
            }
        })
    }

    fn ask(&self, asked: &Asked<'_>) {
        let Some(request) = asked.request(None) else { return };
        let place = asked.place(request.uri().path());
        let before = rows(asked);
        self.store.with(|rows| rows.clone_from(&before));
        let answer = self.send(asked.trusted, request);
        let after = self.store.with(|rows| rows.clone());
        answer.is_well_formed();
        match (&place, &asked.method) {
            (Place::Item(id), &Method::PUT) => self.changed(asked, *id, &answer, &before, &after),
            (Place::Item(id), &(Method::GET | Method::HEAD)) => self.read(asked, *id, &answer, &before),
            (Place::List, &(Method::GET | Method::HEAD)) => listed(asked, &answer, &before),
            (Place::Health, &(Method::GET | Method::HEAD)) => assert_eq!(answer.status, 200),
            (Place::Item(_) | Place::List | Place::Health, _) => assert_eq!(answer.status, 405),
            (Place::Nothing, _) => assert_eq!(answer.status, 404),
        }
        if let Some(id) = changed_id(&before, &after) {
            let changed = (place, &asked.method, [200, 204].contains(&answer.status));
            assert_eq!(
                changed,
                (Place::Item(Some(id)), &Method::PUT, true),
                "{asked:?}: {answer:?}"
            );
        }
    }

    /// The answer to a PUT.
    fn changed(&self, asked: &Asked<'_>, id: Option<Uuid>, answer: &Answer, before: &Rows, after: &Rows) {
        let changed = changed_id(before, after);
        let Some(rights) = self.rights(asked, id, answer, before) else {
            assert_eq!(changed, None, "{asked:?}: {answer:?}");
            return;
        };
        let status = answer.status;
        let body = StatusBody::read(asked);
        let unread = [400, 412, 413, 415].contains(&status);
        let fits = match (&rights, body) {
            (Rights { decided: false, .. }, _) => status == 500,
            (
                Rights {
                    changes: [403, 403, 403],
                    reads,
                    ..
                },
                _,
            ) => status == 403 || (*reads && unread),
            (_, StatusBody::Plain(change)) => {
                status == rights.answer(change) && rights.permits(change) == changed.is_some()
            }
            (_, StatusBody::Perhaps(change)) => unread || status == rights.answer(change),
            (_, StatusBody::No) => unread,
        };
        assert!(fits, "{asked:?}: {rights:?} {body:?} {answer:?}");
        let Some(row) = changed.and_then(|id| after.get(&id)) else {
            assert_ne!(status, 200, "{asked:?}: {answer:?}");
            return;
        };
        // The answer to a reader is the row as it is now. Nobody else is shown it.
        let shown = if rights.reads { (200, row.as_str()) } else { (204, "") };
        assert_eq!((status, answer.body.as_str()), shown, "{asked:?}");
        let [was, is] = [before, after].map(|rows| {
            let row = id.and_then(|id| rows.get(&id)).expect("a request was changed");
            RequestView::from_json(row.as_bytes()).expect("a request")
        });
        assert!(was.status != is.status && was.uuid == is.uuid && was.security_descriptor == is.security_descriptor);
        let target = StatusChange::ALL
            .into_iter()
            .find(|change| change.target() == is.status)
            .expect("one of three");
        assert!(rights.permits(target), "{asked:?}");
    }

    /// The answer to a GET.
    fn read(&self, asked: &Asked<'_>, id: Option<Uuid>, answer: &Answer, before: &Rows) {
        let Some(rights) = self.rights(asked, id, answer, before) else {
            return;
        };
        let expected = match rights {
            Rights { decided: false, .. } => 500,
            Rights { reads: true, .. } => 200,
            Rights { reads: false, .. } => 403,
        };
        assert_eq!(answer.status, expected, "{asked:?}: {answer:?}");
        if answer.status == 200 && asked.method == Method::GET {
            assert_eq!(Some(&answer.body), id.and_then(|id| before.get(&id)));
        }
    }

    /// The rights of the caller to the request; `None` if nobody is known to call.
    fn rights(&self, asked: &Asked<'_>, id: Option<Uuid>, answer: &Answer, before: &Rows) -> Option<Rights> {
        let Some(caller) = asked.caller() else {
            assert!([400, 401].contains(&answer.status), "{asked:?}: {answer:?}");
            return None;
        };
        let row = id.and_then(|id| Some((id, before.get(&id)?)));
        let rights = row.map_or(Rights::NONE, |(id, row)| Rights::of(&caller, id, row));
        if answer.status == 403 && !rights.reads {
            let unknown = asked.request(Some(UNKNOWN)).expect("a good path");
            let unknown = self.send(asked.trusted, unknown);
            assert_eq!(answer.without_correlation(), unknown.without_correlation(), "{asked:?}");
        }
        Some(rights)
    }
}

fn router_of(trust: Trust, store: &Memory) -> Router {
    let policy = Policy::new(StatusChangePolicy::inferred()).expect("JSON");
    let app = App {
        guard: Guard::new(Arc::clone(policy.rules()), trust.clone(), store.clone()),
        policy,
        lists: Arc::new(Lists::new(Limits::default()).expect("random bytes")),
        trust,
        audit: AuditHealth::default(),
        clock: Clock::Fixed("2015-07-07T23:37:37.767Z".parse().expect("a time")),
        body_bytes: BODY,
        body_time: Duration::from_secs(10),
        request_time: Duration::from_secs(10),
        ending: Ending::default(),
        readiness: sddl_authz_server::readiness::Readiness::default(),
    };
    router(app, Routes { api: true })
}

/// The published requests, and that of the input.
fn rows(asked: &Asked<'_>) -> Rows {
    let own = if asked.stored.starts_with('{') {
        asked.stored.to_owned()
    } else {
        json!({"Uuid": OWN, "Status": asked.status, "SecurityDescriptor": asked.stored}).to_string()
    };
    let published = |row: &str| {
        let view = RequestView::from_json(row.as_bytes()).expect("a published request");
        (view.uuid, row.to_owned())
    };
    Rows::from([published(ENROLL), published(UNBLOCK), (OWN, own)])
}

/// The one request that is not as it was.
fn changed_id(before: &Rows, after: &Rows) -> Option<Uuid> {
    let mut changed = before.iter().filter(|(id, row)| after.get(id) != Some(row));
    let id = changed.next().map(|(id, _)| *id);
    assert!(
        changed.next().is_none() && before.len() == after.len(),
        "one request at most is changed"
    );
    id
}

/// A page holds requests that the caller may read, and no others, without a gap. The store in memory filters nothing.
fn listed(asked: &Asked<'_>, answer: &Answer, before: &Rows) {
    let Some(caller) = asked.caller() else {
        assert!([400, 401].contains(&answer.status), "{asked:?}: {answer:?}");
        return;
    };
    assert!([200, 204, 400].contains(&answer.status), "{asked:?}: {answer:?}");
    if answer.status != 200 || asked.method != Method::GET {
        return;
    }
    let readable = before.iter().filter(|(id, row)| Rights::of(&caller, **id, row).reads);
    let rows: Vec<&str> = readable.map(|(_, row)| row.as_str()).collect();
    let (is_first, is_last) = (!asked.path.contains('?'), !answer.headers.contains_key("link"));
    let most = |any: bool| if any { rows.len() } else { 0 };
    let fits = (0..=most(!is_first)).any(|first| {
        let lasts = first.max(most(is_last))..=rows.len();
        let mut pages = lasts.filter_map(|last| rows.get(first..last));
        pages.any(|page| answer.body == format!("[{}]", page.join(",")))
    });
    assert!(fits, "{asked:?}: {answer:?}");
}

/// The change that the body asks for, read by other code than the server's.
#[derive(Clone, Copy, Debug)]
enum StatusBody {
    /// This, certainly.
    Plain(StatusChange),
    /// This, unless a name is there twice, the body is too long or not declared to be JSON, or a header forbids the change.
    Perhaps(StatusChange),
    No,
}

impl StatusBody {
    fn read(asked: &Asked<'_>) -> Self {
        let body = asked.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(asked.body);
        let Ok(Value::Object(properties)) = serde_json::from_slice(body) else {
            return Self::No;
        };
        let is_status = |name: &str| name.eq_ignore_ascii_case("status");
        let words: Vec<_> = properties.iter().filter(|(name, _)| is_status(name)).collect();
        let [(_, word)] = words[..] else {
            return Self::No;
        };
        let Some(change) = word.as_str().and_then(|word| word.parse().ok()) else {
            return Self::No;
        };
        let headers = &asked.headers;
        let declared = headers.get_all(CONTENT_TYPE).iter().eq(["application/json"]);
        let heeded = [
            CONTENT_ENCODING,
            CONTENT_RANGE,
            IF_MATCH,
            IF_NONE_MATCH,
            IF_UNMODIFIED_SINCE,
        ];
        let plain = declared && !heeded.iter().any(|name| headers.contains_key(name));
        let quoted = body
            .windows(8)
            .filter(|window| window.eq_ignore_ascii_case(b"\"status\""));
        let once = quoted.count() == 1 && !body.contains(&b'\\');
        match plain && once && asked.body.len() <= BODY {
            true => Self::Plain(change),
            false => Self::Perhaps(change),
        }
    }
}

impl Answer {
    /// A documented status, and headers of which each value is one of ours.
    fn is_well_formed(&self) {
        assert!(
            [200, 204, 400, 401, 403, 404, 405, 412, 413, 415, 500].contains(&self.status),
            "{self:?}"
        );
        for (name, value) in &self.headers {
            let value = value.to_str().expect("printable");
            let ours = match name.as_str() {
                "content-type" => [
                    "application/json; charset=utf-8",
                    "application/problem+json",
                    "text/plain; charset=utf-8",
                ]
                .contains(&value),
                "content-length" => value.bytes().all(|byte| byte.is_ascii_digit()),
                "allow" => ["GET,HEAD", "GET,HEAD,PUT"].contains(&value),
                "link" => value.starts_with("<?") && value.ends_with(">; rel=\"next\""),
                "www-authenticate" => value == "Negotiate",
                "cache-control" => value == "no-store",
                "x-correlation-id" => value.parse::<Uuid>().is_ok(),
                _ => false,
            };
            assert!(ours, "{name}: {value:?}");
        }
        assert!(
            self.status == 200 || !self.body.chars().any(char::is_control),
            "{self:?}"
        );
    }

    /// All of it but the correlation id, which a rejection must have.
    fn without_correlation(&self) -> (u16, HeaderMap, String) {
        const LENGTH: usize = 36;
        let mark = "orrelationId\":\"";
        let (start, rest) = self.body.split_once(mark).unwrap_or((&self.body, ""));
        let rest = rest.get(LENGTH..).unwrap_or_default();
        let mut headers = self.headers.clone();
        headers.remove("x-correlation-id");
        (self.status, headers, format!("{start}{mark}{rest}"))
    }
}

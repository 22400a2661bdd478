//! The guard over documents and actions that have nothing to do with MIM.

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, request::Parts},
    routing::{MethodRouter, get},
};
use core::time::Duration;
use http_body_util::BodyExt;
use sddl_authz::{
    AccessMask, Caller, GenericMapping, SecurityDescriptor, Sid,
    binary::to_bytes,
    check::Unprotected,
    http::{
        Action, CallerSourceError, Granted, Guard, Protected, Reason, Rejection, ResourceSource, ResponseContext,
        StoredDescriptor, from_fn,
    },
};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use uuid::Uuid;

const USER: &str = "S-1-5-21-1-2-3-1104";
/// FILE_READ_DATA, FILE_WRITE_DATA and DELETE ([MS-DTYP] 2.4.3, and Windows' file rights).
const READ_DATA: u32 = 0x1;
const WRITE_DATA: u32 = 0x2;
const DELETE: u32 = 0x1_0000;

#[derive(Clone, Copy, Debug)]
enum Access {
    Read,
    Write,
    Delete,
    Nothing,
    Everything,
    Generic,
}

impl Action for Access {
    fn desired(&self) -> AccessMask {
        AccessMask::from_bits_retain(match self {
            Self::Read => READ_DATA,
            Self::Write => WRITE_DATA,
            Self::Delete => DELETE,
            Self::Nothing => 0,
            Self::Everything => 0x0200_0000,
            Self::Generic => 0x8000_0000,
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Nothing => "nothing",
            Self::Everything => "everything",
            Self::Generic => "generic",
        }
    }
}

/// A descriptor in each of its forms.
#[derive(Clone, Debug)]
enum Document {
    Text(&'static str),
    Bytes(Vec<u8>),
    Model(SecurityDescriptor),
    Without,
}

impl Protected for Document {
    fn descriptor(&self) -> StoredDescriptor<'_> {
        match self {
            Self::Text(text) => (*text).into(),
            Self::Bytes(bytes) => bytes.into(),
            Self::Model(model) => model.into(),
            Self::Without => StoredDescriptor::Missing,
        }
    }
}

/// Document 7; 8 fails.
fn store(document: Document) -> impl ResourceSource<Id = u64, Resource = Document> {
    from_fn(move |id: u64| {
        let document = document.clone();
        async move {
            match id {
                7 => Ok(Some(document)),
                8 => Err("the disk is gone"),
                _ => Ok(None),
            }
        }
    })
}

fn caller(head: &Parts) -> Result<Caller, CallerSourceError> {
    let user = head.headers.get("x-user");
    let user = user.ok_or_else(|| CallerSourceError::missing("Bearer"))?.to_str();
    let text = user.map_err(CallerSourceError::unreadable)?;
    let caller = Caller::authenticated(
        text.trim_end_matches('?')
            .parse()
            .map_err(CallerSourceError::unreadable)?,
    );
    let caller = caller.map_err(CallerSourceError::unreadable)?;
    Ok(if text.ends_with('?') {
        caller.with_incomplete_groups()
    } else {
        caller.with_no_groups()
    })
}

fn head(path: &str) -> Parts {
    Request::get(path)
        .header("x-user", USER)
        .body(())
        .unwrap()
        .into_parts()
        .0
}

async fn status(document: Document, action: Access) -> u16 {
    let guard = Guard::new(caller, store(document)).readers(&Access::Read);
    match guard.authorize(&head("/documents/7"), &action).await {
        Ok(_) => 200,
        Err(rejection) => rejection.status().as_u16(),
    }
}

#[tokio::test]
async fn text_bytes_and_model_are_decided_alike() {
    for (text, expected) in [
        ("D:(A;;0x3;;;AU)", [200, 200, 403]),
        ("D:(A;;0x1;;;AU)(A;;SD;;;BA)", [200, 403, 403]),
        ("D:(A;;SD;;;AU)", [404, 404, 200]),
        ("D:(D;;0x2;;;S-1-5-21-1-2-3-1104)(A;;0x10003;;;AU)", [200, 403, 200]),
        ("D:", [404, 404, 404]),
        ("O:BA", [500, 500, 500]),
        ("D:NO_ACCESS_CONTROL", [500, 500, 500]),
    ] {
        let model: SecurityDescriptor = text.parse().unwrap();
        let bytes = to_bytes(&model).unwrap();
        for document in [Document::Text(text), Document::Bytes(bytes), Document::Model(model)] {
            for (action, expected) in [Access::Read, Access::Write, Access::Delete].into_iter().zip(expected) {
                assert_eq!(
                    status(document.clone(), action).await,
                    expected,
                    "{document:?} {action:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_descriptor_that_is_missing_or_unreadable_grants_nothing_even_where_unprotected_ones_grant() {
    for document in [
        Document::Without,
        Document::Text(""),
        Document::Text("\0"),
        Document::Text("  "),
        Document::Text("D:(A;;0x1;;;"),
        Document::Text("D:(A;;0x1;;;DA)"),
        Document::Bytes(Vec::new()),
        Document::Bytes(vec![1, 0, 4, 0x80]),
    ] {
        let guard = Guard::new(caller, store(document.clone())).unprotected(Unprotected::Grant);
        let rejection = guard.authorize(&head("/documents/7"), &Access::Read).await.unwrap_err();
        assert_eq!(rejection.reason(), Reason::DESCRIPTOR_UNREADABLE, "{document:?}");
        assert_eq!(rejection.status(), 500);
    }
    for open in ["O:BA", "D:NO_ACCESS_CONTROL"] {
        let guard = Guard::new(caller, store(Document::Text(open))).unprotected(Unprotected::Grant);
        assert!(
            guard.authorize(&head("/documents/7"), &Access::Delete).await.is_ok(),
            "{open}"
        );
    }
}

#[tokio::test]
async fn an_action_names_rights() {
    let everything = Document::Text("D:(A;;0x1f01ff;;;AU)");
    for action in [Access::Nothing, Access::Everything] {
        let guard = Guard::new(caller, store(everything.clone()));
        let rejection = guard.authorize(&head("/documents/7"), &action).await.unwrap_err();
        assert_eq!(rejection.reason(), Reason::ACTION_UNUSABLE, "{action:?}");
        assert_eq!(rejection.status(), 500);
    }
}

/// A document that represents an account.
struct Account(Sid);

impl Protected for Account {
    fn descriptor(&self) -> StoredDescriptor<'_> {
        "D:(A;;0x1;;;PS)".into()
    }

    fn principal_self(&self) -> Option<Sid> {
        Some(self.0)
    }
}

#[tokio::test]
async fn principal_self_is_the_principal_that_the_resource_represents() {
    let accounts = from_fn(|id: u32| async move { Ok::<_, &str>(Sid::new(5, &[21, 1, 2, 3, id]).ok().map(Account)) });
    let guard = Guard::new(caller, accounts);
    assert!(guard.authorize(&head("/accounts/1104"), &Access::Read).await.is_ok());
    assert!(guard.authorize(&head("/accounts/1105"), &Access::Read).await.is_err());
}

#[tokio::test]
async fn generic_rights_mean_what_the_mapping_says() {
    for (text, action, without, with) in [
        ("D:(A;;GR;;;AU)", Access::Read, false, true),
        ("D:(A;;GR;;;AU)", Access::Write, false, false),
        ("D:(A;;FR;;;AU)", Access::Generic, false, true),
        ("D:(D;;GW;;;AU)(A;;0x3;;;AU)", Access::Read, false, true),
    ] {
        let plain = Guard::new(caller, store(Document::Text(text)));
        let mapped = plain.clone().mapping(GenericMapping::FILE);
        assert_eq!(
            plain.authorize(&head("/documents/7"), &action).await.is_ok(),
            without,
            "{text}"
        );
        assert_eq!(
            mapped.authorize(&head("/documents/7"), &action).await.is_ok(),
            with,
            "{text}"
        );
    }
}

/// The events of a guard, one line each.
fn observed<C, S>(guard: Guard<C, S>) -> (Guard<C, S>, Arc<Mutex<Vec<String>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&events);
    let guard = guard.observer(move |event| {
        let line = format!(
            "{} {} {} {:?} missing {:?} resolve {} {:?}",
            event.action,
            event.status.as_u16(),
            event.reason,
            event.resource,
            event.missing.iter().map(|mask| mask.bits()).collect::<Vec<_>>(),
            event.resolve.len(),
            event.detail
        ) + &event.count.map(|count| format!(" {count}")).unwrap_or_default();
        told.lock().unwrap().push(line);
    });
    (guard, events)
}

#[tokio::test]
async fn every_decision_is_one_event() {
    let document = Document::Text("D:(A;;0x1;;;AU)(A;;SD;;;BA)");
    let (guard, events) = observed(Guard::new(caller, store(document)).readers(&Access::Read));
    let granted = guard.authorize(&head("/documents/7"), &Access::Read).await.unwrap();
    assert!(granted.allows(&Access::Read) && !granted.allows(&Access::Write));
    assert_eq!(
        (granted.id(), granted.caller().user().to_string().as_str()),
        ("7", USER)
    );
    assert_eq!(granted.require(&Access::Write).unwrap_err().status(), 403);
    let incomplete = Request::get("/documents/7").header("x-user", format!("{USER}?"));
    let (incomplete, ()) = incomplete.body(()).unwrap().into_parts();
    assert!(guard.authorize(&incomplete, &Access::Delete).await.is_err());
    for path in ["/documents/9", "/documents/8", "/documents/x", "/"] {
        assert!(guard.authorize(&head(path), &Access::Read).await.is_err());
    }
    let (nobody, ()) = Request::get("/documents/7").body(()).unwrap().into_parts();
    assert!(guard.authorize(&nobody, &Access::Read).await.is_err());
    assert!(guard.authenticate(&nobody, "list").await.is_err());
    let listing = guard.authenticate(&head("/documents"), "list").await.unwrap();
    guard.report_list("list", &listing, ResponseContext::new(&head("/documents")), 3);
    let read = guard.authorize(&head("/documents/7"), &Access::Read).await.unwrap();
    read.report().done();
    read.report().done();
    assert_eq!(
        *events.lock().unwrap(),
        [
            r#"write 403 no_right Some("7") missing [2] resolve 0 None"#,
            r#"delete 403 undetermined Some("7") missing [65536] resolve 1 None"#,
            r#"read 404 not_found Some("9") missing [] resolve 0 None"#,
            r#"read 500 store Some("8") missing [] resolve 0 Some("the disk is gone")"#,
            r#"read 404 not_found None missing [] resolve 0 None"#,
            r#"read 404 not_found None missing [] resolve 0 None"#,
            r#"read 401 unauthenticated Some("7") missing [] resolve 0 None"#,
            r#"list 401 unauthenticated None missing [] resolve 0 None"#,
            r#"list 200 permitted None missing [] resolve 0 None 3"#,
            r#"read 200 permitted Some("7") missing [] resolve 0 None"#,
        ]
    );
}

/// A permitted action is told with its outcome: 200 is said of nothing that was answered otherwise.
#[tokio::test]
async fn a_permitted_action_is_told_when_its_outcome_is_known() {
    for (path, status, told) in [
        (
            "/done/7",
            200,
            r#"delete 200 permitted Some("7") missing [] resolve 0 None"#,
        ),
        (
            "/made/7",
            201,
            r#"delete 201 permitted Some("7") missing [] resolve 0 None"#,
        ),
        (
            "/conflict/7",
            409,
            r#"delete 409 not_done Some("7") missing [] resolve 0 Some("the service answered 409")"#,
        ),
        (
            "/failed/7",
            500,
            r#"delete 500 not_done Some("7") missing [] resolve 0 Some("the service answered 500")"#,
        ),
        (
            "/full/7",
            500,
            r#"delete 500 store Some("7") missing [] resolve 0 Some("the disk is full")"#,
        ),
        (
            "/reported/7",
            200,
            r#"delete 200 permitted Some("7") missing [] resolve 0 None"#,
        ),
        (
            "/done/9",
            404,
            r#"delete 404 not_found Some("9") missing [] resolve 0 None"#,
        ),
    ] {
        let (guard, events) = observed(Guard::new(caller, store(Document::Text("D:(A;;SD;;;AU)"))));
        let guarded = |route: MethodRouter| route.route_layer(guard.layer(Access::Delete));
        let answers =
            |status: StatusCode| get(async move |document: Granted<Document>| (status, document.id().to_owned()));
        let nothing_yet = Arc::clone(&events);
        let router = Router::new()
            .route("/done/{id}", guarded(answers(StatusCode::OK)))
            .route("/made/{id}", guarded(get(async || StatusCode::CREATED)))
            .route("/conflict/{id}", guarded(answers(StatusCode::CONFLICT)))
            .route("/failed/{id}", guarded(answers(StatusCode::INTERNAL_SERVER_ERROR)))
            .route(
                "/full/{id}",
                guarded(get(async move |document: Granted<Document>| {
                    assert!(nothing_yet.lock().unwrap().is_empty(), "the store has not answered");
                    document.report().failed("the disk is full")
                })),
            )
            .route(
                "/reported/{id}",
                guarded(get(async |document: Granted<Document>| document.report().done())),
            );
        assert_eq!(answer(&router, path, "*/*").await.0, status, "{path}");
        assert_eq!(*events.lock().unwrap(), [told], "{path}");
    }
}

#[tokio::test]
async fn an_action_of_which_nobody_reports_the_outcome_is_abandoned() {
    let (guard, events) = observed(Guard::new(caller, store(Document::Text("D:(A;;SD;;;AU)"))));
    let never = get(async |_: Granted<Document>| core::future::pending::<()>().await);
    let router = Router::new().route("/never/{id}", never.route_layer(guard.layer(Access::Delete)));
    let request = Request::get("/never/7").header("x-user", USER).body(Body::empty());
    let answer = router.oneshot(request.unwrap());
    // The client goes away.
    assert!(tokio::time::timeout(Duration::from_millis(20), answer).await.is_err());
    drop(guard.authorize(&head("/documents/7"), &Access::Delete).await.unwrap());
    let withdrawn = guard.authorize(&head("/documents/7"), &Access::Delete).await.unwrap();
    withdrawn.report().withdraw();
    drop(withdrawn);
    let told = r#"delete 500 abandoned Some("7") missing [] resolve 0 None"#;
    assert_eq!(*events.lock().unwrap(), [told, told]);
}

/// The head and body of an answer, without its correlation id.
async fn answer(router: &Router, path: &str, accept: &str) -> (u16, Vec<(String, String)>, String) {
    let request = Request::get(path).header("x-user", USER).header("accept", accept);
    let response = router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (head, body) = response.into_parts();
    let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    let id = body
        .split('"')
        .find(|part| part.parse::<Uuid>().is_ok())
        .map(ToOwned::to_owned);
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (
        head.status.as_u16(),
        headers.collect(),
        id.map_or_else(|| body.clone(), |id| body.replace(&id, "ID")),
    )
}

type Callers = fn(&Parts) -> Result<Caller, CallerSourceError>;

fn router(text: &'static str, change: fn(Guard<Callers, Documents>) -> Guard<Callers, Documents>) -> Router {
    let callers: Callers = caller;
    let guard = change(Guard::new(callers, Documents(text)));
    let route = get(|document: Granted<Document>| async move { format!("{:?}", document.into_resource()) });
    let write = get(|document: Granted<Document>| async move { document.require(&Access::Delete).map(|_| "deleted") });
    Router::new()
        .route("/read/{id}", route.route_layer(guard.layer(Access::Read)))
        .route("/delete/{id}", write.route_layer(guard.layer(Access::Read)))
        .route(
            "/bare/{id}",
            get(|document: Granted<Document>| async move { document.id().to_owned() }),
        )
}

struct Documents(&'static str);

impl ResourceSource for Documents {
    type Id = u64;
    type Resource = Document;
    type Error = &'static str;

    async fn load(&self, id: u64) -> Result<Option<Document>, &'static str> {
        Ok((id == 7).then_some(Document::Text(self.0)))
    }
}

#[tokio::test]
async fn who_may_not_read_can_t_tell_what_exists_from_what_does_not() {
    for accept in ["*/*", "application/problem+json"] {
        let router = router("D:(A;;SD;;;AU)(A;;0x1;;;BA)", |guard| guard.readers(&Access::Read));
        let hidden = answer(&router, "/read/7", accept).await;
        assert_eq!(hidden.0, 404);
        assert_eq!(hidden, answer(&router, "/read/9", accept).await);
        assert_eq!(hidden, answer(&router, "/read/x", accept).await);
        assert!(!hidden.2.to_lowercase().contains("reason"), "{}", hidden.2);
    }
    let router = router("D:(A;;SD;;;AU)(A;;0x1;;;BA)", |guard| guard);
    assert_eq!(
        answer(&router, "/read/7", "*/*").await.2,
        r#"{"Message":"There is no such resource, or access to it is denied.","CorrelationId":"ID"}"#
    );
}

#[tokio::test]
async fn a_reader_is_told_the_reason() {
    let router = router("D:(A;;0x1;;;AU)", |guard| guard.readers(&Access::Read));
    assert_eq!(answer(&router, "/read/7", "*/*").await.2, r#"Text("D:(A;;0x1;;;AU)")"#);
    let (status, _, body) = answer(&router, "/delete/7", "*/*").await;
    assert_eq!(status, 403);
    assert_eq!(
        body,
        r#"{"Message":"Access is denied: the security descriptor does not grant what this needs.","Reason":"no_right","CorrelationId":"ID"}"#
    );
    assert_eq!(answer(&router, "/bare/7", "*/*").await.0, 500, "no layer");
}

#[tokio::test]
async fn a_service_answers_in_its_own_words() {
    const ELSEWHERE: Reason = Reason::new(StatusCode::GONE, "gone", "It is gone.");
    let router = router("D:(A;;0x1;;;AU)", |guard| {
        guard.not_found(ELSEWHERE).responses(|rejection: &Rejection| {
            let body = format!("no: {}", rejection.reason()).into_bytes();
            let own = Response::builder()
                .status(StatusCode::IM_A_TEAPOT)
                .header("x-own", "1")
                .body(body);
            own.ok().filter(|_| rejection.reason() == Reason::NO_RIGHT)
        })
    });
    let own = answer(&router, "/delete/7", "*/*").await;
    assert_eq!(
        own,
        (
            418,
            vec![
                ("x-own".to_owned(), "1".to_owned()),
                ("content-length".to_owned(), "12".to_owned())
            ],
            "no: no_right".to_owned()
        )
    );
    assert_eq!(
        answer(&router, "/read/9", "*/*").await.2,
        r#"{"Message":"It is gone.","CorrelationId":"ID"}"#
    );
}

/// A type that had one of the traits would make the call ambiguous, so that this would not compile.
#[test]
fn a_granted_resource_can_t_be_copied_or_made_up() {
    trait Absent<Marker> {
        fn is_absent() -> bool {
            true
        }
    }
    struct Cloned;
    struct Defaulted;
    impl<T> Absent<()> for T {}
    impl<T: Clone> Absent<Cloned> for T {}
    impl<T: Default> Absent<Defaulted> for T {}
    assert!(<Granted<u8> as Absent<_>>::is_absent());
}

use super::setup::{Bench, ENROLL, STRANGER, TARGET_USER, UNKNOWN, row};
use axum::{body::Body, http::Request};
use sddl_authz::http::CorrelationId;
use uuid::Uuid;

const PUBLISHED: &str = include_str!("../data/enroll-approved.json");

fn published() -> (Uuid, Result<String, &'static str>) {
    (ENROLL.parse().unwrap(), Ok(PUBLISHED.to_owned()))
}

#[tokio::test]
async fn the_published_request_is_answered_as_documented() {
    let bench = Bench::new([published()]);
    let answer = bench.put(ENROLL, TARGET_USER, "Completed").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "8"));
    assert_eq!(
        bench.put(&ENROLL.to_uppercase(), TARGET_USER, "Abandoned").await.body,
        "9"
    );
    assert_eq!(bench.events(), ["Completed 200 permitted", "Abandoned 200 permitted"]);
    let refused = bench.put(ENROLL, STRANGER, "Completed").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["Reason"], "no_right", "everybody may read it");
    assert_eq!(bench.events(), ["change 403 no_right"]);
}

#[tokio::test]
async fn who_may_do_nothing_is_answered_before_the_body_is_read() {
    let bench = Bench::new([published(), row(UNKNOWN, 8, "D:(A;;CC;;;AU)")]);
    bench.put(ENROLL, STRANGER, "Completed").await;
    bench
        .put("11111111-0000-4000-8000-000000000000", TARGET_USER, "Completed")
        .await;
    assert_eq!(bench.bodies_read(), 0);
    bench.put(ENROLL, TARGET_USER, "Completed").await;
    assert_eq!(bench.bodies_read(), 1);
    // Completed already: one change of the three is answered 204, so the wish must be known.
    assert_eq!(bench.put(UNKNOWN, STRANGER, "Completed").await.status, 204);
    assert_eq!(bench.put(UNKNOWN, STRANGER, "Canceled").await.status, 403);
    assert_eq!(bench.bodies_read(), 3);
}

/// CVE-2018-10919, CVE-2023-0614, CVE-2026-58222: the answer to what was refused told what was hidden.
#[tokio::test]
async fn cve_2023_0614_a_non_reader_can_t_tell_unknown_from_forbidden_from_wrong_state() {
    const NO_RIGHT: &str = "10000000-0000-4000-8000-000000000001";
    const WRONG_STATE: &str = "10000000-0000-4000-8000-000000000002";
    const MIXED: &str = "10000000-0000-4000-8000-000000000003";
    let bench = Bench::new([
        row(NO_RIGHT, 3, "D:(A;;CCDCRC;;;BA)"),
        row(WRONG_STATE, 4, "D:(A;;CCDC;;;AU)"),
        row(MIXED, 4, "D:(A;;CC;;;AU)"),
    ]);
    for accept in ["*/*", "application/problem+json"] {
        let mut answers = Vec::new();
        for id in [
            UNKNOWN,
            NO_RIGHT,
            WRONG_STATE,
            MIXED,
            "no-guid",
            "%00",
            &UNKNOWN.to_uppercase(),
        ] {
            for word in ["Completed", "Canceled", "Abandoned", "nonsense", ""] {
                let request = Request::put(format!("/requests/{id}"))
                    .header("x-user", STRANGER)
                    .header("accept", accept);
                let answer = bench.send(request.body(Body::from(word)).unwrap()).await;
                answers.push(answer.without_correlation());
            }
        }
        assert_eq!(answers.len(), 35);
        assert!(
            answers.iter().all(|answer| answer == &answers[0] && answer.0 == 403),
            "{answers:?}"
        );
        assert!(!answers[0].2.to_lowercase().contains("reason"), "{}", answers[0].2);
    }
    let told = bench.events();
    for reason in ["unknown_request", "no_right", "wrong_state", "nothing_permitted"] {
        assert!(
            told.iter().any(|line| line.ends_with(reason)),
            "the log is told {reason}"
        );
    }
}

#[tokio::test]
async fn a_reader_is_told_the_reason_of_the_wanted_change() {
    // May complete and read, not cancel; nothing is possible, for reasons of their own.
    let bench = Bench::new([row(ENROLL, 4, "D:(A;;CCRC;;;AU)")]);
    let reason = async |word| bench.put(ENROLL, STRANGER, word).await.json()["Reason"].clone();
    assert_eq!(reason("Completed").await, "wrong_state");
    assert_eq!(reason("Canceled").await, "no_right");
    assert_eq!(bench.events(), ["Completed 403 wrong_state", "Canceled 403 no_right"]);
}

/// Groups of a former logon still counted.
#[tokio::test]
async fn cve_2025_0620_a_caller_is_what_this_request_says() {
    let bench = Bench::new([row(UNKNOWN, 3, "D:(A;;CC;;;BA)")]);
    let member = format!("{STRANGER},S-1-5-32-544");
    for (user, status) in [(member.as_str(), 200), (STRANGER, 403), (&member, 200), (STRANGER, 403)] {
        assert_eq!(bench.put(UNKNOWN, user, "Completed").await.status, status, "{user}");
    }
}

/// Requests that nobody had thought of were let through. Here a path without a request and a body without a change are refused.
#[tokio::test]
async fn cve_2026_58221_unknown_requests_and_changes_are_refused() {
    let bench = Bench::new([row(UNKNOWN, 3, "D:(A;;CCDC;;;AU)")]);
    for id in ["", "x", "-", "00000000-0000-4000-8000-00000000000g", ENROLL, "%2e%2e"] {
        let status = bench.put(id, STRANGER, "Completed").await.status;
        assert!([403, 404].contains(&status), "{id}: {status}");
    }
    for word in ["", "Approved", "completed", "Completed ", "8"] {
        assert_eq!(bench.put(UNKNOWN, STRANGER, word).await.status, 400, "{word}");
    }
}

#[tokio::test]
async fn what_can_t_be_decided_is_500_without_the_reason() {
    let id: Uuid = ENROLL.parse().unwrap();
    let other = row(UNKNOWN, 3, "D:(A;;CC;;;AU)").1;
    for (stored, reason) in [
        (Err("the disk is gone"), "store"),
        (other, "wrong_request"),
        (Ok("[]".to_owned()), "request_unreadable"),
        (row(ENROLL, 3, "D:(A;;CC;;;").1, "descriptor_unreadable"),
        (row(ENROLL, 3, "O:BA").1, "unprotected"),
        (row(ENROLL, 3, "").1, "descriptor_unreadable"),
    ] {
        let bench = Bench::new([(id, stored)]);
        let answer = bench.put(ENROLL, TARGET_USER, "Completed").await;
        let (status, _, body) = answer.without_correlation();
        assert_eq!(status, 500, "{reason}");
        assert_eq!(body, r#"{"Message":"An error has occurred.","CorrelationId":"ID"}"#);
        assert_eq!(bench.events(), [format!("change 500 {reason}")]);
        assert_eq!(bench.bodies_read(), 0);
    }
}

#[tokio::test]
async fn callers_are_refused_by_what_they_lack() {
    let bench = Bench::new([published()]);
    let uri = format!("/requests/{ENROLL}");
    let answer = bench.send(Request::put(&uri).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 401);
    assert!(
        answer
            .headers
            .contains(&("www-authenticate".to_owned(), "Negotiate".to_owned()))
    );
    for user in ["", "8f1590dc-d932-4b66-8e68-2e91c5880780", "S-1-1-0", "S-1-5-7"] {
        assert_eq!(bench.put(ENROLL, user, "Completed").await.status, 400, "{user}");
    }
}

#[tokio::test]
async fn an_unreadable_body_is_refused_after_the_caller() {
    let bench = Bench::new([published()]);
    assert_eq!(bench.put(ENROLL, TARGET_USER, "completed").await.status, 400);
    assert_eq!(bench.events(), ["change 400 body_unreadable"]);
    assert_eq!(bench.put(ENROLL, STRANGER, "completed").await.status, 403);
}

#[tokio::test]
async fn a_route_without_the_layer_answers_500() {
    let bench = Bench::new([published()]);
    let request = Request::put(format!("/bare/{ENROLL}")).header("x-user", TARGET_USER);
    let answer = bench.send(request.body(Body::from("Completed")).unwrap()).await;
    assert_eq!(answer.status, 500);
    assert!(bench.events().is_empty());
}

#[tokio::test]
async fn the_correlation_id_is_never_the_client_s() {
    let bench = Bench::new([published()]);
    let mine = "22222222-0000-4000-8000-000000000000";
    let request = || {
        Request::put(format!("/requests/{ENROLL}"))
            .header("x-user", STRANGER)
            .header("x-correlation-id", mine)
    };
    let answer = bench.send(request().body(Body::empty()).unwrap()).await;
    assert_ne!(answer.json()["CorrelationId"], mine);
    // A service in front may say it.
    let set = request()
        .extension(CorrelationId(mine.parse().unwrap()))
        .body(Body::empty())
        .unwrap();
    assert_eq!(bench.send(set).await.json()["CorrelationId"], mine);
}

use super::setup::{Bench, ENROLL, STRANGER, row};
use axum::{
    body::Body,
    http::{HeaderMap, Request},
};
use sddl_authz::http::ErrorFormat;

fn accepted(values: &[&str]) -> ErrorFormat {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append("accept", value.parse().unwrap());
    }
    ErrorFormat::accepted(&headers)
}

#[test]
fn problems_are_for_those_who_name_them() {
    for values in [
        &["application/problem+json"][..],
        &["Application/Problem+JSON"],
        &["text/html, application/problem+json;q=0.001"],
        &["application/json", "application/problem+json"],
        &["application/json;q=0.5, application/problem+json; q=0.50"],
    ] {
        assert_eq!(accepted(values), ErrorFormat::Problem, "{values:?}");
    }
    for values in [
        &[][..],
        &["*/*"],
        &["application/*"],
        &["application/problem+json;q=0"],
        &["application/problem+json;q=0.000"],
        &["application/problem+json;q=nonsense"],
        &["application/problem+json;q=0.5, application/json"],
        &["application/problem+jsonx"],
    ] {
        assert_eq!(accepted(values), ErrorFormat::Json, "{values:?}");
    }
}

#[tokio::test]
async fn a_problem_has_the_members_of_rfc_9457() {
    let bench = Bench::new([row(ENROLL, 3, "D:(A;;RC;;;AU)")]);
    let request = Request::put(format!("/requests/{ENROLL}")).header("x-user", STRANGER);
    let answer = bench
        .send(
            request
                .header("accept", "application/problem+json")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert!(
        answer
            .headers
            .contains(&("content-type".to_owned(), "application/problem+json".to_owned()))
    );
    let (_, _, body) = answer.without_correlation();
    assert_eq!(
        body,
        r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"Access is denied: the security descriptor of the request does not grant what this needs.","reason":"no_right","correlationId":"ID"}"#
    );
}

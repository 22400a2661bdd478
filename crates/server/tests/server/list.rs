use crate::process::{ENROLL, ROUTE, SECRET, STRANGER, Server, TARGET_USER};

const UNBLOCK: &str = "0c96d73f-967b-420e-854a-43ad2a1504bc";
const USER_UUID: &str = "8f1590dc-d932-4b66-8e68-2e91c5880780";

/// The ids that a caller is shown; none where the answer is 204.
fn listed(server: &Server, query: &str, headers: &[(&str, &str)]) -> Vec<String> {
    let answer = server.get(&format!("{ROUTE}{query}"), headers);
    if answer.status == 204 {
        assert_eq!(answer.body, "");
        return Vec::new();
    }
    assert_eq!(answer.status, 200, "{}", answer.body);
    let requests = answer.json();
    let ids = requests.as_array().unwrap().iter();
    ids.map(|request| request["Uuid"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_list_has_what_the_caller_may_read() {
    let server = Server::demo();
    let stranger = [("X-Dev-Caller", STRANGER)];
    assert_eq!(listed(&server, "", &stranger), [UNBLOCK, ENROLL]);
    let owner = "S-1-5-21-2127521184-1604012920-1887927527-14134865";
    assert_eq!(
        listed(&server, "", &[("X-Dev-Caller", owner)]),
        [UNBLOCK, ENROLL, SECRET]
    );
    assert_eq!(server.get(ROUTE, &[]).status, 401);
}

#[test]
fn a_list_is_filtered() {
    let server = Server::demo();
    server.put(ENROLL, TARGET_USER, r#"{"status":"Completed"}"#);
    let caller = [("X-Dev-Caller", STRANGER), ("X-Dev-Caller-Uuid", USER_UUID)];
    for (query, ids) in [
        ("?targetuser=current", &[UNBLOCK, ENROLL][..]),
        ("?targetuser=current&status=Approved", &[UNBLOCK]),
        ("?TargetUser=Current&Status=Completed", &[ENROLL]),
        ("?status=Completed,Approved", &[UNBLOCK, ENROLL]),
        ("?status=Completed&status=Approved", &[UNBLOCK, ENROLL]),
        ("?status=Denied", &[]),
        ("?", &[UNBLOCK, ENROLL]),
    ] {
        assert_eq!(listed(&server, query, &caller), ids, "{query}");
    }
    // Requests name their users by GUID, so without the GUID of the caller its requests are unknown.
    let current = format!("{ROUTE}?targetuser=current");
    assert_eq!(server.get(&current, &[("X-Dev-Caller", STRANGER)]).status, 400);
    assert_eq!(server.get(&current, &[]).status, 401);
    for query in [
        "?status=",
        "?status=approved",
        "?stat=Approved",
        "?targetuser=",
        "?status=Approved,",
    ] {
        assert_eq!(server.get(&format!("{ROUTE}{query}"), &caller).status, 400, "{query}");
    }
}

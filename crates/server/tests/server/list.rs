use crate::process::{DEV, ENROLL, Folder, ROUTE, SECRET, STRANGER, Server, TARGET_USER, query};

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
        "?limit=",
        "?limit=0",
        "?limit=1001",
        "?limit=-1",
        "?limit=+5",
        "?limit=5.0",
        "?limit=99999999999999999999",
        "?limit=5&limit=5",
        "?cursor=",
        "?cursor=AQ",
        "?cursor=AbC!",
        "?after=c9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099",
    ] {
        assert_eq!(server.get(&format!("{ROUTE}{query}"), &caller).status, 400, "{query}");
    }
}

/// A file for `--import` with requests of the numbers `1..=count`. Administrators alone may read them, and everybody those that
/// `is_open` names.
fn requests(folder: &Folder, count: u32, is_open: impl Fn(u32) -> bool) -> String {
    let row = |number| {
        let reader = if is_open(number) { "AU" } else { "BA" };
        format!(
            r#"{{"Uuid":"{}","Status":3,"SecurityDescriptor":"D:(A;;RC;;;{reader})"}}"#,
            id(number)
        )
    };
    let rows: Vec<_> = (1..=count).map(row).collect();
    folder.write("requests.json", &format!("[{}]", rows.join(",")))
}

fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

#[test]
fn a_readable_request_is_listed_after_ten_thousand_unreadable_ones() {
    let folder = Folder::new();
    let (store, file) = (
        folder.path("store.db"),
        requests(&folder, 10_113, |number| number == 10_113),
    );
    let server = Server::start(&[&["--store", &store, "--import", &file], DEV].concat());
    let caller = [("X-Dev-Caller", STRANGER)];
    assert_eq!(server.get(&format!("{ROUTE}/{}", id(10_113)), &caller).status, 200);
    for query in ["", "?status=Approved", "?limit=1"] {
        assert_eq!(listed(&server, query, &caller), [id(10_113)], "{query}");
    }
}

#[test]
fn links_lead_to_every_readable_request() {
    let folder = Folder::new();
    let (store, file) = (
        folder.path("store.db"),
        requests(&folder, 2500, |number| number % 2 == 0),
    );
    let server = Server::start(&[&["--store", &store, "--import", &file], DEV].concat());
    let caller = [("X-Dev-Caller", STRANGER)];
    for (query, limit) in [("", 100), ("?limit=1000", 1000), ("?status=Denied,Approved&limit=7", 7)] {
        let (mut found, mut next) = (Vec::new(), Some(query.to_owned()));
        while let Some(query) = next {
            let answer = server.get(&format!("{ROUTE}{query}"), &caller);
            assert_eq!(answer.status, 200, "{query}");
            let page = answer.json();
            let page = page.as_array().unwrap();
            next = answer.header("link").map(|link| {
                assert_eq!(page.len(), limit);
                let link = link.strip_prefix('<').unwrap();
                link.strip_suffix(r#">; rel="next""#).unwrap().to_owned()
            });
            assert!(
                next.as_ref()
                    .is_none_or(|next| next.contains("status=Denied,Approved&") == query.contains("status"))
            );
            found.extend(page.iter().map(|request| request["Uuid"].as_str().unwrap().to_owned()));
        }
        let expected = (1..=2500).filter(|number| number % 2 == 0).map(id);
        assert!(expected.eq(found), "{query}");
    }
}

/// A list is loaded as its client reads it. Sixty lists of 1.5 MB each that are held whole would be 90 MB.
#[test]
fn clients_that_never_read_hold_little_memory() {
    let folder = Folder::new();
    let comment = "x".repeat(1400);
    let row = |number| {
        let id = id(number);
        format!(r#"{{"Uuid":"{id}","Status":3,"Comment":"{comment}","SecurityDescriptor":"D:(A;;RC;;;AU)"}}"#)
    };
    let rows: Vec<_> = (1..=1000).map(row).collect();
    let file = folder.write("requests.json", &format!("[{}]", rows.join(",")));
    let store = folder.path("store.db");
    let server = Server::start(&[&["--store", &store, "--import", &file, "--log", "error"], DEV].concat());
    let list = format!("{ROUTE}?limit=1000");
    assert_eq!(server.get(&list, &[("X-Dev-Caller", STRANGER)]).status, 200);
    let before = server.memory();
    let mut clients: Vec<_> = (0..60).map(|_| server.client()).collect();
    for (user, client) in (1000..).zip(&mut clients) {
        // Each is another user, since one user may have few lists at once.
        let user = format!("S-1-5-21-1-2-3-{user}");
        let head = format!("GET {list} HTTP/1.1\r\nHost: localhost\r\nX-Dev-Caller: {user}\r\n\r\n");
        // Several lists, so that they do not fit into the buffers of the system.
        client.write(head.repeat(8).as_bytes()).unwrap();
    }
    // Others are answered meanwhile.
    let answer = server.get(&list, &[("X-Dev-Caller", STRANGER)]);
    assert_eq!(answer.json().as_array().unwrap().len(), 1000);
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 45 << 20, "{grown}");
    drop(clients);
}

/// A row that contradicts the id or the descriptor by which it was found is not listed, and the log says so once.
#[test]
fn a_row_that_contradicts_its_columns_is_not_listed() {
    let folder = Folder::new();
    let (store, file) = (folder.path("store.db"), requests(&folder, 4, |number| number < 4));
    let server = Server::start(&[&["--store", &store, "--import", &file], DEV].concat());
    let (status, log) = server.end();
    assert_eq!(status, 0, "{log}");
    query(
        &store,
        &format!(
            "UPDATE requests SET head = replace(head, '{}', '{}') WHERE seq = 1 RETURNING seq",
            id(1),
            id(7)
        ),
    );
    // It has the descriptor of the second one, which everybody may read.
    query(
        &store,
        "UPDATE requests SET head = replace(head, '{', '{\"SecurityDescriptor\":\"D:\",') WHERE seq = 2 RETURNING seq",
    );
    query(&store, "UPDATE requests SET descriptor = 0 WHERE seq = 3 RETURNING seq");
    query(&store, "UPDATE requests SET tail = '' WHERE seq = 4 RETURNING seq");
    let server = Server::start(&[&["--store", &store], DEV].concat());
    for _ in 0..3 {
        assert_eq!(listed(&server, "", &[("X-Dev-Caller", STRANGER)]), Vec::<String>::new());
    }
    let (_, log) = server.end();
    let lines = |text: &str| log.lines().filter(|line| line.contains(text)).count();
    assert_eq!(lines("a request was not listed"), 2, "{log}");
    assert_eq!(lines("wrong_request"), 1, "{log}");
    assert_eq!(lines("requests with this descriptor are not listed"), 1, "{log}");
}

//! Somebody who may not read a request learns nothing of it, not even by changing it.

use crate::process::{DEV, Folder, ROUTE, STRANGER, Server, UNKNOWN, query};
use serde_json::json;

const ID: &str = "11111111-0000-4000-8000-000000000001";

/// A store with one request of this status and descriptor.
fn store(folder: &Folder, status: i64, sddl: &str) -> String {
    let row = json!({"Uuid": ID, "Status": status, "SecurityDescriptor": sddl, "Comment": "a secret"});
    folder.write("row.json", &row.to_string())
}

#[test]
fn a_change_by_somebody_who_may_not_read_is_answered_without_the_row() {
    let body = r#"{"status":"Completed"}"#;
    let changes = format!("O:BAD:(A;;CC;;;{STRANGER})");
    let reads = format!("O:BAD:(A;;RC;;;{STRANGER})");
    let both = format!("O:BAD:(A;;CCRC;;;{STRANGER})");
    // The descriptor, the status of the request, the answers to GET and to PUT, and the status after it.
    for (sddl, before, read, changed, after) in [
        ("O:BAD:", 3, 403, 403, 3),
        ("O:BAD:", 8, 403, 403, 8),
        (&reads, 3, 200, 403, 3),
        (&reads, 8, 200, 403, 8),
        (&changes, 3, 403, 204, 8),
        (&changes, 18, 403, 204, 8),
        (&changes, 8, 403, 204, 8),
        (&changes, 4, 403, 403, 4),
        (&both, 3, 200, 200, 8),
        (&both, 8, 200, 204, 8),
        (&both, 4, 200, 403, 4),
    ] {
        let folder = Folder::new();
        let (import, path) = (store(&folder, before, sddl), folder.path("store"));
        let server = Server::start(&[DEV, &["--store", &path, "--import", &import]].concat());
        let case = format!("{sddl} {before}");
        let got = server.get(&format!("{ROUTE}/{ID}"), &[("X-Dev-Caller", STRANGER)]);
        assert_eq!(got.status, read, "{case}");
        let unknown = server.put(UNKNOWN, STRANGER, body).without_correlation();
        let put = server.put(ID, STRANGER, body);
        assert_eq!(put.status, changed, "{case}");
        if changed == 204 {
            assert_eq!(put.body, "", "{case}");
        }
        assert_eq!(put.body.contains("a secret"), changed == 200, "{case}");
        if read == 403 && changed == 403 {
            assert_eq!(put.without_correlation(), unknown, "{case}");
        }
        assert_eq!(server.end().0, 0);
        assert_eq!(
            query(&path, "SELECT status FROM requests"),
            [after.to_string()],
            "{case}"
        );
        // The audit has the change, with the status of the answer.
        let audited = query(
            &path,
            "SELECT status FROM audit WHERE action = 'Completed' AND reason = 'permitted'",
        );
        let expected = (before != after).then(|| changed.to_string());
        assert_eq!(audited, expected.into_iter().collect::<Vec<_>>(), "{case}");
    }
}

/// Whether a change was made or had been made before is told to readers alone.
#[test]
fn a_change_and_a_change_that_was_made_before_are_answered_alike() {
    let folder = Folder::new();
    let import = store(&folder, 3, &format!("O:BAD:(A;;CC;;;{STRANGER})"));
    let server = Server::start(&[DEV, &["--store", &folder.path("store"), "--import", &import]].concat());
    let body = r#"{"status":"Completed"}"#;
    let [mut first, mut second] = [(), ()].map(|()| server.put(ID, STRANGER, body));
    for answer in [&mut first, &mut second] {
        answer
            .headers
            .retain(|(name, _)| !name.contains("correlation") && !name.contains("request-id"));
    }
    assert_eq!(first.status, 204);
    assert_eq!(first, second);
}

//! A proxy or a client that drops identity headers: any subset of them is answered as all of them are, or more strictly.

use crate::process::{Folder, ROUTE, Server};
use serde_json::json;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const USER: &str = "S-1-5-21-1-2-3-1104";
const UUID: &str = "8f1590dc-d932-4b66-8e68-2e91c5880780";

/// Descriptors whose decisions depend on each fact that a header says.
const DESCRIPTORS: [&str; 10] = [
    "O:BAD:(D;;CCDC;;;S-1-5-21-1-2-3-2001)(A;;CCRC;;;AU)",
    "O:BAD:(D;;CCDC;;;S-1-5-21-1-2-3-3000)(A;;CCRC;;;AU)",
    "O:BAD:(A;;CCRC;;;S-1-5-21-1-2-3-2001)",
    "O:BAD:(A;;CCRC;;;S-1-5-21-1-2-3-513)",
    "O:BAD:(A;;CCRC;;;S-1-5-21-1-2-3-1104)",
    "O:BAD:(D;;CC;;;S-1-5-21-1-2-3-1104)(A;;CCRC;;;AU)",
    "O:BAD:(XA;;CCRC;;;AU;(Not_Member_of {SID(S-1-5-21-1-2-3-2001)}))",
    "O:BAD:(XA;;CCRC;;;AU;(Not_Member_of {SID(S-1-5-21-1-2-3-1104)}))",
    "O:S-1-5-21-1-2-3-1104D:(A;;CC;;;OW)(A;;RC;;;WD)",
    "O:BAD:(A;;CCRC;;;AU)",
];

fn id(row: usize) -> String {
    format!("00000000-0000-4000-8000-{row:012}")
}

fn server(folder: &Folder, more: &[&str]) -> Server {
    let rows = DESCRIPTORS.iter().enumerate();
    let rows = rows.map(|(row, sddl)| json!({"Uuid": id(row), "Status": 3, "SecurityDescriptor": sddl}));
    let import = folder.write("import", &serde_json::Value::from_iter(rows).to_string());
    let secret = folder.write("secret", SECRET);
    let store = folder.path("store");
    let options = [
        "--store",
        &store,
        "--import",
        &import,
        "--proxy-secret-file",
        &secret,
        "--log",
        "off",
    ];
    Server::start(&[&options, more].concat())
}

/// Whether each row may be read and changed, as the answers say.
fn granted(server: &Server, headers: &[(&str, &str)]) -> Vec<bool> {
    let mut client = server.client();
    let mut granted = Vec::new();
    for row in 0..DESCRIPTORS.len() {
        // 204 is a grant too: the request has that status already.
        let change = client.put(&id(row), headers, r#"{"status":"Completed"}"#).status;
        let read = client.send("GET", &format!("{ROUTE}/{}", id(row)), headers, "").status;
        granted.extend([[200, 204].contains(&change), read == 200]);
    }
    granted
}

#[test]
fn dropping_any_headers_never_grants_more() {
    for (deny_only, incomplete) in [
        ("S-1-5-21-1-2-3-2001", "false"),
        ("S-1-5-21-1-2-3-2001", "true"),
        ("none", "false"),
    ] {
        let folder = Folder::new();
        let server = server(&folder, &[]);
        let all = [
            ("X-Proxy-Secret", SECRET),
            ("X-Caller-User", USER),
            ("X-Caller-Groups", "S-1-5-21-1-2-3-513"),
            ("X-Caller-Deny-Only-Groups", deny_only),
            ("X-Caller-Groups-Incomplete", incomplete),
            ("X-Caller-Uuid", UUID),
        ];
        let complete = granted(&server, &all);
        assert!(complete.contains(&true) && complete.contains(&false), "{complete:?}");
        for kept in 0..1_u32 << all.len() {
            let subset: Vec<_> = (0..)
                .zip(all)
                .filter(|(index, _)| kept & (1 << index) != 0)
                .map(|(_, header)| header)
                .collect();
            for (row, (part, whole)) in granted(&server, &subset).into_iter().zip(&complete).enumerate() {
                assert!(!part || *whole, "{} with {subset:?}", DESCRIPTORS[row / 2]);
            }
        }
    }
}

/// A proxy that sets `X-Caller`, and lets a client send the older headers. A client may also have it drop headers.
#[test]
fn without_the_one_header_those_of_a_client_name_nobody() {
    let folder = Folder::new();
    let mut all = vec![
        ("X-Proxy-Secret", SECRET),
        (
            "X-Caller",
            "user=S-1-5-21-1-2-3-1105; groups=none; deny-only=none; incomplete=false",
        ),
        ("X-Caller-User", USER),
        ("X-Caller-Groups", "S-1-5-21-1-2-3-513"),
        ("X-Caller-Deny-Only-Groups", "none"),
        ("X-Caller-Groups-Incomplete", "false"),
    ];
    let one = server(&folder, &["--one-caller-header"]);
    let of_proxy = granted(&one, &all[..2]);
    assert!(of_proxy.contains(&true) && of_proxy.contains(&false), "{of_proxy:?}");
    for kept in 0..1_u32 << all.len() {
        let subset: Vec<_> = (0..)
            .zip(&all)
            .filter(|(index, _)| kept & (1 << index) != 0)
            .map(|(_, header)| *header)
            .collect();
        let granted = granted(&one, &subset);
        if subset == all[..2] {
            assert_eq!(granted, of_proxy);
        } else {
            assert!(!granted.contains(&true), "{subset:?}: {granted:?}");
        }
    }
    // Without the option, the headers of the client are taken when the proxy's is not there: they have to be removed.
    all.remove(1);
    let folder = Folder::new();
    assert!(
        granted(&server(&folder, &[]), &all)[8..10].contains(&true),
        "the row that allows the user"
    );
}

/// The user and each group may be on the list that was dropped, and so count for Deny entries only.
#[test]
fn without_the_list_of_deny_only_groups_neither_user_nor_group_is_known_to_be_enabled() {
    let folder = Folder::new();
    let server = server(&folder, &[]);
    let headers = [
        ("X-Proxy-Secret", SECRET),
        ("X-Caller-User", USER),
        ("X-Caller-Groups", "S-1-5-21-1-2-3-513"),
        ("X-Caller-Groups-Incomplete", "false"),
    ];
    // May change, may read: what Everyone and Authenticated Users may, unless a Deny could take it away.
    let expected = [
        [false, true],
        [false, true],
        [false, false],
        [false, false],
        [false, false],
        [false, true],
        [false, false],
        [false, false],
        [false, true],
        [true, true],
    ];
    assert_eq!(granted(&server, &headers), expected.concat());
    let with_list = [&headers[..], &[("X-Caller-Deny-Only-Groups", "none")]].concat();
    let of_user = granted(&server, &with_list)[8..10].to_vec();
    assert_eq!(of_user, [true, true], "the row that allows the user");
}

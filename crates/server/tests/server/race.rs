use crate::process::{DEV, ENROLL, Folder, Server, TARGET_USER, query};
use std::{
    collections::BTreeMap,
    sync::{Arc, Barrier},
    thread,
};

/// 1,000 changes of one request at once, each on a connection of its own, one half completing, the other canceling.
#[test]
fn of_many_changes_at_once_one_is_made() {
    const CHANGES: usize = 1000;
    let folder = Folder::new();
    let store = folder.path("store");
    let import = "../../tests/data/enroll-approved.json";
    let server = Server::start(&[DEV, &["--store", &store, "--import", import, "--log", "off"]].concat());
    let start = Arc::new(Barrier::new(CHANGES));
    let threads: Vec<_> = (0..CHANGES)
        .map(|number| {
            let (mut client, start) = (server.client(), Arc::clone(&start));
            let body = if number % 2 == 0 {
                r#"{"status":"Completed"}"#
            } else {
                r#"{"status":"Canceled"}"#
            };
            let ask = move || {
                start.wait();
                client.put(ENROLL, &[("X-Dev-Caller", TARGET_USER)], body).status
            };
            thread::Builder::new().stack_size(1 << 17).spawn(ask).unwrap()
        })
        .collect();
    let mut answers = BTreeMap::new();
    for status in threads.into_iter().map(|thread| thread.join().unwrap()) {
        *answers.entry(status).or_insert(0) += 1;
    }
    println!("{answers:?}");
    assert_eq!(answers.values().sum::<usize>(), CHANGES);
    assert_eq!(answers.get(&200), Some(&1));
    // The side that won is told 204, the other 403; a refusal takes no second look at the winner.
    assert_eq!(answers.get(&204), Some(&(CHANGES / 2 - 1)));
    assert_eq!(answers.get(&403), Some(&(CHANGES / 2)));
    assert_eq!(server.end().0, 0);
    let changes = query(
        &store,
        "SELECT from_status, to_status, user FROM changes JOIN callers ON callers.seq = caller",
    );
    let row = query(
        &store,
        "SELECT status, json_extract(head || '\"\"' || tail, '$.Status') FROM requests",
    );
    let status = if row == ["8|8"] { 8 } else { 17 };
    assert_eq!(row, [format!("{status}|{status}")]);
    assert_eq!(changes, [format!("3|{status}|{TARGET_USER}")]);
    assert_eq!(
        query(&store, "SELECT sum(count) FROM audit WHERE kind <> 'change'"),
        ["500"],
        "refusals are audited or counted"
    );
}

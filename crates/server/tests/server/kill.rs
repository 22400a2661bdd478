use crate::process::{DEV, Folder, Server, TARGET_USER, query};
use core::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use std::{collections::BTreeMap, sync::Arc, thread, time::Instant};

const CLIENTS: usize = 4;

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// 20 rounds: changes of requests by several clients, the process killed amid them, and started again. What was answered 200 is there, and
/// no request is changed without its audit or the other way round.
#[test]
fn what_was_acknowledged_outlives_a_kill() {
    const ROUNDS: usize = 20;
    const EACH: usize = 400;
    let folder = Folder::new();
    let store = folder.path("store");
    let row: serde_json::Value =
        serde_json::from_str(include_str!("../../../../tests/data/enroll-approved.json")).unwrap();
    let rows = (0..ROUNDS * CLIENTS * EACH).map(|number| {
        let mut row = row.clone();
        row["Uuid"] = id(number).into();
        row
    });
    let import = folder.write("import", &serde_json::Value::from_iter(rows.take(4000)).to_string());
    let mut options = [DEV, &["--store", &store, "--import", &import, "--log", "off"]].concat();
    let (mut acknowledged, mut cut_off, mut next) = (BTreeMap::new(), 0, 0);
    for round in 0..ROUNDS {
        let mut server = Server::start(&options);
        options.truncate(3);
        let answers = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (mut connection, first) = (server.client(), next + client * EACH);
                let answers = Arc::clone(&answers);
                thread::spawn(move || changes(&mut connection, first, EACH, &answers))
            })
            .collect();
        // A busy machine takes its time for the first one.
        let began = Instant::now();
        while answers.load(Ordering::Relaxed) == 0 && began.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(20 + 7 * u64::try_from(round).unwrap()));
        server.kill();
        for client in clients {
            let done = client.join().unwrap();
            cut_off += usize::from(done.len() < EACH);
            acknowledged.extend(done);
        }
        // Clients use their ids densely, so the next round begins behind the last one used.
        next = acknowledged.keys().max().map_or(0, |last| last + 1);
        if next + CLIENTS * EACH > 4000 {
            next = 0;
        }
    }
    // The store is opened as the next start would open it.
    assert!(Server::start(&options).is_ready());
    let stored = query(
        &store,
        "SELECT lower(hex(id)) || '|' || status FROM requests WHERE status <> 3 ORDER BY id",
    );
    let audited = query(
        &store,
        "SELECT replace(request, '-', '') || '|' || to_status FROM audit WHERE status = 200 ORDER BY request",
    );
    println!(
        "{} acknowledged, {} stored, {cut_off} clients cut off",
        acknowledged.len(),
        stored.len()
    );
    assert_eq!(
        stored, audited,
        "every change has its audit, and every audit its change"
    );
    let lost = acknowledged
        .iter()
        .filter(|(number, _)| !stored.contains(&format!("{}|8", id(**number).replace('-', ""))));
    assert_eq!(lost.count(), 0);
    assert!(
        acknowledged.len() > ROUNDS && cut_off >= ROUNDS,
        "the load was there when it was killed"
    );
}

/// Completes requests one by one until the connection breaks; those that were answered 200.
fn changes(
    connection: &mut crate::client::Client,
    first: usize,
    count: usize,
    answers: &AtomicUsize,
) -> Vec<(usize, u16)> {
    let mut done = Vec::new();
    let headers = [("X-Dev-Caller", TARGET_USER), ("Content-Type", "application/json")];
    for number in first..first + count {
        let path = format!("{}/{}", crate::process::ROUTE, id(number));
        match connection.try_send("PUT", &path, &headers, r#"{"status":"Completed"}"#) {
            Ok(answer) if answer.status == 200 => {
                done.push((number, answer.status));
                answers.fetch_add(1, Ordering::Relaxed);
            }
            Ok(answer) => assert!([204, 403].contains(&answer.status), "{answer:?}"),
            Err(_) => break,
        }
    }
    done
}

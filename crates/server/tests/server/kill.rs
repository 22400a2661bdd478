use crate::process::{DEV, Folder, Server, TARGET_USER, query};
use core::{
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use std::{sync::Arc, thread, time::Instant};

const CLIENTS: usize = 4;
/// The requests of each client for each round, more than it changes until the server is killed.
const EACH: usize = 50;

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// Changes of requests by several clients, the process killed amid them, and started again: 20 times, or as often as the variable KILLS
/// says. What was answered 200 is there, and no request is changed without its audit or the other way round.
#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let rounds: usize = std::env::var("KILLS").map_or(20, |kills| kills.parse().unwrap());
    let own = rounds * EACH;
    let folder = Folder::new();
    let store = folder.path("store");
    let row: serde_json::Value =
        serde_json::from_str(include_str!("../../../../tests/data/enroll-approved.json")).unwrap();
    let rows = (0..CLIENTS * own).map(|number| {
        let mut row = row.clone();
        row["Uuid"] = id(number).into();
        row
    });
    let import = folder.write("import", &serde_json::Value::from_iter(rows).to_string());
    let mut options = [DEV, &["--store", &store, "--import", &import, "--log", "off"]].concat();
    let (mut acknowledged, mut cut_off) = (Vec::new(), 0);
    // No client asks for a change again, so each answer is 200.
    let mut rest: Vec<_> = (0..CLIENTS).map(|client| client * own..(client + 1) * own).collect();
    for round in 0..rounds {
        let mut server = Server::start(&options);
        options.truncate(3);
        let answers = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = rest
            .iter()
            .map(|numbers| {
                let (mut connection, numbers) = (server.client(), numbers.clone());
                let answers = Arc::clone(&answers);
                thread::spawn(move || changes(&mut connection, numbers, &answers))
            })
            .collect();
        // A busy machine takes its time for the first one.
        let began = Instant::now();
        while answers.load(Ordering::Relaxed) == 0 && began.elapsed() < Duration::from_secs(10) {
            assert!(
                clients.iter().any(|client| !client.is_finished()),
                "there are requests left"
            );
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(5 + u64::try_from(round * 7 % 140).unwrap()));
        server.kill();
        for (client, rest) in clients.into_iter().zip(&mut rest) {
            let done = client.join().unwrap();
            // The one without an answer may be made or not.
            let used = done.len() + 1;
            cut_off += usize::from(used <= rest.len());
            acknowledged.extend(done);
            *rest = (rest.start + used).min(rest.end)..rest.end;
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
        "SELECT replace(request, '-', '') || '|' || to_status FROM audit WHERE status = 200 ORDER BY 1",
    );
    println!(
        "{rounds} kills: {} acknowledged, {} stored, {cut_off} clients cut off",
        acknowledged.len(),
        stored.len()
    );
    assert_eq!(
        stored, audited,
        "every change has its audit, and every audit its change"
    );
    let lost = acknowledged
        .iter()
        .filter(|number| !stored.contains(&format!("{}|8", id(**number).replace('-', ""))));
    assert_eq!(lost.count(), 0);
    assert!(
        acknowledged.len() >= rounds && cut_off >= rounds,
        "the load was there when it was killed"
    );
}

/// Completes requests one by one until the connection breaks; those that were answered 200.
fn changes(connection: &mut crate::client::Client, numbers: Range<usize>, answers: &AtomicUsize) -> Vec<usize> {
    let mut done = Vec::new();
    let headers = [("X-Dev-Caller", TARGET_USER), ("Content-Type", "application/json")];
    for number in numbers {
        let path = format!("{}/{}", crate::process::ROUTE, id(number));
        let Ok(answer) = connection.try_send("PUT", &path, &headers, r#"{"status":"Completed"}"#) else {
            break;
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        done.push(number);
        answers.fetch_add(1, Ordering::Relaxed);
    }
    done
}

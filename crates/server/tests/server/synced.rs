//! System calls of the server, as strace sees them.

use crate::process::{DEV, Folder, ROUTE, Server, TARGET_USER};
use core::time::Duration;
use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Stdio},
    thread,
    time::Instant,
};

const CLIENTS: usize = 16;
const EACH: usize = 12;

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// Changes by several clients at once. Each row is written to the log of the store, then the log is synchronized, and only then is the
/// change answered.
#[test]
fn a_change_is_on_the_disk_before_it_is_answered() {
    let folder = Folder::new();
    let row: serde_json::Value =
        serde_json::from_str(include_str!("../../../../tests/data/enroll-approved.json")).unwrap();
    let rows = (0..CLIENTS * EACH).map(|number| {
        let mut row = row.clone();
        row["Uuid"] = id(number).into();
        row
    });
    let import = folder.write("import", &serde_json::Value::from_iter(rows).to_string());
    let (store, trace) = (folder.path("store"), folder.path("trace"));
    let server = Server::start(&[DEV, &["--store", &store, "--import", &import, "--log", "off"]].concat());
    let calls = "trace=pwrite64,fdatasync,fsync,write,writev,sendto";
    let strace = Command::new("strace")
        .args([
            "-f",
            "-y",
            "-s",
            "5000",
            "-e",
            calls,
            "-o",
            &trace,
            "-p",
            &server.id().to_string(),
        ])
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut strace) = strace else {
        println!("SKIPPED: strace is not installed, so the order of writes is not tested");
        return;
    };
    let traces = || fs::read_to_string(&trace).is_ok_and(|calls| calls.contains("ok\\n"));
    let began = Instant::now();
    while !traces() {
        if strace.try_wait().unwrap().is_some() || began.elapsed() > Duration::from_secs(5) {
            let _ = strace.kill();
            println!("SKIPPED: strace may not trace here, so the order of writes is not tested");
            return;
        }
        thread::sleep(Duration::from_millis(20));
        assert_eq!(server.get("/healthz", &[]).status, 200);
    }
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let mut connection = server.client();
            thread::spawn(move || {
                let headers = [("X-Dev-Caller", TARGET_USER), ("Content-Type", "application/json")];
                for number in client * EACH..(client + 1) * EACH {
                    let path = format!("{ROUTE}/{}", id(number));
                    let answer = connection.send("PUT", &path, &headers, r#"{"status":"Completed"}"#);
                    assert_eq!(answer.status, 200);
                }
            })
        })
        .collect();
    clients.into_iter().for_each(|client| client.join().unwrap());
    let ended = Command::new("kill").args(["-INT", &strace.id().to_string()]).status();
    assert!(ended.unwrap().success());
    strace.wait().unwrap();
    ordered(&fs::read_to_string(&trace).unwrap());
}

/// Walks the calls in their order. Two of one thread have its number in front.
fn ordered(trace: &str) {
    // Where each completed row was written first, where the last synchronization of the log ended, and where it had begun.
    let (mut written, mut synced, mut begun, mut syncs) = (BTreeMap::new(), 0, BTreeMap::new(), 0);
    let mut answered = 0;
    for (place, line) in (1..).zip(trace.lines()) {
        let (thread, call) = line.split_once(' ').unwrap();
        let call = call.trim_start();
        if call.starts_with("pwrite64(") && call.contains("-wal>") {
            for number in completed(call) {
                written.entry(number).or_insert(place);
            }
        } else if call.contains("fdatasync") || call.contains("fsync") {
            if call.contains("sync(") && call.contains("-wal>") {
                begun.insert(thread, place);
            }
            if call.contains("= 0") && begun.contains_key(thread) {
                synced = begun.remove(thread).unwrap();
                syncs += 1;
            }
        } else if call.contains("HTTP/1.1 200 OK") {
            for number in completed(call) {
                let at = written.get(&number).copied();
                let at = at.unwrap_or_else(|| panic!("{number} was answered before it was written"));
                assert!(at < synced, "{number} was answered before it was on the disk");
                answered += 1;
            }
        }
    }
    println!("{answered} changes were answered after {syncs} synchronizations");
    assert_eq!(answered, CLIENTS * EACH);
    assert!(0 < syncs && syncs <= answered);
}

/// The numbers of the completed requests in the text of a call.
fn completed(call: &str) -> Vec<usize> {
    let rows = call.split(r#"\"Uuid\":\"00000000-0000-4000-8000-"#).skip(1);
    let status = |row: &str| {
        row.split(r#"\"Status\":"#)
            .nth(1)
            .is_some_and(|rest| rest.starts_with("8,"))
    };
    rows.filter(|row| status(row))
        .map(|row| row.get(..12).unwrap().parse().unwrap())
        .collect()
}

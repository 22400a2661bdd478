//! Measures the cost of the guard for a request over HTTP: the same route with and without it, in turns, asked by wrk on loopback.
//!
//! ```text
//! apt-get install wrk
//! cargo bench -p sddl-authz-server --bench load                   # rows in memory: 30 pairs of 1 s each
//! cargo bench -p sddl-authz-server --bench load -- sqlite         # the reference server's route on a file of SQLite
//! cargo bench -p sddl-authz-server --bench load -- groups         # changes by 32 connections, committed in groups and one by one
//! cargo bench -p sddl-authz-server --bench load -- memory 100 3   # 100 pairs of 3 s each
//! cargo bench -p sddl-authz-server --bench load -- serve          # in memory until it is ended, for another tool: /bare/ID and
//!                                                              # /certificatemanagement/api/v1.0/requests/ID; `serve sqlite` too
//! ```
//!
//! Both routes read the id in the path, load the request, read the body and the status in it, make the change under the condition that the
//! row is as it was found, and answer with the whole request as it is now. In memory, to load is to parse the stored row, and the change is
//! compared and written out but not kept. On SQLite everything is as the server does it: threads, transaction, `fsync`, and a row in the
//! audit.
//!
//! The guarded one besides is a service of tower within the route; reads who calls; compares the id of the loaded request; parses its
//! descriptor; has the policy decide on all changes before the body, and after it on the one that was asked for; digests the descriptor
//! and makes the update conditional on the digest; tells its observer; and has a correlation id and a form of errors at hand for the
//! answer. On SQLite the guard also parses what it decides on out of the stored row, which the bare route loads and does not look into.
//! The bare one does none of it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement that goes wrong ends"
)]

mod memory;
mod sqlite;

use axum::Router;
use core::num::NonZeroUsize;
use sddl_authz::mim::StatusChange;
use std::process::Command;

const ROW: &str = include_str!("../../../../tests/data/enroll-approved.json");
const ID: &str = "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";
const USER: &str = "S-1-5-21-2127521184-1604012920-1887927527-14995557";
const ROUTES: [&str; 2] = ["certificatemanagement/api/v1.0/requests", "bare"];

/// As many changes as the server commits together.
const GROUP: NonZeroUsize = NonZeroUsize::new(256).unwrap();

#[derive(serde::Deserialize)]
struct StatusBody {
    status: StatusChange,
}

async fn listen(router: Router) -> (String, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    (format!("http://{address}"), serving)
}

/// Where the rows are.
#[derive(Clone, Copy)]
enum Rows {
    Memory,
    Sqlite,
}

impl Rows {
    /// One run against the route at this place of `ROUTES`; on SQLite each run has a file of its own.
    fn run(self, runtime: &tokio::runtime::Runtime, route: usize, seconds: &str) -> Run {
        let route = ROUTES[route];
        let file = sqlite::File::new();
        let (router, path, more) = match self {
            Self::Memory => (memory::router(), format!("{route}/{ID}"), "one"),
            Self::Sqlite => (
                runtime.block_on(sqlite::router(&file, GROUP)),
                format!("{route}/"),
                "each",
            ),
        };
        let (base, serving) = runtime.block_on(listen(router));
        let run = wrk(&format!("{base}/{path}"), seconds, more, "-c8");
        serving.abort();
        run
    }
}

/// Requests a second, and the 50th and 99th percentile of the latency as wrk prints them.
struct Run {
    rate: f64,
    p50: String,
    p99: String,
}

fn wrk(url: &str, seconds: &str, more: &str, connections: &str) -> Run {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/load/put.lua");
    let duration = format!("{seconds}s");
    let output = Command::new("wrk")
        .args([
            "-t1",
            connections,
            "--latency",
            "-d",
            &duration,
            "-s",
            script,
            url,
            "--",
            more,
        ])
        .output()
        .expect("wrk is installed");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && !text.contains("Non-2xx"), "{text}");
    let after = |word: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(word));
        line.unwrap_or_default().trim().to_owned()
    };
    Run {
        rate: after("Requests/sec:").parse().unwrap(),
        p50: after("50%"),
        p99: after("99%"),
    }
}

/// The ranks (from 0) of the sorted values between which the median lies with at least 95 %, by the binomial distribution.
fn interval(count: usize) -> (usize, usize) {
    let mut probability = 0.5_f64.powi(i32::try_from(count).unwrap());
    let (mut below, mut rank) = (probability, 0);
    while below <= 0.025 {
        probability *= (count - rank) as f64 / (rank + 1) as f64;
        rank += 1;
        below += probability;
    }
    let low = rank.saturating_sub(1);
    (low, count - 1 - low)
}

fn measure(runtime: &tokio::runtime::Runtime, rows: Rows, pairs: usize, seconds: &str) {
    for route in 0..ROUTES.len() {
        rows.run(runtime, route, "1");
    }
    let mut costs = Vec::new();
    for pair in 0..pairs {
        // Which one is first alternates.
        let (first, second) = (pair % 2, (pair + 1) % 2);
        let mut runs = [None, None];
        for route in [first, second] {
            runs[route] = Some(rows.run(runtime, route, seconds));
        }
        let [guarded, bare] = runs.map(Option::unwrap);
        costs.push(bare.rate / guarded.rate);
        println!(
            "{pair:3}  guarded {:8.0}/s  p50 {:>9}  p99 {:>9}   bare {:8.0}/s  p50 {:>9}  p99 {:>9}   cost {:.4}",
            guarded.rate,
            guarded.p50,
            guarded.p99,
            bare.rate,
            bare.p50,
            bare.p99,
            bare.rate / guarded.rate
        );
    }
    costs.sort_by(f64::total_cmp);
    let (low, high) = interval(pairs);
    let median = f64::midpoint(costs[(pairs - 1) / 2], costs[pairs / 2]);
    println!(
        "{pairs} pairs: a guarded request takes {median:.4} of a bare one, 95 % interval {:.4} to {:.4}",
        costs[low], costs[high]
    );
}

/// Changes by 32 connections, each of another request, committed in groups and one by one, in turns on one disk.
fn measure_groups(runtime: &tokio::runtime::Runtime, pairs: usize, seconds: &str) {
    let run = |group| {
        let file = sqlite::File::new();
        let (base, serving) = runtime.block_on(listen(runtime.block_on(sqlite::router(&file, group))));
        let run = wrk(&format!("{base}/{}/", ROUTES[0]), seconds, "each", "-c32");
        serving.abort();
        run
    };
    let mut gains = Vec::new();
    for pair in 0..pairs {
        let (grouped, single) = if pair % 2 == 0 {
            let grouped = run(GROUP);
            (grouped, run(NonZeroUsize::MIN))
        } else {
            let single = run(NonZeroUsize::MIN);
            (run(GROUP), single)
        };
        gains.push(grouped.rate / single.rate);
        println!(
            "{pair:3}  in groups {:8.0}/s  p50 {:>9}  p99 {:>9}   one by one {:8.0}/s  p50 {:>9}  p99 {:>9}   gain {:.2}",
            grouped.rate,
            grouped.p50,
            grouped.p99,
            single.rate,
            single.p50,
            single.p99,
            grouped.rate / single.rate
        );
    }
    gains.sort_by(f64::total_cmp);
    let median = f64::midpoint(gains[(pairs - 1) / 2], gains[pairs / 2]);
    println!(
        "{pairs} pairs: in groups {median:.2} times as many, from {:.2} to {:.2}",
        gains[0],
        gains[pairs - 1]
    );
}

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    // `cargo test --benches` runs this too, without saying so.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let own: Vec<_> = arguments.iter().filter(|argument| *argument != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (rows, numbers) = match own.as_slice() {
        [word, rest @ ..] if *word == "serve" => {
            let file = sqlite::File::new();
            let router = if rest.is_empty() {
                memory::router()
            } else {
                runtime.block_on(sqlite::router(&file, GROUP))
            };
            let (base, serving) = runtime.block_on(listen(router));
            println!("listening on {base}");
            return runtime.block_on(serving).unwrap();
        }
        [word, numbers @ ..] if *word == "groups" => {
            let number = |place: usize, default| numbers.get(place).map_or(default, |text| text.as_str());
            return measure_groups(&runtime, number(0, "10").parse().unwrap(), number(1, "1"));
        }
        [word, numbers @ ..] if *word == "sqlite" => (Rows::Sqlite, numbers),
        [word, numbers @ ..] if *word == "memory" => (Rows::Memory, numbers),
        [] => (Rows::Memory, &[][..]),
        [word, ..] => panic!("memory, sqlite, groups or serve, not {word}"),
    };
    let number = |place: usize, default| numbers.get(place).map_or(default, |text| text.as_str());
    measure(&runtime, rows, number(0, "30").parse().unwrap(), number(1, "1"));
}

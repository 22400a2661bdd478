//! What the guard costs a request over HTTP: the same route with and without it, in turns, asked by wrk on loopback.
//!
//! ```text
//! apt-get install wrk
//! cargo bench --features server --bench load            # 30 pairs of 1 s each
//! cargo bench --features server --bench load -- 100 3   # 100 pairs of 3 s each
//! cargo bench --features server --bench load -- serve   # listens until it is ended, for another tool: /guarded/ID and /bare/ID
//! ```
//!
//! Both routes parse the id in the path, load the request (parse its stored row), read the body and parse the wish in it, make the change
//! under the condition that the row is as it was found, and answer with the whole request as it is now. The guarded one besides is a
//! service of tower within the route; finds out who calls and reads that SID; compares the id of the loaded request; parses its
//! descriptor; has the policy decide before the body on all changes, and after it on the one that is wished; digests the descriptor
//! and makes the update conditional on the digest; tells its observer; and has a correlation id and a form of errors at hand for each
//! answer. The bare one does none of it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "a measurement that goes wrong ends"
)]

mod routes;

use routes::ID;
use std::process::Command;

async fn listen() -> (String, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async { axum::serve(listener, routes::router()).await.unwrap() });
    (format!("http://{address}"), serving)
}

/// Requests a second, and the 50th and 99th percentile of the latency as wrk prints them.
struct Run {
    rate: f64,
    p50: String,
    p99: String,
}

fn wrk(url: &str, seconds: &str) -> Run {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/load/put.lua");
    let duration = format!("{seconds}s");
    let output = Command::new("wrk")
        .args(["-t1", "-c8", "--latency", "-d", &duration, "-s", script, url])
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

fn measure(base: &str, pairs: usize, seconds: &str) {
    let urls = ["guarded", "bare"].map(|route| format!("{base}/{route}/{ID}"));
    for url in &urls {
        wrk(url, "1");
    }
    let mut costs = Vec::new();
    for pair in 0..pairs {
        // Which one is first alternates.
        let (first, second) = (pair % 2, (pair + 1) % 2);
        let mut runs = [None, None];
        runs[first] = Some(wrk(&urls[first], seconds));
        runs[second] = Some(wrk(&urls[second], seconds));
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
    let (base, serving) = runtime.block_on(listen());
    match own.as_slice() {
        [word, ..] if *word == "serve" => {
            println!("listening on {base}");
            runtime.block_on(serving).unwrap();
        }
        [] => measure(&base, 30, "1"),
        [pairs, rest @ ..] => measure(
            &base,
            pairs.parse().unwrap(),
            rest.first().map_or("1", |seconds| seconds),
        ),
    }
}

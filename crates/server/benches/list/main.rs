//! Measures pages of `GET /requests` on a file of SQLite, asked in this process, one after the other.
//!
//! ```text
//! cargo bench -p sddl-authz-server --bench list                     # 200,000 requests, 50 pages of each kind
//! cargo bench -p sddl-authz-server --bench list -- 5000000          # needs 8 GB in the folder for temporary files
//! cargo bench -p sddl-authz-server --bench list -- 5000000 skewed   # 10 of the descriptors have 999 of 1000 requests
//! ```
//!
//! There are 10,000 descriptors. Four callers may read by 10, by 1,000, by 9,990 and by none of them. For each the first page of 50 is
//! asked for with nothing decided (cold), then 300 first pages and 300 pages from a random place, or 50 of each unless ROWS is given, each with
//! and without a filter by status. A time is from the call of the router to the last byte of the body. At the end it prints the most memory that the process had.
//! Another process fills the store.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement that goes wrong ends"
)]

mod fill;

use axum::{Router, body::Body, http::Request};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use core::time::Duration;
use fill::{Random, Store};
use http_body_util::BodyExt;
use sddl_authz::mim::{StatusChangePolicy, http::Guard};
use sddl_authz_server::{
    app::App,
    clock::Clock,
    identity::Trust,
    list::{Limits, Lists},
    listen::Ending,
    policy::Policy,
    refusals::AuditHealth,
    router::{Routes, router},
    sqlite::Sqlite,
};
use std::{path::Path, sync::Arc, time::Instant};
use tower::ServiceExt;

const ROUTE: &str = "/certificatemanagement/api/v1.0/requests";
const FILTERS: [&str; 3] = ["", "&status=Approved", "&status=Failed"];

/// The server's routes on a store, with nothing decided yet.
async fn routes(path: &Path) -> (Router, Sqlite) {
    let (policy, store) = (
        Policy::new(StatusChangePolicy::inferred()).unwrap(),
        Sqlite::open(path).unwrap(),
    );
    let app = App {
        guard: Guard::new(Arc::clone(policy.rules()), Trust::Dev, store.clone()),
        policy,
        lists: Arc::new(Lists::new(Limits::default()).unwrap()),
        trust: Trust::Dev,
        audit: AuditHealth::default(),
        clock: Clock::System,
        body_bytes: 16384,
        body_time: Duration::from_secs(10),
        request_time: Duration::from_secs(10),
        ending: Ending::default(),
        readiness: sddl_authz_server::readiness::Readiness::default(),
    };
    (router(app, Routes { api: true }), store)
}

/// A page as it was answered.
struct Page {
    time: Duration,
    requests: usize,
    is_whole: bool,
}

async fn page(router: &Router, group: &str, query: &str) -> Page {
    let request =
        Request::get(format!("{ROUTE}?limit=50{query}")).header("x-dev-caller", format!("{},{group}", fill::USER));
    let request = request.body(Body::empty()).unwrap();
    let start = Instant::now();
    let answer = router.clone().oneshot(request).await.unwrap();
    let (status, is_whole) = (answer.status().as_u16(), !answer.headers().contains_key("link"));
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let time = start.elapsed();
    let requests = match status {
        204 => 0,
        200 => serde_json::from_slice::<Vec<serde_json::Value>>(&body).unwrap().len(),
        other => panic!("{other}"),
    };
    Page {
        time,
        requests,
        is_whole,
    }
}

/// The query of a page from a random place.
fn deep(random: &mut Random) -> String {
    let bytes = [&[1][..], random.id().as_bytes()].concat();
    format!("&cursor={}", URL_SAFE_NO_PAD.encode(bytes))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Prints a line about pages with one query.
async fn measure(
    router: &Router,
    (name, group): (&str, &str),
    what: &str,
    pages: usize,
    mut query: impl FnMut() -> String,
) {
    let (mut times, mut requests, mut cut) = (Vec::new(), 0, 0);
    for _ in 0..pages {
        let page = page(router, group, &query()).await;
        times.push(page.time);
        requests += page.requests;
        cut += usize::from(page.requests < 50 && !page.is_whole);
    }
    times.sort();
    println!(
        "{name:>6}  {what:<24} p50 {:7.2} ms  p99 {:7.2} ms  most {:7.2} ms  {:5.1} requests  {cut} cut",
        milliseconds(times[pages / 2]),
        milliseconds(times[pages * 99 / 100]),
        milliseconds(times[pages - 1]),
        requests as f64 / pages as f64,
    );
}

/// A line of `/proc/self/status`.
fn status(name: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or("unknown").trim().to_owned()
}

async fn run(path: &Path, pages: usize) {
    for (name, group) in fill::GROUPS {
        // A new server for each caller, so that it decides anew.
        let (router, store) = routes(path).await;
        let cold = page(&router, group, "").await;
        println!(
            "{name:>6}  {:<24} {:.2} ms",
            "first page, cold",
            milliseconds(cold.time)
        );
        let mut random = Random(1);
        for filter in FILTERS {
            measure(&router, (name, group), &format!("first {filter}"), pages, || {
                filter.to_owned()
            })
            .await;
            measure(&router, (name, group), &format!("deep {filter}"), pages, || {
                deep(&mut random) + filter
            })
            .await;
        }
        store.close().await.unwrap();
    }
    println!("most memory of this process: {}", status("VmHWM:"));
}

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    // `cargo test --benches` runs this too, without saying so.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let own = arguments.iter().filter(|argument| *argument != "--bench");
    let own: Vec<_> = own.map(String::as_str).collect();
    let (count, skewed, pages) = match *own.as_slice() {
        ["fill", path, count, shape] => return fill::fill(Path::new(path), count.parse().unwrap(), shape == "skewed"),
        [] => (200_000, false, 50),
        [count] => (count.parse().unwrap(), false, 300),
        [count, "skewed"] => (count.parse().unwrap(), true, 300),
        _ => panic!("ROWS, or ROWS skewed"),
    };
    let store = Store::filled(count, skewed);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(store.path(), pages));
}

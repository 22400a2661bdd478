//! Metrics for Prometheus.
//!
//! No label holds anything that a client can choose: labels are the names of actions, reasons, routes and methods, and statuses.

mod answers;
mod labels;
mod parts;
mod process;
mod sample;
mod text;

use axum::{
    Router,
    http::{HeaderMap, header},
    response::IntoResponse,
    routing::get,
};
use labels::{AnswerLabels, DecisionLabels, RouteLabels};
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Metric, Registry},
};
use sample::Sample;
use sddl_authz::http::Event;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The metrics of the server. A clone counts into the same metrics.
///
/// ```
/// use sddl_authz_server::metrics::Metrics;
/// let metrics = Metrics::new();
/// metrics.counter("tests", "Tests of the documentation").inc();
/// assert!(metrics.text().contains("\nsddl_authz_tests_total 1\n"));
/// ```
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Mutex<Registry>,
    decisions: Family<DecisionLabels, Counter>,
    answers: Family<AnswerLabels, Counter>,
    seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
}

impl Metrics {
    /// Returns metrics of decisions, of answers, and of the process. The other parts of the server add their own.
    #[must_use]
    pub fn new() -> Self {
        let metrics = Self(Arc::new(Inner {
            registry: Mutex::new(Registry::default()),
            decisions: Family::default(),
            answers: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
        }));
        let Inner {
            decisions,
            answers,
            seconds,
            ..
        } = &*metrics.0;
        metrics.register(
            "decisions",
            "Decisions, by action, reason and status",
            decisions.clone(),
        );
        metrics.register("answers", "Answers, by route, method and status", answers.clone());
        let help = "Time from the head of a request to the head of its answer, by route";
        metrics.register("answer_seconds", help, seconds.clone());
        process::register(&mut metrics.registry());
        metrics
    }

    /// Counts a decision of a guard. Use it as the guard's observer.
    pub fn decided(&self, event: &Event<'_>) {
        self.0.decisions.get_or_create(&DecisionLabels::of(event)).inc();
    }

    /// Adds a counter. Its name gets the prefix `sddl_authz_` and the end `_total`.
    #[must_use]
    pub fn counter(&self, name: &str, help: &str) -> Counter {
        let counter = Counter::default();
        self.register(name, help, counter.clone());
        counter
    }

    /// Adds a gauge. Its name gets the prefix `sddl_authz_`.
    #[must_use]
    pub fn gauge(&self, name: &str, help: &str) -> Gauge {
        let gauge = Gauge::default();
        self.register(name, help, gauge.clone());
        gauge
    }

    /// Adds a histogram of seconds. Its name gets the prefix `sddl_authz_`.
    #[must_use]
    pub fn seconds(&self, name: &str, help: &str) -> Histogram {
        let histogram = Histogram::new(SECONDS);
        self.register(name, help, histogram.clone());
        histogram
    }

    /// Adds a histogram of counts, from 1 to 512. Its name gets the prefix `sddl_authz_`.
    #[must_use]
    pub fn sizes(&self, name: &str, help: &str) -> Histogram {
        let histogram = Histogram::new(SIZES);
        self.register(name, help, histogram.clone());
        histogram
    }

    /// Adds a counter whose value is asked for at each scrape. Its name gets the prefix `sddl_authz_` and the end `_total`.
    pub fn sampled_counter(&self, name: &str, help: &str, read: impl Fn() -> u64 + Send + Sync + 'static) {
        let sample = Sample::counter(prefixed(name), help, read);
        self.registry().register_collector(Box::new(sample));
    }

    /// Adds a gauge whose value is asked for at each scrape, and is left out if there is none. Its name gets the prefix `sddl_authz_`.
    pub fn sampled_gauge(&self, name: &str, help: &str, read: impl Fn() -> Option<f64> + Send + Sync + 'static) {
        let sample = Sample::gauge(prefixed(name), help, read);
        self.registry().register_collector(Box::new(sample));
    }

    /// Adds a gauge of value 1 with one label, whose value is asked for at each scrape. Its name gets the prefix `sddl_authz_`.
    pub fn info(&self, name: &str, help: &str, label: &'static str, read: impl Fn() -> String + Send + Sync + 'static) {
        let sample = Sample::info(prefixed(name), help, label, read);
        self.registry().register_collector(Box::new(sample));
    }

    /// Returns all metrics in the text format of Prometheus.
    #[must_use]
    pub fn text(&self) -> String {
        text::classic(&self.open_metrics())
    }

    /// Returns the route `/metrics`. It answers in the text format of Prometheus, or in OpenMetrics for clients that accept it.
    pub fn router(&self) -> Router {
        let metrics = self.clone();
        let answer = async move |headers: HeaderMap| {
            let (media_type, body) = if text::accepts_open_metrics(&headers) {
                (text::OPEN_METRICS, metrics.open_metrics())
            } else {
                (text::CLASSIC, metrics.text())
            };
            ([(header::CONTENT_TYPE, media_type)], body).into_response()
        };
        Router::new().route("/metrics", get(answer))
    }

    fn open_metrics(&self) -> String {
        let mut text = String::new();
        // Only writing can fail, and a `String` takes everything.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry());
        text
    }

    fn register(&self, name: &str, help: &str, metric: impl Metric) {
        self.registry().register(prefixed(name), help, metric);
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The upper bounds of durations, in seconds.
const SECONDS: [f64; 14] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0,
];
/// The upper bounds of counts.
const SIZES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

fn prefixed(name: &str) -> String {
    format!("sddl_authz_{name}")
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

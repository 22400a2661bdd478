//! The two formats: OpenMetrics, and the older text format of Prometheus, which `promtool check metrics` reads.

use axum::http::{HeaderMap, header::ACCEPT};

pub(super) const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
pub(super) const CLASSIC: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Whether a client names OpenMetrics among the formats that it accepts.
pub(super) fn accepts_open_metrics(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(ACCEPT).iter();
    values.any(|value| {
        value
            .as_bytes()
            .windows(28)
            .any(|part| part == b"application/openmetrics-text")
    })
}

/// Turns OpenMetrics into the older format. There the lines about a counter have its whole name, and there is no mark at the end.
pub(super) fn classic(text: &str) -> String {
    let mut lines = text.lines().peekable();
    let mut classic = String::with_capacity(text.len());
    while let Some(line) = lines.next() {
        if line == "# EOF" || line.starts_with("# UNIT ") {
            continue;
        }
        let name = line.strip_prefix("# HELP ").and_then(|rest| rest.split(' ').next());
        let counter = name.filter(|name| lines.peek() == Some(&format!("# TYPE {name} counter").as_str()));
        let Some(name) = counter else {
            push(&mut classic, line);
            continue;
        };
        let help = line.strip_prefix(&format!("# HELP {name}")).unwrap_or_default();
        push(&mut classic, &format!("# HELP {name}_total{help}"));
        push(&mut classic, &format!("# TYPE {name}_total counter"));
        lines.next();
    }
    classic
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

//! The metrics of the parts of the server that count by themselves.

use super::Metrics;
use crate::listen::{Counted, Counts};
use std::sync::Arc;

/// A number of connections: its name, its help, and where it is.
type Number = (&'static str, &'static str, fn(Counted) -> u64);

const CONNECTIONS: [Number; 6] = [
    ("connections_accepted", "Connections that were accepted", |counted| {
        counted.accepted
    }),
    (
        "connections_full",
        "Times that the most connections were open, so that others had to wait",
        |counted| counted.full,
    ),
    (
        "connections_over_peer",
        "Connections that were closed because their peer had its most",
        |counted| counted.over_peer,
    ),
    (
        "answers_untaken",
        "Connections that were cut because the client did not take its answer",
        |counted| counted.untaken,
    ),
    (
        "heads_malformed",
        "Requests that were refused because their head is malformed",
        |counted| counted.malformed,
    ),
    (
        "tls_handshakes_failed",
        "Handshakes of TLS that failed or took too long",
        |counted| counted.failed_handshakes,
    ),
];

impl Metrics {
    /// Adds the numbers of connections.
    pub fn connections(&self, counts: &Arc<Counts>) {
        for (name, help, read) in CONNECTIONS {
            let counts = Arc::clone(counts);
            self.sampled_counter(name, help, move || read(counts.counted()));
        }
        let counts = Arc::clone(counts);
        self.sampled_gauge("connections_open", "Connections that are open", move || {
            let open = u32::try_from(counts.counted().open).unwrap_or(u32::MAX);
            Some(open.into())
        });
    }
}

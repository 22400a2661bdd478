//! The metrics of the parts of the server that count by themselves.

use super::Metrics;
use crate::{
    current::Current,
    listen::{Counted, Counts},
    refusals::AuditHealth,
    sqlite::Sqlite,
    store::Store,
    tokens::Keys,
};
use std::sync::Arc;

/// A number: its name, its help, and where it is.
type Number<T> = (&'static str, &'static str, fn(T) -> u64);

const CONNECTIONS: [Number<Counted>; 6] = [
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

const REFUSALS: [Number<AuditHealth>; 3] = [
    (
        "audit_refusals_written",
        "Refusals with an entry of their own in the audit",
        |health| health.written(),
    ),
    (
        "audit_refusals_left_out",
        "Refusals that the audit only counts",
        |health| health.left_out(),
    ),
    ("audit_failures", "Times that refusals could not be written", |health| {
        health.failures()
    }),
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

    /// Adds the numbers of the store.
    pub fn store(&self, store: &Sqlite) {
        let (commits, committed) = (store.clone(), store.clone());
        let help = "Transactions of changes that were committed";
        self.sampled_counter("store_commits", help, move || commits.committed().0);
        let help = "Jobs in these transactions: changes, and groups of refusals";
        self.sampled_counter("store_committed_jobs", help, move || committed.committed().1);
        for (index, (name, help)) in [
            ("store_changes_waiting", "Changes that wait for the store"),
            ("store_reads_waiting", "Reads that wait for the store"),
            ("store_lists_waiting", "Parts of lists that wait for the store"),
        ]
        .into_iter()
        .enumerate()
        {
            let store = store.clone();
            self.sampled_gauge(name, help, move || {
                let waiting = store.waiting().get(index).copied()?;
                u32::try_from(waiting).ok().map(f64::from)
            });
        }
    }

    /// Adds the numbers of refusals in the audit.
    pub fn audit(&self, health: &AuditHealth) {
        for (name, help, read) in REFUSALS {
            let health = health.clone();
            self.sampled_counter(name, help, move || read(health.clone()));
        }
    }

    /// Adds the numbers of the issuer's keys.
    pub fn keys(&self, keys: &Arc<Keys>) {
        let (loads, failures, age) = (Arc::clone(keys), Arc::clone(keys), Arc::clone(keys));
        self.sampled_counter("key_loads", "Times that the issuer's keys were loaded", move || {
            loads.loads().0
        });
        let help = "Times that the issuer's keys could not be loaded";
        self.sampled_counter("key_load_failures", help, move || failures.loads().1);
        self.sampled_gauge(
            "keys_age_seconds",
            "Time since the issuer's keys were loaded",
            move || age.age().map(|age| age.as_secs_f64()),
        );
    }

    /// Adds the digest of the policy that decides now.
    pub fn policy<S: Store>(&self, current: &Current<S>) {
        let current = current.clone();
        let help = "The policy that decides, by the SHA-256 of its canonical text";
        self.info("policy_info", help, "digest", move || {
            current.now().policy.digest().to_string()
        });
    }
}

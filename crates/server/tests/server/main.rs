//! The program, as a process of its own with a file of SQLite, asked over sockets on loopback.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that can't be set up has failed"
)]

mod answers;
mod audit;
mod backup;
mod bodies;
mod client;
mod contract;
mod deploy;
mod early;
mod ending;
mod hostile;
mod identity;
mod import;
mod issuer;
mod keys;
mod kill;
mod limits;
mod list;
mod locked;
mod log;
mod metrics;
mod paths;
mod process;
mod proxies;
mod race;
mod readers;
mod readme;
mod ready;
mod reload;
mod shared;
mod sockets;
mod start;
mod stores;
mod strict;
mod subsets;
mod synced;
mod tls;
mod tokens;

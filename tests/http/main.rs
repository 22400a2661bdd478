//! The guard for HTTP services, with documents of its own and with certificate requests of MIM CM.
#![cfg(feature = "axum")]
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod caller_header;
mod claims;
#[cfg(feature = "mim")]
mod format;
mod guard;
#[cfg(feature = "mim")]
mod layer;
#[cfg(feature = "mim")]
mod routes;
#[cfg(feature = "mim")]
mod setup;

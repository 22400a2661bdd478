//! The layer in front of a handler of its own, and what it is made of.
#![cfg(feature = "axum")]
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod claims;
mod format;
mod layer;
mod setup;

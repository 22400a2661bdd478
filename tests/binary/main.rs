//! Self-relative bytes in and out.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says so by a panic"
)]

mod accepted;
mod builders;
#[path = "../support/descriptors.rs"]
mod descriptors;
mod limits;
mod parts;
mod refused;
mod round_trip;
#[path = "../support/snake_case.rs"]
mod snake_case;

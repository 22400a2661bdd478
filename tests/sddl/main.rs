//! SDDL in and out.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says so by a panic"
)]

mod claims;
mod conditions;
#[path = "../support/descriptors.rs"]
mod descriptors;
mod display;
mod entries;
mod errors;
mod laws;
mod limits;
mod numbers;
mod sections;
mod sids;
#[path = "../support/snake_case.rs"]
mod snake_case;
mod table;

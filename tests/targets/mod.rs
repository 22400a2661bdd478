//! The assertions of the fuzz targets, one file for each target. The package in `fuzz/` runs them on the fuzzer's inputs,
//! `tests/corpus.rs` on the recorded ones. The targets `http_request` and `identity_headers` are in `crates/server/tests`.

#![expect(
    clippy::expect_used,
    clippy::unreachable,
    reason = "a target that finds something says so by a panic"
)]

#[cfg(feature = "mim")]
pub(crate) mod answer;
mod asker;
mod binary_bytes;
mod binary_model_roundtrip;
mod check_differential;
mod condition_bytes;
mod condition_eval;
#[cfg(feature = "mim")]
mod decide_request;
mod dialects;
mod expected;
mod layers;
mod sddl_model_roundtrip;
mod sddl_text;

pub(crate) use binary_bytes::binary_bytes;
pub(crate) use binary_model_roundtrip::binary_model_roundtrip;
pub(crate) use check_differential::check_differential;
pub(crate) use condition_bytes::condition_bytes;
pub(crate) use condition_eval::condition_eval;
#[cfg(feature = "mim")]
pub(crate) use decide_request::decide_request;
pub(crate) use dialects::dialects;
pub(crate) use layers::layers;
pub(crate) use sddl_model_roundtrip::sddl_model_roundtrip;
pub(crate) use sddl_text::sddl_text;

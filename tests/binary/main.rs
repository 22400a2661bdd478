//! Self-relative bytes in and out.

mod accepted;
mod builders;
#[path = "../support/descriptors.rs"]
mod descriptors;
mod limits;
mod parts;
mod refused;
mod round_trip;
mod vectors;

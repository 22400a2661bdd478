//! The fuzz targets. Their assertions are in `tests/targets` and `crates/server/tests`, so that `cargo test` can replay recorded inputs.

#[path = "../../tests/support/conditions.rs"]
mod conditions;
#[path = "../../tests/support/descriptors.rs"]
mod descriptors;
#[path = "../../crates/server/tests/http_request/mod.rs"]
mod http_request;
#[path = "../../crates/server/tests/identity_headers/mod.rs"]
mod identity_headers;
#[path = "../../tests/reference/mod.rs"]
mod reference;
#[path = "../../tests/support/mod.rs"]
mod support;
#[path = "../../tests/targets/mod.rs"]
mod targets;

/// The target `http_request`.
pub fn http_request(data: &[u8]) {
    http_request::http_request(data);
}

/// The target `identity_headers`.
pub fn identity_headers(data: &[u8]) {
    identity_headers::identity_headers(data);
}

macro_rules! published {
    ($($target:ident),*) => {
        $(
            #[doc = concat!("The target `", stringify!($target), "`.")]
            pub fn $target(data: &[u8]) {
                targets::$target(data);
            }
        )*
    };
}

published!(
    binary_bytes,
    binary_model_roundtrip,
    check_differential,
    condition_bytes,
    condition_eval,
    decide_request,
    dialects,
    layers,
    sddl_model_roundtrip,
    sddl_text
);

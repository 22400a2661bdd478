//! The fuzz targets. What they assert stands in `tests/targets`, so that `cargo test` can replay what was recorded.

#[path = "../../tests/support/conditions.rs"]
mod conditions;
#[path = "../../tests/support/descriptors.rs"]
mod descriptors;
#[path = "../../tests/reference/mod.rs"]
mod reference;
#[path = "../../tests/support/serve.rs"]
mod serve;
#[path = "../../tests/support/mod.rs"]
mod support;
#[path = "../../tests/targets/mod.rs"]
mod targets;

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
    http_request,
    sddl_model_roundtrip,
    sddl_text
);

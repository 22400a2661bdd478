//! Comparing strings without case, as Windows does.

use core::cmp::Ordering;

/// The order of two names of attributes, case ignored as for strings that conditions compare.
#[must_use]
pub fn compare_names(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

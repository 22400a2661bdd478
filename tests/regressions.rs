//! What the fuzzer found, and no other test was about: one test for each finding.

use sddl_authz::{SecurityDescriptor, sddl::ParseErrorKind};

/// It was read, as an attribute of that name, but could not be printed.
#[test]
fn the_word_of_an_operator_is_no_local_attribute() {
    for condition in [
        "(Exists Exists)",
        "(Contains)",
        "(any_of == 1)",
        "(a && Not_Contains)",
        "(Exists Member_of)",
    ] {
        let text = format!("D:(XA;;GA;;;WD;{condition})");
        let kind = text.parse::<SecurityDescriptor>().map_err(|error| error.kind());
        assert_eq!(kind, Err(ParseErrorKind::ConditionOperandMissing), "{condition}");
    }
}

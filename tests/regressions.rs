//! One test for each finding of the fuzzer that no other test covers.

use sddl_authz::{SecurityDescriptor, sddl::ParseErrorKind};

/// Such a condition was once accepted, with an attribute of that name, and could not be printed.
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

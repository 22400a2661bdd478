//! Parts of a permit and of a request, each by itself.
#![cfg(feature = "mim")]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't be set up has failed"
)]

use sddl_authz::{
    Caller,
    mim::{Outcome, Property, StatusChange, StatusChangePolicy},
};

#[test]
fn a_permit_names_its_request_and_its_change() {
    let id = "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";
    let row = format!(r#"{{"Uuid":"{id}","Status":3,"SecurityDescriptor":"D:(A;;FA;;;AU)"}}"#);
    let caller = Caller::authenticated("S-1-5-21-1-2-3-4".parse().unwrap()).unwrap();
    for change in StatusChange::ALL {
        match StatusChangePolicy::inferred().decide_json(&row, &caller, change) {
            Outcome::Permitted(permit) => {
                assert_eq!(permit.request().to_string(), id);
                assert_eq!(permit.change(), change);
            }
            other @ (Outcome::Unchanged(_) | Outcome::Forbidden(_) | Outcome::Failed(_)) => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_property_is_missing_null_or_a_value() {
    let value: Property<i64> = 3.into();
    assert_eq!(value, Property::Value(3));
    assert_eq!(value.value(), Some(&3));
    assert_eq!(Property::<i64>::Null.value(), None);
    let are_missing = [Property::Missing, Property::Null, value].map(|property| property.is_missing());
    assert_eq!(are_missing, [true, false, false]);
}

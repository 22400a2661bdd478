//! Parts of a permit, of a request and of a status, each by itself.
#![cfg(feature = "mim")]

use sddl_authz::{
    Caller,
    mim::{Outcome, Property, RequestStatus, StatusChange, StatusChangePolicy},
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

/// The names of the enumeration `Microsoft.Clm.Shared.Requests.RequestStatus`, the numbers of `externalGetStatus`.
#[test]
fn a_status_has_a_name_and_prints_it() {
    for (number, name) in [
        (0, "None"),
        (3, "Approved"),
        (4, "Denied"),
        (8, "Completed"),
        (9, "Failed"),
        (16, "Pending"),
        (17, "Canceled"),
        (18, "Executing"),
    ] {
        let status = RequestStatus(number);
        assert_eq!(status.name(), Some(name));
        assert_eq!(status.to_string(), name);
        assert_eq!(RequestStatus::from_name(name), Some(status));
    }
    assert_eq!(RequestStatus(5).name(), None);
    assert_eq!(RequestStatus(5).to_string(), "5");
    assert_eq!(RequestStatus::from_name("approved"), None);
}

#[test]
fn a_change_has_a_word_and_a_status_that_it_leads_to() {
    for (change, word, status) in [
        (StatusChange::Complete, "Completed", 8),
        (StatusChange::Cancel, "Canceled", 17),
        (StatusChange::Abandon, "Abandoned", 9),
    ] {
        assert_eq!(change.word(), word);
        assert_eq!(change.to_string(), word);
        assert_eq!(word.parse(), Ok(change));
        assert_eq!(change.target(), RequestStatus(status));
    }
    for word in ["", "completed", "Complete", "Approved"] {
        assert!(word.parse::<StatusChange>().is_err(), "{word}");
    }
}

//! Parts of a permit, of a request and of a status, each by itself.
#![cfg(feature = "mim")]

use sddl_authz::{
    Caller,
    mim::{
        CertificateRequest, DecisionError, Outcome, ParsedRequest, PermitError, PolicyError, Property, RequestStatus,
        StatusChange, StatusChangePolicy,
    },
};

#[test]
fn a_permit_names_its_request_and_its_change() {
    let id = "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";
    let row = format!(r#"{{"Uuid":"{id}","Status":3,"SecurityDescriptor":"D:(A;;FA;;;AU)"}}"#);
    let caller = Caller::authenticated("S-1-5-21-1-2-3-4".parse().unwrap())
        .unwrap()
        .with_no_groups();
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

#[test]
fn an_entry_for_principal_self_is_about_the_principal_of_the_request() {
    let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"D:(A;;FA;;;PS)"}"#;
    let request: CertificateRequest = serde_json::from_str(row).unwrap();
    let user = "S-1-5-21-1-2-3-4".parse().unwrap();
    let other = "S-1-5-21-1-2-3-5".parse().unwrap();
    let caller = Caller::authenticated(user).unwrap().with_no_groups();
    let status = |principal| {
        let mut parsed = ParsedRequest::new(&request).unwrap();
        if let Some(principal) = principal {
            parsed = parsed.with_principal_self(principal);
        }
        parsed
            .decide(&StatusChangePolicy::inferred(), &caller, StatusChange::Complete)
            .http_status()
    };
    assert_eq!([status(None), status(Some(other)), status(Some(user))], [403, 403, 200]);
}

#[test]
fn errors_have_stable_codes() {
    let codes = [
        PermitError::RequestDiffers,
        PermitError::StatusDiffers,
        PermitError::DescriptorDiffers,
    ]
    .map(|error| error.code());
    assert_eq!(codes, ["request_differs", "status_differs", "descriptor_differs"]);
    assert_eq!(PolicyError::MaskEmpty.code(), "mask_empty");
    assert_eq!(DecisionError::Policy(PolicyError::MaskEmpty).code(), "policy");
    assert_eq!(DecisionError::DescriptorMissing.code(), "descriptor_unreadable");
    assert_eq!(DecisionError::Unprotected.code(), "unprotected");
    let unknown = "Approved".parse::<StatusChange>().unwrap_err();
    assert_eq!(unknown.code(), "status_change_unknown");
}

#[test]
fn a_policy_that_says_nothing_of_unprotected_requests_refuses_them() {
    let policy: StatusChangePolicy =
        serde_json::from_str(r#"{"version":1,"completed":{"masks":["CC"],"start":["Approved"]}}"#).unwrap();
    let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"O:SY"}"#;
    let caller = Caller::authenticated("S-1-5-21-1-2-3-4".parse().unwrap())
        .unwrap()
        .with_no_groups();
    let outcome = policy.decide_json(row, &caller, StatusChange::Complete);
    assert_eq!(outcome, Outcome::Failed(DecisionError::Unprotected));
}

//! Parts that make no entry and no claim, and the tables of codes.

use crate::builders::*;
use sddl_authz::{
    Ace, AceFlags, AceType, Claim, Condition, Limits,
    ace::{AceError, ApplicationData},
    binary::{DecodeError, EncodeError},
    claim::{ClaimError, ClaimFlags, ClaimType, ClaimValues},
    condition::Operator,
};

#[test]
fn entries_carry_only_the_data_of_their_type() {
    let condition = || ApplicationData::Condition(Condition::from_postfix(negated(0), &Limits::DEFAULT).unwrap());
    let claim = || {
        ApplicationData::Claim(
            Claim::new("a", ClaimFlags::empty(), ClaimValues::Int(vec![]))
                .unwrap()
                .into(),
        )
    };
    let opaque = || ApplicationData::Opaque([0; 4].into());
    for &ace_type in AceType::KNOWN.iter().filter(|&&known| known != AceType::CompoundAllow) {
        let code = ace_type.code();
        let is_callback = (0x09..=0x10).contains(&code);
        let is_claim = code == 0x12;
        assert_eq!(
            entry(ace_type, condition()).is_ok(),
            is_callback || code == 0x15,
            "{ace_type}"
        );
        assert_eq!(entry(ace_type, claim()).is_ok(), is_claim, "{ace_type}");
        // Four zero bytes are a malformed condition in an access filter, and data of an application in a callback entry.
        assert_eq!(
            entry(ace_type, opaque()).is_ok(),
            is_callback || code == 0x15,
            "{ace_type}"
        );
        assert_eq!(entry(ace_type, ApplicationData::None).is_ok(), !is_claim, "{ace_type}");
    }
    let none = callback(ApplicationData::Opaque([].into())).unwrap();
    assert_eq!(none.data(), &ApplicationData::None);
    assert_eq!(
        callback(ApplicationData::Opaque([0; 5].into())),
        Err(AceError::DataUnaligned { bytes: 5 })
    );
    // `a`, and nothing: only what is no condition is opaque.
    let tokens = [b"artx".as_slice(), &counted(0xf8, &[97, 0]), &[0]].concat();
    for ace_type in [AceType::CallbackAllow, AceType::AccessFilter] {
        let given = entry(ace_type, ApplicationData::Opaque(tokens.as_slice().into()));
        assert_eq!(given, Err(AceError::DataIsCondition));
        assert!(entry(ace_type, ApplicationData::Opaque((*b"artx").into())).is_ok());
    }
    let unaligned = Ace::opaque(AceType::from_code(0xff), AceFlags::empty(), vec![0; 2]);
    assert_eq!(unaligned, Err(AceError::DataUnaligned { bytes: 2 }));
}

#[test]
fn claims_have_names_and_no_nul() {
    let made = |name: &str, values: &[&str]| {
        let values = values.iter().map(|&value| value.into()).collect();
        Claim::new(name, ClaimFlags::empty(), ClaimValues::String(values)).err()
    };
    assert_eq!(made("a", &["", "b"]), None);
    assert_eq!(made("", &[]), Some(ClaimError::NameEmpty));
    assert_eq!(made("a\0", &[]), Some(ClaimError::NameHasNul));
    assert_eq!(made("a", &["b", "c\0"]), Some(ClaimError::StringHasNul { index: 1 }));
}

#[test]
fn errors_and_models_may_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<DecodeError>();
    crosses::<EncodeError>();
    crosses::<Condition>();
    crosses::<Claim>();
}

/// [MS-DTYP] 2.4.4.17.6 and 2.4.4.17.7.
#[test]
#[rustfmt::skip]
fn operators_have_their_codes_and_operands() {
    let table = [
        ("==", 0x80, 2), ("!=", 0x81, 2), ("<", 0x82, 2), ("<=", 0x83, 2), (">", 0x84, 2), (">=", 0x85, 2),
        ("contains", 0x86, 2), ("exists", 0x87, 1), ("any_of", 0x88, 2), ("member_of", 0x89, 1),
        ("device_member_of", 0x8a, 1), ("member_of_any", 0x8b, 1), ("device_member_of_any", 0x8c, 1),
        ("not_exists", 0x8d, 1), ("not_contains", 0x8e, 2), ("not_any_of", 0x8f, 2), ("not_member_of", 0x90, 1),
        ("not_device_member_of", 0x91, 1), ("not_member_of_any", 0x92, 1), ("not_device_member_of_any", 0x93, 1),
        ("&&", 0xa0, 2), ("||", 0xa1, 2), ("!", 0xa2, 1),
    ];
    assert_eq!(table.len(), Operator::ALL.len());
    for (token, code, arity) in table {
        let operator = Operator::from_token(token).unwrap();
        assert_eq!((operator.code(), operator.arity()), (code, arity), "{token}");
        assert_eq!(Operator::from_code(code), Some(operator));
    }
    assert_eq!(Operator::from_code(0x94), None);
    assert_eq!(Operator::from_token("Member"), None);
}

/// [MS-DTYP] 2.4.10.1.
#[test]
fn claim_types_have_their_codes() {
    let table = [("TI", 1), ("TU", 2), ("TS", 3), ("TD", 5), ("TB", 6), ("TX", 0x10)];
    assert_eq!(table.len(), ClaimType::ALL.len());
    for (token, code) in table {
        let claim_type = ClaimType::from_token(token).unwrap();
        assert_eq!(claim_type.code(), code);
        assert_eq!(ClaimType::from_code(code), Some(claim_type));
    }
    assert_eq!((ClaimType::from_code(4), ClaimType::from_token("TF")), (None, None));
}

#[test]
fn limits_are_as_documented() {
    let Limits {
        acl_bytes,
        condition_bytes,
        condition_depth,
        ..
    } = Limits::default();
    assert_eq!((acl_bytes, condition_bytes, condition_depth), (65_535, 10_000, 64));
}

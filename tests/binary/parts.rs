//! Parts that make no entry and no claim.

use crate::builders::*;
use sddl_authz::{
    Ace, AceFlags, AceType, Claim, Condition, Limits,
    ace::{AceError, ApplicationData},
    binary::{DecodeError, EncodeError},
    claim::{ClaimError, ClaimFlags, ClaimValues},
};

#[test]
fn entries_carry_only_the_data_of_their_type() {
    let condition = || ApplicationData::Condition(Condition::from_postfix(negated(0), &Limits::DEFAULT).unwrap());
    let claim =
        || ApplicationData::Claim(Claim::new("a".into(), ClaimFlags::empty(), ClaimValues::Int(vec![])).unwrap());
    let opaque = || ApplicationData::Opaque(vec![0; 4]);
    for ace_type in AceType::KNOWN
        .into_iter()
        .filter(|&known| known != AceType::CompoundAllow)
    {
        let code = ace_type.code();
        let is_callback = (0x09..=0x10).contains(&code);
        let is_claim = code == 0x12;
        assert_eq!(
            entry(ace_type, condition()).is_ok(),
            is_callback || code == 0x15,
            "{ace_type}"
        );
        assert_eq!(entry(ace_type, claim()).is_ok(), is_claim, "{ace_type}");
        assert_eq!(entry(ace_type, opaque()).is_ok(), is_callback, "{ace_type}");
        assert_eq!(entry(ace_type, ApplicationData::None).is_ok(), !is_claim, "{ace_type}");
    }
    let none = callback(ApplicationData::Opaque(vec![])).unwrap();
    assert_eq!(none.data(), &ApplicationData::None);
    assert_eq!(
        callback(ApplicationData::Opaque(vec![0; 5])),
        Err(AceError::DataUnaligned { bytes: 5 })
    );
    assert_eq!(
        callback(ApplicationData::Opaque(b"artx".to_vec())),
        Err(AceError::DataIsCondition)
    );
    let unaligned = Ace::opaque(AceType::from_code(0xff), AceFlags::empty(), vec![0; 2]);
    assert_eq!(unaligned, Err(AceError::DataUnaligned { bytes: 2 }));
}

#[test]
fn claims_have_names_and_no_nul() {
    let made = |name: &str, values: &[&str]| {
        let values = values.iter().map(|&value| value.into()).collect();
        Claim::new(name.into(), ClaimFlags::empty(), ClaimValues::String(values)).err()
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

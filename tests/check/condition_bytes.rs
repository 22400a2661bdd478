//! Conditions in bytes ([MS-DTYP] 2.4.4.17.4), and what an entry with them does.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use super::*;
use sddl_authz::{
    binary,
    condition::{Sign, Token},
};

/// A descriptor with one callback entry that allows the user 0x1, with this data.
fn with_data(data: &[u8]) -> SecurityDescriptor {
    binary::from_bytes(&bytes_with_data(data)).unwrap()
}

fn bytes_with_data(data: &[u8]) -> Vec<u8> {
    let mut bytes = binary::to_bytes(&unowned([allow(user(), 0x1)])).unwrap();
    let ace = bytes.len() - 24;
    bytes[ace] = 0x09;
    bytes.extend(data);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    let size = |start: usize| u16::try_from(bytes.len() - start).unwrap().to_le_bytes();
    let (ace_size, acl_size) = (size(ace), size(ace - 8));
    bytes[ace + 2..ace + 4].copy_from_slice(&ace_size);
    bytes[ace - 6..ace - 4].copy_from_slice(&acl_size);
    bytes
}

fn counted(code: u8, payload: &[u8]) -> Vec<u8> {
    let count = u32::try_from(payload.len()).unwrap().to_le_bytes();
    [&[code][..], &count, payload].concat()
}

fn attribute(code: u8, name: &str) -> Vec<u8> {
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    counted(code, &units)
}

fn integer(width: u8, value: i64, sign: u8) -> Vec<u8> {
    [&[width][..], &value.to_le_bytes(), &[sign, 2]].concat()
}

/// Whether the entry allows a user with the claims `x` and `xy`, which are these numbers.
fn allows(value: i64, tokens: &[Vec<u8>]) -> bool {
    let claims = ["x", "xy"].map(|name| number(name, value));
    let caller = caller().with_user_claims(claims).unwrap();
    let data = [b"artx".to_vec(), tokens.concat()].concat();
    asked(&with_data(&data), &caller, 0x1).is_allowed()
}

const EQUAL: u8 = 0x80;
const CONTAINS: u8 = 0x86;
const NOT: u8 = 0xa2;

#[test]
fn the_four_classes_of_attributes_have_their_codes() {
    let classes = [
        (0xf8, AttributeClass::Local),
        (0xf9, AttributeClass::User),
        (0xfa, AttributeClass::Resource),
        (0xfb, AttributeClass::Device),
    ];
    for (code, class) in classes {
        let tokens = [attribute(code, "x"), integer(4, 1, 3), vec![EQUAL]];
        let descriptor = with_data(&[b"artx".to_vec(), tokens.concat()].concat());
        let condition = descriptor.dacl.aces()[0].condition().unwrap();
        let first = condition.tokens().next();
        assert!(
            matches!(first, Some(Token::Attribute(attribute)) if attribute.class == class),
            "{code:#x}"
        );
        assert_eq!(allows(1, &tokens), class == AttributeClass::User, "{code:#x}");
    }
}

#[test]
fn an_integer_has_one_of_three_signs_and_does_not_contradict_it() {
    for (value, code, sign) in [(1, 1, Sign::Plus), (-1, 2, Sign::Minus), (1, 3, Sign::None)] {
        let tokens = [attribute(0xf9, "x"), integer(4, value, code), vec![EQUAL]];
        assert!(allows(value, &tokens), "{sign:?}");
        let descriptor = with_data(&[b"artx".to_vec(), tokens.concat()].concat());
        let condition = descriptor.dacl.aces()[0].condition().unwrap();
        let second = condition.tokens().nth(1);
        let read = matches!(second, Some(Token::Literal(sddl_authz::condition::Literal::Integer(integer))) if integer.sign == sign);
        assert!(read, "{sign:?}");
    }
    assert!(allows(0, &[attribute(0xf9, "x"), integer(4, 0, 2), vec![EQUAL]]));
    for (value, sign) in [(-1, 1), (1, 2), (-1, 3)] {
        let number = integer(4, value, sign);
        assert!(!allows(value, &[attribute(0xf9, "x"), number.clone(), vec![EQUAL]]));
        assert!(!allows(
            value,
            &[attribute(0xf9, "x"), counted(0x50, &number), vec![CONTAINS]]
        ));
    }
}

#[test]
fn an_integer_fits_its_width() {
    for (width, least, most) in [
        (1, i64::from(i8::MIN), i64::from(i8::MAX)),
        (2, i64::from(i16::MIN), i64::from(i16::MAX)),
        (3, i64::from(i32::MIN), i64::from(i32::MAX)),
        (4, i64::MIN, i64::MAX),
    ] {
        let is_read = |value: i64| {
            let sign = if value < 0 { 2 } else { 3 };
            allows(value, &[attribute(0xf9, "x"), integer(width, value, sign), vec![EQUAL]])
        };
        assert!(is_read(least) && is_read(most), "{width}");
        for beyond in [least.checked_sub(1), most.checked_add(1)].into_iter().flatten() {
            assert!(!is_read(beyond), "{width} {beyond}");
        }
    }
}

/// After the tokens there are up to three bytes of padding, all zero.
#[test]
fn padding_is_short_and_zero() {
    // 25 bytes with the signature, so three bytes of padding bring the entry to a multiple of four.
    let three = [attribute(0xf9, "xy"), integer(4, 1, 3), vec![EQUAL]];
    assert!(allows(1, &three));
    for padding in [[0, 0, 1], [0, 1, 0], [1, 0, 0]] {
        let [name, number, operator] = three.clone();
        assert!(!allows(1, &[name, number, operator, padding.to_vec()]), "{padding:?}");
    }
    // 12 bytes with the signature.
    let none = [attribute(0xf9, "x"), vec![NOT]];
    assert!(allows(0, &none));
    let [name, operator] = none;
    assert!(!allows(0, &[name, operator, vec![0; 4]]));
}

#[test]
fn a_condition_has_one_result() {
    let test = [attribute(0xf9, "x"), integer(4, 1, 3), vec![EQUAL]].concat();
    assert!(allows(1, core::slice::from_ref(&test)));
    assert!(!allows(1, &[test.clone(), test.clone()]));
    assert!(!allows(1, &[integer(4, 1, 3), integer(4, 1, 3), vec![EQUAL]]));
    // Such an entry does nothing, and the others count.
    let mut descriptor = with_data(&[b"artx".to_vec(), test.clone(), test].concat());
    assert!(descriptor.dacl.aces()[0].condition().is_none());
    let entries = [descriptor.dacl.aces(), &[allow(user(), 0x1)]].concat();
    descriptor.dacl = AclState::Present(entries.into_iter().collect());
    assert!(asked(&descriptor, &caller(), 0x1).is_allowed());
}

/// An unknown claim may have another value or another type, so the condition may be unknown.
#[test]
fn a_claim_of_unknown_type_may_make_the_whole_condition_unknown() {
    let descriptor = parsed(&format!(
        "D:(XA;;0x1;;;{0};(@User.m == 1 || Member_of {{SID({0})}}))",
        user()
    ));
    let unsure = caller().with_incomplete_claims();
    assert!(asked(&descriptor, &unsure, 0x1).is_undetermined());
}

#[test]
fn operators_of_the_device_do_not_ask_for_the_groups_of_the_user() {
    let member = caller().with_groups([group()]).unwrap();
    let in_device = caller().with_device_groups([group()]).unwrap();
    for operator in ["Member_of", "Member_of_Any"] {
        let about = |of: &str| {
            parsed(&format!(
                "D:(XA;;0x1;;;{};({of}{operator} {{SID({})}}))",
                user(),
                group()
            ))
        };
        assert!(asked(&about(""), &member, 0x1).is_allowed());
        assert!(!asked(&about("Device_"), &member, 0x1).is_allowed());
        assert!(!asked(&about(""), &in_device, 0x1).is_allowed());
        assert!(asked(&about("Device_"), &in_device, 0x1).is_allowed());
    }
}

/// [MS-DTYP] 2.4.10.1: a claim with this flag is compared with case, on whichever side it is.
#[test]
fn either_side_makes_a_comparison_exact() {
    let claim = |value: &str, flags| Claim::string("t", value).unwrap().with_flags(flags);
    for (flag, of_resource) in [(ClaimFlags::CASE_SENSITIVE, 0), (ClaimFlags::empty(), 2)] {
        for (value, allowed) in [("A", true), ("a", false)] {
            let descriptor = parsed(&format!(
                "D:(XA;;0x1;;;{};(@User.t == @Resource.t))S:(RA;;;;;WD;(\"t\",TS,{of_resource:#x},\"A\"))",
                user()
            ));
            let caller = caller().with_user_claims([claim(value, flag)]).unwrap();
            assert_eq!(asked(&descriptor, &caller, 0x1).is_allowed(), allowed, "{value}");
        }
    }
}

/// A condition beyond the limits may be valid, so it is refused, and not kept as data that is no condition.
#[test]
fn a_condition_beyond_the_limits_is_refused() {
    let read = |tokens: &[u8]| binary::from_bytes(&bytes_with_data(&[b"artx", tokens].concat()));
    let negated = |times: usize| [attribute(0xf9, "x"), vec![NOT; times]].concat();
    assert!(read(&negated(64)).is_ok());
    assert!(read(&negated(65)).is_err());
    let byte_string = |length: usize| [attribute(0xf9, "x"), counted(0x18, &vec![1; length]), vec![EQUAL]].concat();
    assert!(read(&byte_string(9_000)).is_ok());
    assert!(read(&byte_string(10_000)).is_err());
}

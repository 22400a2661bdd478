//! Every refusal, with its kind and its place.

use crate::builders::*;
use sddl_authz::{
    Limits,
    binary::{self, DecodeErrorKind as Kind},
    claim::ClaimError,
    condition::{ConditionErrorKind, Operator},
};

#[test]
#[rustfmt::skip]
fn descriptors_are_refused() {
    let sid_at_end = |sid: &[u8]| [header(0x8000, [20, 0, 0, 0]).as_slice(), sid].concat();
    let mut old = header(0x8000, [0; 4]);
    old[0] = 0;
    let mut new = header(0x8000, [0; 4]);
    new[0] = 2;
    assert_refusals(&[
        ("nothing", vec![], Kind::DescriptorTruncated, 0),
        ("revision 0", old, Kind::DescriptorRevisionUnknown { revision: 0 }, 0),
        ("revision 2", new, Kind::DescriptorRevisionUnknown { revision: 2 }, 0),
        ("absolute", header(0x0004, [0; 4]), Kind::DescriptorNotSelfRelative, 2),
        ("owner in the header", header(0x8000, [19, 0, 0, 0]), Kind::OffsetIntoHeader { to: 19 }, 4),
        ("group in the header", header(0x8000, [0, 1, 0, 0]), Kind::OffsetIntoHeader { to: 1 }, 8),
        ("SACL in the header", header(0x8010, [0, 0, 4, 0]), Kind::OffsetIntoHeader { to: 4 }, 12),
        ("DACL in the header", header(0x8004, [0, 0, 0, 16]), Kind::OffsetIntoHeader { to: 16 }, 16),
        ("owner at the end", header(0x8000, [20, 0, 0, 0]), Kind::OffsetOutOfRange { to: 20 }, 4),
        ("group far away", header(0x8000, [0, u32::MAX, 0, 0]), Kind::OffsetOutOfRange { to: u32::MAX }, 8),
        ("SACL beyond", header(0x8010, [0, 0, 21, 0]), Kind::OffsetOutOfRange { to: 21 }, 12),
        ("DACL beyond", header(0x8004, [0, 0, 0, 0x8000_0000]), Kind::OffsetOutOfRange { to: 0x8000_0000 }, 16),
        ("SID cut in its header", sid_at_end(&EVERYONE[..7]), Kind::SidTruncated, 22),
        ("SID cut in a sub-authority", sid_at_end(&EVERYONE[..11]), Kind::SidTruncated, 28),
        ("SID revision 0", sid_at_end(&[0; 12]), Kind::SidRevisionUnknown { revision: 0 }, 20),
        ("SID revision 2", sid_at_end(&[2; 12]), Kind::SidRevisionUnknown { revision: 2 }, 20),
    ]);
    for cut in 0..20 {
        let bytes = &header(0x8000, [0; 4])[..cut];
        assert_eq!(
            refusal(bytes).map(|(kind, _)| kind),
            Some(Kind::DescriptorTruncated),
            "{cut}"
        );
    }
}

#[test]
fn cve_2010_3069_sid_with_too_many_sub_authorities_is_refused() {
    for count in [0, 16, 255] {
        let sid = [[1, count, 0, 0, 0, 0, 0, 5].as_slice(), &[0; 4 * 255]].concat();
        let bytes = [header(0x8000, [20, 0, 0, 0]).as_slice(), &sid].concat();
        assert_eq!(refusal(&bytes), Some((Kind::SidSubAuthorityCount { count }, 21)));
    }
    let sid = [[1, 15, 0, 0, 0, 0, 0, 5].as_slice(), &[0; 4 * 15]].concat();
    let bytes = [header(0x8000, [20, 0, 0, 0]).as_slice(), &sid].concat();
    let owner = binary::from_bytes(&bytes).unwrap().owner.unwrap();
    assert_eq!(owner.sub_authorities().len(), 15);
}

#[test]
#[rustfmt::skip]
fn cve_2012_1182_sizes_and_counts_that_disagree_are_refused() {
    let plain = ace_with_data(0x00, &[]);
    let with_size = |size: u16| {
        let mut bytes = plain.clone();
        bytes[2..4].copy_from_slice(&size.to_le_bytes());
        with_entries(1, &bytes)
    };
    assert_refusals(&[
        ("list of nothing", with_acl(&[2]), Kind::AclTruncated, ACL + 1),
        ("list without its last byte", with_acl(&acl(2, 28, 1, &plain[..19])), Kind::AclTruncated, ACL + 2),
        ("list smaller than its header", with_acl(&acl(2, 7, 0, &[])), Kind::AclSizeTooSmall { bytes: 7 }, ACL + 2),
        ("list of size 0", with_acl(&acl(2, 0, 0, &[])), Kind::AclSizeTooSmall { bytes: 0 }, ACL + 2),
        ("list revision 1", with_acl(&acl(1, 8, 0, &[])), Kind::AclRevisionUnknown { revision: 1 }, ACL),
        ("list revision 5", with_acl(&acl(5, 8, 0, &[])), Kind::AclRevisionUnknown { revision: 5 }, ACL),
        ("one entry more than there is", with_entries(2, &plain), Kind::AceTruncated, ACE + 20),
        ("an entry in an empty list", with_entries(1, &[]), Kind::AceTruncated, ACE),
        ("an entry longer than the list", with_size(24), Kind::AceTruncated, ACE + 2),
        ("an entry of size 0", with_size(0), Kind::AceSizeTooSmall { bytes: 0 }, ACE + 2),
        ("an entry of an odd size", with_size(19), Kind::AceSizeUnaligned { bytes: 19 }, ACE + 2),
        ("an entry of size 18", with_size(18), Kind::AceSizeUnaligned { bytes: 18 }, ACE + 2),
        ("an entry that is a header", with_size(4), Kind::AceTruncated, ACE + 4),
        ("an entry without a SID", with_size(8), Kind::SidTruncated, SID),
        ("an entry shorter than its SID", with_size(16), Kind::SidTruncated, SID + 8),
        ("a list shorter than its entries", with_acl(&acl(2, 24, 1, &plain)), Kind::AceTruncated, ACE + 2),
    ]);
}

/// Also CVE-2004-1154: no size is added to another without a check, and no memory taken for what is only declared.
#[test]
fn cve_2007_2446_declared_counts_are_not_believed() {
    let bytes = with_acl(&acl(2, 8, u16::MAX, &[]));
    assert_eq!(refusal(&bytes), Some((Kind::AceTruncated, ACE)));
    let bytes = with_condition(&[0x10, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(malformed(&bytes), Some((Kind::TokenTruncated, DATA + 5)));
    let mut bytes = claim(16, 1, &[], &[]);
    bytes[12..16].copy_from_slice(&[0xff; 4]);
    assert_eq!(refusal(&with_claim(&bytes)), Some((Kind::ClaimTruncated, DATA + 12)));
    bytes[12..16].copy_from_slice(&0x4000_0000_u32.to_le_bytes());
    assert_eq!(refusal(&with_claim(&bytes)), Some((Kind::ClaimTruncated, DATA + 12)));
}

#[test]
#[rustfmt::skip]
fn entries_are_refused() {
    let object = |flags: u32, rest: &[u8]| {
        let body = [[0; 4].as_slice(), &flags.to_le_bytes(), rest].concat();
        with_entries(1, &ace(0x05, &body))
    };
    assert_refusals(&[
        ("object flags", object(4, &EVERYONE), Kind::ObjectFlagsUnknown { flags: 4 }, ACE + 8),
        ("object flags", object(0x8000_0001, &EVERYONE), Kind::ObjectFlagsUnknown { flags: 0x8000_0001 }, ACE + 8),
        ("no room for a GUID", object(1, &EVERYONE), Kind::AceTruncated, ACE + 12),
        ("no room for the other GUID", object(3, &[0; 16]), Kind::AceTruncated, ACE + 28),
        ("no room for the SID", object(3, &[0; 32]), Kind::SidTruncated, ACE + 44),
    ]);
}

#[test]
#[rustfmt::skip]
fn malformed_conditions_are_kept_as_bytes() {
    let at = DATA + 4;
    let name = counted(0xf8, &[b'a', 0]);
    let integer = |sign, base| [[0x04, 5, 0, 0, 0, 0, 0, 0, 0].as_slice(), &[sign, base]].concat();
    let string = |payload: &[u8]| with_condition(&[name.clone(), counted(0x10, payload), vec![0x80]].concat());
    let compared = |operand: &[u8]| with_condition(&[&name, operand, &[0x80]].concat());
    let wrong = |kind| Kind::Condition(kind);
    let unfit = |operator| wrong(ConditionErrorKind::OperandUnfit { operator });
    let missing = |operator| wrong(ConditionErrorKind::OperandMissing { operator });
    let minus = [0x04, 5, 0, 0, 0, 0, 0, 0, 0, 2, 2];
    let negative = |sign, base| [[0x04].as_slice(), &[0xff; 8], &[sign, base]].concat();
    let contradicted = wrong(ConditionErrorKind::IntegerSignContradicted);
    assert_malformed(&[
        ("nothing", with_condition(&[]), wrong(ConditionErrorKind::ConditionEmpty), at),
        ("padding alone", with_condition(&[0, 0, 0, 0]), Kind::PaddingTooLong { bytes: 4 }, at),
        ("unknown token", with_condition(&[0x05]), Kind::TokenUnknown { code: 5 }, at),
        ("unknown token", with_condition(&[0xfc]), Kind::TokenUnknown { code: 0xfc }, at),
        ("unknown operator", with_condition(&[0x94]), Kind::TokenUnknown { code: 0x94 }, at),
        ("name cut off", with_condition(&[0xf8, 4, 0, 0, 0, 97, 0]), Kind::TokenTruncated, at + 1),
        ("length cut off", with_condition(&[0xf8, 4, 0, 0]), Kind::TokenTruncated, at + 1),
        ("name without end", with_condition(&counted(0xf9, &[97])), Kind::StringOddLength { bytes: 1 }, at + 1),
        ("no name", with_condition(&counted(0xfa, &[])), wrong(ConditionErrorKind::AttributeNameEmpty), at),
        ("name with NUL", with_condition(&counted(0xf8, &[97, 0, 0, 0])), wrong(ConditionErrorKind::AttributeNameHasNul), at),
        ("lone low surrogate", string(&[97, 0, 0x00, 0xdc]), Kind::StringUnpairedSurrogate, at + 7 + 5 + 2),
        ("lone high surrogate", string(&[0x00, 0xd8, 97, 0]), Kind::StringUnpairedSurrogate, at + 7 + 5),
        ("lone low surrogate after others", string(&[0xdf, 0, 0x00, 0xd8, 0x00, 0xdc, 0x00, 0xdc]), Kind::StringUnpairedSurrogate, at + 7 + 5 + 6),
        ("odd string", string(&[97, 0, 98]), Kind::StringOddLength { bytes: 3 }, at + 7 + 1),
        ("integer cut off", with_condition(&[&name, &minus[..5]].concat()), Kind::TokenTruncated, at + 7 + 1),
        ("integer without sign", with_condition(&[&name, &minus[..9]].concat()), Kind::TokenTruncated, at + 7 + 9),
        ("sign 0", compared(&integer(0, 2)), Kind::IntegerSignUnknown { code: 0 }, at + 7 + 9),
        ("sign 4", compared(&integer(4, 2)), Kind::IntegerSignUnknown { code: 4 }, at + 7 + 9),
        ("base 0", compared(&integer(3, 0)), Kind::IntegerBaseUnknown { code: 0 }, at + 7 + 10),
        ("base 4", compared(&integer(3, 4)), Kind::IntegerBaseUnknown { code: 4 }, at + 7 + 10),
        ("minus 5 is 5", compared(&integer(2, 2)), contradicted, at + 7),
        ("plus 5 is -1", compared(&negative(1, 3)), contradicted, at + 7),
        ("5 is -1", compared(&negative(3, 2)), contradicted, at + 7),
        ("composite in a composite", compared(&counted(0x50, &counted(0x50, &[]))), Kind::CompositeMemberUnfit { code: 0x50 }, at + 12),
        ("name in a composite", compared(&counted(0x50, &name)), Kind::CompositeMemberUnfit { code: 0xf8 }, at + 12),
        ("operator in a composite", compared(&counted(0x50, &[0x80])), Kind::CompositeMemberUnfit { code: 0x80 }, at + 12),
        ("padding in a composite", compared(&counted(0x50, &[0])), Kind::CompositeMemberUnfit { code: 0 }, at + 12),
        ("member longer than its composite", compared(&[counted(0x50, &[0x10, 1, 0, 0, 0]), vec![0]].concat()), Kind::TokenTruncated, at + 13),
        ("no operand", with_condition(&[0xa2]), missing(Operator::Not), at),
        ("one operand", with_condition(&[name.clone(), vec![0xa0]].concat()), missing(Operator::And), at + 7),
        ("one operand", with_condition(&[name.clone(), vec![0x80]].concat()), missing(Operator::Equal), at + 7),
        ("one operand", with_condition(&[name.clone(), vec![0x86]].concat()), missing(Operator::Contains), at + 7),
        ("two results", with_condition(&[name.clone(), name.clone()].concat()), wrong(ConditionErrorKind::OperandLeftOver), at + 14),
        ("a value", with_condition(&counted(0x18, &[1, 2, 3])), wrong(ConditionErrorKind::ResultMissing), at + 8),
        ("a literal denied", with_condition(&[counted(0x10, b""), vec![0xa2]].concat()), unfit(Operator::Not), at + 5),
        ("a literal and a name", with_condition(&[counted(0x10, b""), name.clone(), vec![0xa0]].concat()), unfit(Operator::And), at + 12),
        ("a name and a literal", with_condition(&[name.clone(), counted(0x10, b""), vec![0xa1]].concat()), unfit(Operator::Or), at + 12),
        ("a literal compared", with_condition(&[counted(0x10, b""), name.clone(), vec![0x80]].concat()), unfit(Operator::Equal), at + 12),
        ("an integer that contains", with_condition(&[integer(3, 2), name.clone(), vec![0x86]].concat()), unfit(Operator::Contains), at + 18),
        ("a result compared", with_condition(&[&name[..], &[0x87], &name, &[0x80]].concat()), unfit(Operator::Equal), at + 15),
        ("a result that exists", with_condition(&[&name[..], &[0x87, 0x87]].concat()), unfit(Operator::Exists), at + 8),
        ("a string that exists", with_condition(&[counted(0x10, b""), vec![0x8d]].concat()), unfit(Operator::NotExists), at + 5),
        ("member of an attribute", with_condition(&[name.clone(), vec![0x89]].concat()), unfit(Operator::MemberOf), at + 7),
        ("member of a string", with_condition(&[counted(0x10, b""), vec![0x92]].concat()), unfit(Operator::NotMemberOfAny), at + 5),
    ]);
}

#[test]
fn oss_fuzz_64197_bytes_after_a_sid_in_a_condition_are_malformed() {
    let longer = [EVERYONE.as_slice(), &[0]].concat();
    let bytes = with_condition(&[counted(0x51, &longer), vec![0x89]].concat());
    assert_eq!(malformed(&bytes), Some((Kind::SidTrailingBytes, DATA + 4 + 5 + 12)));
    let bytes = with_condition(&[counted(0x51, &EVERYONE[..8]), vec![0x89]].concat());
    assert_eq!(malformed(&bytes), Some((Kind::SidTruncated, DATA + 4 + 5 + 8)));
}

#[test]
fn samba_29bb93d_nul_in_a_string_is_malformed() {
    let string = counted(0x10, &[97, 0, 0, 0]);
    let kind = Kind::Condition(ConditionErrorKind::StringHasNul);
    let bytes = with_condition(&[counted(0xf8, &[97, 0]), string.clone(), vec![0x80]].concat());
    assert_eq!(malformed(&bytes), Some((kind, DATA + 4 + 7)));
    let bytes = with_condition(&[counted(0xf8, &[97, 0]), counted(0x50, &string), vec![0x80]].concat());
    assert_eq!(malformed(&bytes), Some((kind, DATA + 4 + 7)), "within a composite too");
}

#[test]
#[rustfmt::skip]
fn conditions_are_padded_with_up_to_three_zeros() {
    let mut names = Vec::new();
    // 4 + 7, 4 + 7 + 1, 4 + 7 + 2 and 4 + 7 + 3 bytes.
    for negations in 0..4 {
        let tokens = [counted(0xf8, &[97, 0]), vec![0xa2; negations]].concat();
        let bytes = with_condition(&tokens);
        let descriptor = binary::from_bytes(&bytes).unwrap();
        assert_eq!(binary::to_bytes(&descriptor).unwrap(), bytes);
        names.push(bytes.len() - DATA - 4 - tokens.len());
    }
    assert_eq!(names, [1, 0, 3, 2]);
    let name = counted(0xf8, &[97, 0]);
    let at = DATA + 4 + 7;
    let padded = |padding: &[u8]| with_condition(&[&name[..], padding].concat());
    assert_malformed(&[
        ("five", padded(&[0; 5]), Kind::PaddingTooLong { bytes: 5 }, at),
        ("not zero", padded(&[0, 0x80, 0, 0, 0]), Kind::PaddingNonzero, at + 1),
        ("a token after padding", padded(&[0, 0xa2]), Kind::PaddingNonzero, at + 1),
    ]);
}

#[test]
#[rustfmt::skip]
fn claims_are_refused() {
    let name = [97, 0, 0, 0];
    let value = |code, offset: u32, content: &[u8]| {
        with_claim(&claim(20, code, &[offset], &[name.as_slice(), content].concat()))
    };
    let odd = |code| with_claim(&claim(16, code, &[], &name));
    let sid = |payload: &[u8]| value(5, 24, &counted(0, payload)[1..]);
    assert_refusals(&[
        ("cut in its header", with_claim(&[0; 12]), Kind::ClaimTypeUnknown { code: 0 }, DATA + 4),
        ("cut in its header", with_claim(&[16, 0, 0, 0, 1, 0, 0, 0]), Kind::ClaimTruncated, DATA + 8),
        ("cut in its table", with_claim(&claim(20, 1, &[24], &[])[..16]), Kind::ClaimTruncated, DATA + 12),
        ("type 4", odd(4), Kind::ClaimTypeUnknown { code: 4 }, DATA + 4),
        ("type 7", odd(7), Kind::ClaimTypeUnknown { code: 7 }, DATA + 4),
        ("type 0x11", odd(0x11), Kind::ClaimTypeUnknown { code: 0x11 }, DATA + 4),
        ("name in the header", with_claim(&claim(12, 1, &[], &name)), Kind::ClaimOffsetIntoHeader { to: 12 }, DATA),
        ("name in the table", with_claim(&claim(16, 1, &[24], &[0; 16])), Kind::ClaimOffsetIntoHeader { to: 16 }, DATA),
        ("name beyond", with_claim(&claim(20, 1, &[], &name)), Kind::ClaimOffsetOutOfRange { to: 20 }, DATA),
        ("value beyond", value(1, 28, &[]), Kind::ClaimOffsetOutOfRange { to: 28 }, DATA + 16),
        ("value far away", value(1, u32::MAX, &[]), Kind::ClaimOffsetOutOfRange { to: u32::MAX }, DATA + 16),
        ("no name", with_claim(&claim(16, 1, &[], &[0, 0])), Kind::Claim(ClaimError::NameEmpty), DATA),
        ("name without end", with_claim(&claim(16, 1, &[], &[97, 0, 98, 0])), Kind::ClaimStringUnterminated, DATA + 16),
        ("name of half a unit", with_claim(&claim(19, 1, &[], &name)), Kind::ClaimStringUnterminated, DATA + 19),
        ("string without end", value(3, 24, &[98, 0, 99, 0]), Kind::ClaimStringUnterminated, DATA + 24),
        ("lone surrogate", value(3, 24, &[0, 0xd8, 0, 0]), Kind::StringUnpairedSurrogate, DATA + 24),
        ("integer cut off", value(1, 24, &[0; 4]), Kind::ClaimTruncated, DATA + 24),
        ("unsigned cut off", value(2, 24, &[0; 4]), Kind::ClaimTruncated, DATA + 24),
        ("neither true nor false", value(6, 24, &[2, 0, 0, 0, 0, 0, 0, 0]), Kind::ClaimBoolOutOfRange { value: 2 }, DATA + 24),
        ("octets cut off", value(0x10, 24, &[5, 0, 0, 0, 1, 2, 3, 4]), Kind::ClaimTruncated, DATA + 24),
        ("SID cut off", sid(&EVERYONE[..8]), Kind::SidTruncated, DATA + 28 + 8),
        ("SID with more", sid(&[EVERYONE.as_slice(), &[0; 4]].concat()), Kind::SidTrailingBytes, DATA + 28 + 12),
        ("no SID", sid(b"S-1-5-+2"), Kind::ClaimSidMalformed, DATA + 28),
        ("no SID", sid(b"S-1-+5-2"), Kind::ClaimSidMalformed, DATA + 28),
        ("no SID", sid(b"S-1-5"), Kind::ClaimSidMalformed, DATA + 28),
        ("no SID", sid(b"S-1-5-32-544\0\0"), Kind::ClaimSidMalformed, DATA + 28),
        ("alias", sid(b"BA"), Kind::SidRevisionUnknown { revision: b'B' }, DATA + 28),
    ]);
}

#[test]
fn samba_6fb98f7_resource_attribute_without_a_claim_is_refused() {
    let bytes = with_entries(1, &ace_with_data(0x12, &[]));
    assert_eq!(refusal(&bytes), Some((Kind::ClaimTruncated, DATA)));
}

#[test]
fn samba_78f7280_claim_offsets_to_nowhere_and_to_itself_are_refused() {
    let name = [97, 0, 0, 0];
    let with_offset = |to| with_claim(&claim(20, 3, &[to], &name));
    for to in [0, 1, 15, 16, 19] {
        let kind = Kind::ClaimOffsetIntoHeader { to };
        assert_eq!(refusal(&with_offset(to)), Some((kind, DATA + 16)), "{to}");
    }
    for to in [0, 16, 19] {
        let kind = Kind::ClaimOffsetIntoHeader { to };
        assert_eq!(
            refusal(&with_claim(&claim(to, 3, &[20], &name))),
            Some((kind, DATA)),
            "{to}"
        );
    }
    let zero = with_claim(&claim(0, 3, &[], &name));
    assert_eq!(
        refusal(&zero),
        Some((Kind::ClaimOffsetIntoHeader { to: 0 }, DATA)),
        "no name at all"
    );
}

#[test]
fn errors_name_the_place() {
    let error = |bytes: &[u8]| binary::from_bytes(bytes).unwrap_err().to_string();
    assert_eq!(error(&[]), "the descriptor ends within its header at byte 0");
    assert_eq!(
        error(&header(0x8000, [19, 0, 0, 0])),
        "the offset 19 points into the header at byte 4"
    );
    let error = binary::condition_from_bytes(b"artx\xa2", &Limits::DEFAULT).unwrap_err();
    assert_eq!(error.to_string(), "an operand of `!` is missing at byte 4");
    // The error of the condition is the source of the error about the bytes.
    assert_eq!(error.code(), "condition");
    let source = core::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "an operand of `!` is missing");
    assert!(core::error::Error::source(&binary::from_bytes(&[]).unwrap_err()).is_none());
}

//! Bytes that are accepted, and the bytes that are written for them.

use crate::builders::*;
use sddl_authz::{
    AccessCheck, AccessMask, Ace, AclState, Caller, Claim, Control, SecurityDescriptor, Sid,
    ace::ApplicationData,
    binary::{self, DecodeErrorKind as Kind},
    claim::{ClaimFlags, ClaimValues},
    condition::ConditionErrorKind,
    sddl,
};

#[test]
fn oss_fuzz_62929_sign_and_base_of_an_integer_survive() {
    for (value, sign, base) in [
        (0_i64, 2, 2),
        (0, 3, 3),
        (0, 2, 1),
        (-1, 3, 3),
        (-128, 2, 1),
        (127, 1, 2),
    ] {
        for code in 1..=4 {
            let integer = [[code].as_slice(), &value.to_le_bytes(), &[sign, base]].concat();
            let bytes = with_condition(&[counted(0xf9, &[97, 0]), integer, vec![0x80]].concat());
            let descriptor = binary::from_bytes(&bytes).unwrap();
            assert_eq!(
                binary::to_bytes(&descriptor).unwrap(),
                bytes,
                "{value} {sign} {base} {code}"
            );
        }
    }
}

#[test]
fn callback_data_is_a_condition_nothing_or_opaque() {
    let opaque = with_entries(1, &ace_with_data(0x0a, b"bytes of an application."));
    let descriptor = binary::from_bytes(&opaque).unwrap();
    let data = ApplicationData::Opaque((*b"bytes of an application.").into());
    assert_eq!(only_ace(&descriptor).data(), &data);
    assert_eq!(binary::to_bytes(&descriptor).unwrap(), opaque);
    let nothing = with_entries(1, &ace_with_data(0x0a, &[]));
    let descriptor = binary::from_bytes(&nothing).unwrap();
    assert_eq!(only_ace(&descriptor).data(), &ApplicationData::None);
    let filter = with_entries(1, &ace_with_data(0x15, &[]));
    let descriptor = binary::from_bytes(&filter).unwrap();
    assert_eq!(only_ace(&descriptor).data(), &ApplicationData::None);
    let filter = with_entries(1, &ace_with_data(0x15, b"arty"));
    let descriptor = binary::from_bytes(&filter).unwrap();
    assert_eq!(
        only_ace(&descriptor).data(),
        &ApplicationData::Opaque((*b"arty").into())
    );
    assert!(only_ace(&descriptor).has_malformed_condition());
}

#[test]
fn claim_values_may_stand_in_any_order_and_be_shared() {
    let content = [[98, 0, 0, 0, 0, 0].as_slice(), &[97, 0, 0, 0]].concat();
    // The value `b` twice, the name after it, and the name as a value.
    let bytes = with_claim(&claim(28 + 6, 3, &[28, 28, 34], &content));
    let descriptor = binary::from_bytes(&bytes).unwrap();
    let values = ClaimValues::String(vec!["b".into(), "b".into(), "a".into()]);
    let expected = Claim::new("a", ClaimFlags::empty(), values).unwrap();
    assert_eq!(only_ace(&descriptor).data(), &ApplicationData::Claim(expected.into()));
    // Written as Windows does: the name after the table, then each value.
    let expected = with_claim(&claim(
        28,
        3,
        &[32, 36, 40],
        &[97, 0, 0, 0, 98, 0, 0, 0, 98, 0, 0, 0, 97, 0, 0, 0],
    ));
    assert_eq!(binary::to_bytes(&descriptor).unwrap(), expected);
}

#[test]
fn claims_may_have_sids_as_bytes_and_as_text() {
    for payload in [
        ADMINISTRATORS.as_slice(),
        b"S-1-5-32-544",
        b"S-1-5-32-544\0",
        b"S-1-0x5-32-544",
    ] {
        let content = [[97, 0, 0, 0].as_slice(), &counted(0, payload)[1..]].concat();
        let descriptor = binary::from_bytes(&with_claim(&claim(20, 5, &[24], &content))).unwrap();
        let values = ClaimValues::Sid(vec![Sid::ADMINISTRATORS]);
        let expected = Claim::new("a", ClaimFlags::empty(), values).unwrap();
        assert_eq!(only_ace(&descriptor).data(), &ApplicationData::Claim(expected.into()));
    }
}

#[test]
fn spare_bytes_of_a_list_are_accepted_and_not_kept() {
    let plain = ace_with_data(0x00, &[]);
    let spare = with_acl(&acl(4, 32, 1, &[plain.as_slice(), &[0xaa; 4]].concat()));
    let descriptor = binary::from_bytes(&spare).unwrap();
    assert_eq!(binary::to_bytes(&descriptor).unwrap(), with_entries(1, &plain));
}

#[test]
fn only_object_entries_ask_for_revision_4() {
    let revision = |entry: &[u8]| {
        let bytes = with_acl(&acl(4, entry.len() + 8, 1, entry));
        let written = binary::to_bytes(&binary::from_bytes(&bytes).unwrap()).unwrap();
        written[ACL]
    };
    let object = ace(0x05, &[[0; 8].as_slice(), &EVERYONE].concat());
    let callback_object = ace(0x0b, &[[0; 8].as_slice(), &EVERYONE].concat());
    assert_eq!(revision(&object), 4);
    assert_eq!(revision(&callback_object), 4);
    assert_eq!(revision(&ace_with_data(0x00, &[])), 2);
    assert_eq!(
        revision(&ace_with_data(
            0x09,
            &[b"artx".as_slice(), &counted(0xf8, &[97, 0])].concat()
        )),
        2
    );
    assert_eq!(revision(&ace_with_data(0x12, &claim(16, 1, &[], &[97, 0, 0, 0]))), 2);
}

#[test]
fn parts_are_written_in_the_order_of_windows() {
    let mut descriptor = SecurityDescriptor::default();
    descriptor.owner = Some(Sid::ADMINISTRATORS);
    descriptor.group = Some(Sid::EVERYONE);
    descriptor.dacl = AclState::Present(vec![Ace::allow(Sid::EVERYONE, Default::default())].into());
    descriptor.sacl = AclState::Present(Vec::new().into());
    let expected = [
        header(0x8014, [56, 72, 20, 28]),
        acl(2, 8, 0, &[]),
        acl(2, 28, 1, &ace_with_data(0x00, &[])),
        ADMINISTRATORS.to_vec(),
        EVERYONE.to_vec(),
    ]
    .concat();
    assert_eq!(binary::to_bytes(&descriptor).unwrap(), expected);
    // Any prefix lacks a part of the group.
    for cut in 0..expected.len() {
        assert!(refusal(&expected[..cut]).is_some(), "{cut}");
    }
}

#[test]
fn parts_may_be_shared_and_in_any_order() {
    let bytes = [header(0x8014, [20, 20, 32, 32]), EVERYONE.to_vec(), acl(2, 8, 0, &[])].concat();
    let descriptor = binary::from_bytes(&bytes).unwrap();
    assert_eq!(
        (descriptor.owner, descriptor.group),
        (Some(Sid::EVERYONE), Some(Sid::EVERYONE))
    );
    assert_eq!(descriptor.sacl, descriptor.dacl);
    let written = binary::to_bytes(&descriptor).unwrap();
    assert_eq!(binary::from_bytes(&written), Ok(descriptor));
}

#[test]
fn three_states_of_a_list_are_told_apart() {
    let dacl = |bytes: &[u8]| binary::from_bytes(bytes).unwrap().dacl;
    assert_eq!(dacl(&header(0x8000, [0; 4])), AclState::Absent);
    assert_eq!(dacl(&header(0x8004, [0; 4])), AclState::Null);
    assert_eq!(
        dacl(&with_acl(&acl(2, 8, 0, &[]))),
        AclState::Present(Vec::new().into())
    );
    for bytes in [
        header(0x8000, [0; 4]),
        header(0x8004, [0; 4]),
        with_acl(&acl(2, 8, 0, &[])),
    ] {
        assert_eq!(binary::to_bytes(&binary::from_bytes(&bytes).unwrap()).unwrap(), bytes);
    }
}

#[test]
fn an_offset_without_its_present_bit_is_ignored() {
    let bytes = header(0x8000, [0, 0, 1, u32::MAX]);
    let descriptor = binary::from_bytes(&bytes).unwrap();
    assert_eq!((descriptor.sacl, descriptor.dacl), (AclState::Absent, AclState::Absent));
}

#[test]
fn an_owner_at_offset_0_is_none() {
    let descriptor = binary::from_bytes(&header(0x8000, [0; 4])).unwrap();
    assert_eq!((descriptor.owner, descriptor.group), (None, None));
}

#[test]
fn bytes_after_the_descriptor_are_accepted_and_not_kept() {
    let plain = with_entries(1, &ace_with_data(0x00, &[]));
    let descriptor = binary::from_bytes(&[plain.as_slice(), &[0xff; 9]].concat()).unwrap();
    assert_eq!(binary::to_bytes(&descriptor).unwrap(), plain);
}

/// The control word of EricZimmerman/MFT issue 3.
#[test]
fn protected_inherited_null_lists_are_null_lists() {
    let bytes = [
        header(0xbc14, [20, 36, 0, 0]),
        ADMINISTRATORS.to_vec(),
        EVERYONE.to_vec(),
    ]
    .concat();
    assert_eq!(bytes[..6], [0x01, 0x00, 0x14, 0xbc, 0x14, 0x00]);
    let descriptor = binary::from_bytes(&bytes).unwrap();
    assert_eq!((&descriptor.dacl, &descriptor.sacl), (&AclState::Null, &AclState::Null));
    let flags =
        Control::DACL_PROTECTED | Control::DACL_AUTO_INHERITED | Control::SACL_PROTECTED | Control::SACL_AUTO_INHERITED;
    assert!(descriptor.control().contains(flags));
    assert_eq!(binary::to_bytes(&descriptor).unwrap(), bytes);
}

#[test]
fn control_bits_and_the_byte_of_the_resource_manager_are_kept() {
    let mut bytes = header(0xffeb, [0; 4]);
    bytes[1] = 0x5a;
    let descriptor = binary::from_bytes(&bytes).unwrap();
    assert_eq!(descriptor.resource_manager_control, 0x5a);
    assert_eq!(binary::to_bytes(&descriptor).unwrap(), bytes);
}

#[test]
fn reserved_fields_may_hold_anything() {
    let mut bytes = with_entries(1, &ace_with_data(0x12, &claim(16, 1, &[], &[97, 0, 0, 0])));
    let expected = binary::from_bytes(&bytes).unwrap();
    for reserved in [ACL + 1, ACL + 6, ACL + 7, DATA + 6, DATA + 7] {
        bytes[reserved] = 0xff;
    }
    assert_eq!(binary::from_bytes(&bytes), Ok(expected));
}

#[test]
fn entries_of_unknown_types_are_kept_as_bytes() {
    for code in [0x04, 0x16, 0x80, 0xff] {
        for body in [[].as_slice(), &[1, 2, 3, 4], &[0xee; 40]] {
            let bytes = with_entries(1, &ace(code, body));
            let descriptor = binary::from_bytes(&bytes).unwrap();
            let entry = only_ace(&descriptor);
            assert_eq!((entry.ace_type().code(), entry.trustee()), (code, None));
            assert_eq!(entry.data(), &ApplicationData::Opaque(body.into()));
            assert_eq!(binary::to_bytes(&descriptor).unwrap(), bytes);
        }
    }
}

/// [MS-DTYP] 2.4.4.17.5: the width of an integer is its range.
#[test]
fn integers_are_in_the_range_of_their_width() {
    let of = |code: u8, value: i64| {
        let (sign, base) = (if value < 0 { 2 } else { 1 }, 2);
        let integer = [[code].as_slice(), &value.to_le_bytes(), &[sign, base]].concat();
        with_condition(&[counted(0xf9, &[97, 0]), integer, vec![0x80]].concat())
    };
    let out = Some((Kind::Condition(ConditionErrorKind::IntegerOutOfRange), DATA + 4 + 7));
    for (code, least, most) in [(1, -128, 127), (2, -32_768, 32_767), (3, -2_147_483_648, 2_147_483_647)] {
        for value in [least, least + 1, 0, most - 1, most] {
            assert_eq!(malformed(&of(code, value)), None, "{code} {value}");
        }
        for value in [i64::MIN, least - 1, most + 1, i64::MAX] {
            assert_eq!(malformed(&of(code, value)), out, "{code} {value}");
        }
    }
    for value in [i64::MIN, -1, 0, i64::MAX] {
        assert_eq!(malformed(&of(4, value)), None, "{value}");
    }
    // Without a sign and in hexadecimal, 255 is no integer of 8 bits either.
    let integer = [[1].as_slice(), &255_u64.to_le_bytes(), &[3, 3]].concat();
    let bytes = with_condition(&[counted(0xf9, &[97, 0]), integer.clone(), vec![0x80]].concat());
    assert_eq!(malformed(&bytes), out);
    let bytes = with_condition(&[counted(0xf9, &[97, 0]), counted(0x50, &integer), vec![0x80]].concat());
    assert_eq!(malformed(&bytes), out, "in a composite");
}

/// [MS-DTYP] 2.4.4.1: the size may be larger than the fields.
#[test]
fn bytes_after_the_fields_of_an_entry_are_ignored() {
    let claim = claim(16, 1, &[], &[97, 0, 0, 0]);
    for surplus in [4, 8, 64] {
        for code in (0x00..=0x03).chain(0x05..=0x08).chain(0x11..=0x14) {
            let objects: &[u8] = if (0x05..=0x08).contains(&code) { &[0; 4] } else { &[] };
            let data: &[u8] = if code == 0x12 { &claim } else { &[] };
            let body = [&[0x89; 4], objects, &EVERYONE, data].concat();
            let next = ace_with_data(0x00, &[]);
            let exact = [ace(code, &body), next.clone()].concat();
            let spare = [ace(code, &[body.as_slice(), &vec![0xa5; surplus]].concat()), next].concat();
            let descriptor = binary::from_bytes(&with_entries(2, &spare)).unwrap();
            assert_eq!(
                Ok(&descriptor),
                binary::from_bytes(&with_entries(2, &exact)).as_ref(),
                "{code:#x}"
            );
            let written = binary::to_bytes(&descriptor).unwrap();
            assert_eq!(written[ACE..], exact, "{code:#x}");
        }
    }
}

/// In these types all bytes after the SID are application data, so none is spare.
#[test]
fn bytes_after_the_fields_of_a_callback_entry_are_its_data() {
    for code in 0x09..=0x10 {
        let objects: &[u8] = if matches!(code, 0x0b | 0x0c | 0x0f | 0x10) {
            &[0; 4]
        } else {
            &[]
        };
        let bytes = with_entries(1, &ace(code, &[&[0; 4], objects, &EVERYONE, &[0; 4]].concat()));
        let descriptor = binary::from_bytes(&bytes).unwrap();
        assert_eq!(only_ace(&descriptor).data(), &ApplicationData::Opaque([0; 4].into()));
        assert_eq!(binary::to_bytes(&descriptor).unwrap()[ACE..], bytes[ACE..]);
    }
}

/// [MS-DTYP] 2.5.3.1.5.
#[test]
fn a_malformed_condition_leaves_the_descriptor_readable() {
    // `!` without an operand.
    let tokens = b"artx\xa2\0\0\0";
    for code in (0x09..=0x10).chain([0x15]) {
        let objects: &[u8] = if matches!(code, 0x0b | 0x0c | 0x0f | 0x10) {
            &[0; 4]
        } else {
            &[]
        };
        let entry = ace(code, &[&[1, 0, 0, 0], objects, &EVERYONE, tokens].concat());
        let entries = [entry, ace_with_data(0x00, &[])].concat();
        let descriptor = binary::from_bytes(&with_entries(2, &entries)).unwrap();
        let [kept, _] = descriptor.dacl.aces() else {
            panic!("two entries")
        };
        assert!(
            kept.has_malformed_condition() && kept.condition().is_none(),
            "{code:#x}"
        );
        assert_eq!(kept.data(), &ApplicationData::Opaque(tokens.as_slice().into()));
        assert_eq!(binary::to_bytes(&descriptor).unwrap()[ACE..], entries);
        // SDDL has no text for it, and the error names the entry.
        let error = sddl::to_text(&descriptor, &sddl::Options::default()).unwrap_err();
        assert!(error.to_string().contains("entry 0"), "{error}");
    }
}

/// [MS-DTYP] 2.5.3.1.5: a condition that is unknown grants nothing in an entry that allows, and lets one that denies deny.
#[test]
fn malformed_conditions_grant_nothing_and_deny() {
    let caller = Caller::bare(Sid::EVERYONE).unwrap();
    let question = AccessCheck::new(&caller, AccessMask::from_bits_retain(1));
    let of = |code: u8, tokens: &[u8]| {
        let objects: &[u8] = if matches!(code, 0x0b | 0x0c) { &[0; 4] } else { &[] };
        ace(code, &[&[1, 0, 0, 0], objects, &EVERYONE, tokens].concat())
    };
    let allowed = |entries: &[Vec<u8>]| {
        let bytes = with_entries(u16::try_from(entries.len()).unwrap(), &entries.concat());
        let decision = question.check_bytes(&bytes).unwrap();
        assert_eq!(decision, question.check(&binary::from_bytes(&bytes).unwrap()));
        decision.is_allowed()
    };
    let plain = of(0x00, &[]);
    for tokens in [
        b"artx\xa2\0\0\0".as_slice(),
        b"artx",
        b"artx\xf8\x02\0\0\0a\0\0\0\0\0\0",
        b"artx\x05\0\0\0",
    ] {
        for code in [0x09, 0x0b] {
            assert!(!allowed(&[of(code, tokens)]));
            assert!(allowed(&[of(code, tokens), plain.clone()]));
        }
        for code in [0x0a, 0x0c] {
            assert!(!allowed(&[of(code, tokens), plain.clone()]));
            assert!(allowed(&[plain.clone(), of(code, tokens)]));
        }
    }
}

#[test]
fn a_view_has_the_parts_of_the_descriptor() {
    let descriptor: SecurityDescriptor = "O:SYG:BAD:P(A;;FA;;;WD)".parse().unwrap();
    let bytes = binary::to_bytes(&descriptor).unwrap();
    assert_eq!(descriptor.to_bytes().as_ref(), Ok(&bytes));
    assert_eq!(SecurityDescriptor::from_bytes(&bytes).as_ref(), Ok(&descriptor));
    assert_eq!(SecurityDescriptor::try_from(bytes.as_slice()).as_ref(), Ok(&descriptor));
    let view = binary::DescriptorView::new(&bytes).unwrap();
    assert_eq!(
        (view.owner(), view.group()),
        (Some(Sid::LOCAL_SYSTEM), Some(Sid::ADMINISTRATORS))
    );
    // SE_SELF_RELATIVE, SE_DACL_PROTECTED, SE_DACL_PRESENT.
    assert_eq!(view.control().bits(), 0x9004);
    let bare = binary::to_bytes(&SecurityDescriptor::default()).unwrap();
    let view = binary::DescriptorView::new(&bare).unwrap();
    assert_eq!(
        (view.owner(), view.group(), view.control().bits()),
        (None, None, 0x8000)
    );
}

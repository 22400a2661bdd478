//! Rights: tokens, numbers, and the text of a mask.

use crate::table::{changed, prints, refused, run, same};
use sddl_authz::{
    AccessMask, AceType,
    sddl::{ParseErrorKind as Kind, ViolationKind as Oddity, rights_to_text},
};

#[test]
fn rights_as_windows_reads_them() {
    run(&[
        prints(
            "a set and a bit have no token together",
            "D:(A;;FAGX;;;WD)",
            "D:(A;;0x201f01ff;;;WD)",
        ),
        prints(
            "bits have tokens",
            "D:(A;;0x1ff;;;WD)",
            "D:(A;;CCDCLCSWRPWPDTLOCR;;;WD)",
        ),
        same("read and execute has no name", "D:(A;;0x1200a9;;;WD)"),
        same("a bit without token", "D:(A;;0x401200a0;;;WD)"),
        prints("decimal", "D:(A;;16;;;WD)", "D:(A;;RP;;;WD)"),
        prints("octal", "D:(A;;01234567;;;WD)", "D:(A;;0x53977;;;WD)"),
        prints("no right as a number", "D:(A;;0;;;WD)", "D:(A;;;;;WD)"),
        same("no right", "D:(A;;;;;WD)"),
        prints(
            "tokens are never hexadecimal",
            "D:(A;;CCDCLC;;;WD)",
            "D:(A;;CCDCLC;;;WD)",
        ),
        prints(
            "order and repetition do not count",
            "D:(A;;RCCCRC;;;WD)",
            "D:(A;;CCRC;;;WD)",
        ),
        prints("all bits", "D:(A;;0xffffffff;;;WD)", "D:(A;;0xffffffff;;;WD)"),
        prints(
            "all bits in decimal",
            "D:(A;;4294967295;;;WD)",
            "D:(A;;0xffffffff;;;WD)",
        ),
        prints(
            "all bits in octal",
            "D:(A;;037777777777;;;WD)",
            "D:(A;;0xffffffff;;;WD)",
        ),
        prints(
            "leading zeros in hexadecimal",
            "D:(A;;0x000000000010;;;WD)",
            "D:(A;;RP;;;WD)",
        ),
        refused("an alias of a domain is no right", "D:(A;;DA;;;WD)", Kind::RightUnknown),
        refused("an alias is no right", "D:(A;;BA;;;WD)", Kind::RightUnknown),
        refused(
            "CR is no... flag of a list",
            "D:CR(A;;GA;;;WD)",
            Kind::AclFlagUnknown {
                list: sddl_authz::sddl::AclKind::Dacl,
            },
        ),
        refused("no such right SY", "D:(A;;SY;;;WD)", Kind::RightUnknown),
        refused("no such right MA", "D:(A;;MA;;;WD)", Kind::RightUnknown),
        refused("no such right AS", "D:(A;;AS;;;WD)", Kind::RightUnknown),
        refused("no such right CA", "D:(A;;CA;;;WD)", Kind::RightUnknown),
        refused("an odd count of letters", "D:(A;;GAX;;;WD)", Kind::RightUnknown),
        refused("a token and a number", "D:(A;;GA0x1;;;WD)", Kind::AceFieldMissing),
        refused("a number and a token", "D:(A;;0x1GA;;;WD)", Kind::AceFieldMissing),
        refused("nothing behind 0x", "D:(A;;0x;;;WD)", Kind::MaskMalformed),
        refused("an 8 in octal", "D:(A;;08;;;WD)", Kind::MaskMalformed),
        refused("a minus alone", "D:(A;;-;;;WD)", Kind::MaskMalformed),
        refused("a plus", "D:(A;;+1;;;WD)", Kind::AceFieldMissing).note("inferred: only the minus was seen"),
    ]);
}

#[test]
fn numbers_that_windows_changes() {
    use Kind::{MaskNegative as Negative, MaskOutOfRange as TooHigh};
    run(&[
        changed("negative", "D:(A;;-99;;;WD)", Negative, "D:(A;;0xffffff9d;;;WD)"),
        changed(
            "negative in hexadecimal",
            "D:(A;;-0xffffff55;;;WD)",
            Negative,
            "D:(A;;CCDCSWWPLO;;;WD)",
        ),
        changed(
            "saturated, then negated",
            "D:(A;;-9876543210;;;WD)",
            Negative,
            "D:(A;;CC;;;WD)",
        ),
        changed(
            "saturated",
            "D:(A;;0x123456789;;;WD)",
            TooHigh,
            "D:(A;;0xffffffff;;;WD)",
        ),
        changed(
            "saturated, decimal",
            "D:(A;;100000000000000000000000;;;WD)",
            TooHigh,
            "D:(A;;0xffffffff;;;WD)",
        ),
        changed(
            "one too high",
            "D:(A;;4294967296;;;WD)",
            TooHigh,
            "D:(A;;0xffffffff;;;WD)",
        ),
        changed(
            "one too high in octal",
            "D:(A;;040000000000;;;WD)",
            TooHigh,
            "D:(A;;0xffffffff;;;WD)",
        ),
    ]);
}

/// Every token of a right, and its bits.
const TOKENS: [(&str, u32); 25] = [
    ("CC", 0x1),
    ("DC", 0x2),
    ("LC", 0x4),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", 0x40),
    ("LO", 0x80),
    ("CR", 0x100),
    ("SD", 0x1_0000),
    ("RC", 0x2_0000),
    ("WD", 0x4_0000),
    ("WO", 0x8_0000),
    ("GA", 0x1000_0000),
    ("GX", 0x2000_0000),
    ("GW", 0x4000_0000),
    ("GR", 0x8000_0000),
    ("FA", 0x1f_01ff),
    ("FR", 0x12_0089),
    ("FW", 0x12_0116),
    ("FX", 0x12_00a0),
    ("KA", 0xf_003f),
    ("KR", 0x2_0019),
    ("KW", 0x2_0006),
    ("KX", 0x2_0019),
];

fn mask(bits: u32) -> AccessMask {
    AccessMask::from_bits_retain(bits)
}

#[test]
fn every_token_of_a_right() {
    for (token, bits) in TOKENS {
        assert_eq!(token.parse::<AccessMask>(), Ok(mask(bits)), "{token}");
        assert_eq!(
            token.to_ascii_lowercase().parse::<AccessMask>(),
            Ok(mask(bits)),
            "{token}"
        );
        let printed = if token == "KX" { "KR" } else { token };
        assert_eq!(rights_to_text(AceType::Allow, mask(bits)), printed, "{token}");
    }
}

#[test]
fn no_other_two_letters_are_a_right() {
    let letters = || 'A'..='Z';
    let known = letters()
        .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
        .filter(|token| token.parse::<AccessMask>().is_ok())
        .count();
    assert_eq!(known, TOKENS.len());
}

#[test]
fn a_mask_prints_by_the_four_rules() {
    for (bits, text) in [
        (0, ""),
        // A set prints only when it is all of the mask.
        (0x1f_01ff, "FA"),
        (0x1f_01fe, "0x1f01fe"),
        (0x2_0019, "KR"),
        (0x2_001b, "CCDCSWRPRC"),
        // From the lowest bit to the highest.
        (0xf000_0000, "GAGXGWGR"),
        (0x8000_0001, "CCGR"),
        (0xf_01ff, "CCDCLCSWRPWPDTLOCRSDRCWDWO"),
        (0xf00f_01ff, "CCDCLCSWRPWPDTLOCRSDRCWDWOGAGXGWGR"),
        // One bit without a token.
        (0x200, "0x200"),
        (0x8000, "0x8000"),
        (0x10_0000, "0x100000"),
        (0x100_0000, "0x1000000"),
        (0x200_0000, "0x2000000"),
        (0x201, "0x201"),
        (0x20_0000, "0x200000"),
        (0xffff_ffff, "0xffffffff"),
    ] {
        for ace_type in [
            AceType::Allow,
            AceType::Audit,
            AceType::ObjectDeny,
            AceType::ResourceAttribute,
        ] {
            assert_eq!(rights_to_text(ace_type, mask(bits)), text, "{bits:#x}");
        }
    }
}

#[test]
fn every_bit_survives_its_text() {
    for first in 0..32 {
        for second in 0..32 {
            let bits = mask(1 << first | 1 << second);
            let text = rights_to_text(AceType::Allow, bits);
            assert_eq!(text.parse::<AccessMask>(), Ok(bits), "{text}");
            assert_eq!(bits.to_string().parse::<AccessMask>(), Ok(bits));
        }
    }
}

#[test]
fn the_policy_of_a_label() {
    run(&[
        same("no write up", "S:(ML;;NW;;;LW)"),
        same("no read up", "S:(ML;;NR;;;ME)").note("NR is 2, as in sddl.h"),
        same("no execute up", "S:(ML;;NX;;;HI)"),
        prints(
            "all three, in the order of the bits",
            "S:(ML;;NXNRNW;;;SI)",
            "S:(ML;;NWNRNX;;;SI)",
        ),
        prints("the bits as a number", "S:(ML;;0x2;;;ME)", "S:(ML;;NR;;;ME)").note("documented in sddl.h, never seen"),
        prints(
            "the tokens of the same bits",
            "S:(ML;;CCDCLC;;;ME)",
            "S:(ML;;NWNRNX;;;ME)",
        )
        .note("inferred"),
        prints("beside other rights", "S:(ML;;NWSW;;;ME)", "S:(ML;;NWSW;;;ME)").note("inferred"),
        refused("not in another type", "D:(A;;NW;;;WD)", Kind::RightUnknown)
            .note("documented for labels; whether Windows reads it elsewhere is not known"),
        prints("small letters", "S:(ML;;nw;;;lw)", "S:(ML;;NW;;;LW)").tolerating(&[Oddity::LetterCase; 2]),
    ]);
    for (token, bits) in [("NW", 1), ("NR", 2), ("NX", 4)] {
        assert_eq!(rights_to_text(AceType::MandatoryLabel, mask(bits)), token);
        assert_eq!(
            token.parse::<AccessMask>().map_err(|error| error.kind()),
            Err(Kind::RightUnknown)
        );
    }
}

#[test]
fn a_mask_alone_has_something_in_it() {
    for text in ["", " ", "   "] {
        let error = text.parse::<AccessMask>().expect_err("nothing is no mask");
        assert_eq!(error.kind(), Kind::MaskMalformed, "{text:?}");
    }
    assert_eq!("0".parse::<AccessMask>(), Ok(mask(0)));
}

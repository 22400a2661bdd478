//! Entries: their fields, types, flags and GUIDs.

use crate::table::{prints, refused, run, same, windows};
use sddl_authz::{
    AceFlags, AceType, SecurityDescriptor,
    sddl::{AclKind, ParseErrorKind as Kind, to_text},
};

#[test]
fn entries_as_windows_reads_them() {
    let guid = "bf967aba-0de6-11d0-a285-00aa003049e2";
    assert_eq!(guid.len(), 36);
    run(&[
        refused("three fields", "D:(A;;GA)", Kind::AceFieldMissing),
        refused("a seventh field", "D:(A;;GA;;;LG;)", Kind::AceFieldExtra),
        refused(
            "a hundred fields",
            "D:(A;;GA;;;LG;;;;;;;;;;;;;;;;;;;;;;;;;;;;)",
            Kind::AceFieldExtra,
        ),
        refused(
            "a hundred fields and no trustee",
            "D:(A;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;)",
            Kind::SidMissing,
        ),
        refused("no trustee field", "D:(A;;GA;;)", Kind::GuidMalformed),
        refused("no trustee", "D:(A;;GA;;;)", Kind::SidMissing),
        refused("empty", "D:()", Kind::AceTypeUnknown),
        refused("not closed", "D:(A;;GA;;;WD", Kind::AceUnclosed),
        refused("no type", "D:(;;GA;;;WD)", Kind::AceTypeUnknown),
        refused("CROOO as type", "D:(CROOO;;GA;;;WD)", Kind::AceTypeUnknown),
        refused("Antlers as type", "D:(Antlers;;GA;;;WD)", Kind::AceTypeUnknown),
        refused("a type without token", "D:(ZD;;GA;;;WD)", Kind::AceTypeUnknown),
        refused(
            "an audit entry in a DACL",
            "D:(A;;RP;;;WD)(AU;SA;CR;;;BA)",
            Kind::AceTypeNotAllowed { list: AclKind::Dacl },
        ),
        refused(
            "an allow entry in a SACL",
            "S:(A;;RP;;;WD)",
            Kind::AceTypeNotAllowed { list: AclKind::Sacl },
        )
        .note("inferred from audit entries in a DACL"),
        refused(
            "braces round a GUID",
            "D:(OA;;GA;{bf967aba-0de6-11d0-a285-00aa003049e2};;WD)",
            Kind::GuidMalformed,
        ),
        refused(
            "a GUID without hyphens",
            "D:(OA;;GA;bf967aba0de611d0a28500aa003049e2;;WD)",
            Kind::GuidMalformed,
        ),
        refused(
            "16 characters for a GUID",
            "D:(OA;;GA;abcdefghijklmnop;;WD)",
            Kind::GuidMalformed,
        ),
        refused(
            "a hyphen in the wrong place",
            "D:(OA;;GA;bf967ab-a0de6-11d0-a285-00aa003049e2;;WD)",
            Kind::GuidMalformed,
        ),
        refused(
            "a GUID on a plain entry",
            "D:(A;;GA;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)",
            Kind::GuidNotAllowed,
        )
        .note("inferred: no case where Windows accepts it"),
        refused(
            "an inherited GUID on a plain entry",
            "D:(XA;;GA;;bf967aba-0de6-11d0-a285-00aa003049e2;WD;(a))",
            Kind::GuidNotAllowed,
        )
        .note("inferred"),
        prints(
            "capitals in a GUID",
            "D:(OA;;CR;AB721A53-1E2F-11D0-9819-00AA0040529B;BF967ABA-0DE6-11D0-A285-00AA003049E2;PS)",
            "D:(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;bf967aba-0de6-11d0-a285-00aa003049e2;PS)",
        ),
        same(
            "an inherited GUID alone",
            "D:(OA;;CR;;bf967aba-0de6-11d0-a285-00aa003049e2;PS)",
        ),
        same("the zero GUID", "D:(OA;;CR;00000000-0000-0000-0000-000000000000;;PS)"),
        prints("OA without GUIDs", "D:(OA;;GA;;;WD)", "D:(A;;GA;;;WD)"),
        prints("OD without GUIDs", "D:(OD;;GA;;;WD)", "D:(D;;GA;;;WD)"),
        prints("OU without GUIDs", "S:(OU;SA;GA;;;WD)", "S:(AU;SA;GA;;;WD)"),
        prints("OL without GUIDs", "S:(OL;SA;GA;;;WD)", "S:(AL;SA;GA;;;WD)").note("inferred from OA, OD, OU"),
        refused("XA without condition", "D:(XA;;GA;;;WD)", Kind::ConditionMissing)
            .note("inferred: the documented grammar needs the seventh field"),
        refused("XA with an empty condition", "D:(XA;;GA;;;WD;)", Kind::ConditionMissing),
        refused("XU without condition", "S:(XU;;GA;;;WD)", Kind::ConditionMissing),
        refused(
            "ZA without condition",
            "D:(ZA;;GA;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)",
            Kind::ConditionMissing,
        ),
        refused("XA with an eighth field", "D:(XA;;GA;;;WD;(a);)", Kind::AceFieldExtra),
        refused(
            "a condition on a plain entry",
            "D:(A;;GA;;;WD;(a))",
            Kind::AceFieldExtra,
        ),
        refused("RA without claim", "S:(RA;;;;;WD)", Kind::ClaimMissing),
        refused("RA with an empty claim", "S:(RA;;;;;WD;)", Kind::ClaimMissing),
        refused(
            "RA with an eighth field",
            r#"S:(RA;;;;;WD;("a",TI,0x0,1);)"#,
            Kind::AceFieldExtra,
        ),
        refused(
            "RA about somebody",
            r#"S:(RA;;;;;BA;("a",TI,0x0,1))"#,
            Kind::ClaimTrusteeNotAllowed,
        ),
        same("duplicates stay", "D:(A;;GA;;;WD)(A;;GA;;;WD)"),
    ]);
}

#[test]
fn every_type_that_has_a_token() {
    run(&[
        same("A", "D:(A;;GA;;;WD)"),
        same("D", "D:(D;;GA;;;WD)"),
        same("AU", "S:(AU;SA;GA;;;WD)"),
        same("AL", "S:(AL;SA;GA;;;WD)").note("reserved; never seen"),
        same("OA", "D:(OA;;CR;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)"),
        same("OD", "D:(OD;;CR;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)"),
        same("OU", "S:(OU;SA;CR;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)"),
        same("OL", "S:(OL;SA;CR;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)").note("reserved; never seen"),
        same("XA", "D:(XA;;GA;;;WD;(a))"),
        same("XD", "D:(XD;;GA;;;WD;(a))"),
        same("XU", "S:(XU;SA;GA;;;WD;(a))").note("never seen"),
        same("ZA", "D:(ZA;;CR;bf967aba-0de6-11d0-a285-00aa003049e2;;WD;(a))").note("never seen"),
        same("ZA without GUIDs", "D:(ZA;;CR;;;WD;(a))").note("inferred: no plain type says the same"),
        same("ML", "S:(ML;;NW;;;ME)").note("never seen"),
        same("RA", r#"S:(RA;;;;;WD;("a",TI,0x0,1))"#),
        same("SP", "S:(SP;;;;;S-1-17-1)").note("never seen"),
        same("TL", "S:(TL;;CC;;;S-1-19-512-4096)").note("never seen"),
        same("FL", "S:(FL;;CC;;;WD;(a))").note("never seen"),
        same("FL without condition", "S:(FL;;CC;;;WD)").note("inferred"),
    ]);
    let codes = AceType::KNOWN
        .iter()
        .map(|known| (known.token().unwrap_or_default(), known.code()));
    let expected = [
        "A", "D", "AU", "AL", "", "OA", "OD", "OU", "OL", "XA", "XD", "ZA", "", "XU", "", "", "", "ML", "RA", "SP",
        "TL", "FL",
    ];
    for (code, (found, token)) in codes.zip(expected).enumerate() {
        assert_eq!((found.0, usize::from(found.1)), (token, code));
    }
}

#[test]
fn an_entry_stands_in_its_own_list_only() {
    for &known in AceType::KNOWN {
        let Some(token) = known.token() else { continue };
        let dacl = known.effect().belongs_in_dacl() == Some(true);
        let (letter, list) = if dacl {
            ("S", AclKind::Sacl)
        } else {
            ("D", AclKind::Dacl)
        };
        let error = format!("{letter}:({token};;;;;WD)")
            .parse::<SecurityDescriptor>()
            .expect_err(token);
        assert_eq!(error.kind(), Kind::AceTypeNotAllowed { list }, "{token}");
    }
}

#[test]
fn every_flag_of_an_entry() {
    for (token, bit) in [
        ("OI", 0x01),
        ("CI", 0x02),
        ("NP", 0x04),
        ("IO", 0x08),
        ("ID", 0x10),
        ("CR", 0x20),
        ("SA", 0x40),
        ("FA", 0x80),
    ] {
        let text = format!("S:(AU;{token};GA;;;WD)");
        let descriptor: SecurityDescriptor = text.parse().expect(token);
        let flags = descriptor.sacl.acl().expect("a list").aces()[0].flags();
        assert_eq!(flags, AceFlags::from_bits_retain(bit), "{token}");
        assert_eq!(to_text(&descriptor, &windows()), Ok(text));
    }
    run(&[
        prints(
            "from the lowest bit",
            "S:(AU;FASAIDIONPCIOI;GA;;;WD)",
            "S:(AU;OICINPIOIDSAFA;GA;;;WD)",
        ),
        prints("twice", "D:(A;CICI;GA;;;WD)", "D:(A;CI;GA;;;WD)").note("inferred"),
        same("CR between ID and SA", "S:(AU;IDCRSA;GA;;;WD)")
            .note("unknown where Windows prints it; inferred from its bit"),
        same("TP in a filter", "S:(FL;TP;CC;;;WD;(a))").note("never seen; the bit of SA, from the header"),
        prints("SA in a filter", "S:(FL;SA;CC;;;WD;(a))", "S:(FL;TP;CC;;;WD;(a))").note("inferred: one bit"),
        refused("TP elsewhere", "S:(AU;TP;GA;;;WD)", Kind::AceFlagUnknown),
        refused("a right among the flags", "D:(A;GA;GA;;;WD)", Kind::AceFlagUnknown),
        refused("RC among the flags", "D:(A;RC;GA;;;WD)", Kind::AceFlagUnknown),
        refused("half a flag", "D:(A;OIC;GA;;;WD)", Kind::AceFlagUnknown),
        refused("a number", "D:(A;0x3;GA;;;WD)", Kind::AceFieldMissing).note("inferred: no documented form"),
        refused("a blank between flags", "D:(A;OI CI;GA;;;WD)", Kind::AceFieldMissing)
            .note("inferred: never seen accepted"),
    ]);
}

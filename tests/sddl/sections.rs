//! Parts of a descriptor, the three states of a list, blanks and small letters.

use crate::table::{prints, refused, run, same};
use sddl_authz::{
    AclState, SecurityDescriptor,
    sddl::{AclKind, ParseErrorKind as Kind, ViolationKind as Oddity},
};

#[test]
fn parts_end_where_windows_ends_them() {
    use Oddity::{SectionOrder, SidSubAuthorityHexadecimal as Hexadecimal};
    run(&[
        prints(
            "decimal digits never eat the letter of the next part",
            "O:S-1-5-21-1-2-14134865D:(A;;GA;;;WD)",
            "O:S-1-5-21-1-2-14134865D:(A;;GA;;;WD)",
        ),
        same("decimal, then an empty list", "O:S-1-2-512D:"),
        same(
            "decimal, then each kind of part",
            "O:S-1-5-21-1-2-3-512G:S-1-5-21-1-2-3-512D:P",
        ),
        prints(
            "the last D before the colon is a part",
            "O:S-1-2-0x200D:",
            "O:S-1-2-512D:",
        )
        .tolerating(&[Hexadecimal]),
        prints(
            "one hexadecimal digit, then D",
            "O:S-1-2-0x2D:(A;;GA;;;LG)",
            "O:S-1-2-2D:(A;;GA;;;LG)",
        )
        .tolerating(&[Hexadecimal]),
        prints("two D", "O:S-1-2-0x2DD:", "O:S-1-2-45D:")
            .tolerating(&[Hexadecimal])
            .note("inferred from the two rows before it"),
        prints(
            "G is no hexadecimal digit",
            "O:S-1-5-21-1-2-0xAG:BA",
            "O:S-1-5-21-1-2-10G:BA",
        )
        .tolerating(&[Hexadecimal])
        .note("inferred"),
        prints(
            "S is no hexadecimal digit",
            "O:S-1-5-21-1-2-0xAS:",
            "O:S-1-5-21-1-2-10S:",
        )
        .tolerating(&[Hexadecimal])
        .note("inferred"),
        prints(
            "O is no hexadecimal digit",
            "G:S-1-5-21-1-2-0xAO:BA",
            "O:BAG:S-1-5-21-1-2-10",
        )
        .tolerating(&[Hexadecimal, SectionOrder])
        .note("inferred"),
        refused(
            "a small d is a digit, not a part",
            "O:S-1-2-0x2d:",
            Kind::SectionUnknown,
        )
        .note("inferred"),
        same("an alias that ends like a part", "G:DUD:"),
        prints(
            "aliases have two letters",
            "O:LAG:BAD:P(A;OICI;0x1f01ff;;;BA)",
            "O:LAG:BAD:P(A;OICI;FA;;;BA)",
        ),
        prints(
            "a blank behind the colon",
            "O:BAG:BAD: (A;;GA;;;WD)",
            "O:BAG:BAD:(A;;GA;;;WD)",
        )
        .tolerating(&[Oddity::Space]),
        same("two empty lists", "D:S:"),
        same("P is a flag, not a part of what follows", "D:PS:"),
        refused("P is no part", "D:P:S:", Kind::AclFlagUnknown { list: AclKind::Dacl }),
        prints("order is free", "S:D:", "D:S:").tolerating(&[SectionOrder]),
        prints("order is free, all four", "S:D:G:BAO:SY", "O:SYG:BAD:S:").tolerating(&[SectionOrder; 3]),
        refused("a DACL twice", "D:(A;;GA;;;WD)D:", Kind::SectionDuplicate),
        refused("an owner twice", "O:BAO:BA", Kind::SectionDuplicate),
        refused("a group twice", "G:BAG:SY", Kind::SectionDuplicate),
        refused("a SACL twice, not side by side", "S:D:S:", Kind::SectionDuplicate),
        refused("small letter of a part", "d:(A;;GA;;;LG)", Kind::SectionUnknown),
        refused("small letter of the owner", "o:BA", Kind::SectionUnknown),
        refused("no such part Z", "Z:(A;;GA;;;LG)", Kind::SectionUnknown),
        refused("no such part Q", "Q:(A;;GA;;;LG)", Kind::SectionUnknown),
        refused("a blank before the colon", "D :S:", Kind::SectionUnknown),
        refused("an owner without SID", "O:", Kind::SidMissing),
        refused("a group without SID", "G:D:", Kind::SidMissing),
        refused("an alias nobody has", "O:XX", Kind::SidAliasUnknown),
        prints(
            "flags stand before the first entry",
            "D:AI(A;;GA;;;SY)",
            "D:AI(A;;GA;;;SY)",
        ),
        refused("a flag that is none", "D:(AI;;GA;;;SY)", Kind::AceTypeUnknown),
        refused("a flag after the entries", "D:(A;;GA;;;SY)AI", Kind::SectionUnknown),
        refused(
            "half a flag",
            "D:A(A;;GA;;;SY)",
            Kind::AclFlagUnknown { list: AclKind::Dacl },
        ),
        refused(
            "half a flag in a SACL",
            "S:A",
            Kind::AclFlagUnknown { list: AclKind::Sacl },
        ),
        prints("flags in any order", "D:AIPAR(A;;GA;;;SY)", "D:PARAI(A;;GA;;;SY)"),
        prints("flags in any order in a SACL", "S:AIARP", "S:PARAI"),
        prints("a flag four times", "D:PPPP(A;;GA;;;SY)", "D:P(A;;GA;;;SY)").tolerating(&[Oddity::AclFlagRepeated; 3]),
        prints(
            "NO_ACCESS_CONTROL, then S:",
            "D:NO_ACCESS_CONTROLS:AI(ML;;;;;S-1-16-0)",
            "D:NO_ACCESS_CONTROLS:AI(ML;;;;;S-1-16-0)",
        ),
        same("flags of a NULL list", "D:PAINO_ACCESS_CONTROL"),
        refused(
            "entries of a NULL list",
            "D:NO_ACCESS_CONTROL(A;;GA;;;WD)",
            Kind::AclNullWithEntries,
        )
        .note("nobody saw Windows asked; refused, since it says two things"),
        same(
            "quotes and parentheses in a condition hide the ends of entries",
            r#"D:(XA;;GA;;;WD;(Title == "a)b;D:(c"))"#,
        ),
    ]);
}

#[test]
fn absent_null_and_empty_lists_differ() {
    let dacl = |text: &str| text.parse::<SecurityDescriptor>().expect("valid").dacl;
    let sacl = |text: &str| text.parse::<SecurityDescriptor>().expect("valid").sacl;
    let empty = AclState::Present(Vec::new().into());
    assert_eq!(dacl(""), AclState::Absent);
    assert_eq!(dacl("O:BAS:"), AclState::Absent);
    assert_eq!(dacl("D:NO_ACCESS_CONTROL"), AclState::Null);
    assert_eq!(dacl("D:"), empty);
    assert_eq!(dacl("D:P"), empty);
    assert_eq!(sacl("D:"), AclState::Absent);
    assert_eq!(sacl("S:NO_ACCESS_CONTROL"), AclState::Null);
    assert_eq!(sacl("S:"), empty);
    run(&[
        same("the empty text is a descriptor", ""),
        same("an empty DACL", "D:"),
        same("an empty SACL", "S:"),
        same("a NULL DACL", "D:NO_ACCESS_CONTROL"),
        same("a NULL SACL", "S:NO_ACCESS_CONTROL"),
        same("owner alone", "O:BA"),
        same("group alone", "G:BA"),
    ]);
}

#[test]
fn the_control_bits_of_flags() {
    use sddl_authz::Control;
    for (text, bits) in [
        ("D:P", 0x9004),
        ("D:AR", 0x8104),
        ("D:AI", 0x8404),
        ("S:P", 0xa010),
        ("S:AR", 0x8210),
        ("S:AI", 0x8810),
        ("D:NO_ACCESS_CONTROL", 0x8004),
        ("D:PARAIS:PARAI", 0xbf14),
        ("", 0x8000),
    ] {
        let descriptor: SecurityDescriptor = text.parse().expect("valid");
        assert_eq!(descriptor.control(), Control::from_bits_retain(bits), "{text}");
    }
}

#[test]
fn blanks_where_windows_skips_them() {
    use Oddity::Space;
    run(&[
        prints("leading", " O:AA", "O:AA").tolerating(&[Space]),
        prints("leading and trailing", "  O:AA   ", "O:AA").tolerating(&[Space; 2]),
        prints("between parts", "O:AA G:WD ", "O:AAG:WD").tolerating(&[Space; 2]),
        prints("behind the colon of a list", "D: (A;;GA;;;WD)", "D:(A;;GA;;;WD)").tolerating(&[Space]),
        prints("behind the colon, before a flag", "D: P(A;;GA;;;WD)", "D:P(A;;GA;;;WD)").tolerating(&[Space]),
        prints("behind the colon, before AI", "D: AI(A;;GA;;;WD)", "D:AI(A;;GA;;;WD)").tolerating(&[Space]),
        prints("behind the colon of an empty list", "D: S:", "D:S:").tolerating(&[Space]),
        prints("before an entry, behind P", "D:P (A;;GA;;;WD)", "D:P(A;;GA;;;WD)").tolerating(&[Space]),
        prints("before an entry, behind AI", "D:AI (A;;GA;;;WD)", "D:AI(A;;GA;;;WD)").tolerating(&[Space]),
        prints(
            "between entries",
            "D:(A;;GA;;;WD)  (A;;GA;;;SY)",
            "D:(A;;GA;;;WD)(A;;GA;;;SY)",
        )
        .tolerating(&[Space]),
        prints("flags of one blank", "D:(A; ;GA;;;LG)", "D:(A;;GA;;;LG)").tolerating(&[Space]),
        prints(
            "before flags and rights",
            "D:(A; OICI; GRGWGX;;;AU)",
            "D:(A;OICI;GXGWGR;;;AU)",
        )
        .tolerating(&[Space; 2]),
        prints("blank GUID fields", "D:(A;;GA; ; ;WD)", "D:(A;;GA;;;WD)").tolerating(&[Space; 2]),
        prints("before rights", "D:(A;; GA;;;WD)", "D:(A;;GA;;;WD)").tolerating(&[Space]),
        prints("before a number", "D:(A;; 0x10;;;WD)", "D:(A;;RP;;;WD)").tolerating(&[Space]),
        prints("between tokens", "D:(A;;RP LCLO  RC;;;WD)", "D:(A;;LCRPLORC;;;WD)").tolerating(&[Space; 2]),
        prints("before an alias", "D:(A;;GA;;; WD)", "D:(A;;GA;;;WD)").tolerating(&[Space]),
        prints("behind an alias", "D:(A;;GA;;;WD )", "D:(A;;GA;;;WD)").tolerating(&[Space]),
        prints("inside a SID", "O:S- 1- 2-3", "O:S-1-2-3").tolerating(&[Space; 2]),
        prints("before the last number of a SID", "O:S-1-5-32- 579", "O:AA")
            .tolerating(&[Space])
            .note("two sources disagree: a directory refuses it, `O:S- 1- 2-3` was accepted by advapi32"),
        prints(
            "before a condition",
            "D:(XA;;GA;;;WD; (@User.a))",
            "D:(XA;;GA;;;WD;(@USER.a))",
        )
        .tolerating(&[Space]),
        prints(
            "behind a condition",
            "D:(XA;;GA;;;WD;(@User.a) )",
            "D:(XA;;GA;;;WD;(@USER.a))",
        )
        .tolerating(&[Space])
        .note("inferred: the condition is over, so this is a blank like others"),
        same("blanks inside a string", r#"D:(XA;;GA;;;WD;(a == " b	c "))"#),
        prints(
            "any white space inside a condition",
            "D:(XA;;GA;;;WD;(\t@User.a\n==\u{b}\u{c}\r1 ))",
            "D:(XA;;GA;;;WD;(@USER.a == 1))",
        ),
        refused("before the colon", "D :S:", Kind::SectionUnknown),
        refused(
            "a parenthesis before the entry",
            "D:((A;;GA;;;WD))",
            Kind::AceTypeUnknown,
        ),
        refused(
            "beside a GUID",
            "D:(OA;;GA; bf967aba-0de6-11d0-a285-00aa003049e2;;WD)",
            Kind::GuidMalformed,
        ),
        refused(
            "behind a GUID",
            "D:(OA;;GA;bf967aba-0de6-11d0-a285-00aa003049e2 ;;WD)",
            Kind::AceFieldMissing,
        ),
        refused("behind the rights", "D:(A;;GA ;;;WD)", Kind::RightsTrailingSpace),
        refused("inside a token", "D:(A;;LOR C;;;WD)", Kind::RightUnknown),
        refused("behind a number", "D:(A;;123456789 ;;;WD)", Kind::AceFieldMissing),
        refused("inside a number", "D:(A;;0x 75;;;WD)", Kind::MaskMalformed),
        refused("behind a SID in full", "D:(A;;GA;;;S-1-3-4 )", Kind::AceUnclosed),
        refused("before a hyphen", "O:S-1-5-32 -579", Kind::SectionUnknown),
        refused("inside a number of a SID", "O:S-1-5-3 2-579", Kind::SectionUnknown),
        refused("two hyphens", "O:S-1-5-32--579", Kind::SidNumberMalformed),
        refused("a tab at the start", "\tO:AA", Kind::SectionUnknown),
        refused("a tab at the end", "O:AA\t", Kind::SectionUnknown),
        refused(
            "a tab behind the colon",
            "D:\t(A;;GA;;;WD)",
            Kind::AclFlagUnknown { list: AclKind::Dacl },
        ),
        refused("a tab before the rights", "D:(A;;\tGA;;;WD)", Kind::AceFieldMissing),
        refused("a tab between tokens", "D:(A;;GA\tRC;;;WD)", Kind::AceFieldMissing),
        refused("a tab before the trustee", "D:(A;;GA;;;\tWD)", Kind::SidMissing),
        refused(
            "a tab between entries",
            "D:(A;;GA;;;WD)\t(A;;GA;;;WD)",
            Kind::SectionUnknown,
        ),
        refused(
            "a tab behind a condition",
            "D:(XA;;GA;;;WD;(@User.a)\t)",
            Kind::AceUnclosed,
        )
        .note("inferred: outside a condition only the space is a blank"),
        refused("a line break at the end", "O:AA\n", Kind::SectionUnknown),
    ]);
}

#[test]
fn small_letters_where_windows_takes_them() {
    use Oddity::LetterCase;
    run(&[
        prints("type", "D:(a;;GA;;;WD)", "D:(A;;GA;;;WD)").tolerating(&[LetterCase]),
        prints("type of two letters", "S:(aU;SA;GA;;;WD)", "S:(AU;SA;GA;;;WD)").tolerating(&[LetterCase]),
        prints("flags", "D:(A;oici;GA;;;WD)", "D:(A;OICI;GA;;;WD)")
            .tolerating(&[LetterCase; 2])
            .note("inferred from types, rights and aliases"),
        prints("rights", "D:(A;;gA;;;WD)", "D:(A;;GA;;;WD)").tolerating(&[LetterCase]),
        prints("alias", "D:(A;;GA;;;wd)", "D:(A;;GA;;;WD)").tolerating(&[LetterCase]),
        prints("alias of the owner", "O:ba", "O:BA").tolerating(&[LetterCase]),
        prints("s of a SID", "O:s-1-1-0", "O:WD").tolerating(&[LetterCase]),
        prints("prefix and digits of a mask", "D:(A;;0X1F01FF;;;WD)", "D:(A;;FA;;;WD)"),
        prints(
            "capitals in a GUID",
            "D:(OA;;GA;BF967ABA-0DE6-11D0-A285-00AA003049E2;;WD)",
            "D:(OA;;GA;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)",
        ),
        refused("letter of a part", "d:", Kind::SectionUnknown),
        refused("flag of a list", "D:p", Kind::AclFlagUnknown { list: AclKind::Dacl })
            .note("inferred: nobody saw one accepted"),
        refused(
            "NO_ACCESS_CONTROL",
            "D:no_access_control",
            Kind::AclFlagUnknown { list: AclKind::Dacl },
        )
        .note("inferred: nobody saw it accepted"),
    ]);
}

#[test]
fn nuls_are_cut_at_the_end_and_refused_inside() {
    use Oddity::TrailingNul;
    run(&[
        prints("one", "D:\0", "D:").tolerating(&[TrailingNul]),
        prints("many", "O:BA\0\0\0\0\0", "O:BA").tolerating(&[TrailingNul]),
        prints("nothing else", "\0\0", "").tolerating(&[TrailingNul]),
        prints("behind blanks", "D: \0", "D:").tolerating(&[TrailingNul, Oddity::Space]),
        refused("between parts", "O:BA\0D:", Kind::NulInside),
        refused("at the start", "\0D:", Kind::NulInside),
        refused("before a blank", "D:\0 ", Kind::NulInside),
        refused("in a string", "D:(XA;;GA;;;WD;(a == \"\0\"))", Kind::NulInside),
        refused("in a claim", "S:(RA;;;;;WD;(\"a\",TS,0x0,\"b\0\"))", Kind::NulInside),
        refused("in a name", "D:(XA;;GA;;;WD;(@User.a\0))", Kind::NulInside),
        refused("before more NULs", "D:\0S:\0\0", Kind::NulInside),
    ]);
}

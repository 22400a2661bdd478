//! SIDs in full and by alias.

use crate::table::{DOMAIN, FOREST, MACHINE, changed, domains, lenient, prints, refused, run, same, windows};
use sddl_authz::{
    Sid,
    sddl::{AliasDomain, Options, ParseErrorKind as Kind, ViolationKind as Oddity, parse_sid_with, sid_to_text},
};

#[test]
fn sids_as_windows_reads_them() {
    use Oddity::{
        LetterCase, SidAuthorityForm as Authority, SidLeadingZero as LeadingZero, SidRevisionForm as Revision,
        SidSubAuthorityHexadecimal as Hexadecimal,
    };
    run(&[
        prints("hexadecimal sub-authority", "O:S-1-5-0x20-579", "O:AA").tolerating(&[Hexadecimal]),
        prints("hexadecimal authority", "O:S-1-0x05-32-579", "O:AA").tolerating(&[Authority]),
        prints("a leading zero is not octal", "O:S-1-5-040-579", "O:S-1-5-40-579").tolerating(&[LeadingZero]),
        prints("a zero before the revision", "O:S-01-5-32-579", "O:AA").tolerating(&[Revision]),
        prints("zeros before the revision", "O:S-000000001-5-32-579", "O:AA").tolerating(&[Revision]),
        prints("a zero before the authority", "O:S-1-05-32-579", "O:AA")
            .tolerating(&[LeadingZero])
            .note("inferred"),
        prints(
            "an authority of more than 32 bits",
            "O:S-1-21474836480-32-579",
            "O:S-1-0x500000000-32-579",
        )
        .tolerating(&[Authority]),
        same("printed in capitals, not padded", "O:S-1-0x12A05F200-30-40"),
        prints(
            "small digits and padding",
            "O:S-1-0x00012a05f200-30-40",
            "O:S-1-0x12A05F200-30-40",
        ),
        prints("2^32 is hexadecimal", "O:S-1-4294967296-1", "O:S-1-0x100000000-1")
            .tolerating(&[Authority])
            .note("R1: from 2^32 on; no case has just this value"),
        prints("2^32 - 1 is decimal", "O:S-1-4294967295-1", "O:S-1-4294967295-1"),
        prints(
            "the highest authority",
            "O:S-1-0xffffffffffff-1",
            "O:S-1-0xFFFFFFFFFFFF-1",
        ),
        prints(
            "the highest authority in decimal",
            "O:S-1-281474976710655-1",
            "O:S-1-0xFFFFFFFFFFFF-1",
        )
        .tolerating(&[Authority]),
        refused("2^48", "O:S-1-281474976710656-1", Kind::SidAuthorityOutOfRange),
        refused(
            "2^48 in hexadecimal",
            "O:S-1-0x1000000000000-1",
            Kind::SidAuthorityOutOfRange,
        ),
        refused(
            "an authority of 52 bits",
            "O:S-1-0x1313131313131-513",
            Kind::SidAuthorityOutOfRange,
        ),
        refused(
            "an authority of 70 bits",
            "O:S-1-1000000000000000000000-1",
            Kind::SidAuthorityOutOfRange,
        ),
        changed(
            "2^32 saturates",
            "O:S-1-3-4294967296-3-4",
            Kind::SidSubAuthorityOutOfRange,
            "O:S-1-3-4294967295-3-4",
        ),
        changed(
            "2^32 saturates in hexadecimal",
            "O:S-1-3-4294967295-99999999999999999999999",
            Kind::SidSubAuthorityOutOfRange,
            "O:S-1-3-4294967295-4294967295",
        ),
        changed(
            "a hexadecimal revision makes all numbers hexadecimal",
            "O:S-0x1-5-20-243",
            Kind::SidRevisionHexadecimal,
            "O:AA",
        ),
        changed(
            "a hexadecimal revision, other numbers",
            "O:S-0x1-20-0-579",
            Kind::SidRevisionHexadecimal,
            "O:S-1-32-0-1401",
        ),
        changed(
            "a hexadecimal revision before a part",
            "O:S-0x1-5-20-24D:",
            Kind::SidRevisionHexadecimal,
            "O:S-1-5-32-36D:",
        )
        .note("inferred from the rows on D before a colon"),
        same("one sub-authority", "O:S-1-22-1"),
        same("the highest sub-authority", "O:S-1-5-4294967295"),
        same("15 sub-authorities", "O:S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"),
        refused(
            "16 sub-authorities",
            "O:S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
            Kind::SidSubAuthorityTooMany,
        ),
        refused("no sub-authority", "O:S-1-22", Kind::SidSubAuthorityMissing),
        refused("no sub-authority, authority 0", "O:S-1-0", Kind::SidSubAuthorityMissing),
        refused("S alone", "O:S", Kind::SidMissing),
        refused("no revision", "O:S-", Kind::SidNumberMalformed),
        refused("no authority", "O:S-1", Kind::SidNumberMalformed),
        refused("an empty authority", "O:S-1-", Kind::SidNumberMalformed),
        refused("an empty sub-authority", "O:S-1-5-", Kind::SidNumberMalformed),
        refused("revision 0", "O:S-0-5-32-579", Kind::SidRevisionUnsupported),
        refused("revision 2", "O:S-2-5-32-579", Kind::SidRevisionUnsupported),
        refused("revision 10", "O:S-10", Kind::SidRevisionUnsupported),
        refused(
            "revision 10 and numbers",
            "O:S-10-5-32-579",
            Kind::SidRevisionUnsupported,
        ),
        refused(
            "revision 2^64 + 1",
            "O:S-18446744073709551617-5-32",
            Kind::SidRevisionUnsupported,
        ),
        refused("a minus", "O:S-1-5--32", Kind::SidNumberMalformed),
        refused("a letter", "O:S-1-5-x", Kind::SidNumberMalformed),
        refused("nothing behind 0x", "O:S-1-5-0x", Kind::SidNumberMalformed),
        refused("D and nothing else behind 0x", "O:S-1-5-0xD:", Kind::SidNumberMalformed).note("inferred"),
        refused("no such alias BR", "O:BR", Kind::SidAliasUnknown),
        refused("no such alias IF", "O:IF", Kind::SidAliasUnknown),
        refused("no such alias LK", "O:LK", Kind::SidAliasUnknown),
        prints("small s and hexadecimal", "O:s-1-0x5-0x20-0x243", "O:AA").tolerating(&[
            LetterCase,
            Authority,
            Hexadecimal,
            Hexadecimal,
        ]),
    ]);
}

#[test]
fn an_empty_authority_behind_a_hexadecimal_revision() {
    for (options, kind) in [
        (windows(), Kind::SidRevisionHexadecimal),
        (lenient(), Kind::SidNumberMalformed),
    ] {
        let error = parse_sid_with("S-0x1-", &options).expect_err("no authority");
        assert_eq!(error.kind(), kind);
    }
}

/// Aliases that stand for the same SID everywhere.
const ABSOLUTE: [(&str, &str); 51] = [
    ("WD", "S-1-1-0"),
    ("CO", "S-1-3-0"),
    ("CG", "S-1-3-1"),
    ("OW", "S-1-3-4"),
    ("NU", "S-1-5-2"),
    ("IU", "S-1-5-4"),
    ("SU", "S-1-5-6"),
    ("AN", "S-1-5-7"),
    ("ED", "S-1-5-9"),
    ("PS", "S-1-5-10"),
    ("AU", "S-1-5-11"),
    ("RC", "S-1-5-12"),
    ("SY", "S-1-5-18"),
    ("LS", "S-1-5-19"),
    ("NS", "S-1-5-20"),
    ("WR", "S-1-5-33"),
    ("UD", "S-1-5-84-0-0-0-0-0"),
    ("AC", "S-1-15-2-1"),
    ("AS", "S-1-18-1"),
    ("SS", "S-1-18-2"),
    ("LW", "S-1-16-4096"),
    ("ME", "S-1-16-8192"),
    ("MP", "S-1-16-8448"),
    ("HI", "S-1-16-12288"),
    ("SI", "S-1-16-16384"),
    ("BA", "S-1-5-32-544"),
    ("BU", "S-1-5-32-545"),
    ("BG", "S-1-5-32-546"),
    ("PU", "S-1-5-32-547"),
    ("AO", "S-1-5-32-548"),
    ("SO", "S-1-5-32-549"),
    ("PO", "S-1-5-32-550"),
    ("BO", "S-1-5-32-551"),
    ("RE", "S-1-5-32-552"),
    ("RU", "S-1-5-32-554"),
    ("RD", "S-1-5-32-555"),
    ("NO", "S-1-5-32-556"),
    ("MU", "S-1-5-32-558"),
    ("LU", "S-1-5-32-559"),
    ("IS", "S-1-5-32-568"),
    ("CY", "S-1-5-32-569"),
    ("ER", "S-1-5-32-573"),
    ("CD", "S-1-5-32-574"),
    ("RA", "S-1-5-32-575"),
    ("ES", "S-1-5-32-576"),
    ("MS", "S-1-5-32-577"),
    ("HA", "S-1-5-32-578"),
    ("AA", "S-1-5-32-579"),
    ("RM", "S-1-5-32-580"),
    ("HO", "S-1-5-32-584"),
    ("SH", "S-1-5-32-585"),
];

/// Aliases of accounts in a domain: the domain, what it is called, the relative identifier.
const RELATIVE: [(&str, &str, AliasDomain, u32); 17] = [
    ("LA", MACHINE, AliasDomain::Machine, 500),
    ("LG", MACHINE, AliasDomain::Machine, 501),
    ("DA", DOMAIN, AliasDomain::Domain, 512),
    ("DU", DOMAIN, AliasDomain::Domain, 513),
    ("DG", DOMAIN, AliasDomain::Domain, 514),
    ("DC", DOMAIN, AliasDomain::Domain, 515),
    ("DD", DOMAIN, AliasDomain::Domain, 516),
    ("CA", DOMAIN, AliasDomain::Domain, 517),
    ("PA", DOMAIN, AliasDomain::Domain, 520),
    ("CN", DOMAIN, AliasDomain::Domain, 522),
    ("AP", DOMAIN, AliasDomain::Domain, 525),
    ("KA", DOMAIN, AliasDomain::Domain, 526),
    ("RS", DOMAIN, AliasDomain::Domain, 553),
    ("RO", FOREST, AliasDomain::Forest, 498),
    ("SA", FOREST, AliasDomain::Forest, 518),
    ("EA", FOREST, AliasDomain::Forest, 519),
    ("EK", FOREST, AliasDomain::Forest, 527),
];

#[test]
fn absolute_aliases_both_ways() {
    for (alias, text) in ABSOLUTE {
        for options in [Options::default(), windows()] {
            let sid = parse_sid_with(alias, &options).expect(alias);
            assert_eq!(sid.to_string(), text, "{alias}");
            assert_eq!(text.parse(), Ok(sid), "{alias}");
            assert_eq!(sid_to_text(&sid, &options), alias);
        }
    }
}

#[test]
fn relative_aliases_with_their_domain_both_ways() {
    for (alias, domain, _, relative_id) in RELATIVE {
        let sid = parse_sid_with(alias, &windows()).expect(alias);
        assert_eq!(sid.to_string(), format!("{domain}-{relative_id}"), "{alias}");
        assert_eq!(sid_to_text(&sid, &windows()), alias);
        // Without the domain, or in another one, it prints in full.
        assert_eq!(sid_to_text(&sid, &Options::default()), sid.to_string(), "{alias}");
        let other: Sid = format!("S-1-5-21-9-9-9-{relative_id}").parse().expect("a SID");
        assert_eq!(sid_to_text(&other, &windows()), other.to_string(), "{alias}");
    }
}

#[test]
fn a_relative_alias_without_its_domain_names_itself() {
    for (alias, own, domain, _) in RELATIVE {
        let unresolved = Kind::SidAliasUnresolved { alias, domain };
        let error = parse_sid_with(alias, &Options::default()).expect_err(alias);
        assert_eq!(error.kind(), unresolved);
        assert!(error.to_string().contains(alias), "{error}");
        // The other two domains are no substitute.
        let mut others = windows();
        others.domains = domains();
        match own {
            MACHINE => others.domains.machine = None,
            DOMAIN => others.domains.domain = None,
            _ => others.domains.forest = None,
        }
        let error = parse_sid_with(alias, &others).expect_err(alias);
        assert_eq!(error.kind(), unresolved);
    }
}

#[test]
fn no_other_two_letters_are_an_alias() {
    let letters = || 'A'..='Z';
    let known = letters()
        .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
        .filter(|alias| parse_sid_with(alias, &windows()).is_ok())
        .count();
    assert_eq!(known, ABSOLUTE.len() + RELATIVE.len());
}

#[test]
fn a_domain_of_15_sub_authorities_has_no_accounts() {
    let mut options = windows();
    options.domains.domain = "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15".parse().ok();
    let error = parse_sid_with("DA", &options).expect_err("no room for the relative identifier");
    assert!(
        matches!(error.kind(), Kind::SidAliasUnresolved { alias: "DA", .. }),
        "{error}"
    );
}

#[test]
fn nothing_follows_a_sid_alone() {
    for text in ["BAX", "S-1-1-0 ", "WD)", "S-1-1-0D:", "BA "] {
        let error = text.parse::<Sid>().expect_err(text);
        assert_eq!(error.kind(), Kind::TrailingText, "{text}");
    }
    for text in ["", "(", "B", "1-1-0", "S1-1-0"] {
        let error = text.parse::<Sid>().expect_err(text);
        assert_eq!(error.kind(), Kind::SidMissing, "{text}");
    }
}

#[test]
fn an_alias_stands_wherever_a_sid_does() {
    run(&[
        prints("owner and group", "O:S-1-5-32-544G:S-1-5-18", "O:BAG:SY"),
        prints("trustee", "D:(A;;GA;;;S-1-5-32-544)", "D:(A;;GA;;;BA)"),
        prints(
            "in a condition",
            "D:(XA;;GA;;;WD;(Member_of {SID(S-1-5-32-544)}))",
            "D:(XA;;GA;;;WD;(Member_of {SID(BA)}))",
        ),
        prints(
            "in a claim",
            r#"S:(RA;;;;;S-1-1-0;("a",TD,0x0,S-1-5-32-544))"#,
            r#"S:(RA;;;;;WD;("a",TD,0x0,BA))"#,
        ),
        same(
            "letters that mean several things",
            "D:(D;CR;CR;;;RC)(A;;WD;;;WD)(A;;SD;;;DC)S:(AU;SAFA;FA;;;AU)(AU;FA;KA;;;KA)",
        ),
    ]);
}

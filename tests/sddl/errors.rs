//! Errors: every kind with its place, the wording of the commonest ones, and several at once.

use crate::{
    snake_case::snake_case,
    table::{strict, windows},
};
use sddl_authz::{
    Ace, Claim, Limits, SecurityDescriptor, Sid, Span,
    sddl::{AclKind, Options, ParseErrorKind as Kind, ViolationKind, inspect, parse_with},
};
use std::collections::BTreeSet;

/// The text with `«` and `»` round the place of the error, and the error.
const PLACES: &[(&str, Kind)] = &[
    ("D:«\0»(A;;GA;;;WD)", Kind::NulInside),
    ("O:BA«x»", Kind::SectionUnknown),
    ("«(»A;;GA;;;WD)", Kind::SectionUnknown),
    ("D:«D:P»", Kind::SectionDuplicate),
    ("D:«D:(A;;GA;;;WD)»S:", Kind::SectionDuplicate),
    ("O:«»", Kind::SidMissing),
    ("D:(A;;GA;;;«)»", Kind::SidMissing),
    ("O:«ü»", Kind::SidMissing),
    ("O:«XX»", Kind::SidAliasUnknown),
    ("D:(A;;GA;;;«Everyone»)", Kind::SidAliasUnknown),
    ("O:S-«»", Kind::SidNumberMalformed),
    ("O:S-«x»-5-1", Kind::SidNumberMalformed),
    ("O:S-1-«»", Kind::SidNumberMalformed),
    ("O:S-1-5-«x»", Kind::SidNumberMalformed),
    ("O:S-1-5-0x«g»", Kind::SidNumberMalformed),
    ("O:S-«2»-5-32-544", Kind::SidRevisionUnsupported),
    ("O:S-«0x1»-5-20-243", Kind::SidRevisionHexadecimal),
    ("O:S-1-«281474976710656»-1", Kind::SidAuthorityOutOfRange),
    ("O:S-1-5«»", Kind::SidSubAuthorityMissing),
    ("D:(A;;GA;;;S-1-5«)»", Kind::SidSubAuthorityMissing),
    ("O:S-1-5-«4294967296»-1", Kind::SidSubAuthorityOutOfRange),
    (
        "O:S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-«16»",
        Kind::SidSubAuthorityTooMany,
    ),
    ("D:«AX»(A;;GA;;;WD)", Kind::AclFlagUnknown { list: AclKind::Dacl }),
    ("S:P«no_access»", Kind::AclFlagUnknown { list: AclKind::Sacl }),
    ("D:NO_ACCESS_CONTROL«(»A;;GA;;;WD)", Kind::AclNullWithEntries),
    ("D:(«XX»;;GA;;;WD)", Kind::AceTypeUnknown),
    ("D:(«;»;GA;;;WD)", Kind::AceTypeUnknown),
    ("D:(«au»;SA;GA;;;WD)", Kind::AceTypeNotAllowed { list: AclKind::Dacl }),
    ("D:(A;OI«XX»;GA;;;WD)", Kind::AceFlagUnknown),
    ("D:(A;OI«C»;GA;;;WD)", Kind::AceFlagUnknown),
    ("D:(A«)»", Kind::AceFieldMissing),
    ("D:(A;;GA«»", Kind::AceFieldMissing),
    ("D:(A;;GA;;;WD«;»)", Kind::AceFieldExtra),
    ("D:(A;;GA;;;WD«»", Kind::AceUnclosed),
    ("D:(A;;GA;;;WD«»\0\0", Kind::AceUnclosed),
    ("D:(A;;GA«ZZ»;;;WD)", Kind::RightUnknown),
    ("D:(A;;GA«X»;;;WD)", Kind::RightUnknown),
    ("D:(A;;GA« »;;;WD)", Kind::RightsTrailingSpace),
    ("D:(A;;0x«;»;;WD)", Kind::MaskMalformed),
    ("D:(A;;«0x100000000»;;;WD)", Kind::MaskOutOfRange),
    ("D:(A;;«-1»;;;WD)", Kind::MaskNegative),
    ("D:(A;;GA;;«WD»)", Kind::GuidMalformed),
    ("D:(OA;;GA;«{bf967aba}»;;WD)", Kind::GuidMalformed),
    (
        "D:(A;;GA;«bf967aba-0de6-11d0-a285-00aa003049e2»;;WD)",
        Kind::GuidNotAllowed,
    ),
    ("D:(XA;;GA;;;WD«)»", Kind::ConditionMissing),
    ("D:(XA;;GA;;;WD;«a» == 1)", Kind::ConditionMissing),
    ("D:(XA;;GA;;;WD;(a«»", Kind::ConditionUnclosed),
    ("D:(XA;;GA;;;WD;(«)»)", Kind::ConditionOperandMissing),
    ("D:(XA;;GA;;;WD;(a && «&»& b))", Kind::ConditionOperandMissing),
    ("D:(XA;;GA;;;WD;((a) «and» (b)))", Kind::ConditionJunctionMissing),
    ("D:(XA;;GA;;;WD;(a «=» 1))", Kind::ConditionComparisonUnknown),
    ("D:(XA;;GA;;;WD;(a «and» b))", Kind::ConditionComparisonUnknown),
    (r#"D:(XA;;GA;;;WD;(«"a"»))"#, Kind::ConditionLiteralOnLeft),
    (r#"D:(XA;;GA;;;WD;(«"a"» == 1))"#, Kind::ConditionLiteralOnLeft),
    ("D:(XA;;GA;;;WD;(«{1}» Contains {1}))", Kind::ConditionLiteralOnLeft),
    (
        "D:(XA;;GA;;;WD;(a && «SID(BA)» Any_of {SID(BA)}))",
        Kind::ConditionLiteralOnLeft,
    ),
    ("D:(XA;;GA;;;WD;(«#01» Not_Any_of {#01}))", Kind::ConditionLiteralOnLeft),
    ("D:(XA;;GA;;;WD;(«!»Exists a))", Kind::ConditionNegationUnbracketed),
    ("D:(XA;;GA;;;WD;(«!»a == 1))", Kind::ConditionNegationUnbracketed),
    ("D:(XA;;GA;;;WD;(«!»!@User.a))", Kind::ConditionNegationUnbracketed),
    ("D:(XA;;GA;;;WD;(a == «PM»))", Kind::ConditionValueMissing),
    ("D:(XA;;GA;;;WD;(a == «'»PM'))", Kind::ConditionValueMissing),
    ("D:(XA;;GA;;;WD;(Member_of «BA»))", Kind::ConditionGroupsMissing),
    (r#"D:(XA;;GA;;;WD;(Member_of «"a"»))"#, Kind::ConditionGroupsMissing),
    ("D:(XA;;GA;;;WD;(a Any_of {1 «2»}))", Kind::ConditionCompositeUnclosed),
    ("D:(XA;;GA;;;WD;(Member_of {SID(BA«}»))", Kind::ConditionSidUnclosed),
    ("D:(XA;;GA;;;WD;(«@»Group.a))", Kind::ConditionAttributeClassUnknown),
    ("D:(XA;;GA;;;WD;(«@»Token.a))", Kind::ConditionTokenAttribute),
    (r#"D:(XA;;GA;;;WD;(a == «"b))»"#, Kind::StringUnclosed),
    (r#"S:(RA;;;;;WD;("a",TS,0x0,«b»))"#, Kind::StringMissing),
    ("D:(XA;;GA;;;WD;(a == «1a»))", Kind::IntegerMalformed),
    (r#"S:(RA;;;;;WD;("a",TI,0x0,«x»))"#, Kind::IntegerMalformed),
    ("D:(XA;;GA;;;WD;(a == «0x10000000000000000»))", Kind::IntegerOutOfRange),
    ("D:(XA;;GA;;;WD;(@User.«)»)", Kind::NameMissing),
    (r#"S:(RA;;;;;WD;("a« »b",TI,0x0))"#, Kind::NameUnclosed),
    ("D:(XA;;GA;;;WD;(@User.«a%d800»))", Kind::NameSurrogateUnpaired),
    ("D:(XA;;GA;;;WD;(@User.a«%»00))", Kind::EscapeMalformed),
    ("D:(XA;;GA;;;WD;(@User.a«%0061»))", Kind::EscapeNotAllowed),
    ("S:(RA;;;;;WD«)»", Kind::ClaimMissing),
    (r#"S:(RA;;;;;WD;("a",«TQ»,0x0))"#, Kind::ClaimTypeUnknown),
    (r#"S:(RA;;;;;WD;("a",TI«)»)"#, Kind::ClaimFieldMissing),
    (r#"S:(RA;;;;;«BA»;("a",TI,0x0,1))"#, Kind::ClaimTrusteeNotAllowed),
];

/// The text without the marks, and what stands between them.
fn unmark(marked: &str) -> (String, Span) {
    let start = marked.find('«').expect("a mark");
    let text = marked.replacen('«', "", 1);
    let end = text.find('»').expect("a second mark");
    (text.replacen('»', "", 1), Span { start, end })
}

/// The name of the variant.
fn name(kind: Kind) -> String {
    let debug = format!("{kind:?}");
    debug.split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// The code of a kind: the name of the variant in `snake_case`, except for five variants that got a new name and kept their code.
fn code_of(name: &str) -> String {
    match name {
        "RightsTrailingSpace" => "rights_blank_trailing".to_owned(),
        "AceTypeNotAllowed" => "ace_type_misplaced".to_owned(),
        "GuidNotAllowed" => "guid_misplaced".to_owned(),
        "EscapeNotAllowed" => "escape_needless".to_owned(),
        "ClaimTrusteeNotAllowed" => "claim_trustee_unfit".to_owned(),
        _ => snake_case(name),
    }
}

#[test]
fn every_error_is_where_it_is() {
    let mut failures = Vec::new();
    for &(marked, kind) in PLACES {
        let (text, span) = unmark(marked);
        let error = parse_with(&text, &windows()).expect_err(marked);
        if (error.kind(), error.span()) != (kind, span) {
            failures.push(format!(
                "{marked}: {:?} at {:?}, not at {span:?}",
                error.kind(),
                error.span()
            ));
        }
        assert_eq!(error.found().is_empty(), span.start == span.end, "{marked}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn refusing_empty() -> Options {
    let mut options = windows();
    options.refuse_empty = true;
    options
}

#[test]
fn a_text_without_any_part_is_refused_if_asked_to() {
    for text in ["", " ", "\0", "  \0\0"] {
        assert_eq!(
            parse_with(text, &windows()),
            Ok(SecurityDescriptor::default()),
            "{text:?}"
        );
        let error = parse_with(text, &refusing_empty()).expect_err(text);
        assert_eq!(error.kind(), Kind::DescriptorEmpty, "{text:?}");
        let errors = inspect(text, &refusing_empty()).result.expect_err(text);
        assert_eq!(errors, [error], "{text:?}");
    }
    for text in ["O:SY", "G:SY", "D:", "D:NO_ACCESS_CONTROL", "S:", " S:P"] {
        assert_eq!(
            parse_with(text, &refusing_empty()),
            parse_with(text, &windows()),
            "{text}"
        );
    }
}

/// The variants, as the source lists them.
fn variants() -> BTreeSet<String> {
    let source = include_str!("../../src/sddl/error.rs");
    let body = source.split_once("pub enum ParseErrorKind {").expect("the enum").1;
    let body = body.split_once("\n}").expect("its end").0;
    body.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()))
        .map(|line| line.trim_end_matches([',', ' ', '{']).to_owned())
        .collect()
}

#[test]
fn every_kind_of_error_is_reached_and_has_its_code() {
    let of = |kind: Kind| {
        assert_eq!(kind.code(), code_of(&name(kind)));
        name(kind)
    };
    let mut reached: BTreeSet<String> = PLACES.iter().map(|&(_, kind)| of(kind)).collect();
    let mut reach =
        |text: &str, options: &Options| reached.insert(of(parse_with(text, options).expect_err(text).kind()));
    reach("D: ", &strict());
    reach("O:DA", &Options::default());
    reach(" ", &refusing_empty());
    let limited = |limit: fn(&mut Limits)| {
        let mut options = windows();
        limit(&mut options.limits);
        options
    };
    reach("D:P", &limited(|limits| limits.text_bytes = 2));
    reach("D:(A;;GA;;;WD)", &limited(|limits| limits.acl_bytes = 27));
    reach("D:(XA;;GA;;;WD;(a))", &limited(|limits| limits.condition_bytes = 10));
    reach("D:(XA;;GA;;;WD;((a)))", &limited(|limits| limits.condition_depth = 1));
    reached.insert(of("BAX".parse::<Sid>().expect_err("too long").kind()));
    reached.insert(of("BA".parse::<Ace>().expect_err("no entry").kind()));
    // No text makes tokens that are no condition; the kind is for a fault of this crate.
    reached.insert(of(Kind::ConditionMalformed));
    assert_eq!(reached, variants());
}

#[test]
fn errors_outside_of_descriptors_have_places_too() {
    let error = "BAX".parse::<Sid>().expect_err("too long");
    assert_eq!(error.span(), Span { start: 2, end: 3 });
    let error = r#"("a",TI,0x0,1))"#.parse::<Claim>().expect_err("too long");
    assert_eq!(
        (error.kind(), error.span()),
        (Kind::TrailingText, Span { start: 14, end: 15 })
    );
    let error = parse_with("D:\0\0", &strict()).expect_err("NULs");
    let kind = ViolationKind::TrailingNul;
    assert_eq!(
        (error.kind(), error.span()),
        (Kind::NotStrict { kind }, Span { start: 2, end: 4 })
    );
}

#[test]
fn the_commonest_mistakes_are_explained() {
    for (text, message) in [
        (
            "(A;;GA;;;WD)",
            "expected a part of a descriptor: `O:`, `G:`, `D:` or `S:`, in upper case, found `(`",
        ),
        (
            "D:(A;;GA;;WD)",
            "expected nothing or a GUID such as bf967aba-0de6-11d0-a285-00aa003049e2: an entry is \
             `(type;flags;rights;object GUID;inherited object GUID;SID)`, found `WD`",
        ),
        ("D:(A;;GA;;;WD", "expected the `)` that closes the entry, found the end"),
        (
            "D:(A;;GA;;;Everyone)",
            "no SID has this alias; expected `S-1-…`, or an alias such as `BA` (SDDL has no names of accounts), \
             found `Everyone`",
        ),
        (
            "D:(A;;GA;;;DA)",
            "the SID of `DA` depends on the domain, whose SID was not given; give it, or write the SID in full",
        ),
        (
            "D:(A;;FULL;;;WD)",
            "no right has this token; expected tokens such as `GA`, `FR` or `RPWP`, or a number such as 0x1f01ff, found `FU`",
        ),
        (
            "D:(AU;SA;GA;;;WD)",
            "an entry of this type belongs in a SACL, not in a DACL, found `AU`",
        ),
        (
            "D:(A;OI,CI;GA;;;WD)",
            "expected `;`: an entry is `(type;flags;rights;object GUID;inherited object GUID;SID)`, found `,`",
        ),
        (
            "D:(XA;;FR;;;WD;(@User.Title = \"PM\"))",
            "expected an operator after the attribute: `==`, `!=`, `<`, `<=`, `>`, `>=`, `Contains`, `Any_of`, `&&` or `||`, \
             found `=`",
        ),
        (
            "D:(XA;;FR;;;WD;(@User.Title == PM))",
            "expected a value: a number, a string in double quotes, `#` and octets, `SID(…)`, `{…}`, or an attribute with \
             `@User.`, `@Device.` or `@Resource.`, found `PM`",
        ),
        (
            "D:(XA;;FR;;;WD)",
            "expected a condition in parentheses, as in `(XA;;FR;;;WD;(@User.Title == \"PM\"))`, found `)`",
        ),
        (
            "D:(XA;;FR;;;WD;(!Member_of {SID(BA)}))",
            "expected parentheses after `!`, as in `!(@User.Title == \"PM\")`, or an attribute alone, found `!`",
        ),
        (
            "D:(XA;;FR;;;WD;(SID(BA) Any_of {SID(BA)}))",
            "expected an attribute such as `@User.Title`: a value can only be on the right of an operator, found `SID(BA)`",
        ),
        (
            "D:(A;;0x1F01FF01F;;;WD)",
            "rights are at most 0xffffffff; Windows would change this number silently, found `0x1F01FF01F`",
        ),
        (
            "O:S-1-5",
            "expected `-` and a sub-authority: a SID has at least one, found the end",
        ),
        (
            "D:(A;XX;GA;;;WD)",
            "no entry has this flag; they are `OI`, `CI`, `NP`, `IO`, `ID`, `CR`, `SA` and `FA`, with nothing between them, \
             found `XX`",
        ),
    ] {
        let error = text.parse::<SecurityDescriptor>().expect_err(text);
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn what_was_found_is_cut_and_escaped() {
    let found = |text: &str| text.parse::<SecurityDescriptor>().expect_err(text).found().to_owned();
    assert_eq!(found("D:(A;;GA;;;\u{202e})"), "\\u{202e}");
    assert_eq!(found("O:BA\n"), "\\n");
    assert_eq!(found("O:BA\u{2028}"), "\\u{2028}");
    assert_eq!(found("O:BA\u{1b}[31m"), "\\u{1b}");
    assert_eq!(found("O:BA\""), "\"");
    assert_eq!(
        found("D:(A;;GA;;;Qaaaaaaaaaaaaaaaaaaaaaaaaaaa)"),
        "Qaaaaaaaaaaaaaaaaaaaaaaa…"
    );
    for text in [
        "O:BA\u{202e}",
        "D:(A;;GA;\u{7f}\u{85};;WD)",
        "D:(A;;GA;\u{feff}\u{2066};;WD)",
    ] {
        let message = text.parse::<SecurityDescriptor>().expect_err(text).to_string();
        assert!(message.chars().all(|character| !character.is_control()), "{message:?}");
        assert!(!message.contains(['\u{202e}', '\u{2066}', '\u{feff}']), "{message:?}");
    }
}

/// The kinds that `inspect` finds, with their places.
fn all(text: &str) -> Vec<(Kind, &str)> {
    let errors = inspect(text, &windows()).result.expect_err("faulty");
    errors
        .iter()
        .map(|error| (error.kind(), &text[error.span().range()]))
        .collect()
}

#[test]
fn several_faults_at_once() {
    let misplaced = Kind::AceTypeNotAllowed { list: AclKind::Sacl };
    assert_eq!(
        all("D:(A;;XX;;;WD)(A;;GA;;;WD)(Q;;GA;;;WD)S:(A;;GA;;;WD)(AU;SA;GA;;;QQ)x"),
        [
            (Kind::RightUnknown, "XX"),
            (Kind::AceTypeUnknown, "Q"),
            (misplaced, "A"),
            (Kind::SidAliasUnknown, "QQ"),
            (Kind::SectionUnknown, "x"),
        ]
    );
    // The good entries are known all the same.
    let text = "D:(A;;XX;;;WD)(A;;GA;;;WD) (Q;;GA;;;WD)(D;;GA;;;WD)S:(AU;SA;GA;;;WD)";
    let inspection = inspect(text, &windows());
    let texts = |spans: &[Span]| {
        spans
            .iter()
            .map(|span| text[span.range()].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&inspection.dacl_spans), ["(A;;GA;;;WD)", "(D;;GA;;;WD)"]);
    assert_eq!(texts(&inspection.sacl_spans), ["(AU;SA;GA;;;WD)"]);
}

#[test]
fn reading_goes_on_behind_the_faulty_entry() {
    // Parentheses and quotes within it do not end it.
    assert_eq!(
        all(r#"D:(XA;;XX;;;WD;((a == ")(A;;YY;;;WD)") && (b)))(A;;ZZ;;;WD)"#),
        [(Kind::RightUnknown, "XX"), (Kind::RightUnknown, "ZZ")]
    );
    assert_eq!(
        all("D:((A;;GA;;;WD))(A;;ZZ;;;WD)"),
        [(Kind::AceTypeUnknown, "("), (Kind::RightUnknown, "ZZ")]
    );
    // An entry that is not closed is the last.
    assert_eq!(all("D:(A;;XX;;;WD(A;;ZZ;;;WD)"), [(Kind::RightUnknown, "XX")]);
    assert_eq!(all("D:(A;;GA;;;WD(A;;ZZ;;;WD)"), [(Kind::AceUnclosed, "(")]);
}

#[test]
fn the_first_fault_is_the_one_that_parsing_says() {
    for &(marked, _) in PLACES {
        let (text, _) = unmark(marked);
        let errors = inspect(&text, &windows()).result.expect_err(marked);
        assert_eq!(errors.first(), parse_with(&text, &windows()).err().as_ref(), "{marked}");
    }
}

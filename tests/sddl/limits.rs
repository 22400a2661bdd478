//! Limits, each at one below, at, and one above, while the others are out of the way; and input made to cost much.
//!
//! That the work is linear in the input is measured by counting instructions in a bench, not here: a test has no counter but the clock.

use crate::table::windows;
use sddl_authz::{
    Condition, Limits, SecurityDescriptor, Sid,
    limits::{MAX_CONDITION_DEPTH, MAX_SUB_AUTHORITIES},
    sddl::{AclKind, Options, ParseErrorKind as Kind, inspect, parse_with},
};

/// No limit but those that `set` sets.
fn only(set: impl FnOnce(&mut Limits)) -> Options {
    let mut options = windows();
    options.limits.text_bytes = usize::MAX;
    options.limits.acl_bytes = usize::MAX;
    options.limits.condition_bytes = usize::MAX;
    options.limits.condition_depth = usize::MAX;
    set(&mut options.limits);
    options
}

/// The default limits, for texts of any length.
fn long_texts() -> Options {
    let mut options = windows();
    options.limits.text_bytes = usize::MAX;
    options
}

fn kind(text: &str, options: &Options) -> Option<Kind> {
    let parsed = parse_with(text, options).map_err(|error| error.kind());
    let inspected = inspect(text, options).result.map_err(|errors| errors[0].kind());
    assert_eq!(parsed, inspected);
    parsed.err()
}

#[test]
fn the_defaults() {
    let limits = Limits::default();
    assert_eq!((limits.text_bytes, limits.acl_bytes), (1_048_576, 65_535));
    assert_eq!((limits.condition_bytes, limits.condition_depth), (10_000, 64));
    assert_eq!((MAX_CONDITION_DEPTH, MAX_SUB_AUTHORITIES), (64, 15));
}

#[test]
fn text_bytes() {
    let limit = Limits::default().text_bytes;
    let options = only(|limits| limits.text_bytes = limit);
    let too_long = Some(Kind::TextTooLong { limit });
    for (filler, before) in [(" ", "D:"), ("\0", "D:"), ("(A;;;;;WD)", "D:        ")] {
        let text = |length: usize| {
            let mut text = before.to_owned();
            text.push_str(&filler.repeat((length - before.len()) / filler.len()));
            text.push_str(&" ".repeat(length - text.len()));
            text
        };
        let text = |length| {
            if filler == "\0" {
                text(length).replace("D: ", "D:\0")
            } else {
                text(length)
            }
        };
        for (length, expected) in [(limit - 1, None), (limit, None), (limit + 1, too_long)] {
            assert_eq!(text(length).len(), length);
            assert_eq!(kind(&text(length), &options), expected, "{length} of {filler:?}");
        }
    }
    // Of every text alike.
    let short = only(|limits| limits.text_bytes = 6);
    let sid = |text: &str| sddl_authz::sddl::parse_sid_with(text, &short).map_err(|error| error.kind());
    assert!(sid("S-1-10").is_err_and(|kind| kind == Kind::SidSubAuthorityMissing));
    assert_eq!(sid("S-1-1-0"), Err(Kind::TextTooLong { limit: 6 }));
}

#[test]
fn acl_bytes() {
    // 8 bytes of header, then 20 for each entry.
    let text = |letter: &str, entries: usize| format!("{letter}:{}", "(;;;;;WD)".repeat(entries));
    for (letter, entry, list) in [("D", "(A;;;;;WD)", AclKind::Dacl), ("S", "(AU;;;;;WD)", AclKind::Sacl)] {
        let text = |entries| text(letter, entries).replace("(;;;;;WD)", entry);
        for (bytes, limit) in [(28, 27), (28, 28), (28, 29), (208, 207), (208, 208), (208, 209)] {
            let options = only(|limits| limits.acl_bytes = limit);
            let expected = (bytes > limit).then_some(Kind::AclTooLarge { list, limit });
            assert_eq!(kind(&text((bytes - 8) / 20), &options), expected, "{bytes} of {limit}");
        }
        // 3,276 entries are 65,528 bytes, one more is too much.
        let limit = Limits::default().acl_bytes;
        let options = only(|limits| limits.acl_bytes = limit);
        assert_eq!(kind(&text(3_276), &options), None);
        assert_eq!(kind(&text(3_277), &options), Some(Kind::AclTooLarge { list, limit }));
    }
    // An empty list is never too large, and each list has the limit for itself.
    assert_eq!(kind("D:S:", &only(|limits| limits.acl_bytes = 8)), None);
    assert_eq!(
        kind("D:(A;;;;;WD)S:(AU;;;;;WD)", &only(|limits| limits.acl_bytes = 28)),
        None
    );
}

#[test]
fn condition_bytes() {
    // The signature, `a`, the octets and the operator: 4 + 7 + (5 + n) + 1.
    let text = |bytes: usize| format!("D:(XA;;;;;WD;(a == #{}))", "00".repeat(bytes - 17));
    for limit in [17, 18, Limits::default().condition_bytes, 30_000] {
        let options = only(|limits| limits.condition_bytes = limit);
        let too_large = Some(Kind::ConditionTooLarge { limit });
        for (bytes, expected) in [(limit.max(18) - 1, None), (limit, None), (limit + 1, too_large)] {
            assert_eq!(kind(&text(bytes), &options), expected, "{bytes} of {limit}");
        }
    }
    // `FromStr` accepts texts within the default limit.
    let text = |bytes: usize| format!("(a == #{})", "00".repeat(bytes - 17));
    let longest: Condition = text(10_000).parse().expect("it fits");
    assert_eq!(longest.encoded_len(), 10_000);
    assert!(text(10_001).parse::<Condition>().is_err());
}

/// Nested input exhausted the stack. Here depth is counted, so that a small stack is enough for a text as long as can be.
#[test]
fn cve_2020_10704_a_megabyte_of_nesting_is_refused_on_a_small_stack() {
    let texts = [
        "(",
        "!(",
        "((a)&&",
        "Exists(",
        "D:(XA;;;;;WD;(",
        "S:(RA;;;;;WD;(\"a\",TX,0,",
    ]
    .map(|unit| {
        let open = "D:(XA;;;;;WD;(";
        format!("{open}{}", unit.repeat(((1 << 20) - open.len()) / unit.len()))
    });
    let parse = move || texts.map(|text| text.parse::<SecurityDescriptor>().is_err());
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(parse);
    assert_eq!(thread.expect("a thread").join().ok(), Some([true; 6]));
}

#[test]
fn condition_depth() {
    let parentheses = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    let negations = |depth: usize| format!("({}(a){})", "!(".repeat(depth), ")".repeat(depth));
    // The outermost junction is at depth 0.
    let junctions = |depth: usize| format!("({}a{})", "a && (".repeat(depth) + "a || ", ")".repeat(depth));
    let groups = |depth: usize| format!("(Member_of{}SID(BA){})", "(".repeat(depth), ")".repeat(depth));
    let both = |depth: usize| {
        let half = depth / 2;
        format!(
            "({}({}a{}){})",
            "!(".repeat(depth - half),
            "a && (".repeat(half) + "a || ",
            ")".repeat(half),
            ")".repeat(depth - half)
        )
    };
    let texts: [(&str, &dyn Fn(usize) -> String); 5] = [
        ("parentheses", &parentheses),
        ("negations", &negations),
        ("junctions", &junctions),
        ("groups", &groups),
        ("negations and junctions", &both),
    ];
    for (what, text) in texts {
        let entry = |depth| format!("D:(XA;;;;;WD;{})", text(depth));
        for limit in [5, MAX_CONDITION_DEPTH] {
            let options = only(|limits| limits.condition_depth = limit);
            for (depth, fits) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
                let expected = (!fits).then_some(Kind::ConditionTooDeep { limit });
                assert_eq!(kind(&entry(depth), &options), expected, "{depth} {what} of {limit}");
            }
        }
        // No setting exceeds the highest.
        let limit = MAX_CONDITION_DEPTH;
        assert_eq!(kind(&entry(limit), &only(|_| {})), None, "{what}");
        assert_eq!(
            kind(&entry(limit + 1), &only(|_| {})),
            Some(Kind::ConditionTooDeep { limit }),
            "{what}"
        );
    }
}

#[test]
fn a_chain_has_no_depth() {
    let options = only(|limits| limits.condition_depth = 1);
    for operator in ["&&", "||"] {
        let chain = format!("D:(XA;;;;;WD;({}a))", format!("a {operator} ").repeat(20_000));
        assert_eq!(kind(&chain, &options), None);
    }
    // Nor have parentheses side by side, or on the left.
    let chain = format!("D:(XA;;;;;WD;({}(a)))", "(a) && ".repeat(1_000));
    assert_eq!(kind(&chain, &only(|limits| limits.condition_depth = 2)), None);
}

#[test]
fn parentheses_count_only_directly_within_one_another() {
    let options = only(|limits| limits.condition_depth = 2);
    assert_eq!(kind("D:(XA;;;;;WD;((a)))", &options), None);
    assert_eq!(
        kind("D:(XA;;;;;WD;(((a))))", &options),
        Some(Kind::ConditionTooDeep { limit: 2 })
    );
    assert_eq!(kind("D:(XA;;;;;WD;((((a) && b) && c) && d))", &options), None);
    assert_eq!(kind("D:(XA;;;;;WD;(a && ((b))))", &options), None);
    assert_eq!(
        kind("D:(XA;;;;;WD;(a && (((b)))))", &options),
        Some(Kind::ConditionTooDeep { limit: 2 })
    );
}

#[test]
fn sub_authorities() {
    let text = |count: usize| format!("S-1-5{}", "-1".repeat(count));
    for (count, expected) in [
        (1, None),
        (MAX_SUB_AUTHORITIES - 1, None),
        (MAX_SUB_AUTHORITIES, None),
        (MAX_SUB_AUTHORITIES + 1, Some(Kind::SidSubAuthorityTooMany)),
        (100_000, Some(Kind::SidSubAuthorityTooMany)),
    ] {
        assert_eq!(
            text(count).parse::<Sid>().err().map(|error| error.kind()),
            expected,
            "{count}"
        );
        assert_eq!(kind(&format!("O:{}", text(count)), &only(|_| {})), expected, "{count}");
    }
}

const MEBIBYTE: usize = 1 << 20;

#[test]
fn a_mebibyte_of_parentheses() {
    let open = "(".repeat(MEBIBYTE);
    let entry = format!("D:(XA;;GA;;;WD;{open}");
    let options = long_texts();
    assert_eq!(kind(&open, &options), Some(Kind::SectionUnknown));
    assert_eq!(kind(&format!("D:{open}"), &options), Some(Kind::AceTypeUnknown));
    assert_eq!(kind(&entry, &options), Some(Kind::ConditionTooDeep { limit: 64 }));
    // Refused where it can no longer be right, not at the end.
    let error = parse_with(&entry, &options).expect_err("too deep");
    assert!(error.span().start < 10_000 + 64 + 20, "{:?}", error.span());
    // Without a limit on the bytes, too.
    assert_eq!(kind(&entry, &only(|_| {})), Some(Kind::ConditionOperandMissing));
    assert_eq!(kind(&format!("{entry}a"), &only(|_| {})), Some(Kind::ConditionUnclosed));
    let closed = format!("{entry}a{})", ")".repeat(MEBIBYTE));
    assert_eq!(kind(&closed, &only(|_| {})), Some(Kind::ConditionTooDeep { limit: 64 }));
    assert_eq!(
        kind(&format!("D:(XA;;GA;;;WD;(Member_of{open}"), &only(|_| {})),
        Some(Kind::ConditionTooDeep { limit: 64 })
    );
    let braces = format!("D:(XA;;GA;;;WD;(a Any_of {}", "{".repeat(MEBIBYTE));
    assert_eq!(kind(&braces, &only(|_| {})), Some(Kind::ConditionValueMissing));
    let negations = format!("D:(XA;;GA;;;WD;({}", "!(".repeat(MEBIBYTE));
    assert_eq!(kind(&negations, &options), Some(Kind::ConditionTooDeep { limit: 64 }));
}

#[test]
fn fifty_thousand_entries() {
    let text = format!("D:{}", "(A;;GA;;;WD)".repeat(50_000));
    let options = only(|limits| limits.acl_bytes = Limits::DEFAULT.acl_bytes);
    let limit = 65_535;
    assert_eq!(
        kind(&text, &options),
        Some(Kind::AclTooLarge {
            list: AclKind::Dacl,
            limit
        })
    );
    // With the limit raised it is just long.
    let descriptor = parse_with(&text, &only(|_| {})).expect("no limit");
    assert_eq!(descriptor.dacl.acl().expect("a list").aces().len(), 50_000);
    // 50,000 faulty ones are 50,000 errors, however many NULs follow.
    let text = format!("D:{}{}", "(X)".repeat(50_000), "\0".repeat(MEBIBYTE));
    let errors = inspect(&text, &only(|_| {})).result.expect_err("all are faulty");
    assert_eq!(errors.len(), 50_000);
}

#[test]
fn long_runs_of_anything() {
    let run = |text: &str| text.repeat(MEBIBYTE / text.len());
    for (text, expected) in [
        (format!("O:S-1-5-{}", run("9")), Kind::SidSubAuthorityOutOfRange),
        (format!("O:S-1-{}", run("9")), Kind::SidAuthorityOutOfRange),
        (format!("O:S-{}", run("0")), Kind::SidRevisionUnsupported),
        (format!("D:(A;;0x{}", run("f")), Kind::MaskOutOfRange),
        (format!("D:{}", run("P")), Kind::AclFlagUnknown { list: AclKind::Dacl }),
        (format!("D:(A;{}", run("OI")), Kind::AceFieldMissing),
        (format!("D:(A;;{}", run("CC ")), Kind::RightsTrailingSpace),
        (format!("D:(A;;GA;{}", run("a")), Kind::GuidMalformed),
        (format!("D:({}", run("A")), Kind::AceTypeUnknown),
        (format!("D:(XA;;GA;;;WD;(a == \"{}", run("a")), Kind::StringUnclosed),
        (
            format!("D:(XA;;GA;;;WD;(a == \"{}\"))", run("a")),
            Kind::ConditionTooLarge { limit: 10_000 },
        ),
        (format!("D:(XA;;GA;;;WD;(a == {}))", run("9")), Kind::IntegerOutOfRange),
        (
            format!("D:(XA;;GA;;;WD;(a == #{}))", run("#")),
            Kind::ConditionTooLarge { limit: 10_000 },
        ),
        (
            format!("D:(XA;;GA;;;WD;({}))", run("a")),
            Kind::ConditionTooLarge { limit: 10_000 },
        ),
        (
            format!("D:(XA;;GA;;;WD;(@User.{}))", run("%0020")),
            Kind::ConditionTooLarge { limit: 10_000 },
        ),
        (
            format!("D:(XA;;GA;;;WD;(a Any_of {{{}1}}))", run("1,")),
            Kind::ConditionTooLarge { limit: 10_000 },
        ),
        (
            format!("D:(XA;;GA;;;WD;({}a))", run("a&&")),
            Kind::ConditionTooLarge { limit: 10_000 },
        ),
        (
            format!("S:(RA;;;;;WD;(\"a\",TI,0x0{}))", run(",1")),
            Kind::AclTooLarge {
                list: AclKind::Sacl,
                limit: 65_535,
            },
        ),
        (format!("S:(RA;;;;;WD;(\"{}", run("a")), Kind::NameUnclosed),
    ] {
        let options = long_texts();
        let text = text.replace("D:PPP", "D:xPP");
        assert_eq!(kind(&text, &options), Some(expected), "{}…", &text[..30]);
    }
    // A flag repeated is no fault, only an oddity each time.
    let flags = format!("D:{}", run("P"));
    let inspection = inspect(&flags, &only(|_| {}));
    assert!(inspection.result.is_ok());
    assert_eq!(inspection.violations.len(), MEBIBYTE - 1);
}

#[test]
fn no_error_hides_another() {
    // Within all limits but the depth, and so on: the limit that is exceeded is the one that is named.
    for (text, expected) in [
        ("D:(XA;;GA;;;WD;((((((a)))))))", Kind::ConditionTooDeep { limit: 5 }),
        (
            "D:(XA;;GA;;;WD;(a == \"aaaaaaaaaa\"))",
            Kind::ConditionTooLarge { limit: 36 },
        ),
        (
            "D:(A;;;;;WD)(A;;;;;WD)(A;;;;;WD)(A;;;;;WD)",
            Kind::AclTooLarge {
                list: AclKind::Dacl,
                limit: 80,
            },
        ),
        (
            "D:                                                ",
            Kind::TextTooLong { limit: 48 },
        ),
    ] {
        let mut options = windows();
        (options.limits.condition_depth, options.limits.condition_bytes) = (5, 36);
        (options.limits.acl_bytes, options.limits.text_bytes) = (80, 48);
        assert_eq!(kind(text, &options), Some(expected), "{text}");
    }
    assert!("D:".parse::<SecurityDescriptor>().is_ok());
}

//! Laws for every model and every text.

use crate::{
    descriptors,
    table::{lenient, strict, windows},
};
use arbitrary::Unstructured;
use proptest::{collection::vec, prelude::*, sample::select};
use sddl_authz::{
    Ace, AclState, Condition, Control, Limits, SecurityDescriptor,
    ace::{AceParts, ApplicationData},
    binary,
    condition::{Literal, Token, Width},
    sddl::{self, AclKind, Options, ParseErrorKind, PrintError, ace_to_text, inspect, parse_with, to_text},
};

fn widen(literal: &Literal) -> Literal {
    match literal {
        Literal::Integer(integer) => {
            let mut integer = *integer;
            integer.width = Width::Int64;
            Literal::Integer(integer)
        }
        other => other.clone(),
    }
}

/// The entry as its text says it: without the width of integers, and of a plain type where there is no GUID.
fn as_text_says(ace: &Ace) -> Ace {
    let data = match ace.data() {
        ApplicationData::Condition(condition) => {
            let tokens = condition.tokens().map(|token| match token {
                Token::Literal(literal) => Token::Literal(widen(&literal)),
                Token::Composite(members) => Token::Composite(members.iter().map(widen).collect()),
                other => other,
            });
            ApplicationData::Condition(Condition::from_postfix(tokens, &Limits::DEFAULT).expect("as before"))
        }
        other => other.clone(),
    };
    let objects = *ace.objects();
    let plain = objects.object.is_none() && objects.inherited.is_none();
    let parts = AceParts {
        ace_type: if plain {
            ace.ace_type().without_objects()
        } else {
            ace.ace_type()
        },
        flags: ace.flags(),
        mask: ace.mask(),
        trustee: *ace.trustee().expect("it has a text"),
        objects,
        data,
    };
    Ace::from_parts(parts).expect("as before")
}

/// The descriptor as its text says it: without control bits that have no letters, and flags of lists that are absent.
fn descriptor_as_text_says(descriptor: &SecurityDescriptor) -> SecurityDescriptor {
    let list = |state: &AclState| match state {
        AclState::Present(acl) => AclState::Present(acl.aces().iter().map(as_text_says).collect()),
        AclState::Absent | AclState::Null => state.clone(),
    };
    let flags = |state: &AclState, bits: Control| {
        if *state == AclState::Absent {
            Control::empty()
        } else {
            bits
        }
    };
    let dacl = Control::DACL_PROTECTED | Control::DACL_AUTO_INHERITED | Control::DACL_AUTO_INHERIT_REQUESTED;
    let sacl = Control::SACL_PROTECTED | Control::SACL_AUTO_INHERITED | Control::SACL_AUTO_INHERIT_REQUESTED;
    let lettered = flags(&descriptor.dacl, dacl) | flags(&descriptor.sacl, sacl);
    SecurityDescriptor::new(
        descriptor.owner,
        descriptor.group,
        list(&descriptor.dacl),
        list(&descriptor.sacl),
    )
    .with_control(descriptor.control() & lettered)
}

fn states(descriptor: &SecurityDescriptor) -> [(AclKind, &AclState); 2] {
    [(AclKind::Dacl, &descriptor.dacl), (AclKind::Sacl, &descriptor.sacl)]
}

/// A descriptor with a text says the same in it; one without is refused for its first entry that has none.
fn model_survives(descriptor: &SecurityDescriptor) {
    for options in [windows(), Options::default()] {
        match to_text(descriptor, &options) {
            Ok(text) => {
                let read = parse_with(&text, &options).expect(&text);
                assert_eq!(read, descriptor_as_text_says(descriptor), "{text}");
                text_is_stable(&text);
                assert!(inspect(&text, &options).violations.is_empty(), "{text}");
            }
            Err(PrintError::NoTextForm { list, entry, type_code }) => {
                let (_, state) = states(descriptor)
                    .into_iter()
                    .find(|&(own, _)| own == list)
                    .expect("a list");
                let aces = state.acl().expect("entries").aces();
                assert_eq!(aces[entry].ace_type().code(), type_code);
                assert_eq!(ace_to_text(list, &aces[entry], &options), None);
                assert!(
                    aces[..entry]
                        .iter()
                        .all(|ace| ace_to_text(list, ace, &options).is_some())
                );
            }
            Err(other) => panic!("{other}"),
        }
    }
    for (own, state) in states(descriptor) {
        for ace in state.acl().map(|acl| acl.aces()).unwrap_or_default() {
            for (list, letter) in [(AclKind::Dacl, "D:"), (AclKind::Sacl, "S:")] {
                let Some(text) = ace_to_text(list, ace, &windows()) else {
                    continue;
                };
                let read = parse_with(&format!("{letter}{text}"), &strict()).expect(&text);
                let (_, state) = states(&read).into_iter().find(|&(own, _)| own == list).expect("a list");
                assert_eq!(
                    state.acl().expect("entries").aces(),
                    [as_text_says(ace)],
                    "{text} from {own}"
                );
            }
        }
    }
}

/// Laws for any text.
fn text_is_stable(text: &str) {
    let options = windows();
    let inspection = inspect(text, &options);
    match (parse_with(text, &options), &inspection.result) {
        (Ok(descriptor), Ok(inspected)) => {
            assert_eq!(&descriptor, inspected, "{text:?}");
            // The printed text is a fixed point, of the strict dialect too.
            let printed = to_text(&descriptor, &options).expect(text);
            for dialect in [windows(), strict(), lenient()] {
                assert_eq!(
                    parse_with(&printed, &dialect).as_ref(),
                    Ok(&descriptor),
                    "{text:?} as {printed:?}"
                );
            }
            // Its bytes say the same, where it fits them.
            let bytes = binary::to_bytes(&descriptor).expect(text);
            let from_bytes = binary::from_bytes(&bytes).expect(text);
            assert_eq!(from_bytes, descriptor, "{text:?}");
            assert_eq!(to_text(&from_bytes, &options).as_ref(), Ok(&printed), "{text:?}");
            // Numbers that need no change are not changed.
            assert_eq!(parse_with(text, &lenient()), Ok(descriptor), "{text:?}");
        }
        (Err(error), Err(errors)) => {
            assert_eq!(errors.first(), Some(&error), "{text:?}");
            for error in errors {
                let place = text.get(error.span().range()).expect(text);
                assert!(place.is_empty() || !error.found().is_empty(), "{text:?}: {error}");
                assert!(!error.to_string().contains(char::is_control), "{text:?}: {error}");
            }
        }
        (parsed, inspected) => panic!("{text:?}: {parsed:?} and {inspected:?}"),
    }
    for violation in &inspection.violations {
        assert!(
            text.get(violation.span.range()).is_some_and(|place| !place.is_empty()),
            "{text:?}: {violation:?}"
        );
    }
    // The strict dialect accepts what has no oddity, and reads the same in it.
    match (parse_with(text, &strict()), parse_with(text, &options)) {
        (Ok(strict), windows) => {
            assert_eq!(windows, Ok(strict), "{text:?}");
            assert!(inspection.violations.is_empty(), "{text:?}");
        }
        (Err(error), Ok(_)) => {
            let first = inspection
                .violations
                .first()
                .expect("a reason for the strict dialect to refuse");
            assert_eq!(error.kind(), ParseErrorKind::NotStrict { kind: first.kind }, "{text:?}");
            assert_eq!(error.span(), first.span, "{text:?}");
        }
        (Err(_), Err(_)) => {}
    }
    if let Ok(descriptor) = parse_with(text, &lenient()) {
        let printed = to_text(&descriptor, &options).expect(text);
        assert_eq!(
            parse_with(&printed, &options),
            Ok(descriptor),
            "{text:?} as {printed:?}"
        );
    }
}

/// Valid texts, with something of everything.
const SEEDS: [&str; 12] = [
    "O:BAG:SYD:PAI(A;OICI;FA;;;SY)(D;;0x1200a9;;;S-1-5-21-1-2-3-1001)S:AR(AU;SAFA;CCDC;;;WD)",
    "O:S-1-5-21-1-2-14134865D:NO_ACCESS_CONTROLS:NO_ACCESS_CONTROL",
    "D:(OA;CI;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;bf967aba-0de6-11d0-a285-00aa003049e2;PS)(OD;;RP;;bf967aba-0de6-11d0-a285-00aa003049e2;AU)",
    r#"D:(XA;;FR;;;WD;((@User.Title == "PM") && ((@Device.a Any_of {1, 0x2, -03, "b", #0a, SID(BA)}) || (!(Member_of {SID(BA)})))))"#,
    r#"S:(RA;;;;;WD;("Secrecy",TU,0x0,3))(RA;;;;;WD;("p%0020q",TS,0x2,"a","b"))(ML;;NWNR;;;ME)(SP;;;;;S-1-17-1)"#,
    r#"S:(RA;CI;;;;WD;("a",TX,0x0,0077,00))(RA;;;;;WD;("b",TB,0x0,0,1))(RA;;;;;WD;("c",TD,0x0,BA))(RA;;;;;WD;("d",TI,0x0,-1))"#,
    "S:O:S-1-2-0x200D:\0\0",
    " O:ba G:S- 1-0x05-32-544 D: (a; oi; ga rc;;; wd )",
    "D:(A;;-1;;;S-1-3-4294967296)(A;;0x123456789;;;WD)",
    "D:(XD;;GA;;;AN;(Not_Exists @RESOURCE.x && a Not_Contains @User.b || Device_Member_of_any((SID(WD)))))S:(XU;FA;GA;;;WD;(777 == 0777))",
    "S:(FL;TP;CC;;;WD;(a))(TL;;CC;;;S-1-19-512-4096)(AL;;GA;;;WD)(OL;;GA;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)",
    "O:LAG:DUD:PS:PARAI",
];

/// Pieces of text, some of which fit.
const PIECES: [&str; 96] = [
    "O:",
    "G:",
    "D:",
    "S:",
    "P",
    "AR",
    "AI",
    "NO_ACCESS_CONTROL",
    "(",
    ")",
    ";",
    ";;",
    ";;;",
    "A",
    "D",
    "AU",
    "OA",
    "OD",
    "OU",
    "XA",
    "XD",
    "XU",
    "ZA",
    "RA",
    "ML",
    "SP",
    "TL",
    "FL",
    "OI",
    "CI",
    "SA",
    "FA",
    "TP",
    "GA",
    "CC",
    "FR",
    "KX",
    "NW",
    "0x1",
    "0x1f01ff",
    "017",
    "16",
    "-1",
    "0x123456789",
    "WD",
    "BA",
    "DA",
    "LG",
    "S-1-5-32-544",
    "S-1-",
    "-5",
    "-0x20D",
    "S-0x1-5-20-243",
    "bf967aba-0de6-11d0-a285-00aa003049e2",
    " ",
    "\t",
    "\0",
    "\n",
    "ü",
    "\"",
    "a",
    "@User.",
    "@Device.b",
    "@Resource.c",
    "@Token.d",
    "%00e4",
    "%0061",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    "!(",
    "Member_of",
    "SID(",
    "SID(BA)",
    "{",
    "}",
    ",",
    "#",
    "#0a",
    "##1",
    "\"b\"",
    "Any_of",
    "Contains",
    "Exists",
    "(\"n\",TI,0x0,1)",
    "(\"n\",TS,2,\"v\")",
    "TX",
    "(A;;GA;;;WD)",
    "(XA;;GA;;;WD;(a))",
    "(XA;;GA;;;WD;(",
    "S:(RA;;;;;WD;(\"n\",T",
    "))",
];

/// A change at a place: of a text of characters, so that it stays one.
fn mutate(text: &str, changes: &[(usize, usize, u8)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for &(at, piece, how) in changes {
        let at = at % (characters.len() + 1);
        let piece: Vec<char> = PIECES[piece % PIECES.len()].chars().collect();
        match how % 5 {
            0 if at < characters.len() => drop(characters.remove(at)),
            1 if at < characters.len() => characters[at] = piece[0],
            2 => characters.truncate(at),
            3 => {
                let end = characters.len().min(at + 9);
                let copy = characters[at..end].to_vec();
                drop(characters.splice(at..at, copy));
            }
            _ => drop(characters.splice(at..at, piece)),
        }
    }
    characters.into_iter().collect()
}

#[test]
fn the_seeds_are_valid() {
    for seed in SEEDS {
        text_is_stable(seed);
        assert!(parse_with(seed, &lenient()).is_ok(), "{seed}");
    }
}

#[test]
fn every_prefix_of_a_valid_text_is_stable() {
    for seed in SEEDS {
        for (at, _) in seed.char_indices() {
            text_is_stable(&seed[..at]);
            text_is_stable(&seed[at..]);
        }
    }
}

#[test]
fn every_entry_of_the_model_may_have_a_text() {
    // The generator reaches every type that has a token.
    let mut seen = std::collections::BTreeSet::new();
    let mut bytes = 0_u64;
    for seed in 0..2_000_u64 {
        let noise: Vec<u8> = (0..600)
            .map(|_| {
                bytes = bytes.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed | 1);
                bytes.to_le_bytes()[7]
            })
            .collect();
        let descriptor = descriptors::descriptor(&mut Unstructured::new(&noise)).expect("any bytes do");
        for (list, state) in states(&descriptor) {
            for ace in state.acl().map(|acl| acl.aces()).unwrap_or_default() {
                if ace_to_text(list, ace, &windows()).is_some() {
                    seen.insert(ace.ace_type().code());
                }
            }
        }
    }
    // All but RA, whose trustee is Everyone, and those without a token.
    let expected: Vec<u8> = sddl_authz::AceType::KNOWN
        .iter()
        .filter(|known| known.token().is_some_and(|token| token != "RA"))
        .map(|known| known.code())
        .collect();
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_model_with_a_text_survives_it(bytes in vec(any::<u8>(), 0..900)) {
        let descriptor = descriptors::descriptor(&mut Unstructured::new(&bytes)).expect("any bytes do");
        model_survives(&descriptor);
        // The descriptor with all resource attributes about Everyone, so that they have a text.
        let everyone = |state: &AclState| match state {
            AclState::Present(acl) => {
                AclState::Present(acl.aces().iter().cloned().map(|ace| ace.with_trustee(sddl_authz::Sid::EVERYONE)).collect())
            }
            AclState::Absent | AclState::Null => state.clone(),
        };
        let mut about_everyone = descriptor.clone();
        about_everyone.dacl = everyone(&descriptor.dacl);
        about_everyone.sacl = everyone(&descriptor.sacl);
        model_survives(&about_everyone);
    }

    #[test]
    fn pieces_in_any_order(pieces in vec(select(&PIECES[..]), 0..16)) {
        text_is_stable(&pieces.concat());
        text_is_stable(&format!("D:(XA;;GA;;;WD;({}))", pieces.concat()));
        text_is_stable(&format!("S:(RA;;;;;WD;(\"n\",{}))", pieces.concat()));
    }

    #[test]
    fn valid_texts_changed(
        seed in select(&SEEDS[..]),
        changes in vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..5),
    ) {
        text_is_stable(&mutate(seed, &changes));
    }

    #[test]
    fn any_characters(text in ".{0,60}") {
        text_is_stable(&text);
        text_is_stable(&format!("D:(A;;GA;;;WD){text}"));
        _ = text.parse::<sddl_authz::Sid>();
        _ = text.parse::<sddl_authz::AccessMask>();
        _ = text.parse::<Condition>();
        _ = text.parse::<sddl_authz::Claim>();
    }

    #[test]
    fn parts_survive_their_own_text(bytes in vec(any::<u8>(), 0..600)) {
        let descriptor = descriptors::descriptor(&mut Unstructured::new(&bytes)).expect("any bytes do");
        for sid in [descriptor.owner, descriptor.group].into_iter().flatten() {
            prop_assert_eq!(sid.to_string().parse(), Ok(sid));
            let text = sddl::sid_to_text(&sid, &windows());
            prop_assert_eq!(sddl::parse_sid_with(&text, &windows()), Ok(sid));
        }
        for (_, state) in states(&descriptor) {
            for ace in state.acl().map(|acl| acl.aces()).unwrap_or_default() {
                prop_assert_eq!(ace.mask().to_string().parse(), Ok(ace.mask()));
                match ace.data() {
                    ApplicationData::Condition(condition) => {
                        if let Some(text) = sddl::condition_to_text(condition, &Options::default()) {
                            let read: Condition = text.parse().expect(&text);
                            prop_assert_eq!(ApplicationData::Condition(read), as_text_says(ace).data().clone());
                        }
                    }
                    ApplicationData::Claim(claim) => {
                        if let Some(text) = sddl::claim_to_text(claim, &Options::default()) {
                            prop_assert_eq!(text.parse(), Ok(claim.as_ref().clone()), "{}", text);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

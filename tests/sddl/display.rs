//! `FromStr` and `Display` of what stands in descriptors, and the marker for what SDDL can't express.

use sddl_authz::{
    AccessMask, Ace, AceFlags, AceType, Claim, Condition, Limits, SecurityDescriptor, Sid,
    acl::AclState,
    binary,
    claim::{ClaimFlags, ClaimValues},
    condition::{Literal, Token},
    sddl::{self, AclKind, Options, ParseErrorKind, PrintError},
};

#[test]
fn entries_of_both_lists_are_read_and_printed() {
    for text in [
        "(A;;FA;;;BA)",
        "(D;OICI;GA;;;S-1-5-21-1-2-3-1000)",
        "(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;PS)",
        "(XA;;FR;;;WD;(@USER.Title == \"PM\"))",
        "(AU;SA;FA;;;WD)",
        "(ML;;NW;;;HI)",
        "(RA;;;;;WD;(\"Project\",TS,0x0,\"Windows\"))",
    ] {
        let ace: Ace = text.parse().expect(text);
        assert_eq!(ace.to_string(), text);
        let list = if matches!(text.as_bytes(), [b'(', b'A', b'U', ..] | [b'(', b'M' | b'R', ..]) {
            "S:"
        } else {
            "D:"
        };
        let whole: SecurityDescriptor = format!("{list}{text}").parse().expect(text);
        assert_eq!(whole.to_string(), format!("{list}{text}"));
        let entries = whole.dacl.acl().or(whole.sacl.acl()).map(|acl| acl.aces().to_vec());
        assert_eq!(entries, Some(vec![ace]));
    }
}

#[test]
fn an_entry_alone_is_nothing_but_an_entry() {
    for (text, kind, span) in [
        ("", ParseErrorKind::AceMissing, 0..0),
        ("BA", ParseErrorKind::AceMissing, 0..1),
        ("D:(A;;FA;;;BA)", ParseErrorKind::AceMissing, 0..1),
        ("(A;;FA;;;BA)(A;;FA;;;BA)", ParseErrorKind::TrailingText, 12..13),
        ("(A;;FA;;;BA", ParseErrorKind::AceUnclosed, 11..11),
        ("(ZZ;;FA;;;BA)", ParseErrorKind::AceTypeUnknown, 1..3),
        ("(AU;;FA;;;XX)", ParseErrorKind::SidAliasUnknown, 10..12),
    ] {
        let error = text.parse::<Ace>().expect_err(text);
        assert_eq!((error.kind(), error.span().range()), (kind, span), "{text}");
    }
}

/// A condition and a claim that hold a quote, which SDDL has no escape for.
fn unprintable() -> (Condition, Claim) {
    let condition: Condition = "(@User.Title == \"PM\")".parse().expect("a condition");
    let quoted = condition.tokens().map(|token| match token {
        Token::Literal(Literal::String(_)) => Token::Literal(Literal::String("a\"b".to_owned())),
        other => other,
    });
    let condition = Condition::from_postfix(quoted, &Limits::default()).expect("well formed");
    let claim = Claim::new(
        "Project".to_owned(),
        ClaimFlags::empty(),
        ClaimValues::String(vec!["a\"b".to_owned()]),
    );
    (condition, claim.expect("a claim"))
}

#[test]
fn a_condition_or_claim_without_a_text_prints_as_a_marker() {
    let (condition, claim) = unprintable();
    assert_eq!(sddl::condition_to_text(&condition, &Options::default()), None);
    assert_eq!(condition.to_string(), "(?)");
    assert!(condition.to_string().parse::<Condition>().is_err());
    assert_eq!(sddl::claim_to_text(&claim, &Options::default()), None);
    assert_eq!(claim.to_string(), "(?)");
    assert!(claim.to_string().parse::<Claim>().is_err());
}

#[test]
fn an_entry_without_a_text_prints_as_a_marker_that_nothing_reads() {
    let (condition, _) = unprintable();
    let opaque = Ace::opaque(AceType::from_code(0x63), AceFlags::CONTAINER_INHERIT, vec![0; 8]).expect("opaque");
    let conditional = Ace::allow(Sid::EVERYONE, AccessMask::from_bits_retain(0x1))
        .with_condition(condition)
        .expect("an allow entry");
    for (ace, marker) in [(opaque, "(?0x63;CI;;;;)"), (conditional, "(?0x09;;CC;;;S-1-1-0)")] {
        assert_eq!(sddl::ace_to_text(AclKind::Dacl, &ace, &Options::default()), None);
        assert_eq!(ace.to_string(), marker);
        assert!(marker.parse::<Ace>().is_err());
        let mut descriptor = SecurityDescriptor::default();
        descriptor.dacl = AclState::Present(vec!["(A;;FA;;;BA)".parse().expect("an entry"), ace].into());
        assert_eq!(descriptor.to_string(), format!("D:(A;;FA;;;BA){marker}"));
        assert!(descriptor.to_string().parse::<SecurityDescriptor>().is_err());
        assert!(matches!(
            sddl::to_text(&descriptor, &Options::default()),
            Err(PrintError::NoTextForm { entry: 1, .. })
        ));
    }
}

#[test]
fn a_descriptor_displays_as_its_text() {
    let text = "O:BAG:SYD:PAI(A;OICI;FA;;;SY)S:(AU;FA;WD;;;WD)";
    let descriptor = sddl::parse(text).expect(text);
    assert_eq!(descriptor.to_string(), text);
    assert_eq!(
        binary::to_bytes(&descriptor),
        binary::to_bytes(&text.parse().expect(text))
    );
}

#[cfg(feature = "serde")]
#[test]
fn a_deviation_keeps_its_word_in_json() {
    let words = [sddl::ViolationKind::Space, sddl::ViolationKind::LetterCase];
    let json = serde_json::to_string(&words).expect("two words");
    assert_eq!(json, r#"["blank","letter_case"]"#);
}

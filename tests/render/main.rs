//! Text for people: excerpts with the caret under the place, and no control characters.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod conditions;
mod policies;
mod remedies;

use proptest::prelude::*;
use sddl_authz::{
    AccessCheck, AccessMask, Caller, SecurityDescriptor, Span,
    mask::RightsTable,
    render::{Description, DisplayRights, Escaped, Excerpt, ExplanationText},
};

/// The width of an excerpt, as the docs of `Excerpt` have it.
const EXCERPT_COLUMNS: usize = 80;

/// The explanation of a check, as it is printed.
fn explained_text(descriptor: &SecurityDescriptor, caller: &Caller, desired: AccessMask) -> String {
    let explanation = AccessCheck::new(caller, desired).explain(descriptor);
    ExplanationText::new(&explanation, descriptor, caller).to_string()
}

fn excerpt(text: &str, start: usize, end: usize) -> String {
    Excerpt::new(text, Span { start, end }).to_string()
}

/// A conditional entry must not read as an unconditional one.
#[test]
fn a_description_says_conditions_and_claims() {
    let descriptor: SecurityDescriptor = r#"D:(XA;;CC;;;WD;(@User.a == 1))S:(RA;;;;;WD;("s",TS,0x2,"a"))"#
        .parse()
        .unwrap();
    let text = Description::new(&descriptor).to_string();
    assert!(text.contains("; if (@USER.a == 1)"), "{text}");
    assert!(text.contains(r#"; ("s",TS,0x2,"a")"#), "{text}");
}

#[test]
fn the_caret_stands_under_the_place() {
    assert_eq!(excerpt("O:ZZ", 2, 4), "  O:ZZ\n    ^^");
    assert_eq!(excerpt("O:ZZ", 2, 2), "  O:ZZ\n    ^");
    assert_eq!(excerpt("O:", 2, 2), "  O:\n    ^");
    assert_eq!(excerpt("", 0, 0), "  \n  ^");
    assert_eq!(excerpt("O:", 7, 9), "  O:\n    ^");
}

#[test]
fn what_is_escaped_shifts_the_caret_with_it() {
    assert_eq!(excerpt("\u{1b}ZZ", 1, 3), "  \\u{1b}ZZ\n        ^^");
    assert_eq!(excerpt("Z\u{202e}Z", 1, 4), "  Z\\u{202e}Z\n   ^^^^^^^^");
    assert_eq!(excerpt("日本Z", 6, 7), "  日本Z\n      ^");
    // A wide character that is in no block of wide characters (UAX #11).
    assert_eq!(excerpt("\u{231a}Z", 3, 4), "  \u{231a}Z\n    ^");
}

#[test]
fn a_span_inside_a_character_is_about_the_whole_of_it() {
    assert_eq!(excerpt("aéb", 2, 2), "  aéb\n   ^");
}

#[test]
fn a_long_text_is_cut_on_either_side() {
    let text = format!("{}!{}", "a".repeat(500), "b".repeat(500));
    let drawn = excerpt(&text, 500, 501);
    let (line, carets) = drawn.split_once('\n').unwrap_or_default();
    assert!(line.starts_with("  …aaa") && line.ends_with("bbb…"), "{line}");
    assert_eq!(line.chars().count(), EXCERPT_COLUMNS);
    let under: Vec<char> = line
        .chars()
        .zip(carets.chars())
        .filter(|&(_, caret)| caret == '^')
        .map(|(under, _)| under)
        .collect();
    assert_eq!(under, ['!']);
}

#[test]
fn what_has_no_shape_is_escaped() {
    for character in [
        '\0',
        '\t',
        '\n',
        '\r',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{a0}',
        '\u{ad}',
        '\u{61c}',
        '\u{200b}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{e0001}',
        '\u{301}',
        // A vowel of Hangul that combines with the letter before it.
        '\u{1160}',
    ] {
        let text = character.to_string();
        assert_eq!(Escaped(&text).to_string(), character.escape_unicode().to_string());
    }
    assert_eq!(Escaped(r#"a"b'c\d é 日"#).to_string(), r#"a"b'c\d é 日"#);
}

proptest! {
    #[test]
    fn excerpts_fit_and_are_harmless(text in "\\PC{0,200}|.{0,200}|[a-z\u{202e}日\u{1b}]{0,200}", start in 0_usize..250, length in 0_usize..250) {
        let drawn = excerpt(&text, start, start.saturating_add(length));
        let lines: Vec<&str> = drawn.split('\n').collect();
        prop_assert_eq!(lines.len(), 2);
        for line in lines {
            prop_assert!(line.chars().count() <= EXCERPT_COLUMNS, "{}", line);
            prop_assert!(!line.contains(char::is_control));
        }
        prop_assert!(drawn.contains('^'));
    }

    #[test]
    fn escaping_twice_changes_nothing(text in any::<String>()) {
        let once = Escaped(&text).to_string();
        prop_assert_eq!(Escaped(&once).to_string(), once.clone());
    }

    #[test]
    fn an_excerpt_of_short_ascii_has_its_carets_exactly_there(text in "[ -\\[\\]-~]{1,70}", start in 0_usize..70, length in 1_usize..40) {
        let (start, end) = (start.min(text.len()), start.saturating_add(length).min(text.len()));
        prop_assume!(start < end);
        let drawn = excerpt(&text, start, end);
        let (line, carets) = drawn.split_once('\n').unwrap_or_default();
        prop_assert_eq!(line, format!("  {text}"));
        prop_assert_eq!(carets, format!("  {}{}", " ".repeat(start), "^".repeat(end.saturating_sub(start))));
    }
}

#[test]
fn rights_are_told_by_number_token_and_name() {
    let rights = |bits, names| DisplayRights::new(AccessMask::from_bits_retain(bits), names).to_string();
    assert_eq!(
        rights(0x2000b, RightsTable::STANDARD),
        "0x2000b CCDCSWRC (READ_CONTROL; 0xb)"
    );
    assert_eq!(rights(0x1, RightsTable::FILE), "0x1 CC (FILE_READ_DATA)");
    assert_eq!(rights(0x1, RightsTable::STANDARD), "0x1 CC");
    assert_eq!(rights(0x0200, RightsTable::FILE), "0x200");
    assert_eq!(rights(0x0, RightsTable::FILE), "0x0 (nothing)");
}

#[test]
fn the_three_states_of_a_dacl_are_told_apart() {
    let described = |sddl: &str| {
        let descriptor: SecurityDescriptor = sddl.parse().unwrap_or_default();
        Description::new(&descriptor).to_string()
    };
    assert!(described("O:SY").contains("DACL   absent: nothing is protected"));
    assert!(described("D:NO_ACCESS_CONTROL").contains("DACL   NULL: nothing is protected"));
    assert!(described("D:").contains("DACL   empty: nobody may do anything"));
}

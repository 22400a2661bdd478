//! The claims of resource attributes.

use crate::table::{Row, prints, refused, run, same};
use sddl_authz::{
    Claim,
    sddl::{Options, ParseErrorKind as Kind, ViolationKind as Oddity, claim_to_text},
};

/// The rows, each claim put into an entry.
fn run_claims(rows: Vec<Row>) {
    run(&rows
        .into_iter()
        .map(|row| row.wrapped("S:(RA;;;;;WD;", ")"))
        .collect::<Vec<_>>());
}

#[test]
fn every_type_of_value() {
    use Oddity::OctetForm as Octets;
    run_claims(vec![
        same(
            "signed",
            r#"("a",TI,0x0,1,-1,0,9223372036854775807,-9223372036854775808)"#,
        ),
        same("unsigned", r#"("a",TU,0x0,1,0,18446744073709551615)"#),
        same("strings", r#"("a",TS,0x0,"b","","%0041 \ ü),(")"#),
        same("SIDs", r#"("a",TD,0x0,BA,S-1-5-21-1-2-3-4)"#).note("never seen; the form is the documented one"),
        prints("SIDs in SID()", r#"("a",TD,0x0,SID(BA))"#, r#"("a",TD,0x0,BA)"#)
            .note("the documented grammar; never seen"),
        same("truth values", r#"("a",TB,0x0,0,1)"#).note("never seen"),
        same("octets", r#"("a",TX,0x0,0077,00)"#),
        prints(
            "octets behind #",
            r#"("a",TX,0x0,#0077,#00)"#,
            r#"("a",TX,0x0,0077,00)"#,
        ),
        prints("# as the digit 0", r#"("a",TX,0x0,##1#2)"#, r#"("a",TX,0x0,0102)"#).tolerating(&[Octets]),
        prints("an odd count of digits", r#"("a",TX,0x0,177)"#, r#"("a",TX,0x0,0177)"#).tolerating(&[Octets]),
        prints("an odd count behind #", r#"("a",TX,0x0,#f)"#, r#"("a",TX,0x0,0f)"#).tolerating(&[Octets]),
        same("no values", r#"("a",TS,0x0)"#).note("the documented grammar has none; harmless"),
        same("the same value twice", r#"("a",TI,0x0,1,1)"#),
        prints(
            "bases and signs are lost",
            r#"("a",TI,0x0,0x10,010,+1,-0x1)"#,
            r#"("a",TI,0x0,16,8,1,-1)"#,
        ),
        prints(
            "bases of unsigned values",
            r#"("a",TU,0x0,0xffffffffffffffff,010)"#,
            r#"("a",TU,0x0,18446744073709551615,8)"#,
        ),
    ]);
}

#[test]
fn the_other_fields() {
    run_claims(vec![
        prints("blanks behind commas", r#"("a", TI, 0x0, 1, 2)"#, r#"("a",TI,0x0,1,2)"#),
        prints("flags in decimal", r#"("a",TI,2,1)"#, r#"("a",TI,0x2,1)"#),
        prints("flags in octal", r#"("a",TI,020,1)"#, r#"("a",TI,0x10,1)"#),
        same("all named flags", r#"("a",TI,0x3003f,1)"#),
        same("flags nobody named", r#"("a",TI,0xff00,1)"#)
            .note("refused by another implementation; unknown on Windows"),
        same("all flags", r#"("a",TI,0xffffffff,1)"#),
        refused("flags of 33 bits", r#"("a",TI,0x100000000,1)"#, Kind::IntegerOutOfRange),
        refused("no flags", r#"("a",TI,,1)"#, Kind::IntegerMalformed),
        refused("negative flags", r#"("a",TI,-1,1)"#, Kind::IntegerMalformed),
        prints("small letters of a type", r#"("a",ti,0x0,1)"#, r#"("a",TI,0x0,1)"#).tolerating(&[Oddity::LetterCase]),
        same("raw characters of a name", r#"("aZ09#$'*+-./:;?@[\]^_`{}~",TI,0x0,1)"#),
        prints(
            "a comma and characters from U+0080 on in a name",
            "(\"\u{e9},\u{ffff}\",TS,0x0,\"a\")",
            r#"("%00e9%002c%ffff",TS,0x0,"a")"#,
        ),
        same("escapes in a name", r#"("%0020%0022%002c%00e4%d800%dc00",TI,0x0,1)"#),
        refused("a name with a raw blank", r#"("a b",TI,0x0,1)"#, Kind::NameUnclosed)
            .note("inferred from the escapes on output"),
        refused("no name", r#"("",TI,0x0,1)"#, Kind::NameMissing),
        refused("a name without quotes", "(a,TI,0x0,1)", Kind::NameMissing),
        refused(
            "an escape of a plain letter",
            r#"("%0061",TI,0x0,1)"#,
            Kind::EscapeNotAllowed,
        ),
        refused("U+0000 in a name", r#"("%0000",TI,0x0,1)"#, Kind::EscapeNotAllowed),
        refused("half a pair", r#"("%d800",TI,0x0,1)"#, Kind::NameSurrogateUnpaired),
        refused("no such type", r#"("a",TF,0x0,1)"#, Kind::ClaimTypeUnknown),
        refused("no type", r#"("a",,0x0,1)"#, Kind::ClaimTypeUnknown),
        refused("nothing but a name", r#"("a")"#, Kind::ClaimFieldMissing),
        refused("values without commas", r#"("a",TI,0x0,1 2)"#, Kind::ClaimFieldMissing),
        refused("a comma too many", r#"("a",TI,0x0,1,)"#, Kind::IntegerMalformed),
        refused(
            "a signed value of 65 bits",
            r#"("a",TI,0x0,9223372036854775808)"#,
            Kind::IntegerOutOfRange,
        ),
        refused(
            "a signed value below all",
            r#"("a",TI,0x0,-9223372036854775809)"#,
            Kind::IntegerOutOfRange,
        ),
        refused(
            "an unsigned value of 65 bits",
            r#"("a",TU,0x0,18446744073709551616)"#,
            Kind::IntegerOutOfRange,
        ),
        refused(
            "a negative unsigned value",
            r#"("a",TU,0x0,-1)"#,
            Kind::IntegerMalformed,
        ),
        refused("a truth value of 2", r#"("a",TB,0x0,2)"#, Kind::IntegerOutOfRange),
        refused(
            "a word as a truth value",
            r#"("a",TB,0x0,true)"#,
            Kind::IntegerMalformed,
        ),
        refused("a string without quotes", r#"("a",TS,0x0,b)"#, Kind::StringMissing),
        refused("a string not closed", r#"("a",TS,0x0,"b)"#, Kind::StringUnclosed),
        refused("no SID", r#"("a",TD,0x0,)"#, Kind::SidMissing),
        same("empty octets", r#"("a",TX,0x0,,00)"#).note("inferred from `TX values without #`; never seen"),
        prints("empty octets behind #", r#"("a",TX,0x0,#)"#, r#"("a",TX,0x0,)"#).note("inferred; never seen"),
    ]);
    run(&[
        prints(
            "a blank before a claim",
            r#"S:(RA;;;;;WD; ("a",TI,0x0,1))"#,
            r#"S:(RA;;;;;WD;("a",TI,0x0,1))"#,
        )
        .tolerating(&[Oddity::Space]),
        refused("not closed", r#"S:(RA;;;;;WD;("a",TI,0x0,1"#, Kind::ClaimFieldMissing),
    ]);
}

#[test]
fn a_claim_has_its_own_text() {
    let claim: Claim = r#"("name", TS, 0x0, "value")"#.parse().expect("a claim");
    let text = claim_to_text(&claim, &Options::default());
    assert_eq!(text.as_deref(), Some(r#"("name",TS,0x0,"value")"#));
    for faulty in ["", "(", "a", r#"("a",TI,0x0,1))"#] {
        assert!(faulty.parse::<Claim>().is_err(), "{faulty}");
    }
}

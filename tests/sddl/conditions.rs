//! Conditional expressions.

use crate::table::{Row, prints, refused, run, same};
use sddl_authz::{
    Condition,
    sddl::{ParseErrorKind as Kind, ViolationKind as Oddity},
};

/// The rows, each condition put into an entry.
fn run_conditions(rows: Vec<Row>) {
    run(&rows
        .into_iter()
        .map(|row| row.wrapped("D:(XA;;GA;;;WD;", ")"))
        .collect::<Vec<_>>());
}

#[test]
fn conditions_as_windows_reads_them() {
    use Oddity::{LetterCase, MembershipParentheses as Parentheses, OctetForm as Octets};
    run_conditions(vec![
        prints("negations", "(!(!(!(@User.a))))", "(!(!(!(@USER.a))))"),
        refused(
            "negations without parentheses",
            "(!!! @User.a)",
            Kind::ConditionNegationUnbracketed,
        ),
        prints("a negated attribute without parentheses", "(!@User.a)", "(!(@USER.a))")
            .note("[MS-DTYP] 2.5.1.1: factor = \"!\" [wspace] factor"),
        prints(
            "negated attributes without parentheses",
            "(! @User.a && !b || (! @Device.c ))",
            "(((!(@USER.a)) && (!(b))) || (!(@DEVICE.c)))",
        ),
        refused(
            "two negations without parentheses",
            "(!!@User.a)",
            Kind::ConditionNegationUnbracketed,
        ),
        refused(
            "a negated comparison without parentheses",
            "(!@User.a == 1)",
            Kind::ConditionNegationUnbracketed,
        )
        .note("inferred: it reads as `(!a) == 1`, too"),
        refused(
            "a negated test for existence without parentheses",
            "(!Exists @Resource.a)",
            Kind::ConditionNegationUnbracketed,
        )
        .note("inferred from Member_of"),
        refused(
            "a negated test without parentheses",
            "(! Member_of{SID(BA)})",
            Kind::ConditionNegationUnbracketed,
        ),
        prints("a negated test", "(!(Member_of{SID(BA)}))", "(!(Member_of {SID(BA)}))"),
        refused(
            "no such operator",
            "(Member_of_AnySID(BA))",
            Kind::ConditionComparisonUnknown,
        ),
        refused(
            "a local attribute on the right",
            "(a == a)",
            Kind::ConditionValueMissing,
        ),
        same("64 bits in hexadecimal", "(a == 0xffffffffffffffff)"),
        refused("65 bits", "(a == 0x10000000000000000)", Kind::IntegerOutOfRange),
        refused(
            "65 bits in octal",
            "(a == 0555555555555555555555555555)",
            Kind::IntegerOutOfRange,
        ),
        same("64 bits in octal", "(a == 01777777777777777777777)").note("inferred from hexadecimal"),
        refused("2^63 in decimal", "(a == 9223372036854775808)", Kind::IntegerOutOfRange).note("inferred"),
        same("2^63 - 1", "(a == 9223372036854775807)"),
        same("-2^63", "(a == -9223372036854775808)"),
        refused("-2^63 - 1", "(a == -9223372036854775809)", Kind::IntegerOutOfRange).note("inferred"),
        prints(
            "small letters of SID and s",
            "(Member_of{sid(s-1-1-0)})",
            "(Member_of {SID(WD)})",
        )
        .tolerating(&[LetterCase]),
        prints(
            "parentheses round a SID",
            "(member_of((sid(BA))))",
            "(Member_of SID(BA))",
        )
        .tolerating(&[Parentheses]),
        prints(
            "parentheses round groups",
            "(Member_of ( {SID(BA)} ) )",
            "(Member_of {SID(BA)})",
        )
        .tolerating(&[Parentheses]),
        prints(
            "a blank before the parenthesis of SID",
            "(Member_of{SID (BA)})",
            "(Member_of {SID(BA)})",
        ),
        prints("# is the digit 0", "(a == ##1#2#3##)", "(a == #01020300)").tolerating(&[Octets]),
        prints("an odd count of digits", "(a == #1#2#3##)", "(a == #01020300)").tolerating(&[Octets]),
        prints("one digit", "(a == #f)", "(a == #0f)").tolerating(&[Octets]),
        prints("capital digits", "(a == #0AbC)", "(a == #0abc)"),
        same("no octets", "(a == #)").note("the documented grammar has it; never seen"),
        refused("an escape of a plain letter", "(@User.%0061)", Kind::EscapeNotAllowed)
            .note("refused by another implementation; what Windows does is not known"),
        prints("and binds tighter", "(a && b || c)", "(((a) && (b)) || (c))"),
        prints(
            "and binds tighter, on the right",
            "(a || b && c)",
            "((a) || ((b) && (c)))",
        ),
        prints("and is left-associative", "(a && b && c)", "(((a) && (b)) && (c))"),
        prints("or is left-associative", "(a || b || c)", "(((a) || (b)) || (c))"),
        prints(
            "parentheses keep what they group",
            "(a && (b && c))",
            "((a) && ((b) && (c)))",
        ),
        prints("parentheses that say nothing", "(((((a)))))", "(a)"),
    ]);
}

#[test]
fn the_printed_form() {
    run_conditions(vec![
        same("an attribute alone", "(a)"),
        same("a comparison has the outer pair only", "(@USER.a == 1)"),
        same("attributes as operands", "((@USER.A) && (@DEVICE.B))"),
        same("tests as operands", r#"((@USER.a == 1) || (@RESOURCE.b != "x"))"#),
        same("a negation", "(!(qd))"),
        same("a negation as operand", "((@USER.a) && (!(@USER.b)))").note("from another implementation; no case"),
        same("a negated junction", "(!((a) && (b)))"),
        same("a membership test", "(Member_of {SID(AA)})"),
        same("a lone SID", "(Member_of SID(WD))"),
        same("several SIDs", "(Member_of {SID(WD), SID(BO)})"),
        same("no SIDs", "(Member_of {})").note("inferred"),
        prints(
            "prefixes in capitals",
            "((@user.a)&&(@Device.b)&&(@resource.c))",
            "(((@USER.a) && (@DEVICE.b)) && (@RESOURCE.c))",
        ),
        prints(
            "operators in any case",
            "(MEMBER_OF_ANY{SID(BA)})",
            "(Member_of_any {SID(BA)})",
        ),
        prints("CONTAINS in any case", "(@User.a cOnTaInS 1)", "(@USER.a Contains 1)"),
        prints(
            "no blanks",
            "(@User.a==1&&@User.b!=2)",
            "((@USER.a == 1) && (@USER.b != 2))",
        ),
        prints(
            "blanks in a composite",
            r#"(a Any_of {1,"b" , #0a,SID(BA)})"#,
            r#"(a Any_of {1, "b", #0a, SID(BA)})"#,
        ),
        same("an empty composite", "(a Any_of {})"),
        same("an attribute with prefix on the right", "(a == @USER.b)"),
        same("an empty string", r#"(a == "")"#),
        same("a string is literal", r#"(a == "%0041 \ ü ) ; ( 豈")"#),
    ]);
}

#[test]
fn every_operator() {
    let binary = [
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "Contains",
        "Any_of",
        "Not_Contains",
        "Not_Any_of",
    ];
    let of_groups = [
        "Member_of",
        "Device_Member_of",
        "Member_of_any",
        "Device_Member_of_Any",
        "Not_Member_of",
        "Not_Device_Member_of",
        "Not_Member_of_Any",
        "Not_Device_Member_of_Any",
    ];
    let texts = binary
        .iter()
        .map(|operator| format!("(@USER.a {operator} 1)"))
        .chain(of_groups.iter().map(|operator| format!("({operator} {{SID(BA)}})")))
        .chain(["Exists", "Not_Exists"].map(|operator| format!("({operator} @USER.a)")))
        .chain(["&&", "||"].map(|operator| format!("((a) {operator} (b))")))
        .chain(["(!(a))".to_owned()]);
    let mut seen = std::collections::BTreeSet::new();
    for text in texts {
        let condition: Condition = text.parse().expect(&text);
        let printed = sddl_authz::sddl::condition_to_text(&condition, &crate::table::windows());
        assert_eq!(printed.as_ref(), Some(&text));
        if let Some(sddl_authz::condition::Token::Operator(operator)) = condition.tokens().last() {
            seen.insert(operator.code());
        }
        // Words in any case mean the same.
        for other in [
            text.to_ascii_lowercase().replace("sid(ba)", "SID(BA)"),
            text.to_ascii_uppercase(),
        ] {
            let of_other: Condition = other.parse().expect(&other);
            assert_eq!(of_other.tokens().last(), condition.tokens().last(), "{other}");
        }
    }
    assert_eq!(seen.len(), 23, "every operator");
}

#[test]
fn integers_keep_how_they_were_written() {
    run_conditions(
        [
            "(a == 0)",
            "(a == 00)",
            "(a == 0x0)",
            "(a == -0)",
            "(a == -00)",
            "(a == -0x0)",
            "(a == +0)",
            "(a == +00)",
            "(a == +0x0)",
            "(a == 42)",
            "(a == +42)",
            "(a == -42)",
            "(a == 052)",
            "(a == -052)",
            "(a == 0x2a)",
            "(a == -0x2a)",
            "(a == +0x2a)",
        ]
        .map(|text| same("an integer", text))
        .into_iter()
        .chain([
            prints("zeros in decimal are octal", "(a == 0007)", "(a == 07)"),
            prints("capital digits", "(a == 0X2A)", "(a == 0x2a)"),
            refused("an 8 in octal", "(a == 08)", Kind::IntegerMalformed),
            refused("a sign alone", "(a == -)", Kind::IntegerMalformed),
            refused("two signs", "(a == --1)", Kind::IntegerMalformed),
            refused("0x alone", "(a == 0x)", Kind::IntegerMalformed),
            refused("digits that touch a letter", "(a == 1a)", Kind::IntegerMalformed)
                .note("a name, so nothing for the right side"),
            refused("digits that touch a dot", "(a == 1.5)", Kind::IntegerMalformed),
        ])
        .collect(),
    );
}

#[test]
fn names_of_attributes() {
    run_conditions(vec![
        same("digits alone are a local name", "(777777777777)"),
        same("digits alone, compared", "(777 == 777)"),
        same("characters of a local name", "(a:b.c/d_e@f == 1)"),
        same(
            "raw characters behind a prefix",
            "(@USER.aZ09#$'*+-./:;?@[\\]^_`{}~ == 1)",
        ),
        prints("escapes in either case", "(@User.%00e4%00E4)", "(@USER.%00e4%00e4)"),
        same(
            "what must be escaped",
            "(@USER.%0020%0021%0022%0025%0026%0028%0029%002c%003c%003d%003e%007c%007f)",
        ),
        same("a surrogate pair", "(@USER.%d800%dc00)"),
        prints(
            "characters from U+0080 on",
            "(@User.\u{e9}%00e9\u{80}\u{ffff})",
            "(@USER.%00e9%00e9%0080%ffff)",
        ),
        prints("a character of two units", "(@User.\u{10000})", "(@USER.%d800%dc00)"),
        prints("a comma", "(@Resource.a,b == 1)", "(@RESOURCE.a%002cb == 1)"),
        prints("a comma first", "(@User.,)", "(@USER.%002c)"),
        refused(
            "a character that is not ASCII in a local name",
            "(a\u{e9})",
            Kind::ConditionComparisonUnknown,
        ),
        refused("a comma in a local name", "(a,b)", Kind::ConditionComparisonUnknown),
        same("a control", "(@USER.%0001)"),
        refused("half a pair", "(@User.%d800)", Kind::NameSurrogateUnpaired)
            .note("a name is a string here; unknown on Windows"),
        refused("U+0000", "(@User.%0000)", Kind::EscapeNotAllowed),
        refused("three digits", "(@User.%004)", Kind::EscapeMalformed),
        refused("a sign among the digits", "(@User.%+041)", Kind::EscapeMalformed),
        refused("no name", "(@User.)", Kind::NameMissing),
        refused("no name before an operator", "(@User. == 1)", Kind::NameMissing),
        refused("no such class", "(@Group.a)", Kind::ConditionAttributeClassUnknown),
        refused("no dot", "(@User)", Kind::ConditionAttributeClassUnknown),
        refused("@Token", "(@Token.a)", Kind::ConditionTokenAttribute).note("its code is published nowhere"),
        refused(
            "an at sign first in a local name",
            "(@a)",
            Kind::ConditionAttributeClassUnknown,
        ),
        refused("an escape in a local name", "(%0041)", Kind::ConditionOperandMissing),
        prints(
            "a name ends at an operator",
            "(@User.a&&@User.b)",
            "((@USER.a) && (@USER.b))",
        ),
        prints("a name ends at <", "(@User.a<1)", "(@USER.a < 1)"),
        prints("a name ends at !", "(@User.a!=1)", "(@USER.a != 1)"),
    ]);
}

#[test]
fn faults_of_conditions() {
    run_conditions(vec![
        refused("empty", "()", Kind::ConditionOperandMissing),
        refused("an operator as an attribute", "(Any_of)", Kind::ConditionOperandMissing)
            .note("inferred: it could not be told from the operator"),
        refused(
            "an operator as an attribute, compared",
            "(contains == 1)",
            Kind::ConditionOperandMissing,
        )
        .note("inferred"),
        refused(
            "an operator as an operand",
            "(Exists Any_of)",
            Kind::ConditionOperandMissing,
        )
        .note("inferred"),
        refused(
            "a string on the left of ==",
            r#"("a" == 1)"#,
            Kind::ConditionLiteralOnLeft,
        ),
        refused("a string alone", r#"("a")"#, Kind::ConditionLiteralOnLeft),
        refused("one equals sign", "(a = 1)", Kind::ConditionComparisonUnknown),
        refused("a word for and", "(a and b)", Kind::ConditionComparisonUnknown),
        refused("one ampersand", "(a & b)", Kind::ConditionComparisonUnknown),
        refused("a string without quotes", "(a == PM)", Kind::ConditionValueMissing),
        refused("single quotes", "(a == 'PM')", Kind::ConditionValueMissing),
        refused("no value", "(a == )", Kind::ConditionValueMissing),
        refused("no second operand", "(a && )", Kind::ConditionOperandMissing),
        refused("no first operand", "( && a)", Kind::ConditionOperandMissing),
        refused(
            "two tests side by side",
            "(a == 1 b == 2)",
            Kind::ConditionJunctionMissing,
        ),
        refused("two groups side by side", "((a) (b))", Kind::ConditionJunctionMissing),
        refused("a group that is compared", "((a) == 1)", Kind::ConditionJunctionMissing),
        refused(
            "a comparison that is compared",
            "(a == 1 == 2)",
            Kind::ConditionJunctionMissing,
        ),
        refused("groups without SID", "(Member_of BA)", Kind::ConditionGroupsMissing),
        refused(
            "an attribute as groups",
            "(Member_of @User.a)",
            Kind::ConditionGroupsMissing,
        ),
        refused("a string as groups", r#"(Member_of "a")"#, Kind::ConditionGroupsMissing),
        refused(
            "an alias without SID()",
            "(Member_of {BA})",
            Kind::ConditionValueMissing,
        ),
        refused("SID() around nothing", "(Member_of {SID()})", Kind::SidMissing),
        refused("SID( not closed", "(Member_of {SID(BA})", Kind::ConditionSidUnclosed),
        refused("a brace not closed", "(a Any_of {1)", Kind::ConditionCompositeUnclosed),
        refused(
            "two values without comma",
            "(a Any_of {1 2})",
            Kind::ConditionCompositeUnclosed,
        ),
        refused("a comma too many", "(a Any_of {1,})", Kind::ConditionValueMissing),
        refused(
            "a composite in a composite",
            "(a Any_of {1,{2}})",
            Kind::ConditionValueMissing,
        ),
        refused(
            "an attribute in a composite",
            "(a Any_of {@User.b})",
            Kind::ConditionValueMissing,
        ),
        refused(
            "a test for existence of nothing",
            "(Exists )",
            Kind::ConditionOperandMissing,
        ),
        refused(
            "a test for existence of a value",
            r#"(Exists "a")"#,
            Kind::ConditionOperandMissing,
        ),
        refused("a string not closed", r#"(a == "b)"#, Kind::StringUnclosed),
    ]);
    run(&[
        refused("not closed", "D:(XA;;GA;;;WD;(a", Kind::ConditionUnclosed),
        refused("not closed, nested", "D:(XA;;GA;;;WD;((a)", Kind::ConditionUnclosed),
        refused("no parentheses", "D:(XA;;GA;;;WD;a == 1)", Kind::ConditionMissing),
        refused("a parenthesis too many", "D:(XA;;GA;;;WD;(a)))", Kind::SectionUnknown),
    ]);
}

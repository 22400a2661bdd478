//! The evaluation of conditions, row by row. Expected values come from what Windows was observed to do and from [MS-DTYP]
//! 2.4.4.17.6 and 2.4.4.17.7, never from what the code said; rows that rest on inference say so.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use Truth::{False, True, Unknown};
use core::cmp::Ordering;
use sddl_authz::{
    Claim, Condition, Limits, Sid,
    claim::{ClaimFlags, ClaimValues},
    condition::{
        Attribute, AttributeClass, ConditionErrorKind, Environment, Literal, Lookup, Operator, Subject, Token, Truth,
        TruthSet, UnknownFact, Utf16, compare_names,
    },
    limits::MAX_SET_WORK,
};

/// Answers alike for every class of claims. The user is in Everyone, the device in Administrators.
#[derive(Default)]
struct World {
    claims: Vec<Claim>,
    /// Whether what is not listed is not known, instead of absent.
    incomplete: bool,
}

impl Environment for World {
    fn attribute(&self, _: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim> {
        match self
            .claims
            .iter()
            .find(|claim| compare_names(claim.name(), name).is_eq())
        {
            Some(claim) => Lookup::Value(claim),
            None if self.incomplete => Lookup::Unknown,
            None => Lookup::Absent,
        }
    }

    fn member(&self, subject: Subject, sid: &Sid) -> Truth {
        let held = match subject {
            Subject::User => Sid::EVERYONE,
            Subject::Device => Sid::ADMINISTRATORS,
        };
        if *sid == held {
            True
        } else if self.incomplete {
            Unknown
        } else {
            False
        }
    }
}

fn claim(name: &str, values: ClaimValues) -> Claim {
    Claim::new(name, ClaimFlags::empty(), values).unwrap()
}

fn strings<const N: usize>(values: [&str; N]) -> ClaimValues {
    ClaimValues::String(values.map(str::to_owned).into())
}

fn world() -> World {
    let cased = |name: &str, value: &str| Claim::new(name, ClaimFlags::CASE_SENSITIVE, strings([value])).unwrap();
    World {
        claims: vec![
            claim("foo", strings(["foo"])),
            claim("FooBar", strings(["foo", "bar"])),
            claim("fruit", strings(["apple", "banana"])),
            claim("blank", strings([""])),
            claim("empty", strings([])),
            claim("text42", strings(["42"])),
            cased("exact", "foo"),
            claim("minus", ClaimValues::Int(vec![-1])),
            claim("one", ClaimValues::Int(vec![1])),
            claim("zero", ClaimValues::Int(vec![0])),
            claim("zeroone", ClaimValues::Int(vec![0, 1])),
            claim("onezero", ClaimValues::Int(vec![1, 0])),
            claim("number", ClaimValues::Uint(vec![42])),
            claim("numbers", ClaimValues::Uint(vec![4, 5, 6])),
            claim("most", ClaimValues::Uint(vec![u64::MAX])),
            claim("yes", ClaimValues::Bool(vec![true])),
            claim("no", ClaimValues::Bool(vec![false])),
            claim("sid", ClaimValues::Sid(vec![Sid::EVERYONE])),
            claim("octets", ClaimValues::Octets(vec![vec![1]])),
        ],
        incomplete: false,
    }
}

fn condition(text: &str) -> Condition {
    text.parse().unwrap()
}

/// Checks rows of an expression and what it comes to.
fn all(world: &World, rows: &[(&str, Truth)]) {
    for (text, expected) in rows {
        assert_eq!(condition(text).evaluate(world), *expected, "{text}");
    }
}

#[test]
fn an_absent_attribute_makes_its_comparison_unknown() {
    for operator in [
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
    ] {
        for sides in [
            ("nobody", "foo"),
            ("foo", "nobody"),
            ("nobody", "nobody"),
            ("empty", "foo"),
            ("foo", "empty"),
        ] {
            let text = format!("(@User.{} {operator} @User.{})", sides.0, sides.1);
            all(&world(), &[(&text, Unknown)]);
        }
    }
    all(
        &world(),
        &[
            ("(@User.nobody)", Unknown),
            ("(@User.empty)", Unknown),
            ("(!(@User.nobody))", Unknown),
        ],
    );
}

#[test]
fn an_absent_attribute_does_not_make_the_whole_unknown() {
    all(
        &world(),
        &[
            ("(@User.nobody == 1 || @User.yes)", True),
            ("(@User.nobody == 1 && @User.no)", False),
            ("(@User.nobody == 1 && @User.yes)", Unknown),
            ("(@User.nobody || Member_of{SID(WD)})", True),
        ],
    );
}

/// [MS-DTYP] 2.4.4.17.6: an error makes the entire expression unknown, regardless of the rest.
#[test]
fn an_error_makes_the_whole_unknown() {
    all(
        &world(),
        &[
            ("(@User.yes || @User.foo == 1)", Unknown),
            ("(@User.foo == 1 || @User.yes)", Unknown),
            ("(@User.no && @User.foo == 1)", Unknown),
            ("(!(@User.foo == 1) || @User.yes)", Unknown),
            ("(Exists @User.foo || Member_of{SID(WD)})", Unknown),
        ],
    );
}

#[test]
fn strings_compare_in_upper_case_by_units() {
    let is = |left: &str, right: &str, expected: Ordering| {
        assert_eq!(compare_names(left, right), expected, "{left} and {right}");
        assert_eq!(compare_names(right, left), expected.reverse(), "{right} and {left}");
    };
    // Latin, Greek, Cyrillic, Armenian, Roman numerals, circled letters, full width.
    for (lower, upper) in [
        ("Foo bar", "fOO BAR"),
        ("\u{e9}\u{e0}\u{fe}\u{ff}", "\u{c9}\u{c0}\u{de}\u{178}"),
        ("\u{101}\u{21b}\u{1c6}", "\u{100}\u{21a}\u{1c4}"),
        ("\u{3b1}\u{3c9}\u{3c2}\u{3c3}", "\u{391}\u{3a9}\u{3a3}\u{3a3}"),
        ("\u{436}\u{450}\u{a66d}", "\u{416}\u{400}\u{a66c}"),
        ("\u{561}\u{2170}\u{24d0}\u{ff41}", "\u{531}\u{2160}\u{24b6}\u{ff21}"),
        ("\u{1e3d}\u{1f80}\u{1d79}", "\u{1e3c}\u{1f88}\u{a77d}"),
    ] {
        is(lower, upper, Ordering::Equal);
    }
    is("a", "_", Ordering::Less);
    is("A", "_", Ordering::Less);
    is("cat", "dog", Ordering::Less);
    is("cat", "\u{107}\u{e0}\u{21b}", Ordering::Less);
    is("foo", "foobar", Ordering::Less);
    // One to one: neither the capital sharp s nor SS is the upper case of the small one.
    is("\u{df}", "\u{1e9e}", Ordering::Less);
    is("\u{df}", "SS", Ordering::Greater);
    is("\u{149}", "\u{2bc}N", Ordering::Less);
    // Younger than Unicode 5.1, on one side or both.
    for (lower, upper) in [
        ("\u{2cec}", "\u{2ceb}"),
        ("\u{29e}", "\u{a7b0}"),
        ("\u{a7a7}", "\u{a7a6}"),
        ("\u{25c}", "\u{a7ab}"),
        ("\u{10d0}", "\u{1c90}"),
        ("\u{13f8}", "\u{13f0}"),
        ("\u{ab70}", "\u{13a0}"),
    ] {
        assert!(compare_names(lower, upper).is_ne(), "{lower} and {upper}");
    }
    is("\u{29e}", "\u{29f}", Ordering::Less);
    // Deseret has case in Unicode, but not by units; and units sort where code points would not.
    is("\u{10428}", "\u{10400}", Ordering::Greater);
    is("\u{10000}", "\u{f900}", Ordering::Less);
    is("\u{d7fb}", "\u{10000}", Ordering::Less);
}

/// All 991 mappings of Unicode 5.1 in the basic plane but the 27 whose full upper case is longer than the simple one.
#[test]
fn the_table_of_upper_case_is_whole() {
    let mapped = (0..=u32::from(u16::MAX)).filter_map(char::from_u32).filter(|&lower| {
        let mut upper = lower.to_uppercase();
        let same = |upper: char| compare_names(&lower.to_string(), &upper.to_string()).is_eq();
        matches!((upper.next(), upper.next()), (Some(upper), None) if upper != lower && same(upper))
    });
    assert_eq!(mapped.count(), 991 - 27);
}

#[test]
fn case_counts_if_either_claim_says_so() {
    all(
        &world(),
        &[
            ("(@User.foo == \"FOO\")", True),
            ("(@User.exact == \"FOO\")", False),
            ("(@User.exact == \"foo\")", True),
            ("(@User.exact == @User.foo)", True),
            ("(@User.foo Contains @User.exact)", True),
            ("(@User.foobar Any_of @User.exact)", True),
            ("(@User.exact Any_of {\"FOO\"})", False),
            ("(@User.exact < \"_\")", False),
            ("(@User.FOO == \"foo\")", True),
        ],
    );
}

#[test]
fn sets_are_equal_whatever_their_order_but_not_their_count() {
    all(
        &world(),
        &[
            ("(@User.foobar == {\"BAR\", \"foo\"})", True),
            ("(@User.foobar != {\"BAR\", \"foo\"})", False),
            ("(@User.fruit == {\"apple\", \"banana\", \"apple\"})", False),
            ("(@User.fruit != {\"apple\", \"banana\", \"apple\"})", True),
            ("(@User.fruit == {\"apple\", \"apple\"})", False),
            ("(@User.foobar != \"foo\")", True),
            ("(@User.foobar == \"foo\")", False),
            ("(@User.foo == {\"foo\"})", True),
            ("(@User.foo == {})", False),
            ("(@User.foo != {})", True),
            ("(@User.nobody == {})", Unknown),
            ("(@User.nobody != {})", Unknown),
            ("(@User.numbers != {1, 2, 3})", True),
            ("(@User.numbers == {6, 4, 5})", True),
        ],
    );
}

#[test]
fn several_values_have_no_order() {
    for operator in ["<", "<=", ">", ">="] {
        for right in ["@User.foobar", "@User.foo", "{\"foo\"}", "{}"] {
            all(&world(), &[(&format!("(@User.foobar {operator} {right})"), Unknown)]);
        }
        all(&world(), &[(&format!("(@User.foo {operator} {{\"goo\"}})"), Unknown)]);
    }
}

#[test]
fn values_of_different_types_do_not_compare() {
    for right in ["42", "1", "\"42\"", "{\"foo\", 1}", "SID(WD)", "#01"] {
        for left in ["text42", "number", "sid", "octets", "yes"] {
            let kinds = [
                ("text42", "\"42\""),
                ("number", "42"),
                ("number", "1"),
                ("sid", "SID(WD)"),
                ("octets", "#01"),
                // A boolean compares with 0 and 1.
                ("yes", "1"),
            ];
            if !kinds.contains(&(left, right)) {
                all(
                    &world(),
                    &[
                        (&format!("(@User.{left} == {right})"), Unknown),
                        (&format!("(@User.{left} != {right})"), Unknown),
                        (&format!("(@User.{left} Contains {right})"), Unknown),
                    ],
                );
            }
        }
    }
    all(
        &world(),
        &[
            ("(@User.text42 == \"42\")", True),
            ("(@User.number == 42)", True),
            ("(@User.sid == SID(WD))", True),
            ("(@User.octets == #01)", True),
            ("(@User.yes == @User.yes)", True),
            ("(@User.foobar Contains {1, 2, 3})", Unknown),
            ("(@User.foobar Any_of {\"foo\", 1})", Unknown),
        ],
    );
}

/// [MS-DTYP] 2.4.4.17.6: an operand that its operator does not take is an error.
#[test]
fn sids_and_booleans_have_no_order() {
    all(
        &world(),
        &[
            ("(@User.sid <= SID(WD))", Unknown),
            ("(@User.yes >= @User.no)", Unknown),
            ("(@User.yes >= 1)", Unknown),
        ],
    );
}

/// [MS-DTYP] 2.4.4.17.6: byte by byte.
#[test]
fn byte_strings_are_ordered_byte_by_byte() {
    let octets = |name: &str, bytes: &[u8]| claim(name, ClaimValues::Octets(vec![bytes.to_vec()]));
    let world = World {
        claims: vec![
            octets("low", &[1, 0x80]),
            octets("high", &[1, 0x90]),
            octets("short", &[1]),
        ],
        incomplete: false,
    };
    all(
        &world,
        &[
            ("(@User.low < #0190)", True),
            ("(@User.low < #017f)", False),
            ("(@User.low <= #0180)", True),
            ("(@User.low >= #0180)", True),
            ("(@User.low > #0180)", False),
            ("(@User.high > @User.low)", True),
            ("(@User.short < @User.low)", True),
            ("(@User.short < #00ff)", False),
            ("(@User.short < {#02})", Unknown),
            ("(@User.short < 2)", Unknown),
        ],
    );
}

/// [MS-DTYP] 2.4.4.17.6 gives a boolean the values 0 and 1. That it does not compare with 42 was observed on Windows.
#[test]
fn booleans_compare_with_the_literals_0_and_1() {
    all(
        &world(),
        &[
            ("(@User.yes == 1)", True),
            ("(@User.yes == 0x1)", True),
            ("(@User.yes == +01)", True),
            ("(@User.yes != 0)", True),
            ("(@User.yes != 1)", False),
            ("(@User.yes == -0)", False),
            ("(@User.no == 0)", True),
            ("(@User.no == 00)", True),
            ("(@User.no != 1)", True),
            ("(@User.yes == {1})", True),
            ("(@User.yes == {0, 1})", False),
            ("(@User.yes Any_of {0, 1})", True),
            ("(@User.yes Contains 1)", True),
            ("(@User.yes Not_Contains {1})", False),
            ("(@User.no Not_Any_of {1})", True),
            ("(@User.yes == 42)", Unknown),
            ("(@User.yes == -1)", Unknown),
            ("(@User.yes != 2)", Unknown),
            ("(@User.yes == 0xffffffffffffffff)", Unknown),
            ("(@User.yes Any_of {1, 2})", Unknown),
            ("(@User.yes Any_of {1, \"1\"})", Unknown),
            ("(@User.yes == \"1\")", Unknown),
            ("(@User.yes == @User.one)", Unknown),
            ("(@User.one == @User.yes)", Unknown),
            ("(@User.text42 Any_of {1})", Unknown),
        ],
    );
}

/// [MS-DTYP] 2.4.4.17.5: an integer without a sign is positive.
#[test]
fn integers_compare_as_numbers() {
    let five = claim("five", ClaimValues::Int(vec![5]));
    let least = claim("least", ClaimValues::Int(vec![i64::MIN]));
    let greatest = claim("greatest", ClaimValues::Int(vec![i64::MAX]));
    let half = claim("half", ClaimValues::Uint(vec![1 << 63]));
    let mut world = world();
    world.claims.extend([five, least, greatest, half]);
    all(
        &world,
        &[
            ("(@User.minus < 0)", True),
            ("(@User.minus < @User.number)", True),
            ("(@User.most > @User.minus)", True),
            ("(@User.most == @User.minus)", False),
            ("(@User.number == 0x2a)", True),
            ("(@User.number == 052)", True),
            ("(@User.number >= -1)", True),
            ("(@User.most > -1)", True),
            ("(@User.most == -1)", False),
            ("(@User.most == 0xffffffffffffffff)", True),
            ("(@User.most == 01777777777777777777777)", True),
            ("(@User.minus == 0xffffffffffffffff)", False),
            ("(@User.minus == 01777777777777777777777)", False),
            ("(@User.minus != 0xffffffffffffffff)", True),
            ("(@User.minus < 0xffffffffffffffff)", True),
            ("(@User.minus == -0x1)", True),
            ("(@User.minus == -01)", True),
            ("(@User.minus == -1)", True),
            ("(@User.minus Any_of {0xffffffffffffffff, 2})", False),
            ("(@User.minus Contains 0xffffffffffffffff)", False),
            ("(@User.five > 0xffffffffffffffff)", False),
            ("(@User.five > 01777777777777777777777)", False),
            ("(@User.five > -0x1)", True),
            ("(@User.five < 0x8000000000000000)", True),
            ("(@User.least == 0x8000000000000000)", False),
            ("(@User.least == 01000000000000000000000)", False),
            ("(@User.least == -0x8000000000000000)", True),
            ("(@User.least == -9223372036854775808)", True),
            ("(@User.greatest == 0x7fffffffffffffff)", True),
            ("(@User.greatest == +0x7fffffffffffffff)", True),
            ("(@User.greatest < 0x8000000000000000)", True),
            ("(@User.half == 0x8000000000000000)", True),
            ("(@User.half > @User.greatest)", True),
            ("(@User.half == @User.least)", False),
            ("(@User.half == -0x8000000000000000)", False),
            ("(@User.one == +1)", True),
            ("(@User.zero == -0)", True),
        ],
    );
}

/// [MS-DTYP] 2.4.4.17.6: the left side must be an attribute.
#[test]
fn a_literal_on_the_left_is_refused() {
    for left in ["{1}", "{}", "1", "SID(BA)", "\"a\"", "#01", "{SID(BA)}"] {
        for operator in ["Contains", "Any_of", "Not_Contains", "Not_Any_of", "==", "<"] {
            let text = format!("({left} {operator} {{SID(BA)}})");
            // A word of digits is the name of a local attribute.
            assert_eq!(text.parse::<Condition>().is_ok(), left == "1", "{text}");
        }
    }
    let one = Token::Literal(Literal::Sid(Sid::ADMINISTRATORS));
    let composite = Token::Composite(vec![Literal::Sid(Sid::ADMINISTRATORS)]);
    for operator in [
        Operator::Contains,
        Operator::AnyOf,
        Operator::NotContains,
        Operator::NotAnyOf,
    ] {
        for left in [&one, &composite] {
            let tokens = [left.clone(), composite.clone(), Token::Operator(operator)];
            let error = Condition::from_postfix(tokens, &Limits::DEFAULT).unwrap_err();
            assert_eq!(error.kind(), ConditionErrorKind::OperandUnfit { operator });
        }
    }
}

#[test]
fn set_operators() {
    all(
        &world(),
        &[
            ("(@User.nobody Contains {})", False),
            ("(@User.nobody Not_Contains {})", True),
            ("(@User.nobody Any_of {})", Unknown),
            ("(@User.nobody Contains {\"foo\"})", Unknown),
            ("(@User.nobody Not_Contains {\"foo\"})", Unknown),
            ("(@User.foo Contains {})", False),
            ("(@User.foo Not_Contains {})", True),
            ("(@User.foo Any_of {})", False),
            ("(@User.foo Not_Any_of {})", True),
            ("(@User.foo Contains \"foo\")", True),
            ("(@User.foo Any_of \"foo\")", Unknown),
            ("(@User.foo Not_Any_of \"foo\")", Unknown),
            ("(@User.foo Any_of @User.exact)", True),
            ("(@User.foobar Contains \"FOO\")", True),
            ("(@User.foobar Contains {\"foo\", \"bar\", \"bar\"})", True),
            ("(@User.foobar Contains {\"foo\", \"baz\"})", False),
            ("(@User.foobar Not_Contains {\"foo\", \"baz\"})", True),
            ("(@User.foobar Any_of {\"baz\"})", False),
            ("(@User.foobar Any_of {\"baz\", \"BAR\"})", True),
            ("(@User.foobar Not_Any_of {\"baz\"})", True),
        ],
    );
}

#[test]
fn an_attribute_alone() {
    all(
        &world(),
        &[
            ("(@User.foo)", True),
            ("(@User.blank)", False),
            ("(@User.one)", True),
            ("(@User.minus)", True),
            ("(@User.zero)", False),
            ("(@User.zeroone)", True),
            ("(@User.onezero)", True),
            ("(@User.number)", True),
            ("(@User.yes)", True),
            ("(@User.no)", False),
            ("(@User.sid)", Unknown),
            ("(@User.octets)", Unknown),
            ("(foo)", True),
            ("(@Device.no)", False),
            ("(@Resource.yes)", True),
        ],
    );
}

/// With a bare attribute on the left and `!` of a bare attribute on the right, Windows says UNKNOWN, whatever their values.
#[test]
fn an_attribute_before_a_negated_attribute_is_unknown() {
    for left in ["yes", "no", "nobody"] {
        for right in ["yes", "no", "nobody"] {
            for operator in ["&&", "||"] {
                let text = format!("(@User.{left} {operator} !(@User.{right}))");
                all(&world(), &[(&text, Unknown)]);
            }
        }
    }
    all(
        &world(),
        &[
            ("(!(@User.yes) || @User.yes)", True),
            ("(!(@User.no) && @User.yes)", True),
            ("(!(@User.yes) || !(@User.no))", True),
            ("(@User.yes || (@User.yes || @User.yes))", True),
            ("((@User.yes || @User.yes) || @User.yes)", True),
            ("(!(@User.no && @User.no))", True),
            ("((@User.one == 1) && !(@User.no))", True),
            ("(@User.yes && !(@User.one == 2))", True),
            ("(@User.yes && !(!(@User.yes)))", True),
            // The rest of the expression goes on as usual.
            ("((@User.yes && !(@User.no)) || @User.yes)", True),
        ],
    );
}

#[test]
fn existence_is_for_local_and_resource_attributes() {
    all(
        &world(),
        &[
            ("(Exists foo)", True),
            ("(Exists @Resource.no)", True),
            ("(Exists nobody)", False),
            ("(Not_Exists nobody)", True),
            ("(Not_Exists @Resource.foo)", False),
            ("(Exists @Resource.empty)", Unknown),
            ("(Not_Exists empty)", Unknown),
            ("(Exists @User.foo)", Unknown),
            ("(Exists @User.nobody)", Unknown),
            ("(Not_Exists @Device.nobody)", Unknown),
        ],
    );
}

#[test]
fn membership_of_user_and_device() {
    all(
        &world(),
        &[
            ("(Member_of SID(WD))", True),
            ("(Member_of {SID(WD)})", True),
            ("(Member_of {SID(WD), SID(BA)})", False),
            ("(Member_of_Any {SID(WD), SID(BA)})", True),
            ("(Member_of_Any {SID(BA)})", False),
            ("(Not_Member_of {SID(WD), SID(BA)})", True),
            ("(Not_Member_of_Any {SID(WD), SID(BA)})", False),
            ("(Device_Member_of {SID(BA)})", True),
            ("(Device_Member_of {SID(WD)})", False),
            ("(Device_Member_of_Any {SID(WD), SID(BA)})", True),
            ("(Not_Device_Member_of {SID(BA)})", False),
            ("(Not_Device_Member_of_Any {SID(WD)})", True),
        ],
    );
}

/// Inferred, but for the type: [MS-DTYP] 2.4.4.17.6 wants a SID or a composite of SIDs.
#[test]
fn membership_of_nothing_and_of_what_is_no_sid() {
    for &operator in Operator::ALL
        .iter()
        .filter(|operator| operator.token().contains("ember_of"))
    {
        let evaluate = |members: Vec<Literal>| {
            let tokens = vec![Token::Composite(members), Token::Operator(operator)];
            Condition::from_postfix(tokens, &Limits::DEFAULT)
                .unwrap()
                .evaluate(&world())
        };
        assert_eq!(evaluate(vec![]), Unknown, "{operator} {{}}");
        let mixed = vec![Literal::Sid(Sid::EVERYONE), Literal::String("S-1-1-0".into())];
        assert_eq!(evaluate(mixed), Unknown, "{operator} of a string");
    }
}

#[test]
fn logic_is_kleenes() {
    let terms = [
        ("Member_of{SID(WD)}", True),
        ("Member_of{SID(BA)}", False),
        ("nobody == 1", Unknown),
    ];
    for (left, left_truth) in terms {
        all(&world(), &[(&format!("(!({left}))"), left_truth.not())]);
        for (right, right_truth) in terms {
            let and = match (left_truth, right_truth) {
                (False, _) | (_, False) => False,
                (True, True) => True,
                (True | Unknown, True | Unknown) => Unknown,
            };
            let or = match (left_truth, right_truth) {
                (True, _) | (_, True) => True,
                (False, False) => False,
                (False | Unknown, False | Unknown) => Unknown,
            };
            assert_eq!((left_truth.and(right_truth), left_truth.or(right_truth)), (and, or));
            all(
                &world(),
                &[
                    (&format!("({left} && {right})"), and),
                    (&format!("({left} || {right})"), or),
                ],
            );
        }
    }
}

/// The possible results of a condition and the facts that it names, if every fact that is not listed is unknown.
fn with_gaps(text: &str) -> (TruthSet, Vec<String>) {
    let facts = World {
        incomplete: true,
        ..world()
    };
    let mut named = Vec::new();
    let condition = condition(text);
    let verdict = condition.evaluate_with(&facts, |missing| {
        named.push(match missing {
            UnknownFact::Attribute { class, name } => format!("{class:?} {name}"),
            UnknownFact::Group { subject, sid } => format!("{subject:?} {sid}"),
        });
    });
    (verdict, named)
}

#[test]
fn a_missing_fact_leaves_open_what_it_can_change() {
    let possible = |text: &str| {
        let (verdict, _) = with_gaps(text);
        Truth::ALL.map(|truth| verdict.can_be(truth))
    };
    // True, false, unknown.
    assert_eq!(possible("(@User.x)"), [true, true, true]);
    assert_eq!(possible("(@User.x == 1)"), [true, true, true]);
    assert_eq!(possible("(Exists @Resource.x)"), [true, true, true]);
    assert_eq!(possible("(Member_of{SID(BA)})"), [true, true, false]);
    assert_eq!(possible("(Member_of{SID(WD)})"), [true, false, false]);
    assert_eq!(possible("(Member_of{SID(BA)} && @User.yes)"), [true, true, false]);
    assert_eq!(possible("(Member_of{SID(BA)} && @User.no)"), [false, true, false]);
    assert_eq!(possible("(Member_of{SID(BA)} || @User.yes)"), [true, false, false]);
    assert_eq!(possible("(Member_of{SID(BA)} && @User.empty)"), [false, true, true]);
    assert_eq!(possible("(@User.x && @User.no)"), [false, true, false]);
    // A claim of another type would be an error, and make the whole unknown.
    assert_eq!(possible("(@User.x == 1 && @User.no)"), [false, true, true]);
    assert_eq!(possible("(@User.x == 1 || @User.yes)"), [true, false, true]);
    // Whatever the claim is.
    assert_eq!(possible("(@User.x Contains {})"), [false, true, false]);
    assert_eq!(possible("(@User.x == @User.empty)"), [false, false, true]);
    assert_eq!(possible("(@User.x && !(@User.y))"), [false, false, true]);
    assert_eq!(possible("(Exists @User.x)"), [false, false, true]);
    assert_eq!(possible("(@User.x == 1 || @User.foo == 1)"), [false, false, true]);
    assert_eq!(with_gaps("(@User.x)").0.truth(), Unknown);
    assert!(!with_gaps("(@User.x)").0.is_certain());
}

#[test]
fn missing_facts_are_named_in_the_order_of_the_tokens() {
    let (_, named) = with_gaps("(@User.x && (@Device.y == @Resource.foo || Device_Member_of{SID(WD), SID(BA)}))");
    assert_eq!(named, ["User x", "Device y", "Device S-1-1-0"]);
    let (_, named) = with_gaps("(@User.no && (Member_of_Any{SID(WD), SID(BA), SID(BU)} || x))");
    assert_eq!(named, ["User S-1-5-32-544", "User S-1-5-32-545", "Local x"]);
}

#[test]
fn a_condition_as_deep_as_any_evaluates() {
    let term = |tokens: &mut Vec<Token>| {
        tokens.push(Token::Attribute(Attribute {
            class: AttributeClass::User,
            name: "yes".into(),
        }));
    };
    let mut right = Vec::new();
    let depth = 64;
    (0..=depth + 1).for_each(|_| term(&mut right));
    right.extend((0..=depth).map(|_| Token::Operator(Operator::And)));
    let condition = Condition::from_postfix(right, &Limits::DEFAULT).unwrap();
    assert_eq!(condition.evaluate(&world()), True);

    let mut negated = Vec::new();
    term(&mut negated);
    negated.extend((0..depth).map(|_| Token::Operator(Operator::Not)));
    let condition = Condition::from_postfix(negated, &Limits::DEFAULT).unwrap();
    assert_eq!(condition.evaluate(&world()), True);
}

#[test]
fn sets_are_compared_up_to_a_limit() {
    let evaluate = |left: u64, right: u64| {
        let facts = World {
            claims: vec![
                claim("left", ClaimValues::Uint((0..left).collect())),
                claim("right", ClaimValues::Uint((0..right).collect())),
            ],
            incomplete: false,
        };
        condition("(@User.left Any_of @User.right)").evaluate(&facts)
    };
    assert_eq!(MAX_SET_WORK, 128 * 128);
    assert_eq!(evaluate(128, 127), True);
    assert_eq!(evaluate(128, 128), True);
    assert_eq!(evaluate(128, 129), Unknown);
    assert_eq!(evaluate(1, 16_384), True);
    assert_eq!(evaluate(1, 16_385), Unknown);
    assert_eq!(evaluate(16_384, 1), True);
}

#[test]
fn strings_are_compared_up_to_a_limit() {
    let evaluate = |length: usize| {
        let facts = World {
            claims: vec![
                claim("left", ClaimValues::String(vec!["x".repeat(length)])),
                claim("right", ClaimValues::String(vec!["x".repeat(length)])),
            ],
            incomplete: false,
        };
        condition("(@User.left == @User.right)").evaluate(&facts)
    };
    assert_eq!(evaluate(16_383), True);
    assert_eq!(evaluate(16_384), Unknown);
}

#[test]
fn a_claim_repeats_a_value_if_conditions_say_so() {
    let repeats = |values: ClaimValues| claim("a", values).has_duplicates();
    assert!(repeats(ClaimValues::Int(vec![42, 42, 42])));
    assert!(repeats(ClaimValues::Bool(vec![false, false])));
    assert!(repeats(ClaimValues::Uint(vec![1, 2, 1])));
    assert!(repeats(strings(["foo", "bar", "FOO"])));
    assert!(repeats(ClaimValues::Sid(vec![Sid::EVERYONE, Sid::EVERYONE])));
    assert!(repeats(ClaimValues::Octets(vec![vec![], vec![]])));
    assert!(!repeats(ClaimValues::Int(vec![])));
    assert!(!repeats(ClaimValues::Int(vec![1, 0])));
    assert!(!repeats(ClaimValues::Bool(vec![true, false])));
    assert!(!repeats(strings(["ss", "\u{df}"])));
    let cased = Claim::new("a", ClaimFlags::CASE_SENSITIVE, strings(["foo", "FOO"])).unwrap();
    assert!(!cased.has_duplicates());
}

#[test]
fn a_claim_counts_unless_its_flags_say_otherwise() {
    let counts = |flags| {
        let claim = Claim::new("a", flags, ClaimValues::Int(vec![1])).unwrap();
        (claim.counts_for_allow(), claim.counts_for_deny())
    };
    assert_eq!(counts(ClaimFlags::empty()), (true, true));
    assert_eq!(counts(ClaimFlags::DENY_ONLY), (false, true));
    assert_eq!(counts(ClaimFlags::DISABLED), (false, false));
    assert_eq!(counts(ClaimFlags::DISABLED_BY_DEFAULT), (false, false));
    assert_eq!(counts(ClaimFlags::MANDATORY | ClaimFlags::CASE_SENSITIVE), (true, true));
}

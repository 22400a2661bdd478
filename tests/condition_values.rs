//! Parts of conditions, each by itself: truth values, tokens, texts, errors.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use core::hash::{Hash, Hasher};
use sddl_authz::{
    Claim, Condition, Limits, Sid,
    binary::{DecodeErrorKind, condition_from_bytes},
    claim::{ClaimFlags, ClaimValues},
    condition::{
        Attribute, AttributeClass, ConditionErrorKind, Environment, Literal, Lookup, Operator, OperatorKind, Subject,
        Token, Truth, Utf16,
    },
};
use std::hash::DefaultHasher;

/// The attribute `one` is 1, every other attribute is absent.
struct One(Claim);

impl Environment for One {
    fn attribute(&self, _: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim> {
        match name == Utf16::from("one") {
            true => Lookup::Value(&self.0),
            false => Lookup::Absent,
        }
    }

    fn member(&self, _: Subject, _: &Sid) -> Truth {
        Truth::False
    }
}

fn attribute(name: &str) -> Token {
    let (class, name) = (AttributeClass::User, name.to_owned());
    Token::Attribute(Attribute { class, name })
}

fn condition(text: &str) -> Condition {
    text.parse().unwrap()
}

#[test]
fn negation_keeps_what_is_unknown() {
    let negated = Truth::ALL.map(|truth| (truth, !truth));
    let expected = [
        (Truth::True, Truth::False),
        (Truth::False, Truth::True),
        (Truth::Unknown, Truth::Unknown),
    ];
    for pair in expected {
        assert!(negated.contains(&pair), "{pair:?}");
    }
}

/// The SIDs of a claim and those of a condition are compared one with another, whatever their order and number.
#[test]
fn sets_of_sids_are_compared_as_sets() {
    let sid = |relative_id| Sid::new(5, &[21, 1, 2, 3, relative_id]).unwrap();
    let list = |ids: &[u32]| {
        ids.iter()
            .map(|id| format!("SID({})", sid(*id)))
            .collect::<Vec<_>>()
            .join(",")
    };
    let holds = |operator: &str, ids: &[u32]| {
        let claim = Claim::new(
            "one",
            ClaimFlags::empty(),
            ClaimValues::Sid([1, 2, 3].map(sid).to_vec()),
        )
        .unwrap();
        let text = format!("(@User.one {operator} {{{}}})", list(ids));
        condition(&text).evaluate(&One(claim))
    };
    for order in [[1, 2, 3], [3, 1, 2], [2, 3, 1]] {
        assert_eq!(holds("==", &order), Truth::True);
    }
    assert_eq!(holds("==", &[1, 2]), Truth::False);
    assert_eq!(holds("Contains", &[3, 1]), Truth::True);
    assert_eq!(holds("Contains", &[3, 4]), Truth::False);
    assert_eq!(holds("Any_of", &[4, 3]), Truth::True);
    assert_eq!(holds("Any_of", &[4, 5]), Truth::False);
}

/// The tables of [MS-DTYP] 2.4.4.17.7.
#[test]
fn junctions_of_known_operands_are_certain() {
    let one = One(Claim::new("one", ClaimFlags::empty(), ClaimValues::Int(vec![1])).unwrap());
    let operands = [
        (Truth::True, "@User.one == 1"),
        (Truth::False, "@User.one == 2"),
        (Truth::Unknown, "@User.absent == 1"),
    ];
    for (left, left_text) in operands {
        for (right, right_text) in operands {
            let and = match (left, right) {
                (Truth::False, _) | (_, Truth::False) => Truth::False,
                (Truth::True, Truth::True) => Truth::True,
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            };
            let or = match (left, right) {
                (Truth::True, _) | (_, Truth::True) => Truth::True,
                (Truth::False, Truth::False) => Truth::False,
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            };
            assert_eq!((left & right, left | right), (and, or));
            for (operator, expected) in [("&&", and), ("||", or)] {
                let text = format!("({left_text} {operator} {right_text})");
                let found = condition(&text).evaluate_with(&one, |_| ());
                assert!(found.is_certain(), "{text}");
                assert_eq!(found.truth(), expected, "{text}");
                for truth in Truth::ALL {
                    assert_eq!(found.can_be(truth), truth == expected, "{text}");
                }
            }
        }
    }
}

#[test]
fn the_result_of_an_operator_is_no_value() {
    let (exists, contains) = (Token::Operator(Operator::Exists), Token::Operator(Operator::Contains));
    let compared = [
        attribute("a"),
        attribute("b"),
        exists.clone(),
        Token::Operator(Operator::Equal),
    ];
    let contained = [attribute("a"), attribute("b"), exists.clone(), contains.clone()];
    let containing = [attribute("a"), exists, attribute("b"), contains];
    for (tokens, operator) in [
        (compared, Operator::Equal),
        (contained, Operator::Contains),
        (containing, Operator::Contains),
    ] {
        let error = Condition::from_postfix(tokens, &Limits::DEFAULT).unwrap_err();
        assert_eq!(error.kind(), ConditionErrorKind::OperandUnfit { operator });
        assert_eq!(error.code(), "operand_unfit");
        assert_eq!(error.token(), 3);
    }
}

/// The signature has four bytes, an attribute's code and count five, its name two for each unit; an operator has one.
#[test]
fn an_error_names_the_token_and_its_place_in_bytes() {
    let tokens = [attribute("ab"), Token::Operator(Operator::Exists), attribute("")];
    let error = Condition::from_postfix(tokens, &Limits::DEFAULT).unwrap_err();
    assert_eq!(error.kind(), ConditionErrorKind::AttributeNameEmpty);
    assert_eq!((error.token(), error.byte()), (2, 4 + (5 + 2 * 2) + 1));
}

#[test]
fn a_long_condition_is_read_where_the_limits_allow_it() {
    let value = "x".repeat(Limits::DEFAULT.condition_bytes);
    let text = format!("D:(XA;;0x1;;;WD;(@User.a == \"{value}\"))");
    let mut options = sddl_authz::sddl::Options::default();
    options.limits.text_bytes = usize::MAX;
    options.limits.condition_bytes = usize::MAX;
    let descriptor = sddl_authz::sddl::parse_with(&text, &options).unwrap();
    let entry = descriptor.dacl.acl().unwrap().aces().first().unwrap();
    let found = entry.condition().unwrap().tokens().nth(1);
    assert_eq!(found, Some(Token::Literal(Literal::String(value))));
}

#[test]
fn a_condition_is_debugged_as_its_tokens() {
    let condition = condition("(@User.a == 1)");
    let tokens: Vec<_> = condition.tokens().collect();
    assert_eq!(tokens.len(), 3);
    assert_eq!(format!("{condition:?}"), format!("{tokens:?}"));
}

fn hash(text: Utf16<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn texts_are_equal_unit_by_unit() {
    let text = Utf16::from("a\u{1d11e}");
    assert_eq!(text, Utf16::from("a\u{1d11e}"));
    assert_eq!(hash(text), hash(Utf16::from("a\u{1d11e}")));
    for other in ["", "a", "A\u{1d11e}", "a\u{1d11e}b"] {
        assert_ne!(text, Utf16::from(other));
        assert_ne!(hash(text), hash(Utf16::from(other)));
    }
    assert_eq!(format!("{:?}", Utf16::from("a\"\n")), r#""a\"\n""#);
}

/// The codes and tokens of [MS-DTYP] 2.4.4.17.6 and 2.5.1.1.
#[test]
fn operators_are_found_by_code_and_by_token() {
    for (operator, code, token, kind) in [
        (Operator::Equal, 0x80, "==", OperatorKind::Comparison),
        (Operator::Contains, 0x86, "Contains", OperatorKind::Set),
        (Operator::Exists, 0x87, "Exists", OperatorKind::Existence),
        (Operator::MemberOf, 0x89, "Member_of", OperatorKind::Membership),
        (
            Operator::NotDeviceMemberOfAny,
            0x93,
            "Not_Device_Member_of_Any",
            OperatorKind::Membership,
        ),
        (Operator::And, 0xa0, "&&", OperatorKind::Junction),
        (Operator::Not, 0xa2, "!", OperatorKind::Negation),
    ] {
        assert_eq!((operator.code(), operator.kind()), (code, kind));
        assert_eq!(Operator::from_code(code), Some(operator));
        assert_eq!(Operator::from_token(token), Some(operator));
        assert_eq!(Operator::from_token(&token.to_uppercase()), Some(operator));
        assert_eq!(operator.to_string(), token);
    }
    for word in [
        "",
        "=",
        "Contain",
        "Containsx",
        "Member_on",
        "===",
        "Not_Device_Member_of_Anyy",
    ] {
        assert_eq!(Operator::from_token(word), None, "{word}");
    }
    for code in [0x7f, 0x94, 0x9f, 0xa3] {
        assert_eq!(Operator::from_code(code), None, "{code:#x}");
    }
}

/// The bytes of `artx`, the user's attribute `a` and a token.
fn bytes(token: &[u8]) -> Vec<u8> {
    [b"artx\xf9\x02\x00\x00\x00a\x00", token].concat()
}

/// The attribute ends at byte 11. An integer has its sign at byte 9 and its base at byte 10.
#[test]
fn an_integer_that_is_cut_off_is_refused_where_it_ends() {
    let error = |token: &[u8]| {
        let error = condition_from_bytes(&bytes(token), &Limits::DEFAULT).unwrap_err();
        (error.kind(), error.offset())
    };
    let integer = [0x04, 1, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(error(&integer[..4]), (DecodeErrorKind::TokenTruncated, 11 + 1));
    assert_eq!(error(&integer), (DecodeErrorKind::TokenTruncated, 11 + 9));
    let signed = |sign| [&integer[..], &[sign]].concat();
    assert_eq!(error(&signed(3)), (DecodeErrorKind::TokenTruncated, 11 + 10));
    assert_eq!(
        error(&signed(4)),
        (DecodeErrorKind::IntegerSignUnknown { code: 4 }, 11 + 9)
    );
}

#[test]
fn a_string_with_half_a_pair_is_refused() {
    let string = |units: &[u16]| {
        let payload: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let count = u32::try_from(payload.len()).unwrap().to_le_bytes();
        let token = [&[0x10], &count[..], &payload, &[0x80]].concat();
        condition_from_bytes(&bytes(&token), &Limits::DEFAULT).map_err(|error| error.kind())
    };
    for units in [
        &[0xd800][..],
        &[0xdc00],
        &[0xd800, 0xd800],
        &[0xdc00, 0xd800],
        &[0x61, 0xd834],
        &[0xd834, 0xdd1e, 0xd834],
    ] {
        assert_eq!(
            string(units),
            Err(DecodeErrorKind::StringUnpairedSurrogate),
            "{units:x?}"
        );
    }
    for units in [
        &[][..],
        &[0x61, 0xd834, 0xdd1e],
        &[0xd834, 0xdd1e, 0xd834, 0xdd1e],
        &[0xe000, 0xd7ff],
    ] {
        assert!(string(units).is_ok(), "{units:x?}");
    }
}

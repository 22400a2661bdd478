//! Every limit at one less, exactly, and one more; and work that does not multiply.

use crate::builders::*;
use sddl_authz::{
    Ace, AceFlags, AceType, AclState, Condition, Limits, SecurityDescriptor,
    ace::ApplicationData,
    binary::{self, DecodeErrorKind as Kind, EncodeError},
    condition::{ConditionErrorKind, Literal, MAX_WAITING_OPERANDS, Operator, Token},
};

/// `a && (a && (… a == a))`, with as many junctions in others as asked for.
fn right_nested(depth: usize) -> Vec<Token> {
    let mut tokens = vec![attribute("a".into()); depth + 3];
    tokens.push(Token::Operator(Operator::Equal));
    tokens.resize(tokens.len() + depth + 1, Token::Operator(Operator::And));
    tokens
}

#[test]
fn conditions_are_nested_up_to_the_limit_and_chained_without_one() {
    let kind = |tokens, limits: &Limits| Condition::from_postfix(tokens, limits).err().map(|error| error.kind());
    let mut raised = Limits::DEFAULT;
    raised.condition_bytes = usize::MAX;
    raised.condition_depth = usize::MAX;
    let too_deep = |limit| Some(ConditionErrorKind::ConditionTooDeep { limit });
    for nested in [negated, right_nested] {
        for limits in [&Limits::DEFAULT, &raised] {
            assert_eq!(kind(nested(63), limits), None);
            assert_eq!(kind(nested(64), limits), None);
            assert_eq!(kind(nested(65), limits), too_deep(64), "no setting raises it");
        }
        let mut lowered = Limits::DEFAULT;
        lowered.condition_depth = 3;
        assert_eq!(kind(nested(3), &lowered), None);
        assert_eq!(kind(nested(4), &lowered), too_deep(3));
    }
    let left_nested = |outer| {
        let mut tokens = negated(60);
        tokens.extend([attribute("a".into()), Token::Operator(Operator::And)]);
        tokens.resize(tokens.len() + outer, Token::Operator(Operator::Not));
        tokens
    };
    assert_eq!(kind(left_nested(4), &Limits::DEFAULT), None);
    assert_eq!(kind(left_nested(5), &Limits::DEFAULT), too_deep(64));
    let mut chain = vec![attribute("a".into())];
    for _ in 0..1000 {
        chain.extend([attribute("a".into()), Token::Operator(Operator::And)]);
    }
    assert_eq!(kind(chain, &Limits::DEFAULT), None);
}

#[test]
fn the_deepest_condition_has_as_many_operands_waiting_as_documented() {
    let condition = Condition::from_postfix(right_nested(64), &Limits::DEFAULT).unwrap();
    let operands = condition
        .tokens()
        .take_while(|token| !matches!(token, Token::Operator(_)));
    assert_eq!(operands.count(), MAX_WAITING_OPERANDS);
}

/// `a Contains #…`, of so many bytes: 4 of the signature, 7 and 5 of the operands, 1 of the operator, and the octets.
fn sized(bytes: usize) -> Vec<Token> {
    vec![
        attribute("a".into()),
        Token::Literal(Literal::Octets(vec![1; bytes - 17])),
        Token::Operator(Operator::Contains),
    ]
}

/// Samba's encoder and decoder disagreed at exactly the limit.
#[test]
fn conditions_are_as_long_as_the_limit_both_ways() {
    let mut raised = Limits::DEFAULT;
    raised.condition_bytes = usize::MAX;
    let too_large = |limit| ConditionErrorKind::ConditionTooLarge { limit };
    for (length, accepted) in [(9_999, true), (10_000, true), (10_001, false), (10_004, false)] {
        let made = Condition::from_postfix(sized(length), &Limits::DEFAULT);
        let condition = Condition::from_postfix(sized(length), &raised).unwrap();
        assert_eq!(condition.encoded_len(), length);
        let entry = callback(ApplicationData::Condition(condition));
        let mut descriptor = SecurityDescriptor::default();
        descriptor.dacl = AclState::Present(vec![entry.unwrap()].into());
        let bytes = binary::to_bytes(&descriptor).unwrap();
        assert_eq!(binary::from_bytes_with(&bytes, &raised).as_ref(), Ok(&descriptor));
        if accepted {
            assert!(made.is_ok());
            assert_eq!(binary::from_bytes(&bytes), Ok(descriptor));
        } else {
            assert_eq!(made.unwrap_err().kind(), too_large(10_000));
            let kind = refusal(&bytes).map(|(kind, _)| kind);
            assert_eq!(kind, Some(Kind::Condition(too_large(10_000))));
        }
    }
    // Without padding the exact length decides.
    let bytes = with_condition(&counted(0xf8, &[97, 0].repeat(2))[..]);
    for (limit, accepted) in [(12, false), (13, true), (14, true)] {
        let mut limits = Limits::DEFAULT;
        limits.condition_bytes = limit;
        let refused = binary::from_bytes_with(&bytes, &limits).map_err(|error| (error.kind(), error.offset()));
        match accepted {
            true => assert!(refused.is_ok()),
            false => assert_eq!(refused, Err((Kind::Condition(too_large(limit)), DATA))),
        }
    }
}

#[test]
fn lists_are_as_long_as_the_limit() {
    let bytes = with_entries(1, &ace(0x16, &[0; 92]));
    for (limit, accepted) in [(103, false), (104, true), (105, true)] {
        let mut limits = Limits::DEFAULT;
        limits.acl_bytes = limit;
        let refused = binary::from_bytes_with(&bytes, &limits).map_err(|error| (error.kind(), error.offset()));
        match accepted {
            true => assert!(refused.is_ok()),
            false => assert_eq!(refused, Err((Kind::AclTooLarge { bytes: 104, limit }, ACL + 2))),
        }
    }
    // The longest list there can be: 65,532 bytes of entries and header, and three spare.
    let entry = ace(0x16, &vec![0; 65_532 - 12]);
    let bytes = with_acl(&acl(2, 65_535, 1, &[entry.as_slice(), &[0; 3]].concat()));
    assert!(binary::from_bytes(&bytes).is_ok());
}

#[test]
fn what_does_not_fit_16_bits_is_not_written() {
    let entry = |bytes: usize| Ace::opaque(AceType::from_code(0x16), AceFlags::empty(), vec![0; bytes - 4]).unwrap();
    let written = |entries: Vec<Ace>| {
        let mut descriptor = SecurityDescriptor::default();
        descriptor.sacl = AclState::Present(entries.into());
        binary::to_bytes(&descriptor).map(|bytes| bytes.len())
    };
    assert_eq!(written(vec![entry(65_524)]), Ok(20 + 65_532));
    assert_eq!(
        written(vec![entry(65_528)]),
        Err(EncodeError::AclTooLarge { bytes: 65_536 })
    );
    assert_eq!(
        written(vec![entry(65_532)]),
        Err(EncodeError::AclTooLarge { bytes: 65_540 })
    );
    assert_eq!(
        written(vec![entry(4), entry(65_536)]),
        Err(EncodeError::AceTooLarge {
            index: 1,
            bytes: 65_536
        })
    );
    assert_eq!(EncodeError::AclTooLarge { bytes: 65_540 }.code(), "acl_too_large");
    let too_large = EncodeError::AceTooLarge {
        index: 1,
        bytes: 65_536,
    };
    assert_eq!(too_large.code(), "ace_too_large");
    assert_eq!(written(vec![entry(4); 16_381]), Ok(20 + 65_532));
    assert_eq!(
        written(vec![entry(4); 70_000]),
        Err(EncodeError::AclTooLarge { bytes: 280_008 })
    );
}

#[test]
fn claims_that_share_bytes_do_not_multiply_work() {
    let text = [97, 0].repeat(503);
    let content = [text.as_slice(), &[0, 0]].concat();
    let shared = |count: u32| {
        let start = 16 + 4 * count;
        claim(start, 3, &vec![start; usize::try_from(count).unwrap()], &content)
    };
    // Header, table, and the name and 63 values of 1,008 bytes make 64,780; one more value makes 65,792.
    assert!(binary::from_bytes(&with_claim(&shared(63))).is_ok());
    let at = DATA + 16 + 4 * 63;
    assert_eq!(
        refusal(&with_claim(&shared(64))),
        Some((Kind::ClaimTooLarge { limit: 65_535 }, at))
    );
    // Two claims that could each be written, but not together.
    let entry = ace_with_data(0x12, &shared(40));
    let bytes = with_entries(2, &[entry.clone(), entry.clone()].concat());
    let written = 8 + 2 * (20_usize + 16 + 160 + 41 * 1008).next_multiple_of(4);
    let kind = Kind::AclTooLarge {
        bytes: written,
        limit: 65_535,
    };
    assert_eq!(refusal(&bytes), Some((kind, ACE + entry.len())));
}

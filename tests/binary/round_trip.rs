//! Every model survives its bytes.

use crate::descriptors;
use arbitrary::Unstructured;
use proptest::{collection::vec, prelude::*};
use sddl_authz::{
    Ace, AceType, AclState, Condition, Limits, SecurityDescriptor,
    ace::ApplicationData,
    binary,
    condition::{MAX_WAITING_OPERANDS, Operator, Token},
};
use std::collections::BTreeSet;

fn entries(descriptor: &SecurityDescriptor) -> impl Iterator<Item = &Ace> {
    let lists = [&descriptor.dacl, &descriptor.sacl];
    lists.into_iter().filter_map(AclState::acl).flat_map(|acl| acl.aces())
}

/// The most operands that wait at once.
fn waiting(condition: &Condition) -> usize {
    let mut waiting = 0_usize;
    let heights = condition.tokens().map(|token| {
        waiting += 1;
        if let Token::Operator(operator) = token {
            waiting -= operator.arity();
        }
        waiting
    });
    heights.max().unwrap_or_default()
}

fn survives(descriptor: &SecurityDescriptor) {
    let bytes = binary::to_bytes(descriptor).expect("it is small");
    assert_eq!(binary::from_bytes(&bytes).as_ref(), Ok(descriptor));
    assert!(bytes.len().is_multiple_of(4), "all parts are multiples of 4");
    for ace in entries(descriptor) {
        if let ApplicationData::Condition(condition) = ace.data() {
            assert!(waiting(condition) <= MAX_WAITING_OPERANDS);
            let made = Condition::from_postfix(condition.tokens(), &Limits::DEFAULT);
            assert_eq!(made.as_ref(), Ok(condition));
        }
    }
}

proptest! {
    #[test]
    fn models_survive_their_bytes(seed in vec(any::<u8>(), 0..3000)) {
        if let Ok(descriptor) = descriptors::descriptor(&mut Unstructured::new(&seed)) {
            survives(&descriptor);
        }
    }

    #[test]
    fn any_bytes_are_refused_or_written_back_as_the_same_model(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(descriptor) = binary::from_bytes(&bytes) {
            survives(&descriptor);
        }
    }

    /// One byte changed, one place cut: the shape is almost right.
    #[test]
    fn damaged_bytes_are_refused_or_written_back_as_the_same_model(
        seed in vec(any::<u8>(), 0..3000), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        if let Ok(descriptor) = descriptors::descriptor(&mut Unstructured::new(&seed)) {
            let mut bytes = binary::to_bytes(&descriptor).expect("it is small");
            *at.get_mut(&mut bytes) = byte;
            for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
                match binary::from_bytes(bytes) {
                    Ok(descriptor) => survives(&descriptor),
                    Err(error) => assert!(error.offset() <= bytes.len()),
                }
            }
        }
    }
}

/// The generator is worth something only if it reaches everything.
#[test]
fn the_generator_reaches_every_type_operator_and_kind_of_data() {
    let mut state = 1_u64;
    let mut types = BTreeSet::new();
    let mut operators = BTreeSet::new();
    let mut data = BTreeSet::new();
    for _ in 0..2000 {
        let seed: Vec<u8> = (0..2000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                state.to_le_bytes()[7]
            })
            .collect();
        let Ok(descriptor) = descriptors::descriptor(&mut Unstructured::new(&seed)) else {
            continue;
        };
        survives(&descriptor);
        for ace in entries(&descriptor) {
            types.insert(ace.ace_type().code());
            match ace.data() {
                ApplicationData::None => data.insert("none"),
                ApplicationData::Opaque(_) => data.insert("opaque"),
                ApplicationData::Claim(claim) => data.insert(claim.values().claim_type().token()),
                ApplicationData::Condition(condition) => {
                    operators.extend(condition.tokens().filter_map(|token| match token {
                        Token::Operator(operator) => Some(operator.code()),
                        _ => None,
                    }));
                    data.insert("condition")
                }
                _ => data.insert("other"),
            };
        }
    }
    let known: Vec<u8> = AceType::KNOWN.iter().map(|known| known.code()).collect();
    assert!(known.iter().all(|code| types.contains(code)), "{types:?}");
    assert!(types.iter().any(|code| !known.contains(code)), "no unknown type");
    assert_eq!(
        operators,
        Operator::ALL.iter().map(|operator| operator.code()).collect()
    );
    let all = ["none", "opaque", "condition", "TI", "TU", "TS", "TD", "TB", "TX"];
    assert_eq!(data, all.into());
}

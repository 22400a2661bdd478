//! Laws that hold of every evaluation of a condition, on random conditions and facts.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, and looks at the variants that it is about"
)]

#[path = "support/conditions.rs"]
mod conditions;
#[path = "reference/condition.rs"]
mod reference;

use conditions::Case;
use proptest::prelude::*;
use sddl_authz::condition::{Operator, Token, Truth, UnknownFact, Utf16};
use std::collections::BTreeSet;

fn case() -> impl Strategy<Value = Case> {
    let bytes = prop::collection::vec(any::<u8>(), 400);
    bytes.prop_filter_map("too few bytes for a case", |bytes| Case::from_bytes(&bytes))
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 8_192,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// With all facts known there is one answer, and it is the reference's.
    #[test]
    fn evaluation_agrees_with_the_reference(case in case()) {
        let mut asked = 0;
        let verdict = case.condition.evaluate_with(&case.completion, |_| asked += 1);
        prop_assert!(verdict.is_certain());
        prop_assert_eq!(verdict.truth(), reference::evaluate(&case.condition, &case.completion));
        prop_assert_eq!(asked, 0);
    }

    /// Whatever the missing facts turn out to be, the condition comes to something that was held possible.
    #[test]
    fn no_completion_leaves_the_verdict(case in case()) {
        let verdict = case.condition.evaluate_with(&case.known, |_| ());
        let completed = reference::evaluate(&case.condition, &case.completion);
        prop_assert!(verdict.can_be(completed), "{completed:?} is not in {verdict:?}");
        if verdict.truth() != Truth::Unknown {
            prop_assert_eq!(verdict.truth(), completed);
        }
    }

    /// Once the facts that were named are known, nothing is left open, though others are not known.
    #[test]
    fn the_facts_named_are_enough(case in case()) {
        let mut named = Vec::new();
        let verdict = case.condition.evaluate_with(&case.known, |missing| named.push(missing));
        prop_assert!(verdict.is_certain() || !named.is_empty());
        let mut learned = case.known.clone();
        for missing in &named {
            match *missing {
                UnknownFact::Attribute { class, name } => learned.learn_attribute(&case.completion, class, name),
                UnknownFact::Group { subject, sid } => learned.learn_membership(&case.completion, subject, &sid),
            }
        }
        let verdict = case.condition.evaluate_with(&learned, |_| ());
        prop_assert!(verdict.is_certain());
        prop_assert_eq!(verdict.truth(), reference::evaluate(&case.condition, &case.completion));
    }

    /// Environment are named in the order in which the tokens ask for them.
    #[test]
    fn facts_are_named_in_order(case in case()) {
        let mut named = Vec::new();
        _ = case.condition.evaluate_with(&case.known, |missing| named.push(missing));
        let mut tokens = case.condition.tokens();
        for missing in named {
            let found = match missing {
                UnknownFact::Attribute { class, name } => tokens.any(|token| {
                    matches!(token, Token::Attribute(attribute) if attribute.class == class && name == Utf16::from(&attribute.name))
                }),
                // One operator may name several.
                UnknownFact::Group { .. } => tokens.clone().any(|token| matches!(token, Token::Operator(_))),
            };
            prop_assert!(found, "{missing:?} is out of order");
        }
    }
}

/// The comparison is worth as much as its generator, which must make every operator with every truth value that it can have.
#[test]
fn the_generator_reaches_every_operator_and_every_answer() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};

    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..30_000 {
        let case = case().new_tree(&mut runner).unwrap().current();
        let truth = case.condition.evaluate(&case.completion);
        if let Some(Token::Operator(last)) = case.condition.tokens().last()
            && case.condition.tokens().count() <= 1 + last.arity()
        {
            seen.insert((last.token(), format!("{truth:?}")));
        }
    }
    for &operator in Operator::ALL {
        for truth in Truth::ALL {
            let found = seen.contains(&(operator.token(), format!("{truth:?}")));
            assert!(found, "{operator} is never {truth:?}");
        }
    }
}

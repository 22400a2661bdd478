//! A second access check to compare the crate's own with. It is slow, works bit by bit, and follows the steps of [MS-DTYP] 2.5.3.2. If the
//! groups or claims of a caller are not all known, it tries every way to complete them.
//!
//! It shares no code of the check itself. It does share, so no comparison finds a mistake in them:
//!
//! - the model: descriptors, entries, masks, SIDs, claims, and the tokens of a condition;
//! - `condition::compare_names` with its table of upper case, and `Operator::token` and `Operator::arity`;
//! - `Unprotected` and the other options, which say what is refused;
//! - the thoughts of its author. Every rule that is inferred was inferred once and written down twice, and the integrity rules and the
//!   exemption of write-restricted callers follow the same formulas. For those, see the decisions of Windows in `tests/vectors`.

pub(crate) mod condition;
mod pipeline;
pub(crate) mod token;

use pipeline::{Answer, access_check};
use sddl_authz::{
    AccessCheck, SecurityDescriptor,
    ace::ApplicationData,
    check::{Decision, DenialReason, ObjectTree, Options, PartsDecision},
    mask::AccessMask,
};
use token::{Asker, completions};

/// How the crate's check differs from the reference, if it does.
pub(crate) fn disagreement<'a>(
    descriptor: &SecurityDescriptor,
    asker: impl Into<Asker<'a>>,
    desired: AccessMask,
    options: &Options,
) -> Option<String> {
    let Asker { caller, incomplete } = asker.into();
    let question = AccessCheck::new(caller, desired).options(*options);
    let decision = question.check(descriptor);
    let explanation = question.explain(descriptor);
    if explanation.decision != decision || explanation.replay() != decision {
        return Some(format!("{decision:?} is not what {explanation:?} says"));
    }
    let answers: Vec<Answer> = completions(descriptor, caller, &incomplete, options.principal_self)
        .iter()
        .map(|token| access_check(descriptor, token, desired.bits(), None, options).0)
        .collect();
    let agrees = match answers.as_slice() {
        [answer] if incomplete.is_nothing() => *answer == as_answer(&decision),
        several => agrees_with_all(&decision, several, desired, !has_conditions(descriptor)),
    };
    (!agrees).then(|| format!("{explanation:?}\nbut the reference says {answers:?}"))
}

/// How the crate's check of the parts of an object differs from the reference, if it does.
pub(crate) fn disagreement_about_objects<'a>(
    descriptor: &SecurityDescriptor,
    asker: impl Into<Asker<'a>>,
    desired: AccessMask,
    tree: &ObjectTree,
    options: &Options,
) -> Option<String> {
    let Asker { caller, incomplete } = asker.into();
    let question = AccessCheck::new(caller, desired).options(*options);
    let question = question.parts(tree);
    let PartsDecision { overall, nodes, .. } = question.check(descriptor);
    let answers: Vec<(Answer, Vec<Answer>)> = completions(descriptor, caller, &incomplete, options.principal_self)
        .iter()
        .map(|token| access_check(descriptor, token, desired.bits(), Some(tree), options))
        .collect();
    let about = |index: Option<usize>| -> Vec<Answer> {
        answers
            .iter()
            .filter_map(|(whole, nodes)| index.map_or(Some(whole), |index| nodes.get(index)))
            .copied()
            .collect()
    };
    if nodes.len() != tree.nodes().len() {
        return Some(format!("{} answers", nodes.len()));
    }
    let known = incomplete.is_nothing();
    for (index, decision) in nodes.iter().enumerate() {
        let explanation = question.explain(descriptor, index);
        if explanation.decision != *decision || explanation.replay() != *decision {
            return Some(format!("{decision:?} is not what {explanation:?} says"));
        }
    }
    let decisions = nodes.iter().enumerate().map(|(index, node)| (Some(index), node));
    for (index, decision) in decisions.chain([(None, &overall)]) {
        let answers = about(index);
        let agrees = match answers.as_slice() {
            // The crate's check and the reference may stop at different entries after a refusal.
            [answer] if known => match decision {
                Decision::Allowed { granted } => answer.allowed && granted.bits() == answer.granted,
                Decision::Denied(denial) => answer.reason == Some(denial.reason),
            },
            several => agrees_with_all(decision, several, desired, false),
        };
        if !agrees {
            return Some(format!(
                "of {index:?}: {decision:?}\nbut the reference says {answers:?}"
            ));
        }
    }
    None
}

fn as_answer(decision: &Decision) -> Answer {
    match decision {
        Decision::Allowed { granted } => Answer {
            allowed: true,
            granted: granted.bits(),
            missing: 0,
            reason: None,
        },
        Decision::Denied(denial) => Answer {
            allowed: false,
            granted: denial.granted_before_denial.bits(),
            missing: denial.missing.bits(),
            reason: Some(denial.reason),
        },
    }
}

fn has_conditions(descriptor: &SecurityDescriptor) -> bool {
    let entries = descriptor.dacl.acl().map_or(&[][..], |dacl| dacl.aces());
    entries
        .iter()
        .any(|ace| matches!(ace.data(), ApplicationData::Condition(_)))
}

/// Whether a decision about a caller with unknown facts agrees with the answers for all completions: it allows a right only if every
/// completion does, and it is a certain refusal only if no completion allows. With `exact`, no fact is asked for in two places, as a condition or
/// a tree can; then the decision must also allow every right that all completions allow.
fn agrees_with_all(decision: &Decision, answers: &[Answer], desired: AccessMask, exact: bool) -> bool {
    let certain = answers.iter().fold(u32::MAX, |all, answer| all & answer.granted);
    let all_allow = answers.iter().all(|answer| answer.allowed);
    let any_allows = answers.iter().any(|answer| answer.allowed);
    let maximum = desired.contains(AccessMask::MAXIMUM_ALLOWED);
    let only_certain =
        |granted: &AccessMask| certain & granted.bits() == granted.bits() && (!exact || certain == granted.bits());
    match decision {
        Decision::Allowed { granted } => all_allow && only_certain(granted),
        Decision::Denied(denial) => {
            // With MAXIMUM_ALLOWED each completion may allow something else, and nothing be certain.
            let refused = !exact || !all_allow || (maximum && certain == 0);
            let certainly_refused = !any_allows && answers.iter().any(|answer| answer.reason == Some(denial.reason));
            let reason = denial.reason == DenialReason::Undetermined || certainly_refused;
            refused && reason && (!maximum || only_certain(&denial.granted_before_denial))
        }
    }
}

use crate::{conditions::Case, reference::condition::evaluate};
use sddl_authz::condition::UnknownFact;

/// The input is turned into a condition with attributes and groups, some of them unknown. If everything is known, the result is that of
/// the reference. If something is unknown, that result was among the possible ones, and the reported unknowns are enough to find it.
pub(crate) fn condition_eval(data: &[u8]) {
    let Some(case) = Case::from_bytes(data) else {
        return;
    };
    let expected = evaluate(&case.condition, &case.completion);
    let known = case.condition.evaluate_with(&case.completion, |_| ());
    assert!(known.is_certain() && known.truth() == expected, "{case:?}");

    let mut learned = case.known.clone();
    let verdict = case.condition.evaluate_with(&case.known, |missing| match missing {
        UnknownFact::Attribute { class, name } => learned.learn_attribute(&case.completion, class, name),
        UnknownFact::Group { subject, sid } => learned.learn_membership(&case.completion, subject, &sid),
    });
    assert!(verdict.can_be(expected), "{case:?}");
    assert!(case.condition.evaluate_with(&learned, |_| ()).is_certain(), "{case:?}");
}

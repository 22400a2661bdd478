//! One question: the check and its explanation against the specification, on every way.

use crate::{
    AccessMask, Decision,
    check::{self, DenialReason},
    explorer::{Tables, can_be, each_way, example},
    setting::{Setting, Shape},
    specification::{Answer, answer, less, or, rights},
};
use std::time::Instant;

/// Whether the explanation is compared, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explained {
    Yes,
    No,
}

/// Compares the check of these entries, with any masks and any desired rights, with the specification. Returns the number of ways.
pub fn compare(setting: &Setting, shapes: &[Shape], explained: Explained) -> usize {
    let (descriptor, caller, desired) = (setting.descriptor(shapes), setting.caller(), setting.desired());
    let question = setting.question(&caller);
    let is_plain = setting.is_plain();
    each_way(|| {
        let decision = question.check(&descriptor);
        let expected = answer(setting, shapes, desired.tables());
        assert!(
            agrees(&decision, &expected),
            "{}",
            Failure {
                setting,
                shapes,
                decision,
                expected: &expected
            }
        );
        if is_plain {
            let decision = check::check(&descriptor, &caller, desired);
            assert!(agrees(&decision, &expected), "check() does not decide as the question");
        }
        if explained == Explained::No {
            return;
        }
        // Law 14: the explanation decides as the check does, and so do its steps.
        let explanation = question.explain(&descriptor);
        for other in [explanation.decision, explanation.replay()] {
            assert!(
                agrees(&other, &expected),
                "explained: {}",
                Failure {
                    setting,
                    shapes,
                    decision: other,
                    expected: &expected
                }
            );
        }
    })
}

/// Whether the decision is that one, for all masks that lead here, and says so by its methods.
pub fn agrees(decision: &Decision, expected: &Answer) -> bool {
    let allowed = expected.reason.is_none();
    let says_so = decision.is_allowed() == allowed
        && decision.is_undetermined() == (expected.reason == Some(DenialReason::Undetermined))
        && are_equal(&decision.granted(), &if allowed { expected.granted } else { rights(0) });
    says_so
        && match decision {
            Decision::Allowed { .. } => allowed,
            Decision::Denied(denial) => {
                expected.reason == Some(denial.reason)
                    && are_equal(&denial.granted_before_denial, &expected.granted)
                    && are_equal(&denial.missing, &expected.missing)
            }
        }
}

/// Does what [`agrees`] does, but the decision may name fewer rights granted before a refusal.
pub fn agrees_at_least(decision: &Decision, expected: &Answer) -> bool {
    match decision {
        Decision::Allowed { .. } => agrees(decision, expected),
        Decision::Denied(denial) => {
            let granted = denial.granted_before_denial.tables();
            let explicit = or(&expected.granted, &expected.missing);
            expected.reason == Some(denial.reason)
                && !can_be(&less(granted, &expected.granted))
                && are_equal(&denial.missing, &less(&explicit, granted))
        }
    }
}

/// Whether two decisions are equal, for all masks that lead here.
pub fn are_same(one: &Decision, other: &Decision) -> bool {
    match (one, other) {
        (Decision::Allowed { granted: one }, Decision::Allowed { granted: other }) => are_equal(one, other.tables()),
        (Decision::Denied(one), Decision::Denied(other)) => {
            one.reason == other.reason
                && are_equal(&one.granted_before_denial, other.granted_before_denial.tables())
                && are_equal(&one.missing, other.missing.tables())
        }
        _ => false,
    }
}

pub fn are_equal(mask: &AccessMask, tables: &Tables) -> bool {
    !can_be(&less(mask.tables(), tables)) && !can_be(&less(tables, mask.tables()))
}

/// Says which question is answered otherwise, with an example of its masks.
pub struct Failure<'a> {
    pub setting: &'a Setting,
    pub shapes: &'a [Shape],
    pub decision: Decision,
    pub expected: &'a Answer,
}

impl core::fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let masks: Vec<_> = (0..=self.shapes.len())
            .map(|number| format!("{:#x}", example(number)))
            .collect();
        let show = |tables: &Tables| {
            tables
                .iter()
                .enumerate()
                .fold(0_u32, |bits, (place, table)| bits | u32::from(table.0 != 0) << place)
        };
        let Answer {
            reason,
            granted,
            missing,
        } = self.expected;
        write!(
            f,
            "{:?} {:?}: {:?}, but {reason:?} (granted up to {:#x}, missing up to {:#x}) is specified; masks such as {masks:?}",
            self.setting,
            self.shapes,
            self.decision,
            show(granted),
            show(missing)
        )
    }
}

/// Puts all these questions, prints how many there were, and demands that there are as many questions and ways.
pub fn compare_all(
    name: &str,
    questions: impl IntoIterator<Item = (Setting, Vec<Shape>, Explained)>,
    least: (usize, usize),
) {
    let start = Instant::now();
    let (mut count, mut ways) = (0, 0);
    for (setting, shapes, explained) in questions {
        count += 1;
        ways += compare(&setting, &shapes, explained);
    }
    finish(name, start, (count, ways), least);
}

/// Prints how many questions and ways a test looked at, and demands that there are as many as there should be.
pub fn finish(name: &str, start: Instant, (count, ways): (usize, usize), least: (usize, usize)) {
    let seconds = start.elapsed().as_secs_f32();
    println!("{name}: {count} questions, {ways} ways, {seconds:.1} s");
    assert!(
        count >= least.0 && ways >= least.1,
        "{name} looked at fewer questions or ways than it should: {least:?}"
    );
}

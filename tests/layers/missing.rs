//! The rights that are missing, set by set.

use super::{GROUP, MAXIMUM, USER, asks, caller, grants, sd, unsure};
use proptest::prelude::*;
use sddl_authz::{
    AccessMask,
    check::MissingCause,
    layers::{FileAccess, Layer, LayeredExplanation, explain_all},
    render::LayersText,
};

fn missing(explanation: &LayeredExplanation) -> Vec<(u32, Option<usize>, Option<MissingCause>)> {
    let sets = explanation.missing_rights().into_iter();
    sets.map(|set| (set.bits.bits(), set.denied_by, set.cause)).collect()
}

#[test]
fn a_layer_is_blamed_for_what_it_keeps_back_and_for_nothing_else() {
    let (share, file) = (sd("(D;;0x2;;;G)(A;;0x3;;;U)"), grants(0x7));
    let caller = caller();
    let layers = [Layer::new("share", &share), Layer::new("file", &file)];
    let explanation = explain_all(&asks(&caller, 0x3), &layers);
    let not_looked_at = Some(MissingCause::NotLookedAt);
    assert_eq!(
        missing(&explanation),
        [
            (0x2, Some(0), Some(MissingCause::Denied { index: 0 })),
            (0x1, None, not_looked_at)
        ]
    );
    let text = LayersText::new(&explanation, &caller).to_string();
    assert!(
        text.ends_with(
            "  denied by share\n    share: entry 0 denies 0x2 DC\n    0x1 CC was not looked at: the check had ended"
        ),
        "{text}"
    );
}

#[test]
fn a_deny_in_the_second_layer_is_named() {
    let (share, file) = (grants(0x7), sd("(D;;0x4;;;G)(A;;0x7;;;U)"));
    let caller = caller();
    let layers = [Layer::new("share", &share), Layer::new("file", &file)];
    let explanation = explain_all(&asks(&caller, 0x5), &layers);
    assert_eq!(
        missing(&explanation),
        [
            (0x4, Some(1), Some(MissingCause::Denied { index: 0 })),
            (0x1, None, Some(MissingCause::NotLookedAt)),
        ]
    );
}

/// The read-only attribute refuses writing. Nothing else was looked at.
#[test]
fn a_rule_is_blamed_for_its_rights_alone() {
    let file = grants(0x1f_01ff);
    let caller = caller();
    let question = asks(&caller, 0x3);
    let explanation = FileAccess::new(&question).read_only(true).explain(&file);
    assert_eq!(
        missing(&explanation),
        [(0x2, Some(0), None), (0x1, None, Some(MissingCause::NotLookedAt))]
    );
}

/// FILE_ADD_FILE on the directory has the bit of FILE_WRITE_DATA on the file: the two are not mixed up.
#[test]
fn what_a_directory_does_not_grant_is_not_said_of_the_file() {
    let directory = grants(0x1);
    let caller = caller();
    let question = asks(&caller, 0x3);
    let create = FileAccess::new(&question)
        .parent(&directory)
        .disposition(sddl_authz::layers::Disposition::Create);
    let explanation = create.explain_new();
    assert_eq!(explanation.denying_layer(), Some("parent directory"));
    assert_eq!(missing(&explanation), [(0x3, explanation.denied_by, None)]);
}

fn list() -> impl Strategy<Value = String> {
    let entry = (
        prop::sample::select(vec!["A", "D"]),
        1_u32..8,
        prop::sample::select(vec![USER, GROUP, "WD"]),
    );
    prop::collection::vec(entry, 0..4).prop_map(|entries| {
        entries
            .iter()
            .map(|(kind, mask, sid)| format!("({kind};;{mask:#x};;;{sid})"))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_sets_are_a_partition_of_what_is_missing(
        lists in prop::collection::vec(list(), 1..4), desired in 1_u32..8, maximum in any::<bool>(), known in any::<bool>(),
        read_only in any::<bool>(),
    ) {
        let descriptors: Vec<_> = lists.iter().map(|list| sd(list)).collect();
        let layers: Vec<_> = descriptors.iter().map(|descriptor| Layer::new("layer", descriptor)).collect();
        let caller = if known { caller() } else { unsure() };
        let question = asks(&caller, if maximum { desired | MAXIMUM } else { desired });
        let mut file = FileAccess::new(&question).read_only(read_only);
        for descriptor in descriptors.iter().skip(1) {
            file = file.share(descriptor);
        }
        for explanation in [explain_all(&question, &layers), file.explain(&descriptors[0])] {
            let mut all = AccessMask::empty();
            for set in explanation.missing_rights() {
                prop_assert!(!set.bits.is_empty() && !all.intersects(set.bits));
                all |= set.bits;
            }
            let missing = explanation.decision.denial().map_or(AccessMask::empty(), |denial| denial.missing);
            prop_assert_eq!(all, missing);
        }
    }
}

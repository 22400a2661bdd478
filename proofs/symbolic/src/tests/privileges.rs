//! Privileges and integrity.

use super::checked::{Explained, compare_all};
use crate::{
    GenericMapping,
    caller::Privileges,
    check::Options,
    mask::AccessMask,
    setting::{Dacl, Label, SPECIFIC, Setting, Shape, Who},
};

/// The policy of the label is unknown, too.
#[test]
fn privileges_and_integrity() {
    let mut questions = Vec::new();
    for mapping in [None, Some(GenericMapping::FILE), Some(GenericMapping::KEY)] {
        for held in 0..32 {
            for (level, dacl) in [(0x1000, Dacl::Present), (0x1000, Dacl::Absent), (0x2000, Dacl::Present)] {
                let mut options = Options::default()
                    .with_backup_intent(true)
                    .with_restore_intent(held % 2 == 0);
                options.mapping = mapping;
                let setting = Setting {
                    owner: Some(Who::Held),
                    privileges: Privileges::from_bits_retain(held),
                    integrity: level,
                    labels: vec![Label {
                        level: Some(0x2000),
                        policy: AccessMask::unknown(6),
                        inherit_only: false,
                    }],
                    dacl,
                    within: SPECIFIC,
                    options,
                    ..Setting::default()
                };
                questions.push((setting, vec![Shape::allow(Who::Held)], Explained::Yes));
            }
        }
    }
    compare_all("privileges and integrity", questions, (280, 10_000));
}

/// Objects without a label, with one that is only to be inherited, with one of no level, and with two.
#[test]
fn the_first_label_counts() {
    let label = |level, inherit_only| Label {
        level,
        policy: AccessMask::unknown(6),
        inherit_only,
    };
    let (high, low) = (label(Some(0x3000), false), label(Some(0x1000), false));
    let lists = [
        vec![],
        vec![label(Some(0x3000), true)],
        vec![label(Some(0x3000), true), high],
        vec![label(None, false)],
        vec![high, low],
        vec![low, high],
        vec![low],
    ];
    let mut questions = Vec::new();
    for mapping in [None, Some(GenericMapping::FILE)] {
        for (labels, integrity) in lists
            .iter()
            .flat_map(|list| [0, 0x1000, 0x1fff, 0x2000, 0x3000, 0x4000].map(|level| (list, level)))
        {
            for no_write_up in [true, false] {
                let options = Options {
                    mapping,
                    ..Options::default()
                };
                let setting = Setting {
                    labels: labels.clone(),
                    integrity,
                    no_write_up,
                    within: SPECIFIC,
                    options,
                    ..Setting::default()
                };
                questions.push((setting, vec![Shape::allow(Who::Held)], Explained::Yes));
            }
        }
    }
    compare_all("labels", questions, (160, 1_500));
}

/// Reading, writing and executing may share any rights: the four masks of the mapping are unknown.
#[test]
fn integrity_with_every_mapping() {
    let [read, write, execute, all] = [3, 4, 5, 6].map(AccessMask::unknown);
    let questions = (0..8).flat_map(|policy| {
        let label = Label {
            level: Some(0x2000),
            policy: AccessMask::from_bits_retain(policy),
            inherit_only: false,
        };
        let setting = Setting {
            owner: Some(Who::Held),
            integrity: 0x1000,
            labels: vec![label],
            within: SPECIFIC,
            options: Options::default().with_mapping(GenericMapping::new(read, write, execute, all)),
            ..Setting::default()
        };
        let absent = Setting {
            dacl: Dacl::Absent,
            ..setting.clone()
        };
        [
            (setting, vec![Shape::allow(Who::Held)], Explained::Yes),
            (absent, vec![], Explained::Yes),
        ]
    });
    compare_all("integrity, every mapping", questions, (16, 100));
}

//! Privileges and integrity.

use super::checked::{Explained, compare_all};
use crate::{
    GenericMapping,
    caller::Privileges,
    check::Options,
    mask::AccessMask,
    setting::{Dacl, Label, Setting, Shape, Who},
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
                    specific: true,
                    options,
                    ..Setting::default()
                };
                questions.push((setting, vec![Shape::allow(Who::Held)], Explained::Yes));
            }
        }
    }
    compare_all("privileges and integrity", questions, (280, 10_000));
}

//! Requests that are refused before any entry is looked at.

use super::checked::{Explained, compare_all};
use crate::{
    AceType,
    check::{Options, Unprotected},
    setting::{Dacl, Setting, Shape, SystemEntry, Who},
};

#[test]
fn required_parts_and_objects_without_a_dacl() {
    let mut questions = Vec::new();
    for number in 0..1_u32 << 6 {
        let bit = |place: u32| number >> place & 1 == 1;
        for dacl in [Dacl::Present, Dacl::Null, Dacl::Absent] {
            let mut options = match (bit(0), bit(1)) {
                (true, true) => Options::default().with_require_owner_and_group(true),
                (owner, group) => Options::default().with_require_owner(owner).with_require_group(group),
            };
            options.unprotected = if bit(2) {
                Unprotected::Refuse
            } else {
                Unprotected::Grant
            };
            options.skip_unknown_types = bit(3);
            let setting = Setting {
                owner: bit(4).then_some(Who::Held),
                has_group: bit(5),
                dacl,
                options,
                ..Setting::default()
            };
            questions.push((setting, vec![Shape::allow(Who::Held)], Explained::Yes));
        }
    }
    compare_all("required parts", questions, (190, 1_000));
}

#[test]
fn entries_of_the_sacl_that_nobody_evaluates() {
    let types = [
        AceType::ScopedPolicy,
        AceType::ProcessTrustLabel,
        AceType::AccessFilter,
        AceType::from_code(0x40),
        AceType::Audit,
    ];
    let mut questions = Vec::new();
    for (ace_type, inherit_only) in types
        .into_iter()
        .flat_map(|ace_type| [(ace_type, false), (ace_type, true)])
    {
        for (policies, unknown) in [(false, false), (false, true), (true, false), (true, true)] {
            let options = Options::default()
                .with_skip_system_policies(policies)
                .with_skip_unknown_types(unknown);
            let system = vec![SystemEntry { ace_type, inherit_only }];
            let setting = Setting {
                owner: Some(Who::Held),
                system,
                options,
                ..Setting::default()
            };
            questions.push((setting, vec![Shape::allow(Who::Held)], Explained::Yes));
        }
    }
    compare_all("entries of the SACL", questions, (40, 200));
}

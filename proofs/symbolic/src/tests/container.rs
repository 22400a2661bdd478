//! Callers in an app container.

use super::{
    checked::{Explained, compare_all},
    lists::shapes,
};
use crate::{
    GenericMapping,
    caller::Privileges,
    check::Options,
    mask::AccessMask,
    setting::{Dacl, Data, Kind, Label, SPECIFIC, Setting, Shape, Who},
};

/// Entries for the SIDs that a container may hold.
fn container_shapes() -> Vec<Shape> {
    use Who::{
        AllPackages, AllRestrictedPackages, Capability, GroupCapability, HeldCapability, OtherCapability, Package,
    };
    let whom = [
        Package,
        AllPackages,
        AllRestrictedPackages,
        Capability,
        GroupCapability,
        HeldCapability,
        OtherCapability,
    ];
    let kinds = [Kind::Allow, Kind::Deny];
    let mut shapes: Vec<_> = kinds
        .iter()
        .flat_map(|kind| whom.map(|who| Shape::plain(*kind, who)))
        .collect();
    shapes.extend(Data::ALL.map(|data| Shape::allow(Package).with_data(data)));
    shapes.push(Shape::allow(Package).with_property(7));
    shapes.push(Shape::allow(Package).inherit_only());
    shapes.push(Shape::allow(GroupCapability).with_data(Data::Any));
    shapes
}

fn contained(low_privilege: bool) -> Setting {
    Setting {
        container: Some(low_privilege),
        owner: Some(Who::User),
        within: SPECIFIC,
        ..Setting::default()
    }
}

#[test]
fn entries_for_a_container() {
    let mut questions = Vec::new();
    for (low_privilege, groups_known) in [(false, false), (true, false), (false, true)] {
        let setting = Setting {
            groups_known,
            ..contained(low_privilege)
        };
        for one in container_shapes().into_iter().chain(shapes()) {
            let lists = [
                vec![Shape::allow(Who::Held), one],
                vec![one, Shape::allow(Who::Package)],
            ];
            questions.extend(lists.map(|list| (setting.clone(), list, Explained::Yes)));
        }
    }
    compare_all("container", questions, (600, 20_000));
}

#[test]
fn restricting_sids_and_stand_ins_in_a_container() {
    let mut questions = Vec::new();
    for one in container_shapes() {
        let restricting = Some((vec![Who::Held, Who::Package], false));
        let setting = Setting {
            restricting,
            ..contained(false)
        };
        questions.push((setting, vec![Shape::allow(Who::Held), one], Explained::Yes));
    }
    for who in [Who::Package, Who::GroupCapability, Who::Held] {
        let setting = Setting {
            owner: Some(who),
            principal: Some(who),
            ..contained(false)
        };
        for stand_in in [Who::OwnerRights, Who::PrincipalSelf] {
            let list = vec![Shape::allow(Who::Held), Shape::allow(stand_in)];
            questions.push((setting.clone(), list, Explained::Yes));
        }
    }
    compare_all("container, restricted", questions, (30, 1_000));
}

#[test]
fn privileges_and_integrity_of_a_container() {
    let mut questions = Vec::new();
    for mapping in [None, Some(GenericMapping::FILE)] {
        let levels = [Some(0x1000), Some(0x2000), Some(0x2001), Some(0x3000), None];
        for (level, integrity) in levels.into_iter().flat_map(|level| [(level, 0x2000), (level, 0)]) {
            for (held, dacl) in [
                (0, Dacl::Present),
                (0x1f, Dacl::Present),
                (0x1f, Dacl::Absent),
                (0, Dacl::Null),
            ] {
                let mut options = Options::default().with_backup_intent(true).with_restore_intent(true);
                options.mapping = mapping;
                let labels = vec![Label {
                    level,
                    policy: AccessMask::unknown(6),
                    inherit_only: false,
                }];
                let privileges = Privileges::from_bits_retain(held);
                let setting = Setting {
                    labels,
                    privileges,
                    integrity,
                    dacl,
                    options,
                    ..contained(false)
                };
                let list = vec![Shape::allow(Who::Held), Shape::allow(Who::Package)];
                questions.push((setting, list, Explained::Yes));
            }
        }
    }
    compare_all("container, integrity", questions, (80, 2_000));
}

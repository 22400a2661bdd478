//! Facts about the caller that are unknown.

use super::*;

fn unsure() -> Caller {
    caller().with_incomplete_groups()
}

fn undetermined(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32) -> Option<Vec<Sid>> {
    undetermined_with(descriptor, caller, desired, &Options::default())
}

fn undetermined_with(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: u32,
    options: &Options,
) -> Option<Vec<Sid>> {
    let decision = asked_with(descriptor, caller, desired, options);
    let explanation = AccessCheck::new(caller, bits(desired))
        .options(*options)
        .explain(descriptor);
    let named: Vec<Sid> = explanation
        .unresolved
        .into_iter()
        .map(|name| match name {
            Unresolved::Group(sid) => sid,
            other @ (Unresolved::DeviceGroup(_) | Unresolved::Claim { .. }) => panic!("{other} is no group"),
        })
        .collect();
    let undetermined = decision.denial().map(|denial| denial.reason) == Some(DenialReason::Undetermined);
    assert_eq!(undetermined, !named.is_empty());
    undetermined.then_some(named)
}

#[test]
fn a_deny_for_a_group_that_may_be_missing_is_not_passed() {
    let descriptor = unowned([deny(group(), 0x1), allow(user(), 0x3)]);
    assert_eq!(undetermined(&descriptor, &unsure(), 0x1), Some(vec![group()]));
    assert_eq!(asked(&descriptor, &unsure(), 0x2), granted(0x2));
    assert_eq!(asked(&descriptor, &unsure(), MAXIMUM), granted(0x2));
    let ruled_out = [group()];
    let incomplete = Incomplete {
        groups: true,
        ruled_out_groups: &ruled_out,
        ..Incomplete::default()
    };
    let knowing = unsure().with_ruled_out_groups(ruled_out);
    assert_eq!(asked_knowing(&descriptor, &knowing, incomplete, 0x1), granted(0x1));
    assert_eq!(
        undetermined(&descriptor, &unsure().with_groups([group()]).unwrap(), 0x1),
        None
    );
}

#[test]
fn an_allow_for_a_group_that_may_be_missing_is_named() {
    let descriptor = unowned([allow(group(), 0x1), allow(account(9), 0x1), allow(group(), 0x1)]);
    assert_eq!(
        undetermined(&descriptor, &unsure(), 0x1),
        Some(vec![group(), account(9)])
    );
    assert_eq!(undetermined(&descriptor, &caller(), 0x1), None);
}

#[test]
fn a_refusal_that_no_group_could_change_is_certain() {
    let denied = unowned([deny(user(), 0x1), allow(group(), 0x1)]);
    assert_eq!(undetermined(&denied, &unsure(), 0x1), None);
    // The second bit is granted to nobody, whoever is in the group.
    assert_eq!(undetermined(&unowned([allow(group(), 0x1)]), &unsure(), 0x3), None);
    assert_eq!(
        undetermined(&unowned([deny(group(), 0x1), deny(user(), 0x1)]), &unsure(), 0x1),
        None
    );
}

#[test]
fn an_answer_that_came_first_does_not_depend_on_later_groups() {
    let descriptor = unowned([allow(user(), 0x1), deny(group(), 0x1)]);
    assert_eq!(asked(&descriptor, &unsure(), 0x1), granted(0x1));
}

#[test]
fn the_owner_may_have_to_be_resolved() {
    assert_eq!(
        undetermined(&owned(group(), []), &unsure(), WRITE_DAC),
        Some(vec![group()])
    );
    assert_eq!(undetermined(&owned(group(), []), &unsure(), 0x1), None);
    assert_eq!(undetermined(&owned(group(), []), &unsure(), WRITE_DAC | 0x1), None);
    let replaced = owned(group(), [deny(Sid::OWNER_RIGHTS, 0x1), allow(user(), 0x1)]);
    assert_eq!(undetermined(&replaced, &unsure(), 0x1), Some(vec![group()]));
    assert_eq!(undetermined(&replaced, &unsure(), WRITE_DAC), None);
}

#[test]
fn stand_ins_are_resolved_before_they_are_named() {
    let descriptor = unowned([
        deny(Sid::PRINCIPAL_SELF, 0x1),
        deny(Sid::CREATOR_OWNER, 0x1),
        allow(user(), 0x1),
    ]);
    assert_eq!(
        undetermined_with(
            &descriptor,
            &unsure(),
            0x1,
            &Options::default().with_principal_self(group())
        ),
        Some(vec![group()])
    );
    assert_eq!(asked(&descriptor, &unsure(), 0x1), granted(0x1));
}

#[test]
fn all_groups_to_resolve_are_found_at_once() {
    // If the caller is not in the first group, the second one matters.
    let descriptor = unowned([deny(group(), 0x1), deny(account(9), 0x1), allow(user(), 0x1)]);
    assert_eq!(
        undetermined(&descriptor, &unsure(), 0x1),
        Some(vec![group(), account(9)])
    );
}

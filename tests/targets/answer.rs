//! What is to be answered to a change of a request's status.

use crate::reference;
use sddl_authz::{
    AccessMask, Ace, AclState, Caller, GenericMapping, SecurityDescriptor, Sid,
    check::{Options, check_with},
    mim::{PolicyRules, StatusChange, StatusChangePolicy, Unprotected},
};
use serde_json::Value;

/// The inferred policy, with or without a mapping, refusing or granting what is unprotected.
pub(super) fn policy(choices: u8) -> StatusChangePolicy {
    let mut rules = PolicyRules::from(StatusChangePolicy::inferred());
    rules.mapping = (choices & 0x40 != 0).then_some(GenericMapping::DIRECTORY);
    rules.unprotected = match choices & 0x20 {
        0 => Unprotected::Refuse,
        _ => Unprotected::Grant,
    };
    StatusChangePolicy::try_from(rules).expect("the rules are good")
}

/// The user is somebody the descriptor speaks of; so are the groups, one for each bit.
pub(super) fn caller(descriptor: Option<&SecurityDescriptor>, user: u8, groups: u8) -> Caller {
    let dacl = descriptor.and_then(|descriptor| descriptor.dacl.acl());
    let trustees = dacl.into_iter().flat_map(|dacl| dacl.aces()).filter_map(Ace::trustee);
    let owner = descriptor.and_then(|descriptor| descriptor.owner.as_ref());
    let mut known: Vec<Sid> = owner.into_iter().chain(trustees).copied().collect();
    known.sort();
    known.dedup();
    let bits = (0..8).cycle().map(|place| groups.rotate_right(place) & 1 != 0);
    let members = known.iter().zip(bits).filter(|(_, member)| *member);
    let chosen: Vec<Sid> = members.map(|(sid, _)| *sid).collect();
    let user_sid = known.get(usize::from(user & 0x0f)).copied().unwrap_or(Sid::ANONYMOUS);
    let caller = Caller::bare(user_sid);
    let caller = match user & 0x10 {
        0 => caller.with_groups(chosen),
        _ => caller.with_deny_only_groups(chosen),
    };
    // The reference tries every completion: three for each unknown SID.
    match user & 0x20 != 0 && known.len() < 8 {
        true => caller.with_incomplete_groups(),
        false => caller,
    }
}

/// The answer to a change of a request that can be read, by the reference, the policy and the status.
pub(super) fn answer_of(
    policy: &StatusChangePolicy,
    descriptor: &SecurityDescriptor,
    row: &Value,
    caller: &Caller,
    change: StatusChange,
) -> u16 {
    let rules = PolicyRules::from(policy.clone());
    let protected = matches!(descriptor.dacl, AclState::Present(_));
    let text = row["SecurityDescriptor"].as_str().unwrap_or_default();
    if text.trim_end_matches('\0').trim_matches(' ').is_empty()
        || (rules.unprotected == Unprotected::Refuse && !protected)
    {
        return 500;
    }
    let rule = rules.rule(change);
    let granted = granted(policy, descriptor, caller, &rule.masks);
    let status = row["Status"].as_i64();
    if !granted {
        403
    } else if status == Some(change.target().0) {
        204
    } else if rule.start.iter().any(|start| Some(start.0) == status) {
        200
    } else {
        403
    }
}

/// Whether one of `masks` is granted, on which check and reference agree.
pub(super) fn granted(
    policy: &StatusChangePolicy,
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    masks: &[AccessMask],
) -> bool {
    let mut options = Options::default();
    options.mapping = policy.rules().mapping;
    masks.iter().any(|&mask| {
        assert_eq!(reference::disagreement(descriptor, caller, mask, &options), None);
        check_with(descriptor, caller, mask, &options).is_allowed()
    })
}

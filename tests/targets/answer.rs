//! The HTTP status that a change of a request's status must get.

use crate::reference;
use sddl_authz::{
    AccessCheck, AccessMask, AclState, Caller, SecurityDescriptor,
    check::{Options, Unprotected},
    mim::{PolicyRules, StatusChange, StatusChangePolicy},
};
use serde_json::Value;

/// The HTTP status for a request that can be read. It follows from the reference, the policy and the request's status.
pub(crate) fn answer_of(
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

/// Whether one of `masks` is granted. Check and reference must agree.
pub(crate) fn granted(
    policy: &StatusChangePolicy,
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    masks: &[AccessMask],
) -> bool {
    let mut options = Options::default();
    options.mapping = policy.rules().mapping;
    masks.iter().any(|&mask| {
        assert_eq!(reference::disagreement(descriptor, caller, mask, &options), None);
        AccessCheck::new(caller, mask)
            .options(options)
            .check(descriptor)
            .is_allowed()
    })
}

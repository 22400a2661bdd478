//! Central access policies ([MS-DTYP] 2.5.3.2, [MS-GPCAP]).
//!
//! 1. The rules of the policy are looked at only if the object itself allows the access, for certain or possibly.
//! 2. A rule is a check of its own with its DACL in place of the object's. A right is granted if the object grants it and each rule that
//!    applies does.
//! 3. A rule applies if it has no condition, or if its condition is true. No document says whether deny-only groups and claims count there:
//!    it applies if it does with them or without them (inferred). If an attribute of the object is there twice, is disabled or has a value
//!    twice, it applies (inferred).
//! 4. If it is doubtful whether a rule applies, the rights that it grants are certain, and all others are possible.
//! 5. If the machine has no policies, the object is as if it named none. If it has others, the recovery policy grants Administrators and
//!    the system everything, and nobody else anything.
//! 6. If a rule is the reason for a refusal that is certain, the reason is the central policy.
//! 7. A staged DACL grants and denies nothing. The log has the decision that would be made with each staged DACL in place of the effective
//!    one.

use super::{
    Answer, Grants, Request, grants, refusal,
    rights::{and, or, rights},
};
use crate::{
    check::DenialReason,
    explorer::Tables,
    setting::{Dacl, Data, Policy, Rule, Setting, Shape, verdict},
};

/// The answer about an object that names a policy. Rules of the policy have the unknown masks after those of the object's entries.
pub fn answer_under_policy(setting: &Setting, shapes: &[Shape], desired: &Tables) -> Answer {
    let request = Request::of(setting, desired);
    if let Some(reason) = refusal(setting, &request) {
        return request.refused(reason);
    }
    let object = grants(setting, shapes, 1, &request);
    limited_by_rules(setting, shapes.len() + 1, &request, &object)
}

/// The answer if the object itself grants these rights. The entries of the rules have the unknown masks from `first` on.
pub fn limited_by_rules(setting: &Setting, first: usize, request: &Request, object: &Grants) -> Answer {
    let alone = request.answer(object);
    if !matches!(alone.reason, None | Some(DenialReason::Undetermined)) {
        return alone;
    }
    let (effective, _) = rule_grants(setting, first, request);
    let mut answer = request.answer(&object.and(&effective));
    if answer.reason == Some(DenialReason::NotGranted) {
        answer.reason = Some(DenialReason::CentralPolicy);
    }
    answer
}

/// The answer for the log (rule 7).
pub fn staged_answer(setting: &Setting, shapes: &[Shape], desired: &Tables) -> Answer {
    let request = Request::of(setting, desired);
    let object = grants(setting, shapes, 1, &request);
    let (_, staged) = rule_grants(setting, shapes.len() + 1, &request);
    request.answer(&object.and(&staged))
}

/// The rights that all rules leave: with their effective DACLs, and with their staged ones.
fn rule_grants(setting: &Setting, mut first: usize, request: &Request) -> (Grants, Grants) {
    let rule_setting = Setting {
        dacl: Dacl::Present,
        ..setting.clone()
    };
    let mut all = (Grants::ALL, Grants::ALL);
    if let Some(Policy::Other) = setting.policy {
        // The rights that privileges grant remain. No caller here is known to be an administrator or the system, but one may be.
        let alone = Setting {
            owner: None,
            ..rule_setting
        };
        let mut recovery = grants(&alone, &[], first, request);
        if !setting.groups_known && setting.restricting.is_none() && setting.container.is_none() {
            let full = and(&request.wanted(), &rights(0x001f_ffff));
            recovery.possible = or(&recovery.possible, &full);
        }
        return (recovery, recovery);
    }
    for rule in setting.policy.iter().flat_map(Policy::rules) {
        let mut with = |shapes: &[Shape]| {
            let granted = limited(setting, rule, grants(&rule_setting, shapes, first, request));
            first += shapes.len();
            granted
        };
        let effective = with(&rule.effective);
        let staged = rule.staged.as_deref().map_or(effective, with);
        all = (all.0.and(&effective), all.1.and(&staged));
    }
    all
}

/// The rights that a rule leaves whose DACL grants these (rules 3 and 4).
fn limited(setting: &Setting, rule: &Rule, granted: Grants) -> Grants {
    let verdicts = [true, false].map(|denies| verdict(rule.applies_to, denies, setting.groups_known));
    let is_open = |number: usize| verdicts[number].is_some_and(|verdict| verdict.can_be_true);
    let is_certain = verdicts
        .iter()
        .flatten()
        .any(|verdict| verdict.can_be_true && !verdict.can_be_false && !verdict.can_be_unknown);
    if matches!(
        rule.applies_to,
        Data::None | Data::Repeated | Data::RepeatedValue | Data::DisabledAttribute
    ) || is_certain
    {
        granted
    } else if is_open(0) || is_open(1) {
        Grants {
            possible: Grants::ALL.possible,
            ..granted
        }
    } else {
        Grants::ALL
    }
}

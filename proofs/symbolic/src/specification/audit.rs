//! Entries of the SACL that ask to record a decision ([MS-DTYP] 2.5.3.2; the rules are inferred from the description of the audit entry).
//!
//! 1. An entry for successes counts if the access is allowed, and one for failures if it is refused. An entry that is only to be inherited
//!    does not count, nor one of another type.
//! 2. It is recorded if one of its rights was granted, or was looked for and refused. A generic right without a mapping may be any right.
//! 3. It must be for the caller, its groups, deny-only ones included, or its container. OWNER RIGHTS represents the owner, and
//!    PRINCIPAL_SELF the principal of the question.
//! 4. In doubt it is recorded: a group that is not known, a condition that is not certainly false, data that is no condition and a GUID all
//!    let it count.

use super::{
    Answer, Request,
    effects::{Applies, Pass, is_for},
    rights::{GENERIC, and, has, map},
};
use crate::{
    explorer::{Tables, is_some},
    setting::{Audit, Kind, Setting, Who, verdict},
};

/// The numbers of the entries that record this answer, and the rights that they record. The entries have the unknown masks from `first` on.
pub fn recorded(setting: &Setting, first: usize, request: &Request, answer: &Answer) -> Vec<(usize, Tables)> {
    let rights = if answer.reason.is_none() {
        answer.granted
    } else {
        request.wanted()
    };
    let entries = setting.audits.iter().enumerate();
    let recorded = entries.filter_map(|(number, audit)| {
        let mask = setting.unknown(first + number);
        let mapped = map(mask.tables(), setting.options.mapping.as_ref());
        let asks = if answer.reason.is_none() {
            audit.successes
        } else {
            audit.failures
        };
        if !asks || !may_be_for(setting, audit) {
            return None;
        }
        let about = if has(&mapped, GENERIC) {
            rights
        } else {
            and(&rights, &mapped)
        };
        is_some(&about).then_some((number, about))
    });
    recorded.collect()
}

fn may_be_for(setting: &Setting, audit: &Audit) -> bool {
    let shape = audit.shape;
    let meant = match shape.who {
        Who::OwnerRights => setting.owner,
        Who::PrincipalSelf => setting.principal,
        Who::CreatorOwner | Who::CreatorGroup => None,
        who => Some(who),
    };
    let Some(who) = meant else { return false };
    let mut passes = Pass::of(setting).into_iter().filter(|pass| *pass != Pass::Restricting);
    let concerns = passes.any(|pass| is_for(setting, who, pass, true) != Applies::No);
    let data = verdict(shape.data, true, setting.groups_known);
    let holds = data.is_none_or(|verdict| verdict.can_be_true || verdict.can_be_unknown);
    shape.kind == Kind::Audit && !shape.inherit_only && concerns && holds
}

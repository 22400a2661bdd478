use super::{
    decision::Decision,
    environment::{Applies, EntryEnvironment},
    options::Options,
    sacl::{ResourceAttributes, SystemEntries},
    source::Descriptor,
    walk::Question,
};
use crate::{
    ace::{Ace, AceFlags, ApplicationData, Effect},
    caller::{Caller, Membership},
    mask::AccessMask,
    sid::Sid,
};

/// An entry of the SACL that asks to record a decision, found by [`AccessCheck::audit`](super::AccessCheck::audit).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct AuditEntry {
    /// Its index in the SACL.
    pub index: usize,
    /// The rights of the entry that were granted; for a refusal, those that were asked for.
    pub bits: AccessMask,
}

/// The entries of the SACL that ask to record this decision.
pub(super) fn entries<'q, D: Descriptor>(
    descriptor: &'q D,
    question: &Question<'q>,
    decision: &Decision,
) -> impl Iterator<Item = AuditEntry> + use<'q, D> {
    let Question {
        caller,
        request,
        options,
        ..
    } = *question;
    let system = SystemEntries::of(descriptor.sacl(), options, true);
    let (flag, touched) = match decision {
        Decision::Allowed { granted } => (AceFlags::SUCCESSFUL_ACCESS, *granted),
        Decision::Denied(_) => (AceFlags::FAILED_ACCESS, request.wanted()),
    };
    descriptor
        .sacl()
        .aces()
        .iter()
        .enumerate()
        .filter_map(move |(index, ace)| {
            let mapped = options.mapped(ace.mask());
            let bits = if mapped.intersects(AccessMask::GENERIC) {
                touched
            } else {
                touched.intersection(mapped)
            };
            let asks = !ace.is_inherit_only()
                && ace.ace_type().effect() == Effect::Audit
                && ace.flags().contains(flag)
                && !bits.is_empty()
                && is_for(ace, descriptor.owner().as_ref(), caller, options)
                && condition_may_apply(ace, caller, system.attributes);
            asks.then_some(AuditEntry { index, bits })
        })
}

fn is_for(ace: &Ace, owner: Option<&Sid>, caller: &Caller, options: &Options) -> bool {
    let meant = match ace.trustee() {
        Some(&Sid::PRINCIPAL_SELF) => options.principal_self.as_ref(),
        Some(&Sid::OWNER_RIGHTS) => owner,
        trustee => trustee,
    };
    let is_container = |sid| caller.app_container().is_some_and(|container| container.holds(sid));
    meant.is_some_and(|sid| caller.membership(sid) != Membership::NotHeld || is_container(sid))
}

fn condition_may_apply(ace: &Ace, caller: &Caller, resource: ResourceAttributes<'_>) -> bool {
    let facts = EntryEnvironment {
        caller,
        resource,
        for_deny: true,
    };
    if let ApplicationData::Condition(condition) = ace.data() {
        facts.applies(condition, |_| ()) != Applies::No
    } else {
        true
    }
}

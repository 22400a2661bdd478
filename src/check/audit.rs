use super::{
    decision::Decision,
    environment::{Applies, EntryEnvironment},
    options::Options,
    request::Request,
    sacl::{ResourceAttributes, SystemEntries},
};
use crate::{
    ace::{Ace, AceFlags, ApplicationData, Effect},
    caller::{Caller, Membership},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sid::Sid,
};

/// An entry of the SACL that asks for a record of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct AuditEntry {
    /// Its place in the SACL, from 0.
    pub index: usize,
    /// The rights that it asks about and that were granted, or asked for in vain.
    pub bits: AccessMask,
}

/// The entries of the SACL that ask for a record of what was decided ([MS-DTYP] 2.5.3.2; step by step inferred from [MS-DTYP] 2.4.4.10):
/// those for a caller that matches, deny-only groups included, with a right that was granted if they are for successes (`SA`), or that was
/// asked for if they are for failures (`FA`).
///
/// In doubt a record is made: a condition that is not false, opaque data, the GUID of an object, a generic right without a
/// mapping and a group that may be missing all let an entry apply. `decision` is that of a check of the same descriptor, caller, rights
/// and options.
pub fn audit<'a>(
    descriptor: &'a SecurityDescriptor,
    caller: &'a Caller,
    desired: AccessMask,
    options: &'a Options,
    decision: &Decision,
) -> impl Iterator<Item = AuditEntry> + use<'a> {
    let system = SystemEntries::of(&descriptor.sacl, options);
    let (flag, touched) = match decision {
        Decision::Allowed { granted } => (AceFlags::SUCCESSFUL_ACCESS, *granted),
        Decision::Denied(_) => (AceFlags::FAILED_ACCESS, Request::of(options.mapped(desired)).wanted()),
    };
    let entries = descriptor.sacl.acl().map_or(&[][..], |acl| acl.aces());
    entries.iter().enumerate().filter_map(move |(index, ace)| {
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
            && is_for(ace, descriptor, caller)
            && condition_lets(ace, caller, system.attributes);
        asks.then_some(AuditEntry { index, bits })
    })
}

fn is_for(ace: &Ace, descriptor: &SecurityDescriptor, caller: &Caller) -> bool {
    let meant = match ace.trustee() {
        Some(&Sid::PRINCIPAL_SELF) => caller.principal_self(),
        Some(&Sid::OWNER_RIGHTS) => descriptor.owner.as_ref(),
        trustee => trustee,
    };
    meant.is_some_and(|sid| caller.membership(sid) != Membership::NotHeld)
}

fn condition_lets(ace: &Ace, caller: &Caller, resource: ResourceAttributes<'_>) -> bool {
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

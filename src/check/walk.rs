use super::{
    Options,
    decision::Decision,
    explanation::{EntryOutcome, Step, Unevaluated},
    ledger::Ledger,
    request::Request,
};
use crate::{
    ace::{Ace, AceType, ApplicationData, Effect},
    acl::{Acl, AclState},
    caller::{Caller, Membership},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;

/// Who is told of the steps of a check.
pub(super) trait Observer {
    fn saw(&mut self, step: Step);
}

/// Nobody: a plain check.
impl Observer for () {
    fn saw(&mut self, _: Step) {}
}

/// Every step, for an explanation.
impl Observer for Vec<Step> {
    fn saw(&mut self, step: Step) {
        self.push(step);
    }
}

/// The SIDs that steps leave open.
impl Observer for Vec<Sid> {
    fn saw(&mut self, step: Step) {
        step.note_unresolved(self);
    }
}

/// What the owner of an object may do with it unasked. Never WRITE_OWNER: the pseudocode of [MS-DTYP] says so by a slip.
const OWNER_IMPLICIT: AccessMask = AccessMask::READ_CONTROL.union(AccessMask::WRITE_DAC);

/// The access check for the DACL ([MS-DTYP] 2.5.3.2): the one place where it is written down. `desired` is mapped already.
pub(super) fn walk(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
    observer: &mut impl Observer,
) -> Decision {
    let request = Request::of(desired);
    if let Some(reason) = request.refusal(descriptor, options) {
        observer.saw(Step::Refused { reason });
        return Decision::Denied(request.refused(reason));
    }
    let mut walk = Walk {
        owner: descriptor.owner.as_ref(),
        caller,
        options,
        ledger: Ledger::new(request),
    };
    match &descriptor.dacl {
        AclState::Absent => {
            let bits = walk.ledger.grant(request.unprotected(options));
            observer.saw(Step::DaclAbsent { bits });
        }
        AclState::Null => {
            let bits = walk.ledger.grant(request.unprotected(options));
            observer.saw(Step::DaclNull { bits });
        }
        AclState::Present(dacl) => {
            if let Some(step) = walk.implicit_owner_rights(dacl) {
                observer.saw(step);
            }
            walk.entries(dacl, observer);
        }
    }
    walk.ledger.decision()
}

struct Walk<'a> {
    owner: Option<&'a Sid>,
    caller: &'a Caller,
    options: &'a Options,
    ledger: Ledger,
}

/// What the caller is to the trustee of an entry.
enum Standing<'a> {
    Enabled,
    DenyOnly,
    Unknown(&'a Sid),
    /// Not matched, and why.
    Apart(EntryOutcome),
}

impl<'a> Walk<'a> {
    /// Granted before the walk, so that no entry takes them away; an entry for Owner Rights does, whatever it says.
    fn implicit_owner_rights(&mut self, dacl: &Acl) -> Option<Step> {
        let owner = self.owner.filter(|_| self.ledger.wants(OWNER_IMPLICIT))?;
        let membership = self.caller.membership(owner);
        if matches!(membership, Membership::DenyOnly | Membership::NotHeld) {
            return None;
        }
        let replacing = |ace: &Ace| !ace.is_inherit_only() && ace.trustee() == Some(&Sid::OWNER_RIGHTS);
        if let Some(index) = dacl.aces().iter().position(replacing) {
            return Some(Step::OwnerReplaced { index });
        }
        Some(if membership == Membership::Unknown {
            let bits = self.ledger.may_grant(OWNER_IMPLICIT);
            Step::OwnerUnknown { bits, sid: *owner }
        } else {
            let bits = self.ledger.grant(OWNER_IMPLICIT);
            Step::OwnerGranted { bits }
        })
    }

    fn entries(&mut self, dacl: &'a Acl, observer: &mut impl Observer) {
        if dacl.aces().is_empty() {
            observer.saw(Step::DaclEmpty);
        }
        for (index, ace) in dacl.aces().iter().enumerate() {
            if self.ledger.is_settled() {
                observer.saw(Step::Unvisited { from: index });
                return;
            }
            let outcome = self.entry(ace);
            observer.saw(Step::Entry { index, outcome });
        }
    }

    fn entry(&mut self, ace: &'a Ace) -> EntryOutcome {
        if ace.is_inherit_only() {
            return EntryOutcome::InheritOnly;
        }
        match ace.ace_type().effect() {
            Effect::Allow => self.allow(ace),
            Effect::Deny => self.deny(ace),
            Effect::Audit | Effect::Alarm | Effect::Label => EntryOutcome::NotAccessEntry,
            Effect::Unknown if self.options.skip_unknown_types => EntryOutcome::UnknownTypeSkipped,
            Effect::Unknown => EntryOutcome::UnknownTypeDenied {
                bits: self.ledger.deny(AccessMask::all()),
            },
        }
    }

    fn allow(&mut self, ace: &'a Ace) -> EntryOutcome {
        let standing = self.standing(ace);
        if let Standing::Apart(outcome) = standing {
            return outcome;
        }
        if let Some(part) = unevaluated(ace) {
            return EntryOutcome::NotEvaluated { part };
        }
        // A generic right that is not mapped is never wanted, so it grants nothing.
        let bits = self.options.mapped(ace.mask());
        match standing {
            Standing::Apart(outcome) => outcome,
            Standing::DenyOnly => EntryOutcome::DenyOnlyGroup,
            Standing::Enabled | Standing::Unknown(_) if !self.ledger.open().intersects(bits) => {
                self.without_effect(bits)
            }
            Standing::Enabled => EntryOutcome::Granted {
                bits: self.ledger.grant(bits),
            },
            Standing::Unknown(sid) => EntryOutcome::MayGrant {
                bits: self.ledger.may_grant(bits),
                sid: *sid,
            },
        }
    }

    fn deny(&mut self, ace: &'a Ace) -> EntryOutcome {
        let mapped = self.options.mapped(ace.mask());
        // Nobody knows what a generic right that is not mapped would leave.
        let bits = if mapped.intersects(AccessMask::GENERIC) {
            AccessMask::all()
        } else {
            mapped
        };
        match self.standing(ace) {
            Standing::Apart(outcome) => outcome,
            _ if !self.ledger.open().intersects(bits) => self.without_effect(bits),
            Standing::Enabled | Standing::DenyOnly => EntryOutcome::Denied {
                bits: self.ledger.deny(bits),
                part: unevaluated(ace),
            },
            Standing::Unknown(sid) => EntryOutcome::MayDeny {
                bits: self.ledger.may_deny(bits),
                sid: *sid,
            },
        }
    }

    fn without_effect(&self, bits: AccessMask) -> EntryOutcome {
        if self.ledger.wants(bits) {
            EntryOutcome::AlreadySettled
        } else {
            EntryOutcome::NothingWanted
        }
    }

    fn standing(&self, ace: &'a Ace) -> Standing<'a> {
        let meant = match ace.trustee() {
            // The compound entry, the one access entry that is left unread.
            None => {
                let part = Unevaluated::Compound;
                return Standing::Apart(EntryOutcome::NotEvaluated { part });
            }
            Some(&(Sid::CREATOR_OWNER | Sid::CREATOR_GROUP)) => {
                return Standing::Apart(EntryOutcome::CreatorPlaceholder);
            }
            Some(&Sid::PRINCIPAL_SELF) => self.caller.principal_self().ok_or(EntryOutcome::NoPrincipalSelf),
            Some(&Sid::OWNER_RIGHTS) => self.owner.ok_or(EntryOutcome::NoOwner),
            Some(trustee) => Ok(trustee),
        };
        let sid = match meant {
            Ok(sid) => sid,
            Err(outcome) => return Standing::Apart(outcome),
        };
        match self.caller.membership(sid) {
            Membership::Enabled => Standing::Enabled,
            Membership::DenyOnly => Standing::DenyOnly,
            Membership::NotHeld => Standing::Apart(EntryOutcome::NotMember),
            Membership::Unknown => Standing::Unknown(sid),
        }
    }
}

/// What of a known entry is not evaluated, if anything. An object entry without a GUID for the object itself and a callback
/// entry without data are as plain ones.
fn unevaluated(ace: &Ace) -> Option<Unevaluated> {
    if ace.ace_type() == AceType::CompoundAllow {
        return Some(Unevaluated::Compound);
    }
    if ace.objects().object.is_some() {
        return Some(Unevaluated::Object);
    }
    match ace.data() {
        ApplicationData::None => None,
        ApplicationData::Condition(_) => Some(Unevaluated::Condition),
        ApplicationData::Claim(_) | ApplicationData::Opaque(_) => Some(Unevaluated::ApplicationData),
    }
}

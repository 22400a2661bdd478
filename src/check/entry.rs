#![expect(
    clippy::inline_always,
    reason = "a plain check is one loop: calls in it would cost as much as the rest"
)]

use super::{
    environment::Applies,
    source::{Descriptor, Entry},
    state::{AccessStates, BitState, ObjectLookup, Target},
    step::{EntryOutcome, Unevaluated},
    unresolved::{Unresolved, UnresolvedSet},
    walk::Pass,
};
use crate::{
    ace::{ApplicationData, Effect},
    caller::{Membership, StandIn},
    condition::Condition,
    mask::AccessMask,
    sid::Sid,
};

/// What the caller is to the trustee of an entry.
enum Match {
    Enabled,
    DenyOnly,
    Unknown(Sid),
    /// Not matched, and why.
    Excluded(EntryOutcome),
}

/// What an entry says, as far as it can be evaluated.
struct ResolvedAce<'a> {
    allows: bool,
    place: Target,
    bits: AccessMask,
    condition: Option<&'a Condition>,
    /// What made a Deny apply although it is not evaluated.
    part: Option<Unevaluated>,
}

impl<S: Descriptor, B: AccessStates> Pass<'_, '_, S, B> {
    /// What an entry does, and to which part of the object. `facts` is told of what this depends on.
    #[inline(always)]
    pub(super) fn entry(&mut self, entry: &impl Entry, facts: Option<&mut UnresolvedSet>) -> (EntryOutcome, Target) {
        let outcome = if entry.is_inherit_only() {
            EntryOutcome::InheritOnly
        } else {
            match entry.ace_type().effect() {
                Effect::Allow | Effect::ConditionalAllow => return self.access(entry, true, facts),
                Effect::Deny | Effect::ConditionalDeny => return self.access(entry, false, facts),
                Effect::Audit | Effect::Alarm | Effect::Label => EntryOutcome::NotAccessEntry,
                Effect::Unknown if self.question.options.skip_unknown_types => EntryOutcome::UnknownTypeSkipped,
                Effect::Unknown => EntryOutcome::UnknownTypeDenied {
                    bits: self.states.apply(Target::Whole, BitState::Denied, AccessMask::all()),
                },
            }
        };
        (outcome, Target::Whole)
    }

    #[inline(always)]
    fn access(
        &mut self,
        entry: &impl Entry,
        allows: bool,
        facts: Option<&mut UnresolvedSet>,
    ) -> (EntryOutcome, Target) {
        let unsure = match self.standing(entry) {
            Match::Excluded(outcome) => return (outcome, Target::Whole),
            Match::DenyOnly if allows => return (EntryOutcome::DenyOnlyGroup, Target::Whole),
            Match::Enabled | Match::DenyOnly => None,
            Match::Unknown(sid) => Some(sid),
        };
        match self.read(entry, allows) {
            Ok(reading) => (self.apply(&reading, unsure, facts), reading.place),
            Err(outcome) => (outcome, Target::Whole),
        }
    }

    #[inline(always)]
    fn standing(&self, entry: &impl Entry) -> Match {
        let mut room = Sid::NOBODY;
        let Some(trustee) = entry.trustee(&mut room) else {
            // The compound entry, the one access entry that is left unread.
            let part = Unevaluated::Compound;
            return Match::Excluded(EntryOutcome::NotEvaluated { part });
        };
        let owner;
        let meant = match StandIn::of(trustee) {
            None => Ok(trustee),
            Some(StandIn::CreatorOwner | StandIn::CreatorGroup) => Err(EntryOutcome::CreatorPlaceholder),
            Some(StandIn::PrincipalSelf) => {
                let principal = self.question.options.principal_self.as_ref();
                principal.ok_or(EntryOutcome::NoPrincipalSelf)
            }
            Some(StandIn::OwnerRights) => {
                owner = self.descriptor.owner();
                owner.as_ref().ok_or(EntryOutcome::NoOwner)
            }
        };
        let sid = match meant {
            Ok(sid) => sid,
            Err(outcome) => return Match::Excluded(outcome),
        };
        match self.membership(sid) {
            Membership::Enabled => Match::Enabled,
            Membership::DenyOnly => Match::DenyOnly,
            Membership::NotHeld => Match::Excluded(EntryOutcome::NotMember),
            Membership::Unknown => Match::Unknown(*sid),
        }
    }

    /// Takes an entry for the caller apart. An object entry without a GUID for the object itself and a callback entry without data are as
    /// plain ones; what can't be evaluated makes an Allow do nothing and a Deny apply.
    #[inline(always)]
    fn read<'e>(&self, entry: &'e impl Entry, allows: bool) -> Result<ResolvedAce<'e>, EntryOutcome> {
        let mapped = self.question.options.mapped(entry.mask());
        // A generic right that is not mapped is never wanted, so it grants nothing; nobody knows what it would leave.
        let unmapped = mapped.intersects(AccessMask::GENERIC);
        let bits = if !allows && unmapped { AccessMask::all() } else { mapped };
        let generic =
            (unmapped && !self.question.request.wanted().intersects(bits)).then_some(Unevaluated::GenericRights);
        let (place, object) = match entry.object().map(|object| self.states.find(object)) {
            None => (Target::Whole, None),
            Some(ObjectLookup::At(place)) => (place, None),
            Some(ObjectLookup::Elsewhere) => return Err(EntryOutcome::PartNotAsked),
            Some(ObjectLookup::NoTree) => (Target::Whole, Some(Unevaluated::Object)),
        };
        let (condition, data) = match entry.data() {
            ApplicationData::None => (None, None),
            ApplicationData::Condition(condition) => (Some(condition), None),
            ApplicationData::Claim(_) | ApplicationData::Opaque(_) => (None, Some(Unevaluated::ApplicationData)),
        };
        match object.or(data).or(generic) {
            Some(part) if allows => Err(EntryOutcome::NotEvaluated { part }),
            part => Ok(ResolvedAce {
                allows,
                place,
                bits,
                condition,
                part,
            }),
        }
    }

    /// Does what an entry says, for a caller that it is for, perhaps: if it is in the group `unsure`.
    #[inline(always)]
    fn apply(
        &mut self,
        reading: &ResolvedAce<'_>,
        unsure: Option<Sid>,
        mut facts: Option<&mut UnresolvedSet>,
    ) -> EntryOutcome {
        let ResolvedAce {
            allows,
            place,
            bits,
            condition,
            mut part,
        } = *reading;
        if !self.states.is_open(place, bits) {
            return if self.question.request.wanted().intersects(bits) {
                EntryOutcome::AlreadySettled
            } else {
                EntryOutcome::NothingWanted
            };
        }
        let mut certain = unsure.is_none();
        if let (Some(sid), Some(names)) = (unsure, facts.as_deref_mut()) {
            names.note(Unresolved::Group(sid));
        }
        if let Some(condition) = condition {
            match self.facts(!allows).judged(condition, facts) {
                Applies::Yes => {}
                Applies::No => return EntryOutcome::ConditionFalse,
                Applies::NoUnknown => return EntryOutcome::ConditionUnknown,
                Applies::YesUnknown => part = part.or(Some(Unevaluated::Condition)),
                Applies::Undetermined => certain = false,
            }
        }
        let fate = match (allows, certain) {
            (true, true) => BitState::Granted,
            (true, false) => BitState::MayBeGranted,
            (false, true) => BitState::Denied,
            (false, false) => BitState::MayBeDenied,
        };
        let bits = self.states.apply(place, fate, bits);
        match fate {
            _ if bits.is_empty() => EntryOutcome::OtherPart,
            BitState::Granted => EntryOutcome::Granted { bits },
            BitState::Denied => EntryOutcome::Denied { bits, part },
            BitState::MayBeGranted => EntryOutcome::MayGrant { bits },
            BitState::MayBeDenied => EntryOutcome::MayDeny { bits },
        }
    }
}

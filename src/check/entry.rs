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
    walk::{Account, Pass},
};
use crate::{
    ace::{ApplicationData, Effect},
    caller::{Membership, StandIn},
    condition::Condition,
    mask::AccessMask,
    sid::Sid,
};

/// The relation of the caller to the trustee of an entry.
enum Match {
    /// The caller is the trustee, or in that group.
    Enabled,
    /// The caller is in that group, which counts in entries that deny only.
    DenyOnly,
    /// It is unknown whether the caller is in this group.
    Unknown(Sid),
    /// The entry does nothing, for this reason.
    Excluded(EntryOutcome),
}

/// An entry for the caller, with its rights mapped and its GUID looked up.
struct ResolvedAce<'a> {
    allows: bool,
    target: Target,
    bits: AccessMask,
    condition: Option<&'a Condition>,
    /// The part of a Deny that can't be evaluated, so that the entry applies.
    part: Option<Unevaluated>,
}

impl<S: Descriptor, B: AccessStates> Pass<'_, '_, S, B> {
    /// Applies an entry to the access states. Returns its outcome and the part of the object that it is about, and adds the facts that the
    /// outcome depends on to `facts`.
    #[inline(always)]
    pub(super) fn entry(&mut self, entry: &impl Entry, facts: Option<&mut UnresolvedSet>) -> (EntryOutcome, Target) {
        let outcome = if entry.is_inherit_only() {
            EntryOutcome::InheritOnly
        } else {
            match entry.ace_type().effect() {
                Effect::Allow | Effect::ConditionalAllow => return self.access(entry, true, facts),
                Effect::Deny | Effect::ConditionalDeny | Effect::Unknown
                    if matches!(self.account, Account::Container(_)) =>
                {
                    EntryOutcome::NotForAppContainer
                }
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
        let unknown_group = match self.match_trustee(entry) {
            Match::Excluded(outcome) => return (outcome, Target::Whole),
            Match::DenyOnly if allows => return (EntryOutcome::DenyOnlyGroup, Target::Whole),
            Match::Enabled | Match::DenyOnly => None,
            Match::Unknown(sid) => Some(sid),
        };
        match self.resolve(entry, allows) {
            Ok(ace) => (self.apply(&ace, unknown_group, facts), ace.target),
            Err(outcome) => (outcome, Target::Whole),
        }
    }

    #[inline(always)]
    fn match_trustee(&self, entry: &impl Entry) -> Match {
        let mut scratch = Sid::NOBODY;
        let Some(trustee) = entry.trustee(&mut scratch) else {
            // The compound entry is the only opaque entry that belongs in a DACL.
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
        if matches!(self.account, Account::Container(_)) {
            return self.match_container(sid);
        }
        match self.membership(sid) {
            Membership::Enabled => Match::Enabled,
            Membership::DenyOnly => Match::DenyOnly,
            Membership::NotHeld => Match::Excluded(EntryOutcome::NotMember),
            Membership::Unknown => Match::Unknown(*sid),
        }
    }

    /// The relation of the container to the trustee of an Allow. The container is granted what the entries grant that are not for the user or
    /// its groups.
    #[cold]
    #[inline(never)]
    fn match_container(&self, sid: &Sid) -> Match {
        match self.question.caller.membership(sid) {
            Membership::Enabled => Match::Excluded(EntryOutcome::NotForAppContainer),
            _ if self.membership(sid) != Membership::Enabled => Match::Excluded(EntryOutcome::NotMember),
            Membership::Unknown => Match::Unknown(*sid),
            Membership::DenyOnly | Membership::NotHeld => Match::Enabled,
        }
    }

    /// Resolves an entry for the caller. An object entry without an object GUID counts as a plain entry. If a part of an entry can't be
    /// evaluated, an Allow does nothing and a Deny applies. A callback entry without application data has no condition that can be evaluated.
    #[inline(always)]
    fn resolve<'e>(&self, entry: &'e impl Entry, allows: bool) -> Result<ResolvedAce<'e>, EntryOutcome> {
        let mapped = self.question.options.mapped(entry.mask());
        // A generic right without a mapping is never wanted, so an Allow of it grants nothing; a Deny of it may be of any right.
        let unmapped = mapped.intersects(AccessMask::GENERIC);
        let bits = match self.account {
            Account::Caller | Account::Restricting if !allows && unmapped => AccessMask::all(),
            Account::Caller | Account::Restricting => mapped,
            // A privilege alone grants this right, and the container has none (inferred).
            Account::Container(_) => mapped.difference(AccessMask::ACCESS_SYSTEM_SECURITY),
        };
        let generic =
            (unmapped && !self.question.request.wanted().intersects(bits)).then_some(Unevaluated::GenericRights);
        let (target, object) = match entry.object().map(|object| self.states.find(object)) {
            None => (Target::Whole, None),
            Some(ObjectLookup::At(target)) => (target, None),
            Some(ObjectLookup::Elsewhere) => return Err(EntryOutcome::PartNotAsked),
            Some(ObjectLookup::NoTree) => (Target::Whole, Some(Unevaluated::Object)),
        };
        let (condition, data) = match entry.data() {
            ApplicationData::None if !entry.ace_type().layout().has_callback_data() => (None, None),
            ApplicationData::Condition(condition) => (Some(condition), None),
            ApplicationData::None | ApplicationData::Claim(_) | ApplicationData::Opaque(_) => {
                (None, Some(Unevaluated::ApplicationData))
            }
        };
        match object.or(data).or(generic) {
            Some(part) if allows => Err(EntryOutcome::NotEvaluated { part }),
            part => Ok(ResolvedAce {
                allows,
                target,
                bits,
                condition,
                part,
            }),
        }
    }

    /// Applies a resolved entry. With `unknown_group`, it applies only if the caller is in that group.
    #[inline(always)]
    fn apply(
        &mut self,
        ace: &ResolvedAce<'_>,
        unknown_group: Option<Sid>,
        mut facts: Option<&mut UnresolvedSet>,
    ) -> EntryOutcome {
        let ResolvedAce {
            allows,
            target,
            bits,
            condition,
            mut part,
        } = *ace;
        if !self.states.is_open(target, bits) {
            return if self.question.request.wanted().intersects(bits) {
                EntryOutcome::AlreadySettled
            } else {
                EntryOutcome::NothingWanted
            };
        }
        let mut certain = unknown_group.is_none();
        if let (Some(sid), Some(names)) = (unknown_group, facts.as_deref_mut()) {
            names.note(Unresolved::Group(sid));
        }
        if let Some(condition) = condition {
            match self.environment(!allows).applies_and_why(condition, facts) {
                Applies::Yes => {}
                Applies::No => return EntryOutcome::ConditionFalse,
                Applies::NoUnknown => return EntryOutcome::ConditionUnknown,
                Applies::YesUnknown => part = part.or(Some(Unevaluated::Condition)),
                Applies::Undetermined => certain = false,
            }
        }
        let state = match (allows, certain) {
            (true, true) => BitState::Granted,
            (true, false) => BitState::MayBeGranted,
            (false, true) => BitState::Denied,
            (false, false) => BitState::MayBeDenied,
        };
        let bits = self.states.apply(target, state, bits);
        match state {
            _ if bits.is_empty() && self.states.is_about_focus(target) => EntryOutcome::AlreadySettled,
            _ if bits.is_empty() => EntryOutcome::OtherPart,
            BitState::Granted => EntryOutcome::Granted { bits },
            BitState::Denied => EntryOutcome::Denied { bits, part },
            BitState::MayBeGranted => EntryOutcome::MayGrant { bits },
            BitState::MayBeDenied => EntryOutcome::MayDeny { bits },
        }
    }
}

#![expect(clippy::inline_always, reason = "as in `entry`")]

use super::{
    decision::{Denial, DenialReason},
    environment, integrity,
    options::Options,
    privileges,
    request::Request,
    sacl::{ResourceAttributes, SystemEntries},
    source::{Descriptor, Entry},
    state::{AccessStates, BitState, Target},
    step::Step,
    unresolved::UnresolvedSet,
};
use crate::{
    acl::AclState,
    caller::{Caller, Membership, Privileges},
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;

/// Who is told of the steps of a check.
pub(super) trait Observer {
    /// Whether the facts of a step are worth naming.
    const NAMES_FACTS: bool;
    fn saw(&mut self, step: impl FnOnce() -> Step);
}

/// Nobody: a plain check.
impl Observer for () {
    const NAMES_FACTS: bool = false;
    #[inline]
    fn saw(&mut self, _: impl FnOnce() -> Step) {}
}

/// Every step, for an explanation.
impl Observer for Vec<Step> {
    const NAMES_FACTS: bool = true;
    fn saw(&mut self, step: impl FnOnce() -> Step) {
        self.push(step());
    }
}

/// The facts that steps leave open.
impl Observer for UnresolvedSet {
    const NAMES_FACTS: bool = true;
    fn saw(&mut self, step: impl FnOnce() -> Step) {
        step().note_unknown(self);
    }
}

/// What the owner of an object may do with it unasked. Never WRITE_OWNER: the pseudocode of [MS-DTYP] says so by a slip.
const OWNER_IMPLICIT: AccessMask = AccessMask::READ_CONTROL.union(AccessMask::WRITE_DAC);

/// Who asks for what, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) caller: &'a Caller,
    /// Generic rights mapped.
    pub(super) request: Request,
    pub(super) options: &'a Options,
}

/// The access check ([MS-DTYP] 2.5.3.2): the one place where its order is written down.
///
/// What became of each bit is written into `states`; what became of it in the pass for restricting SIDs is returned, where there was one.
pub(super) fn walk<B: AccessStates>(
    descriptor: &impl Descriptor,
    question: &Question<'_>,
    states: &mut B,
    observer: &mut impl Observer,
) -> Result<Option<B>, Denial> {
    let Question {
        caller,
        request,
        options,
    } = *question;
    let refused = |reason, index, observer: &mut _| {
        Observer::saw(observer, || Step::Refused { reason, index });
        Err(request.refused(reason))
    };
    if let Some(reason) = request.refusal(descriptor, options) {
        return refused(reason, None, observer);
    }
    let system = SystemEntries::of(descriptor.sacl(), options);
    if system.unevaluated.is_some() {
        return refused(DenialReason::SystemPolicyNotEvaluated, system.unevaluated, observer);
    }
    let mut privileged = AccessMask::empty();
    if caller.privileges() != Privileges::empty() {
        for (privilege, bits) in privileges::grants(request, caller, options) {
            let bits = states.apply(Target::Whole, BitState::Granted, bits);
            privileged = privileged.union(bits);
            if !bits.is_empty() {
                observer.saw(|| Step::PrivilegeGranted { privilege, bits });
            }
        }
    }
    if request
        .explicit
        .difference(privileged)
        .contains(AccessMask::ACCESS_SYSTEM_SECURITY)
    {
        return refused(DenialReason::PrivilegeNotHeld, None, observer);
    }
    if let Some(limit) = integrity::limit(caller, &system.label, options) {
        let bits = states.apply(Target::Whole, BitState::Denied, limit.complement());
        if !bits.is_empty() {
            observer.saw(|| Step::IntegrityDenied {
                bits,
                caller: caller.integrity(),
                object: system.label.level,
                index: system.label.index,
            });
        }
    }
    let mut pass = Pass {
        question,
        descriptor,
        attributes: system.attributes,
        restricted: false,
        states,
    };
    if caller.is_restricted() {
        return Ok(Some(pass.run_twice(observer)));
    }
    pass.run(observer);
    Ok(None)
}

/// What a restricted caller need not be granted twice: if it is restricted in what it writes, what reading and executing take and
/// writing does not, and READ_CONTROL and SYNCHRONIZE, which all three take. Without a mapping nobody knows what that is, so nothing
/// (inferred).
fn exempt_from_restriction(caller: &Caller, options: &Options) -> AccessMask {
    match &options.mapping {
        Some(mapping) if caller.is_write_restricted() => {
            let common = AccessMask::READ_CONTROL.union(AccessMask::SYNCHRONIZE);
            let write = mapping.map(AccessMask::GENERIC_WRITE).difference(common);
            mapping
                .map(AccessMask::GENERIC_READ.union(AccessMask::GENERIC_EXECUTE))
                .difference(write)
        }
        _ => AccessMask::empty(),
    }
}

/// One walk over the DACL, for the caller or for its restricting SIDs.
pub(super) struct Pass<'a, 'b, S, B> {
    pub(super) descriptor: &'a S,
    pub(super) question: &'a Question<'a>,
    pub(super) attributes: ResourceAttributes<'a>,
    pub(super) restricted: bool,
    pub(super) states: &'b mut B,
}

impl<'a, S: Descriptor, B: AccessStates> Pass<'a, '_, S, B> {
    /// The walk for the caller, and once more for its restricting SIDs, of which this is the states.
    #[cold]
    #[inline(never)]
    fn run_twice(&mut self, observer: &mut impl Observer) -> B {
        let mut states = self.states.clone();
        self.run(observer);
        let exempt = exempt_from_restriction(self.question.caller, self.question.options);
        let exempt = states.apply(Target::Whole, BitState::Granted, exempt);
        observer.saw(|| Step::RestrictedPass { exempt });
        let mut second = Pass {
            restricted: true,
            states: &mut states,
            ..*self
        };
        second.run(observer);
        states
    }

    #[inline(always)]
    fn run(&mut self, observer: &mut impl Observer) {
        let Question { request, options, .. } = *self.question;
        let mut unprotected = || {
            let bits = request.unprotected(options);
            self.states.apply(Target::Whole, BitState::Granted, bits)
        };
        match self.descriptor.dacl() {
            AclState::Absent => {
                let bits = unprotected();
                observer.saw(|| Step::DaclAbsent { bits });
            }
            AclState::Null => {
                let bits = unprotected();
                observer.saw(|| Step::DaclNull { bits });
            }
            AclState::Present(entries) => {
                if request.wanted().intersects(OWNER_IMPLICIT)
                    && let Some(owner) = self.descriptor.owner()
                    && let Some(step) = self.implicit_owner_rights(&owner, entries.clone())
                {
                    observer.saw(|| step);
                }
                self.entries(entries, observer);
            }
        }
    }

    /// Whether an entry certainly does nothing: it is about rights that are settled or not wanted, or about somebody else. Only those who
    /// are not told of entries pass over them.
    #[inline(always)]
    fn passes_over(&self, entry: &impl Entry) -> bool {
        let Some(relative_id) = entry.relative_id() else {
            return false;
        };
        let mask = entry.mask();
        if !mask.intersects(AccessMask::GENERIC) && !self.states.is_open(Target::Whole, mask) {
            return true;
        }
        if self.restricted {
            !self.question.caller.restricting_may_be_concerned(relative_id)
        } else {
            !self.question.caller.may_be_concerned(relative_id)
        }
    }

    #[inline]
    pub(super) fn membership(&self, sid: &Sid) -> Membership {
        if self.restricted {
            self.question.caller.restricting_membership(sid)
        } else {
            self.question.caller.membership(sid)
        }
    }

    pub(super) fn facts(&self, for_deny: bool) -> environment::EntryEnvironment<'a> {
        environment::EntryEnvironment {
            caller: self.question.caller,
            resource: self.attributes,
            for_deny,
        }
    }

    /// Those that are wanted, granted before the walk, so that no entry takes them away; an entry for Owner Rights does, whatever it says.
    fn implicit_owner_rights(&mut self, owner: &Sid, mut entries: impl Iterator<Item: Entry>) -> Option<Step> {
        let membership = self.membership(owner);
        if matches!(membership, Membership::DenyOnly | Membership::NotHeld) {
            return None;
        }
        if let Some(index) = entries.position(|entry| !entry.is_inherit_only() && entry.is_for(&Sid::OWNER_RIGHTS)) {
            return Some(Step::OwnerReplaced { index });
        }
        Some(if membership == Membership::Unknown {
            let bits = self.states.apply(Target::Whole, BitState::MayBeGranted, OWNER_IMPLICIT);
            Step::OwnerUnknown { bits, sid: *owner }
        } else {
            let bits = self.states.apply(Target::Whole, BitState::Granted, OWNER_IMPLICIT);
            Step::OwnerGranted { bits }
        })
    }

    #[inline(always)]
    fn entries<O: Observer>(&mut self, entries: impl Iterator<Item: Entry>, observer: &mut O) {
        // Counted for those alone who are told.
        let mut index = 0_usize;
        for entry in entries {
            if self.states.is_settled() {
                observer.saw(|| Step::Unvisited { from: index });
                return;
            }
            if !O::NAMES_FACTS && self.passes_over(&entry) {
                index = index.wrapping_add(1);
                continue;
            }
            let mut facts = O::NAMES_FACTS.then(UnresolvedSet::default);
            let (outcome, place) = self.entry(&entry, facts.as_mut());
            let facts = facts.map(UnresolvedSet::into_vec).unwrap_or_default();
            observer.saw(|| Step::Entry { index, outcome, facts });
            let (bits, may_grant) = self.states.propagate_up(place);
            if !bits.is_empty() || !may_grant.is_empty() {
                observer.saw(|| Step::PartsGranted { bits, may_grant });
            }
            index = index.wrapping_add(1);
        }
        if index == 0 {
            observer.saw(|| Step::DaclEmpty);
        }
    }
}

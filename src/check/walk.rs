#![expect(
    clippy::inline_always,
    reason = "a plain check is one loop: calls in it would cost as much as the rest"
)]

use super::{
    decision::{Decision, Denial, DenialReason},
    environment::EntryEnvironment,
    integrity,
    options::Options,
    privileges,
    request::Request,
    sacl::{ResourceAttributes, SystemEntries},
    source::{Descriptor, Entry},
    state::{AccessState, AccessStates, BitState, Target},
    step::Step,
    unresolved::UnresolvedSet,
};
use crate::{
    ace::AceType,
    acl::AclState,
    caller::{AppContainer, Caller, Membership, Privileges},
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;

/// Receives the steps of a check.
pub(super) trait Observer {
    /// Whether it needs the facts that a step depends on, and a step for each entry.
    const NAMES_FACTS: bool;
    fn saw(&mut self, step: impl FnOnce() -> Step);
}

/// A plain check needs no steps.
impl Observer for () {
    const NAMES_FACTS: bool = false;
    #[inline]
    fn saw(&mut self, _: impl FnOnce() -> Step) {}
}

/// An explanation keeps every step.
impl Observer for Vec<Step> {
    const NAMES_FACTS: bool = true;
    fn saw(&mut self, step: impl FnOnce() -> Step) {
        self.push(step());
    }
}

/// Collects the facts that the steps leave open.
impl Observer for UnresolvedSet {
    const NAMES_FACTS: bool = true;
    fn saw(&mut self, step: impl FnOnce() -> Step) {
        step().note_unknown(self);
    }
}

/// The rights that the owner of an object has without an entry. WRITE_OWNER is not among them, although the pseudocode of [MS-DTYP] lists
/// it, by mistake.
const OWNER_IMPLICIT: AccessMask = AccessMask::READ_CONTROL.union(AccessMask::WRITE_DAC);

/// The caller, its request and the options of a check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) caller: &'a Caller,
    /// The request, with generic rights mapped.
    pub(super) request: Request,
    pub(super) options: &'a Options,
    /// Whether the central policy of the object is evaluated after the walk. Otherwise an object with a policy refuses everything.
    pub(super) evaluates_policies: bool,
}

impl<'a> Question<'a> {
    pub(super) fn new(caller: &'a Caller, desired: AccessMask, options: &'a Options) -> Self {
        Self {
            caller,
            request: Request::of(options.mapped(desired)),
            options,
            evaluates_policies: false,
        }
    }
}

/// Decides without an explanation.
pub(crate) fn decide<D: Descriptor>(
    descriptor: &D,
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
) -> Decision {
    let question = Question::new(caller, desired, options);
    walk_whole(descriptor, &question, &mut ())
}

/// Decides about the object as a whole.
pub(super) fn walk_whole<D: Descriptor>(
    descriptor: &D,
    question: &Question<'_>,
    observer: &mut impl Observer,
) -> Decision {
    let mut state = AccessState::new(question.request);
    match walk(descriptor, question, &mut state, observer) {
        Ok(restricted) => state.decision(restricted.as_ref()),
        Err(denial) => Decision::Denied(denial),
    }
}

/// The access check ([\[MS-DTYP\] 2.5.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/4f1bbcbb-814a-4c70-a11e-2a5b8779a6f9)). Its order of steps is written down
/// here alone.
///
/// Writes the state of each right into `states`. For a restricted caller and a caller in an app container, returns the states of the further
/// passes, which must grant as well.
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
        evaluates_policies,
    } = *question;
    let refused = |reason, index, observer: &mut _| {
        Observer::saw(observer, || Step::Refused { reason, index });
        Err(request.refused(reason))
    };
    if let Some(reason) = request.refusal(descriptor, options) {
        return refused(reason, None, observer);
    }
    let system = SystemEntries::of(descriptor.sacl(), options, evaluates_policies);
    if system.unevaluated.is_some() {
        return refused(DenialReason::SystemPolicyNotEvaluated, system.unevaluated, observer);
    }
    // The container is granted everything by the DACL alone: neither privileges nor ownership are its own.
    let contained = caller.app_container().map(|container| (container, states.clone()));
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
        account: Account::Caller,
        states,
    };
    if caller.is_restricted() || contained.is_some() {
        return Ok(pass.run_all(contained, observer));
    }
    pass.run(observer);
    Ok(None)
}

/// The rights that a write-restricted caller need not be granted twice: those that reading and executing need and writing does not, and
/// READ_CONTROL and SYNCHRONIZE, which all three need. Without a mapping nobody knows these rights, so there are none (inferred).
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

/// The SIDs that the entries of a pass are compared with.
#[derive(Clone, Copy)]
pub(super) enum Account<'a> {
    /// The user and the groups.
    Caller,
    /// The restricting SIDs.
    Restricting,
    /// The SIDs of the app container.
    Container(&'a AppContainer),
}

/// One walk over the DACL.
pub(super) struct Pass<'a, 'b, S, B> {
    pub(super) descriptor: &'a S,
    pub(super) question: &'a Question<'a>,
    pub(super) attributes: ResourceAttributes<'a>,
    pub(super) account: Account<'a>,
    pub(super) states: &'b mut B,
}

impl<'a, S: Descriptor, B: AccessStates> Pass<'a, '_, S, B> {
    /// Walks the DACL for the caller, then for its restricting SIDs, then for its container. Returns the states of the further passes.
    #[cold]
    #[inline(never)]
    fn run_all(&mut self, contained: Option<(&'a AppContainer, B)>, observer: &mut impl Observer) -> Option<B> {
        let before = self.states.clone();
        self.run(observer);
        let restricted = self.question.caller.is_restricted();
        let restricted = restricted.then(|| self.run_restricted(before, observer));
        let contained = contained.map(|(container, states)| self.run_contained(container, states, observer));
        match (restricted, contained) {
            (Some(restricted), Some(contained)) => Some(restricted.both(&contained)),
            (one, other) => one.or(other),
        }
    }

    fn run_restricted(&self, mut states: B, observer: &mut impl Observer) -> B {
        let exempt = exempt_from_restriction(self.question.caller, self.question.options);
        let exempt = states.apply(Target::Whole, BitState::Granted, exempt);
        observer.saw(|| Step::RestrictedPass { exempt });
        self.with(Account::Restricting, &mut states).run(observer);
        states
    }

    /// The pass for the container. Without a DACL, the container is granted nothing (inferred).
    fn run_contained(&self, container: &'a AppContainer, mut states: B, observer: &mut impl Observer) -> B {
        observer.saw(|| Step::AppContainerPass);
        if let AclState::Present(entries) = self.descriptor.dacl() {
            self.with(Account::Container(container), &mut states)
                .entries(entries, observer);
        }
        states
    }

    fn with<'s>(&self, account: Account<'a>, states: &'s mut B) -> Pass<'a, 's, S, B> {
        Pass {
            descriptor: self.descriptor,
            question: self.question,
            attributes: self.attributes,
            account,
            states,
        }
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

    /// Whether an entry certainly does nothing: its rights are settled or not wanted, or the caller is not in its group. A check without
    /// an explanation skips such an entry.
    #[inline(always)]
    fn can_skip(&self, entry: &impl Entry) -> bool {
        let mask = entry.mask();
        if !mask.intersects(AccessMask::GENERIC) && !self.states.is_open(Target::Whole, mask) {
            // An opaque entry has no mask, but may do something.
            return entry.relative_id().is_some();
        }
        let Some(relative_id) = entry.relative_id() else {
            return false;
        };
        match self.account {
            Account::Caller | Account::Container(_) => !self.question.caller.may_be_concerned(relative_id),
            Account::Restricting => !self.question.caller.restricting_may_be_concerned(relative_id),
        }
    }

    /// Whether an account of this SID is the one of this pass.
    #[inline]
    pub(super) fn membership(&self, sid: &Sid) -> Membership {
        match self.account {
            Account::Caller => self.question.caller.membership(sid),
            Account::Restricting => self.question.caller.restricting_membership(sid),
            Account::Container(container) if container.holds(sid) => Membership::Enabled,
            Account::Container(_) => Membership::NotHeld,
        }
    }

    pub(super) fn environment(&self, for_deny: bool) -> EntryEnvironment<'a> {
        EntryEnvironment {
            caller: self.question.caller,
            resource: self.attributes,
            for_deny,
        }
    }

    /// Grants the owner's implicit rights, before the entries, so that no Deny takes them away. An entry for Owner Rights replaces them,
    /// whatever rights it is about. An entry of unknown type may be for Owner Rights.
    fn implicit_owner_rights(&mut self, owner: &Sid, mut entries: impl Iterator<Item: Entry>) -> Option<Step> {
        let caller = self.question.caller;
        let mut membership = caller.membership(owner);
        if matches!(membership, Membership::DenyOnly | Membership::NotHeld) {
            return None;
        }
        if caller.is_restricted() {
            // In each pass, the owner must be one of the restricting SIDs too. No source says whether reading needs this of a caller that
            // is write-restricted; here it does (inferred).
            match caller.restricting_membership(owner) {
                Membership::Enabled => {}
                Membership::Unknown => membership = Membership::Unknown,
                Membership::DenyOnly | Membership::NotHeld => return None,
            }
        }
        let skip_unknown_types = self.question.options.skip_unknown_types;
        let replaces = |entry: &_| {
            Entry::is_for(entry, &Sid::OWNER_RIGHTS)
                || (!skip_unknown_types && matches!(Entry::ace_type(entry), AceType::Unknown(_)))
        };
        if let Some(index) = entries.position(|entry| !entry.is_inherit_only() && replaces(&entry)) {
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
        // Only the steps need the index.
        let mut index = 0_usize;
        for entry in entries {
            if self.states.is_settled() {
                observer.saw(|| Step::Unvisited { from: index });
                return;
            }
            if !O::NAMES_FACTS && self.can_skip(&entry) {
                index = index.wrapping_add(1);
                continue;
            }
            let mut facts = O::NAMES_FACTS.then(UnresolvedSet::default);
            let (outcome, target) = self.entry(&entry, facts.as_mut());
            observer.saw(|| Step::Entry {
                index,
                outcome,
                facts: facts.map(UnresolvedSet::into_vec).unwrap_or_default(),
            });
            let above = self.states.propagate_up(target);
            if let (bits, may_deny) = (above.denied, above.may_be_denied)
                && !bits.union(may_deny).is_empty()
            {
                observer.saw(|| Step::PartsDenied { bits, may_deny });
            }
            if let (bits, may_grant) = (above.granted, above.may_be_granted)
                && !bits.union(may_grant).is_empty()
            {
                observer.saw(|| Step::PartsGranted { bits, may_grant });
            }
            index = index.wrapping_add(1);
        }
        if index == 0 {
            observer.saw(|| Step::DaclEmpty);
        }
    }
}

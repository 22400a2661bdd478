//! What a caller that is refused lacks. Found by asking, so that an earlier Deny is heeded.

use super::held;
use crate::{
    ace::{Ace, AceFlags, AceParts, AceType, ApplicationData},
    acl::AclState,
    caller::{Caller, IntegrityLevel},
    check::{AccessCheck, EntryOutcome, Explanation, ObjectTree, Options, Step},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;

/// What was asked and refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused<'a> {
    pub(super) explanation: &'a Explanation,
    pub(super) descriptor: &'a SecurityDescriptor,
    pub(super) caller: &'a Caller,
    pub(super) options: &'a Options,
    /// The part of the object that it is about.
    pub(super) object: Option<(&'a ObjectTree, usize)>,
}

/// A SID that would be enough.
pub(super) struct Sufficient {
    pub(super) sid: Sid,
    /// The entry that would complete the grant, where it is an entry.
    pub(super) entry: Option<usize>,
}

/// A condition that would be enough if it came out otherwise.
pub(super) struct Turned {
    /// The entry that has it.
    pub(super) entry: usize,
    /// What it would have to be.
    pub(super) to: bool,
    /// The SID that the caller would have to hold besides.
    pub(super) sid: Option<Sid>,
}

/// How many SIDs, and how many conditions, are tried at most: each costs a check.
const MOST_TRIED: usize = 256;

impl Refused<'_> {
    fn ask(&self, descriptor: &SecurityDescriptor, caller: &Caller) -> Explanation {
        let question = AccessCheck::new(caller, self.explanation.desired).options(*self.options);
        match self.object {
            None => question.explain(descriptor),
            Some((tree, node)) => question.parts(tree).explain(descriptor, node),
        }
    }

    fn would_be_granted(&self, descriptor: &SecurityDescriptor, caller: &Caller) -> bool {
        self.ask(descriptor, caller).decision.is_allowed()
    }

    fn entries(&self) -> &[Ace] {
        self.descriptor.dacl.aces()
    }

    /// Whether any entry that applies has a condition.
    pub(super) fn has_conditions(&self) -> bool {
        self.entries().iter().any(is_conditional)
    }

    /// The SIDs of which any one would turn the refusal into a grant, if the caller held it besides its own: in the order of the
    /// entries that are for them, each once, at most `limit`; the owner last.
    pub(super) fn sufficient_sids(&self, limit: usize) -> Vec<Sufficient> {
        let trustees = self.entries().iter().filter_map(|ace| ace.trustee());
        let mut tried: Vec<Sid> = Vec::new();
        let mut sufficient = Vec::new();
        for &sid in trustees.chain(&self.descriptor.owner) {
            if sufficient.len() >= limit || tried.len() >= MOST_TRIED {
                break;
            }
            if tried.contains(&sid) {
                continue;
            }
            tried.push(sid);
            let joined = self.caller.clone().with_groups([sid]);
            let answer = self.ask(self.descriptor, &joined);
            if answer.decision.is_allowed() {
                let entry = answer.steps.iter().filter_map(granting_entry).next_back();
                sufficient.push(Sufficient { sid, entry });
            }
        }
        sufficient
    }

    /// The conditions of which any one would turn the refusal into a grant, if it came out otherwise, at most `limit`.
    pub(super) fn sufficient_conditions(&self, limit: usize) -> Vec<Turned> {
        let mut sufficient = Vec::new();
        let conditional = self.entries().iter().enumerate().filter(|(_, ace)| is_conditional(ace));
        for (entry, ace) in conditional.take(MOST_TRIED) {
            if sufficient.len() >= limit {
                break;
            }
            let denies = [AceType::CallbackDeny, AceType::CallbackObjectDeny];
            let to = !denies.contains(&ace.ace_type());
            let turned = if to { unconditional(ace) } else { Some(disabled(ace)) };
            let Some(descriptor) = turned.and_then(|ace| with_entry(self.descriptor, entry, ace)) else {
                continue;
            };
            if self.would_be_granted(&descriptor, self.caller) {
                sufficient.push(Turned { entry, to, sid: None });
            } else if let Some(&sid) = ace.trustee().filter(|_| to) {
                let joined = self.caller.clone().with_groups([sid]);
                // By the condition, and not by another entry for the same SID.
                if self.would_be_granted(&descriptor, &joined) && !self.would_be_granted(self.descriptor, &joined) {
                    let sid = Some(sid);
                    sufficient.push(Turned { entry, to, sid });
                }
            }
        }
        sufficient
    }

    /// The integrity that would be enough, if integrity kept something back.
    pub(super) fn sufficient_integrity(&self) -> Option<IntegrityLevel> {
        let level = self.explanation.steps.iter().find_map(|step| {
            if let Step::IntegrityDenied { object, .. } = step {
                Some(*object)
            } else {
                None
            }
        })?;
        let risen = self.caller.clone().with_integrity(level);
        self.would_be_granted(self.descriptor, &risen).then_some(level)
    }

    /// Whether only the restricting SIDs stand in the way.
    pub(super) fn is_for_restriction(&self, missing: AccessMask) -> bool {
        let restricted = |step: &Step| matches!(step, Step::RestrictedPass { .. });
        let mut passes = self.explanation.steps.split(restricted);
        let (Some(first), Some(_)) = (passes.next(), passes.next()) else {
            return false;
        };
        let once = Explanation {
            decision: self.explanation.decision,
            desired: self.explanation.desired,
            steps: first.to_vec(),
            unresolved: Vec::new(),
        };
        !missing.is_empty() && once.replay().is_allowed()
    }
}

fn is_conditional(ace: &Ace) -> bool {
    !ace.is_inherit_only() && held::condition(ace).is_some()
}

/// An Allow that applies whatever its condition says.
fn unconditional(ace: &Ace) -> Option<Ace> {
    let plain = [
        (AceType::CallbackAllow, AceType::Allow),
        (AceType::CallbackObjectAllow, AceType::ObjectAllow),
    ];
    let (_, ace_type) = plain.into_iter().find(|(callback, _)| *callback == ace.ace_type())?;
    let parts = AceParts {
        ace_type,
        flags: ace.flags(),
        mask: ace.mask(),
        trustee: *ace.trustee()?,
        objects: *ace.objects(),
        data: ApplicationData::None,
    };
    Ace::from_parts(parts).ok()
}

/// An entry that does not apply.
fn disabled(ace: &Ace) -> Ace {
    ace.clone().with_flags(ace.flags().union(AceFlags::INHERIT_ONLY))
}

fn with_entry(descriptor: &SecurityDescriptor, index: usize, ace: Ace) -> Option<SecurityDescriptor> {
    let mut descriptor = descriptor.clone();
    let AclState::Present(acl) = &mut descriptor.dacl else {
        return None;
    };
    *acl.aces_mut().get_mut(index)? = ace;
    Some(descriptor)
}

fn granting_entry(step: &Step) -> Option<usize> {
    if let Step::Entry {
        index,
        outcome: EntryOutcome::Granted { .. },
        ..
    } = step
    {
        Some(*index)
    } else {
        None
    }
}

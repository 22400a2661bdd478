//! Changes to a denied check that would allow it. Each is found by repeating the check with the change, so that every rule of the check
//! counts, for example an earlier Deny.

use crate::{
    ace::{Ace, AceParts, AceType, ApplicationData, Effect},
    acl::AclState,
    caller::{Caller, IntegrityLevel},
    check::{AccessCheck, EntryOutcome, Explanation, ObjectTree, Step},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;

/// A check that was denied.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeniedCheck<'a> {
    pub(super) explanation: &'a Explanation,
    pub(super) descriptor: &'a SecurityDescriptor,
    pub(super) caller: &'a Caller,
    /// The node of the object tree that the check was about.
    pub(super) object: Option<(&'a ObjectTree, usize)>,
}

/// The check would be allowed if the caller held this SID.
pub(super) struct SufficientSid {
    pub(super) sid: Sid,
    /// The last entry that would then grant rights, if an entry would.
    pub(super) entry: Option<usize>,
}

/// The check would be allowed if a condition had another result.
pub(super) struct SufficientCondition {
    /// The entry with the condition.
    pub(super) entry: usize,
    /// The result that the condition would have to have.
    pub(super) result: bool,
    /// The SID that the caller would have to hold as well.
    pub(super) sid: Option<Sid>,
}

/// At most this many SIDs, and this many conditions, are tried: each takes a check.
const MOST_TRIED: usize = 256;

impl DeniedCheck<'_> {
    fn ask(&self, descriptor: &SecurityDescriptor, caller: &Caller) -> Explanation {
        let question = AccessCheck::new(caller, self.explanation.desired).options(self.explanation.options);
        match self.object {
            None => question.explain(descriptor),
            Some((tree, node)) => question.parts(tree).explain(descriptor, node),
        }
    }

    fn would_be_granted(&self, descriptor: &SecurityDescriptor, caller: &Caller) -> bool {
        self.ask(descriptor, caller).decision.is_allowed()
    }

    pub(super) fn entries(&self) -> &[Ace] {
        self.descriptor.dacl.aces()
    }

    /// The caller as a member of one more group. Whether its list of groups is complete stays as it is. `None` if the SID can't be a group.
    fn joined(&self, group: Sid) -> Option<Caller> {
        let joined = self.caller.clone().with_groups([group]).ok()?;
        Some(if self.caller.groups_complete() {
            joined
        } else {
            joined.with_incomplete_groups()
        })
    }

    /// The SID that a caller would have to hold to match an entry. Principal Self is replaced by the principal of the object.
    fn trustee(&self, ace: &Ace) -> Option<Sid> {
        match ace.trustee() {
            Some(&Sid::PRINCIPAL_SELF) => self.explanation.options.principal_self,
            trustee => trustee.copied(),
        }
    }

    /// Whether any entry for this object has a condition.
    pub(super) fn has_conditions(&self) -> bool {
        self.entries().iter().any(is_conditional)
    }

    /// The SIDs that would each be enough, if the caller held it as well: in the order of the entries for them, without repetitions, at
    /// most `limit`. The owner comes last.
    pub(super) fn sufficient_sids(&self, limit: usize) -> Vec<SufficientSid> {
        let trustees = self.entries().iter().filter_map(|ace| self.trustee(ace));
        let mut tried: Vec<Sid> = Vec::new();
        let mut sufficient = Vec::new();
        for sid in trustees.chain(self.descriptor.owner) {
            if sufficient.len() >= limit || tried.len() >= MOST_TRIED {
                break;
            }
            if tried.contains(&sid) {
                continue;
            }
            tried.push(sid);
            let Some(joined) = self.joined(sid) else {
                continue;
            };
            let answer = self.ask(self.descriptor, &joined);
            if answer.decision.is_allowed() {
                let entry = answer.steps.iter().filter_map(granting_entry).next_back();
                sufficient.push(SufficientSid { sid, entry });
            }
        }
        sufficient
    }

    /// The conditions that would each be enough, if it had another result, at most `limit`.
    pub(super) fn sufficient_conditions(&self, limit: usize) -> Vec<SufficientCondition> {
        let mut sufficient = Vec::new();
        let conditional = self.entries().iter().enumerate().filter(|(_, ace)| is_conditional(ace));
        for (entry, ace) in conditional.take(MOST_TRIED) {
            if sufficient.len() >= limit {
                break;
            }
            let result = !matches!(ace.effect(), Effect::Deny | Effect::ConditionalDeny);
            let changed = if result {
                unconditional(ace)
            } else {
                Some(without_rights(ace))
            };
            let Some(descriptor) = changed.and_then(|ace| with_entry(self.descriptor, entry, ace)) else {
                continue;
            };
            let sufficient_with = |sid| SufficientCondition { entry, result, sid };
            if self.would_be_granted(&descriptor, self.caller) {
                sufficient.push(sufficient_with(None));
            } else if let Some(sid) = self.trustee(ace).filter(|_| result) {
                let Some(joined) = self.joined(sid) else {
                    continue;
                };
                // The condition must make the difference, not another entry for the same SID.
                if self.would_be_granted(&descriptor, &joined) && !self.would_be_granted(self.descriptor, &joined) {
                    sufficient.push(sufficient_with(Some(sid)));
                }
            }
        }
        sufficient
    }

    /// The integrity level that would be enough, if the caller's level was the reason for a denial.
    pub(super) fn sufficient_integrity(&self) -> Option<IntegrityLevel> {
        let level = self.explanation.steps.iter().find_map(|step| {
            if let Step::IntegrityDenied { object, .. } = step {
                Some(*object)
            } else {
                None
            }
        })?;
        let raised = self.caller.clone().with_integrity(level);
        self.would_be_granted(self.descriptor, &raised).then_some(level)
    }
}

fn is_conditional(ace: &Ace) -> bool {
    !ace.is_inherit_only() && ace.condition().is_some()
}

/// An Allow as it would be if its condition were true.
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

/// A Deny as it would be if its condition were false. It stays an entry for its trustee: one for Owner Rights replaces the rights of the
/// owner even if its condition is false.
fn without_rights(ace: &Ace) -> Ace {
    ace.clone().with_mask(AccessMask::empty())
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

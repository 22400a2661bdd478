//! What a caller that is refused lacks.

use crate::{
    caller::Caller,
    check::{self, EntryOutcome, Explanation, Step},
    descriptor::SecurityDescriptor,
    sid::Sid,
};
use alloc::vec::Vec;

/// A SID that would be enough.
pub(super) struct Sufficient {
    pub(super) sid: Sid,
    /// The entry that would complete the grant, where it is an entry.
    pub(super) entry: Option<usize>,
}

/// The SIDs of which any one would turn the refusal into a grant, if the caller held it besides its own: in the order of the
/// entries that are for them, each once, at most `limit`; the owner last. Found by asking, so an earlier Deny is heeded.
pub(super) fn sufficient_sids(
    explanation: &Explanation,
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    options: &check::Options,
    limit: usize,
) -> Vec<Sufficient> {
    let entries = descriptor.dacl.acl().map_or(&[][..], |acl| acl.aces());
    let trustees = entries.iter().filter_map(|ace| ace.trustee());
    let mut tried: Vec<Sid> = Vec::new();
    let mut sufficient = Vec::new();
    for &sid in trustees.chain(&descriptor.owner) {
        if sufficient.len() >= limit || tried.len() >= MOST_TRIED {
            break;
        }
        if tried.contains(&sid) {
            continue;
        }
        tried.push(sid);
        let joined = caller.clone().with_groups([sid]);
        let answer = check::explain_with(descriptor, &joined, explanation.desired, options);
        if answer.decision.is_allowed() {
            let entry = answer.steps.iter().filter_map(granting_entry).next_back();
            sufficient.push(Sufficient { sid, entry });
        }
    }
    sufficient
}

/// How many SIDs are tried at most: each costs a check.
const MOST_TRIED: usize = 256;

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

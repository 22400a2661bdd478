//! The access check ([MS-DTYP] 2.5.3.2): may this caller do that to the object that this descriptor protects?
//!
//! [`check`](fn@check) answers, [`explain`] answers with the reason, entry by entry. Both are pure, total, and one and the same
//! walk over the DACL; `check` allocates nothing. What the walk can't evaluate never grants:
//!
//! - an entry of an unknown type denies every wanted right that is not settled when it is met, since it may be a Deny;
//! - application data that is no condition, and a GUID where nothing says which parts of the object are asked about, denies in a Deny
//!   for the caller, and grants nothing in an Allow; nor does the reserved compound entry;
//! - a condition that is neither true nor false lets a Deny apply and an Allow not;
//! - where it is unknown whether the caller is in a group, or has a claim, nothing is granted that an entry could deny or that only one
//!   could grant that hangs on it;
//! - a SACL with a central policy, a trust label or an access filter, none of which is evaluated, refuses everything.
//!
//! The order is that of [MS-DTYP] 2.5.3.2: privileges, integrity, the owner, the entries, and those once more for the SIDs that restrict
//! the caller. What neither Microsoft's text nor anything that Windows was seen to do settles is marked "inferred" where it is written.

mod audit;
mod decision;
mod entry;
mod environment;
mod explanation;
mod integrity;
mod objects;
mod options;
mod privileges;
mod request;
mod sacl;
mod source;
mod state;
mod step;
mod unresolved;
mod walk;

pub use audit::{AuditEntry, audit};
pub use decision::{Decision, Denial, DenialReason};
pub use explanation::{Explanation, RightOutcome};
pub use objects::{ObjectTree, ObjectTreeError};
pub use options::Options;
pub(crate) use source::{Dacl, Entry, Source};
pub use step::{EntryOutcome, Step, Unevaluated};
pub use unresolved::Unresolved;
pub(crate) use unresolved::UnresolvedSet;

use crate::{caller::Caller, descriptor::SecurityDescriptor, mask::AccessMask};
use alloc::vec::Vec;
use objects::TreeStates;
use request::Request;
use state::AccessState;
use walk::{Observer, Question};

/// Whether `caller` may do all that is in `desired` ([MS-DTYP] 2.5.3.2).
///
/// With [`MAXIMUM_ALLOWED`](AccessMask::MAXIMUM_ALLOWED) in `desired`, the answer says all that the caller may do; it is
/// Allowed if that is anything at all and what is asked for besides is among it. A `desired` of 0 is denied. ACCESS_SYSTEM_SECURITY is
/// among it only if it is asked for by name (inferred).
///
/// An absent or NULL DACL grants everybody everything that integrity leaves, as on Windows; an empty one grants nobody anything, apart
/// from the owner's implicit rights and what privileges grant.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, Acl, AclState, Caller, Decision, SecurityDescriptor, Sid, check};
/// let execute = AccessMask::from_bits_retain(0x1);
/// let user = Sid::new(5, &[21, 1, 2, 3, 1104])?;
/// let mut descriptor = SecurityDescriptor::default();
/// descriptor.dacl = AclState::Present(Acl::from_iter([Ace::allow(Sid::AUTHENTICATED_USERS, execute)]));
///
/// assert_eq!(check(&descriptor, &Caller::authenticated(user)?, execute), Decision::Allowed { granted: execute });
/// assert!(!check(&descriptor, &Caller::anonymous(), execute).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "AccessCheck")]
#[inline]
pub fn check(descriptor: &SecurityDescriptor, caller: &Caller, desired: AccessMask) -> Decision {
    check_with(descriptor, caller, desired, &Options::default())
}

/// As [`check`](fn@check), in a way that `options` say.
pub fn check_with(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
) -> Decision {
    check_source(descriptor, caller, desired, options)
}

/// As [`check_with`], of any form of a descriptor.
pub(crate) fn check_source(
    descriptor: &impl Source,
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
) -> Decision {
    decide(descriptor, &question(caller, desired, options), &mut ())
}

/// As [`check`](fn@check), with the reason.
#[must_use]
pub fn explain(descriptor: &SecurityDescriptor, caller: &Caller, desired: AccessMask) -> Explanation {
    explain_with(descriptor, caller, desired, &Options::default())
}

/// As [`explain`], in a way that `options` say.
#[must_use]
pub fn explain_with(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
) -> Explanation {
    let mut steps = Vec::new();
    let decision = decide(descriptor, &question(caller, desired, options), &mut steps);
    Explanation {
        decision,
        desired: options.mapped(desired),
        steps,
    }
}

/// The facts to ask a directory about when [`check_with`] says [`Undetermined`](DenialReason::Undetermined): the groups and claims that
/// the caller's lists leave open and that the answer may depend on, in the order of the entries, each once.
/// Empty when it says anything else. Once all of them are known, the answer is certain.
#[must_use]
pub fn unresolved(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
) -> Vec<Unresolved> {
    let mut names = UnresolvedSet::default();
    let decision = decide(descriptor, &question(caller, desired, options), &mut names);
    if explanation::is_undetermined(&decision) {
        names.into_vec()
    } else {
        Vec::new()
    }
}

/// As [`check_with`], about the parts of an object ([MS-DTYP] 2.5.3.2, `AccessCheckByTypeResultList`). What is decided about each node of
/// `tree` takes the place of what `nodes` held, in their order; the answer is about all of them together.
///
/// An object entry is about the node with its GUID and those below it; a node is granted what all nodes right below it are. An entry with
/// a GUID that is not in the tree does nothing. That the whole is granted what every node is, and not what the root is, is inferred: the two
/// differ where a Deny for a part comes before an Allow for the whole.
#[doc(alias = "AccessCheckByTypeResultList")]
pub fn check_objects(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    tree: &ObjectTree,
    options: &Options,
    nodes: &mut Vec<Decision>,
) -> Decision {
    let question = question(caller, desired, options);
    nodes.clear();
    let mut states = TreeStates::new(tree, question.request, None);
    match walk::walk(descriptor, &question, &mut states, &mut ()) {
        Ok(restricted) => {
            nodes.extend(states.decisions(restricted.as_ref()));
            states.overall(restricted.as_ref())
        }
        Err(denial) => {
            let decision = Decision::Denied(denial);
            nodes.extend(tree.nodes().map(|_| decision));
            decision
        }
    }
}

/// As [`explain_with`], about one part of an object: the node at the place `node` of `tree`; what is past its end is refused.
/// The decision is that of [`check_objects`] about that node.
#[must_use]
pub fn explain_object(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    tree: &ObjectTree,
    node: usize,
    options: &Options,
) -> Explanation {
    let question = question(caller, desired, options);
    let mut steps = Vec::new();
    let mut states = TreeStates::new(tree, question.request, Some(node));
    let decision = match walk::walk(descriptor, &question, &mut states, &mut steps) {
        Ok(restricted) => states.decisions(restricted.as_ref()).nth(node),
        Err(denial) => Some(Decision::Denied(denial)),
    };
    let nothing = AccessMask::empty();
    Explanation {
        decision: decision.unwrap_or_else(|| question.request.decision(nothing, nothing)),
        desired: options.mapped(desired),
        steps,
    }
}

/// As [`unresolved`], about the parts of an object: empty unless what is decided about one of them is
/// [`Undetermined`](DenialReason::Undetermined).
#[must_use]
pub fn unresolved_objects(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    tree: &ObjectTree,
    options: &Options,
) -> Vec<Unresolved> {
    let question = question(caller, desired, options);
    let mut names = UnresolvedSet::default();
    let mut states = TreeStates::new(tree, question.request, None);
    let undetermined = match walk::walk(descriptor, &question, &mut states, &mut names) {
        Ok(restricted) => {
            let mut decisions = states.decisions(restricted.as_ref());
            decisions.any(|decision| explanation::is_undetermined(&decision))
        }
        Err(_) => false,
    };
    if undetermined { names.into_vec() } else { Vec::new() }
}

fn question<'a>(caller: &'a Caller, desired: AccessMask, options: &'a Options) -> Question<'a> {
    Question {
        caller,
        request: Request::of(options.mapped(desired)),
        options,
    }
}

fn decide(descriptor: &impl Source, question: &Question<'_>, observer: &mut impl Observer) -> Decision {
    let mut state = AccessState::new(question.request);
    match walk::walk(descriptor, question, &mut state, observer) {
        Ok(restricted) => state.decision(restricted.as_ref()),
        Err(denial) => Decision::Denied(denial),
    }
}

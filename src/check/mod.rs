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
//! the caller. A rule that follows neither from Microsoft's documents nor from observations of Windows is marked where it is written;
//! `docs/inferred.md` lists these rules, and says in which direction each errs.

mod access_check;
mod audit;
mod decision;
mod entry;
mod environment;
mod explanation;
mod integrity;
mod objects;
mod options;
mod parts;
mod privileges;
mod request;
mod sacl;
mod source;
mod state;
mod step;
mod unresolved;
mod walk;

pub use access_check::AccessCheck;
pub use audit::AuditEntry;
pub use decision::{Decision, Denial, DenialReason};
pub(crate) use environment::{AttributeLookup, EntryEnvironment};
pub use explanation::{Explanation, RightOutcome};
pub use objects::{ObjectTree, ObjectTreeError};
pub use options::{Options, Unprotected};
pub use parts::{PartsCheck, PartsDecision};
pub use source::Descriptor;
pub(crate) use source::{Entry, Source};
pub use step::{EntryOutcome, Step, Unevaluated};
pub use unresolved::Unresolved;
pub(crate) use unresolved::UnresolvedSet;

use crate::{caller::Caller, descriptor::SecurityDescriptor, mask::AccessMask};

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
#[inline]
pub fn check(descriptor: &SecurityDescriptor, caller: &Caller, desired: AccessMask) -> Decision {
    AccessCheck::new(caller, desired).check(descriptor)
}

//! The access check: may this caller do this to the object with this security descriptor?
//!
//! [`AccessCheck`] is the question: a caller, the rights that it asks for, and [`Options`]. It decides ([`check`](AccessCheck::check)), says why
//! ([`explain`](AccessCheck::explain)), and asks about parts of an object ([`parts`](AccessCheck::parts)).
//! [`check()`] is its shortest form.
//!
//! The check follows [\[MS-DTYP\] 2.5.3.2]: privileges, then integrity, the owner, the entries of the DACL, and the entries once more for
//! the SIDs that restrict the caller. Decisions and explanations come from one walk over the DACL. It does no I/O, never fails, and allocates
//! nothing unless it explains.
//!
//! If the check can't evaluate something, that never grants a right:
//!
//! - An entry of an unknown type may be a Deny. It denies all wanted rights that are not settled before it.
//! - A Deny with application data that is not a condition applies, and an Allow with such data does not. The same holds for an object
//!   GUID if the question has no [`ObjectTree`]. The reserved compound entry grants nothing.
//! - If a condition is neither true nor false, a Deny applies and an Allow does not.
//! - If it is unknown whether the caller is in a group or has a claim, a right is granted only if the decision is the same for every
//!   possible answer. Otherwise the decision is [`Undetermined`](DenialReason::Undetermined).
//! - If the SACL has a trust label or an access filter, everything is refused: no descriptor outside of a running Windows has one, and
//!   neither is evaluated. A central policy is evaluated if the question has [policies](AccessCheck::central_policies), and otherwise refuses
//!   everything, too.
//!
//! A rule that follows neither from Microsoft's documents nor from observations of Windows is marked where it is written;
//! `docs/inferred.md` lists these rules, and says in which direction each errs.
//!
//! [\[MS-DTYP\] 2.5.3.2]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/4f1bbcbb-814a-4c70-a11e-2a5b8779a6f9

mod access_check;
mod audit;
mod central;
mod decision;
mod entry;
mod environment;
mod explanation;
mod in_memory;
mod integrity;
mod label;
mod missing;
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
pub use explanation::{AppliesTo, Explanation, PolicyExplanation, RightOutcome, RuleExplanation};
pub use missing::{MissingCause, MissingRights, Pass};
pub use objects::{ObjectTree, ObjectTreeError};
pub use options::{Options, Unprotected};
pub use parts::{PartsCheck, PartsDecision};
pub(crate) use request::Request;
pub use source::Descriptor;
pub(crate) use source::{Entry, Source};
pub use step::{EntryOutcome, Step, Unevaluated};
pub use unresolved::Unresolved;
#[cfg(feature = "mim")]
pub(crate) use unresolved::UnresolvedSet;
pub(crate) use walk::decide;

use crate::{caller::Caller, descriptor::SecurityDescriptor, mask::AccessMask};

/// Decides whether `caller` is granted all rights in `desired`. This is [`AccessCheck::check`] with the default [`Options`].
///
/// With [`MAXIMUM_ALLOWED`](AccessMask::MAXIMUM_ALLOWED) in `desired`, the decision lists every right that the caller has. It is `Allowed`
/// if that is at least one right and includes the others in `desired`. ACCESS_SYSTEM_SECURITY is listed only if `desired` names it
/// (inferred). An empty `desired` is denied.
///
/// An object without a DACL, or with a NULL one, is open to everybody, as on Windows, up to the limit that integrity sets, but not to a caller
/// in an [app container](crate::caller::AppContainer). An empty DACL
/// grants nobody anything; the owner's implicit rights and privileges remain.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, Acl, AclState, Caller, Decision, SecurityDescriptor, Sid, check};
/// let execute = AccessMask::from_bits_retain(0x1);
/// let user = Sid::new(5, &[21, 1, 2, 3, 1104])?;
/// let mut descriptor = SecurityDescriptor::default();
/// descriptor.dacl = AclState::Present(Acl::from_iter([Ace::allow(Sid::AUTHENTICATED_USERS, execute)]));
///
/// assert_eq!(check(&descriptor, &Caller::authenticated(user)?.with_no_groups(), execute), Decision::Allowed { granted: execute });
/// assert!(!check(&descriptor, &Caller::anonymous(), execute).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline]
pub fn check(descriptor: &SecurityDescriptor, caller: &Caller, desired: AccessMask) -> Decision {
    AccessCheck::new(caller, desired).check(descriptor)
}

//! The access check ([MS-DTYP] 2.5.3.2): may this caller do that to the object that this descriptor protects?
//!
//! [`check`](fn@check) answers, [`explain`] answers with the reason, entry by entry. Both are pure, total, and one and the same
//! walk over the DACL; `check` allocates nothing. What the walk can't evaluate never grants:
//!
//! - an entry of an unknown type denies every wanted right that is not settled when it is met, since it may be a Deny;
//! - an object entry with a GUID, or a callback entry with data, denies if it is a Deny and the caller is whom it is for, and
//!   grants nothing if it is an Allow; nor does the reserved compound entry;
//! - where it is unknown whether the caller is in a group, nothing is granted that a Deny for that group could deny or that
//!   only an Allow for it would grant.

mod decision;
mod explanation;
mod ledger;
mod request;
mod walk;

pub use decision::{Decision, Denial, DenialReason};
pub use explanation::{EntryOutcome, Explanation, Step, Unevaluated};

use crate::{
    caller::Caller,
    descriptor::SecurityDescriptor,
    mask::{AccessMask, GenericMapping},
    sid::Sid,
};
use alloc::vec::Vec;

/// How a check is done. The default is what refuses most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct Options {
    /// What generic rights mean for this kind of object. Those of the desired mask are mapped once, before the walk, those of an
    /// entry when it is met ([MS-DTYP] 2.4.3). Without one, a generic right in the desired mask is refused; in an Allow it grants
    /// nothing; in a Deny it denies every wanted right.
    pub mapping: Option<GenericMapping>,
    /// Whether entries of unknown types are skipped, as Windows does, instead of denying.
    pub skip_unknown_types: bool,
    /// Whether a descriptor without owner or group is refused, as `AccessCheck` of Windows does.
    pub require_owner_and_group: bool,
}

impl Options {
    /// These options, with what generic rights mean.
    #[must_use]
    pub const fn with_mapping(mut self, mapping: GenericMapping) -> Self {
        self.mapping = Some(mapping);
        self
    }

    /// These options, where entries of unknown types are skipped or not.
    #[must_use]
    pub const fn with_skip_unknown_types(mut self, skip: bool) -> Self {
        self.skip_unknown_types = skip;
        self
    }

    /// These options, where a descriptor without owner or group is refused or not.
    #[must_use]
    pub const fn with_require_owner_and_group(mut self, require: bool) -> Self {
        self.require_owner_and_group = require;
        self
    }

    fn mapped(&self, desired: AccessMask) -> AccessMask {
        match &self.mapping {
            Some(mapping) => mapping.map(desired),
            None => desired,
        }
    }
}

/// Whether `caller` may do all that is in `desired` ([MS-DTYP] 2.5.3.2).
///
/// With [`MAXIMUM_ALLOWED`](AccessMask::MAXIMUM_ALLOWED) in `desired`, the answer says all that the caller may do; it is
/// Allowed if that is anything at all and what is asked for besides is among it. A `desired` of 0 is denied.
///
/// An absent or NULL DACL grants everybody everything, as on Windows; an empty one grants nobody anything, apart from the
/// owner's implicit rights.
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
    walk::walk(descriptor, caller, options.mapped(desired), options, &mut ())
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
    let desired = options.mapped(desired);
    let mut steps = Vec::new();
    let decision = walk::walk(descriptor, caller, desired, options, &mut steps);
    Explanation {
        decision,
        desired,
        steps,
    }
}

/// The SIDs to ask a directory about when [`check_with`] says [`Undetermined`](DenialReason::Undetermined): those whose
/// membership the caller's list leaves open and that the answer may depend on, in the order of the entries, each once.
/// Empty when it says anything else. Once all of them are known, the answer is certain.
#[must_use]
pub fn unresolved(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
) -> Vec<Sid> {
    let mut sids = Vec::new();
    let decision = walk::walk(descriptor, caller, options.mapped(desired), options, &mut sids);
    if !explanation::is_undetermined(&decision) {
        sids.clear();
    }
    sids
}

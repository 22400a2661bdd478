use super::{
    decision::{Decision, Denial, DenialReason},
    options::{Options, Unprotected},
    source::Descriptor,
};
use crate::mask::AccessMask;

/// What is asked for, once generic rights are mapped ([MS-DTYP] 2.5.3.2, steps before the walk).
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    /// The bits asked for by themselves.
    pub(super) explicit: AccessMask,
    /// Whether whatever can be granted is asked for as well.
    pub(super) maximum: bool,
}

impl Request {
    /// What `desired`, as mapped, asks for.
    pub(super) fn of(desired: AccessMask) -> Self {
        Self {
            explicit: desired.difference(AccessMask::MAXIMUM_ALLOWED),
            maximum: desired.contains(AccessMask::MAXIMUM_ALLOWED),
        }
    }

    /// The bits that the walk is about.
    pub(super) fn wanted(self) -> AccessMask {
        if self.maximum {
            GRANTABLE.union(self.explicit)
        } else {
            self.explicit
        }
    }

    /// The bits that are granted where nothing protects the object.
    pub(super) fn unprotected(self, options: &Options) -> AccessMask {
        if !self.maximum {
            return self.explicit;
        }
        let everything = match &options.mapping {
            Some(mapping) => mapping.map(AccessMask::GENERIC_ALL),
            None => AccessMask::SPECIFIC_AND_STANDARD,
        };
        everything.union(self.explicit)
    }

    /// Why neither list is to be looked at, if there is a reason.
    pub(super) fn refusal(self, descriptor: &impl Descriptor, options: &Options) -> Option<DenialReason> {
        if options.require_owner_and_group && !(descriptor.has_owner() && descriptor.has_group()) {
            Some(DenialReason::OwnerOrGroupMissing)
        } else if self.explicit.intersects(AccessMask::GENERIC) {
            Some(DenialReason::GenericNotMapped)
        } else if self.explicit.is_empty() && !self.maximum {
            Some(DenialReason::NothingAsked)
        } else if options.unprotected == Unprotected::Refuse && descriptor.is_unprotected() {
            Some(DenialReason::Unprotected)
        } else {
            None
        }
    }

    /// The answer, where these bits are granted for certain and these perhaps.
    pub(super) fn decision(self, granted: AccessMask, possible: AccessMask) -> Decision {
        let satisfied_by = |bits: AccessMask| bits.contains(self.explicit) && !bits.is_empty();
        if satisfied_by(granted) {
            return Decision::Allowed { granted };
        }
        Decision::Denied(Denial {
            granted_before_denial: granted,
            missing: self.explicit.difference(granted),
            reason: if satisfied_by(possible) {
                DenialReason::Undetermined
            } else {
                DenialReason::NotGranted
            },
        })
    }

    /// The refusal of everything.
    pub(super) fn refused(self, reason: DenialReason) -> Denial {
        Denial {
            granted_before_denial: AccessMask::empty(),
            missing: self.explicit,
            reason,
        }
    }
}

/// What the maximum can be: no generic bits, since they are mapped, and not what only a privilege grants, unless it is asked for by name
/// (inferred).
const GRANTABLE: AccessMask = AccessMask::GENERIC
    .union(AccessMask::MAXIMUM_ALLOWED)
    .union(AccessMask::ACCESS_SYSTEM_SECURITY)
    .complement();

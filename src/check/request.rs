use super::{
    decision::{Decision, Denial, DenialReason},
    options::{Options, Unprotected},
    source::Descriptor,
};
use crate::mask::AccessMask;

/// The rights that a check grants.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grants {
    /// Those that are certain.
    pub(super) certain: AccessMask,
    /// These, and those that are granted if the unknown facts turn out so.
    pub(super) possible: AccessMask,
}

impl Grants {
    pub(super) const ALL: Self = Self {
        certain: AccessMask::all(),
        possible: AccessMask::all(),
    };

    pub(super) const NOTHING: Self = Self {
        certain: AccessMask::empty(),
        possible: AccessMask::empty(),
    };

    /// The rights that both grant.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            certain: self.certain.intersection(other.certain),
            possible: self.possible.intersection(other.possible),
        }
    }
}

/// The rights that are asked for, after generic rights are mapped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    /// The rights that are explicitly asked for.
    pub(crate) explicit: AccessMask,
    /// Whether MAXIMUM_ALLOWED is asked for: every right that can be granted.
    pub(crate) maximum: bool,
}

impl Request {
    /// Splits the desired rights, which must be mapped.
    pub(crate) fn of(desired: AccessMask) -> Self {
        Self {
            explicit: desired.difference(AccessMask::MAXIMUM_ALLOWED),
            maximum: desired.contains(AccessMask::MAXIMUM_ALLOWED),
        }
    }

    /// This request, and the rights that an operation needs although the request does not name them.
    pub(crate) fn and(self, needed: AccessMask) -> Self {
        Self {
            explicit: self.explicit.union(needed),
            ..self
        }
    }

    /// The desired rights, as given.
    pub(crate) fn desired(self) -> AccessMask {
        if self.maximum {
            self.explicit.union(AccessMask::MAXIMUM_ALLOWED)
        } else {
            self.explicit
        }
    }

    /// The rights that the check looks for.
    pub(super) fn wanted(self) -> AccessMask {
        if self.maximum {
            GRANTABLE.union(self.explicit)
        } else {
            self.explicit
        }
    }

    /// The rights that everybody is granted on an object without a DACL.
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

    /// The reason to refuse the request before any list is looked at.
    pub(super) fn refusal(self, descriptor: &impl Descriptor, options: &Options) -> Option<DenialReason> {
        let owner_missing = options.require_owner && !descriptor.has_owner();
        let group_missing = options.require_group && !descriptor.has_group();
        if owner_missing || group_missing {
            Some(match (options.require_owner, options.require_group) {
                (true, true) => DenialReason::OwnerOrGroupMissing,
                (_, true) => DenialReason::GroupMissing,
                (_, false) => DenialReason::OwnerMissing,
            })
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

    /// The decision if some rights are certainly granted, and more may be granted.
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

    /// The decision if these rights are granted.
    pub(super) fn decision_of(self, grants: Grants) -> Decision {
        self.decision(grants.certain, grants.possible)
    }

    /// The decision if the object grants some rights, and the rules of its central policy leave some.
    pub(super) fn decision_under_policy(self, object: Grants, rules: Grants) -> Decision {
        let alone = self.decision_of(object);
        if !alone.is_allowed() && !alone.is_undetermined() {
            return alone;
        }
        match self.decision_of(object.and(rules)) {
            Decision::Denied(denial) if denial.reason == DenialReason::NotGranted => Decision::Denied(Denial {
                reason: DenialReason::CentralPolicy,
                ..denial
            }),
            decision @ (Decision::Allowed { .. } | Decision::Denied(_)) => decision,
        }
    }

    /// The refusal of all rights.
    pub(super) fn refused(self, reason: DenialReason) -> Denial {
        Denial {
            granted_before_denial: AccessMask::empty(),
            missing: self.explicit,
            reason,
        }
    }
}

/// The rights that MAXIMUM_ALLOWED asks for: not generic rights, since they are mapped, nor ACCESS_SYSTEM_SECURITY, which only a privilege
/// grants, unless it is explicitly asked for (inferred).
const GRANTABLE: AccessMask = AccessMask::GENERIC
    .union(AccessMask::MAXIMUM_ALLOWED)
    .union(AccessMask::ACCESS_SYSTEM_SECURITY)
    .complement();

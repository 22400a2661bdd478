use super::{
    decision::{Decision, Denial, DenialReason},
    request::Request,
};
use crate::mask::AccessMask;

/// What has become of each wanted bit so far.
///
/// The first entry that applies settles a bit. Where it is unknown whether an entry applies, a bit has several fates at once;
/// so three sets are kept, and a bit is certainly granted when that is the only fate left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ledger {
    request: Request,
    /// May be undecided still.
    open: AccessMask,
    /// May have been granted.
    may_granted: AccessMask,
    /// May have been denied.
    may_denied: AccessMask,
}

impl Ledger {
    pub(super) fn new(request: Request) -> Self {
        Self {
            request,
            open: request.wanted(),
            may_granted: AccessMask::empty(),
            may_denied: AccessMask::empty(),
        }
    }

    pub(super) fn open(&self) -> AccessMask {
        self.open
    }

    pub(super) fn wants(&self, bits: AccessMask) -> bool {
        self.request.wanted().intersects(bits)
    }

    /// Grants the open ones of `bits`, and says which these are.
    pub(super) fn grant(&mut self, bits: AccessMask) -> AccessMask {
        let settled = self.may_grant(bits);
        self.open = self.open.difference(settled);
        settled
    }

    /// Denies the open ones of `bits`, and says which these are.
    pub(super) fn deny(&mut self, bits: AccessMask) -> AccessMask {
        let settled = self.may_deny(bits);
        self.open = self.open.difference(settled);
        settled
    }

    /// As [`grant`](Self::grant), where it is unknown whether an entry applies.
    pub(super) fn may_grant(&mut self, bits: AccessMask) -> AccessMask {
        let touched = self.open.intersection(bits);
        self.may_granted = self.may_granted.union(touched);
        touched
    }

    /// As [`deny`](Self::deny), where it is unknown whether an entry applies.
    pub(super) fn may_deny(&mut self, bits: AccessMask) -> AccessMask {
        let touched = self.open.intersection(bits);
        self.may_denied = self.may_denied.union(touched);
        touched
    }

    /// Whether no further entry can change the answer. A request for the maximum is walked to its end.
    pub(super) fn is_settled(&self) -> bool {
        let lost = self.request.wanted().difference(self.open).difference(self.may_granted);
        !self.request.maximum && (self.open.is_empty() || !lost.is_empty())
    }

    /// The answer, at the end of the walk: what is open then is not granted.
    pub(super) fn decision(&self) -> Decision {
        let granted = self.may_granted.difference(self.may_denied).difference(self.open);
        if self.satisfied_by(granted) {
            return Decision::Allowed { granted };
        }
        let reason = if self.satisfied_by(self.may_granted) {
            DenialReason::Undetermined
        } else {
            DenialReason::NotGranted
        };
        Decision::Denied(Denial {
            granted,
            missing: self.request.explicit.difference(granted),
            reason,
        })
    }

    fn satisfied_by(&self, granted: AccessMask) -> bool {
        granted.contains(self.request.explicit) && !granted.is_empty()
    }
}

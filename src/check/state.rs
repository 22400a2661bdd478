use super::{decision::Decision, request::Request};
use crate::mask::AccessMask;
use uuid::Uuid;

/// What has become of each wanted bit so far.
///
/// The first entry that applies settles a bit. Where it is unknown whether an entry applies, a bit has several fates at once;
/// so three sets are kept, and a bit is certainly granted when that is the only fate left.
#[derive(Clone, Copy, Debug)]
pub(super) struct AccessState {
    request: Request,
    /// May be undecided still.
    open: AccessMask,
    /// May have been granted.
    may_granted: AccessMask,
    /// May have been denied.
    may_denied: AccessMask,
}

/// What an entry does to bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BitState {
    Granted,
    Denied,
    MayBeGranted,
    MayBeDenied,
}

/// Which part of the object an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// All of it.
    Whole,
    /// A node of the tree, and those below it.
    Node(usize),
}

/// Where the GUID of an entry is.
pub(super) enum ObjectLookup {
    At(Target),
    /// Not in the tree.
    Elsewhere,
    /// There is no tree.
    NoTree,
}

/// Ledgers of one object: one, or one for each part of it that is asked about.
pub(super) trait AccessStates: Clone {
    fn find(&self, object: &Uuid) -> ObjectLookup;
    /// Whether some of these bits are open anywhere there.
    fn is_open(&self, place: Target, bits: AccessMask) -> bool;
    /// Writes down what becomes of the open ones of these bits, and says which these are in the part that is looked at.
    fn apply(&mut self, place: Target, fate: BitState, bits: AccessMask) -> AccessMask;
    /// Grants each node what all nodes right below it have; of the part that is looked at, says what it got, and what it may have got.
    fn propagate_up(&mut self, from: Target) -> (AccessMask, AccessMask);
    /// Whether no further entry can change the answer.
    fn is_settled(&self) -> bool;
}

impl AccessState {
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

    /// Settles the open ones of `bits`, and says which these are.
    pub(super) fn write(&mut self, fate: BitState, bits: AccessMask) -> AccessMask {
        let touched = self.open.intersection(bits);
        match fate {
            BitState::Granted | BitState::MayBeGranted => self.may_granted = self.may_granted.union(touched),
            BitState::Denied | BitState::MayBeDenied => self.may_denied = self.may_denied.union(touched),
        }
        if matches!(fate, BitState::Granted | BitState::Denied) {
            self.open = self.open.difference(touched);
        }
        touched
    }

    /// Certainly granted.
    pub(super) fn granted(&self) -> AccessMask {
        self.may_granted.difference(self.may_denied).difference(self.open)
    }

    /// Perhaps granted.
    pub(super) fn may_be_granted(&self) -> AccessMask {
        self.may_granted
    }

    /// Whether nothing is open that can be granted.
    pub(super) fn is_full(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether something that is asked for by name can't be granted any more.
    pub(super) fn is_lost(&self) -> bool {
        let lost = self.request.wanted().difference(self.open).difference(self.may_granted);
        lost.intersects(self.request.explicit)
    }

    /// The answer, at the end of the walk: what is open then is not granted. What two passes grant is what both do.
    pub(super) fn decision(&self, restricted: Option<&Self>) -> Decision {
        let everything = AccessMask::all();
        let granted = restricted
            .map_or(everything, Self::granted)
            .intersection(self.granted());
        let possible = restricted
            .map_or(everything, Self::may_be_granted)
            .intersection(self.may_granted);
        self.request.decision(granted, possible)
    }
}

/// A plain check asks about the object as a whole.
impl AccessStates for AccessState {
    fn find(&self, _: &Uuid) -> ObjectLookup {
        ObjectLookup::NoTree
    }

    fn is_open(&self, _: Target, bits: AccessMask) -> bool {
        self.open.intersects(bits)
    }

    fn apply(&mut self, _: Target, fate: BitState, bits: AccessMask) -> AccessMask {
        self.write(fate, bits)
    }

    fn propagate_up(&mut self, _: Target) -> (AccessMask, AccessMask) {
        (AccessMask::empty(), AccessMask::empty())
    }

    /// A request for the maximum is walked to its end.
    fn is_settled(&self) -> bool {
        !self.request.maximum && (self.is_full() || self.is_lost())
    }
}

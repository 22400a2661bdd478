use super::{
    decision::Decision,
    request::{Grants, Request},
};
use crate::mask::AccessMask;
use uuid::Uuid;

/// The state of each wanted right during a check.
///
/// The first entry that applies to the caller settles a right. If it is unknown whether an entry applies, the right has several possible
/// states at once. So three sets are kept, and a right is certainly granted if *granted* is its only possible state.
#[derive(Clone, Copy, Debug)]
pub(super) struct AccessState {
    request: Request,
    /// The rights that may still be undecided.
    open: AccessMask,
    /// The rights that may have been granted.
    may_granted: AccessMask,
    /// The rights that may have been denied.
    may_denied: AccessMask,
}

/// The state that a step of a check puts rights into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BitState {
    Granted,
    Denied,
    MayBeGranted,
    MayBeDenied,
}

/// The part of the object that an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The whole object.
    Whole,
    /// A node of the object tree, and those below it.
    Node(usize),
}

/// The result of looking for the GUID of an entry in the object tree.
pub(super) enum ObjectLookup {
    At(Target),
    /// The GUID is not in the tree.
    Elsewhere,
    /// The question has no tree.
    NoTree,
}

/// The rights of a node that changed because of the nodes below it. A node is denied what any node below it is denied, and is granted what all
/// nodes directly below it are granted ([\[MS-ADTS\] 5.1.3.3.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-adts/3da5080d-de25-4ac8-9f2b-982709253dfb)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Propagated {
    pub(super) denied: AccessMask,
    pub(super) may_be_denied: AccessMask,
    pub(super) granted: AccessMask,
    pub(super) may_be_granted: AccessMask,
}

impl Propagated {
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            denied: self.denied.union(other.denied),
            may_be_denied: self.may_be_denied.union(other.may_be_denied),
            granted: self.granted.union(other.granted),
            may_be_granted: self.may_be_granted.union(other.may_be_granted),
        }
    }
}

/// The access states of one object: one state for the whole object, or one for each part that is asked about.
pub(super) trait AccessStates: Clone {
    fn find(&self, object: &Uuid) -> ObjectLookup;
    /// Whether any of these rights is open in any part of the target.
    fn is_open(&self, target: Target, bits: AccessMask) -> bool;
    /// Puts the open ones of these rights into a state. Returns those that changed in the part that is explained.
    fn apply(&mut self, target: Target, state: BitState, bits: AccessMask) -> AccessMask;
    /// Gives the nodes above `from` what follows from the nodes below them. Returns what changed in the part that is explained.
    fn propagate_up(&mut self, from: Target) -> Propagated;
    /// The states after two passes which must both grant.
    fn both(&self, other: &Self) -> Self;
    /// Whether the part that is explained is in the target.
    fn is_about_focus(&self, target: Target) -> bool;
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

    /// Puts the open ones of `bits` into a state, and returns them.
    pub(super) fn apply_bits(&mut self, state: BitState, bits: AccessMask) -> AccessMask {
        let touched = self.open.intersection(bits);
        match state {
            BitState::Granted | BitState::MayBeGranted => self.may_granted = self.may_granted.union(touched),
            BitState::Denied | BitState::MayBeDenied => self.may_denied = self.may_denied.union(touched),
        }
        if matches!(state, BitState::Granted | BitState::Denied) {
            self.open = self.open.difference(touched);
        }
        touched
    }

    /// The rights that are certainly granted.
    pub(super) fn granted(&self) -> AccessMask {
        self.may_granted.difference(self.may_denied).difference(self.open)
    }

    /// The rights that are granted, or may be.
    pub(super) fn may_be_granted(&self) -> AccessMask {
        self.may_granted
    }

    /// The rights that are certainly denied.
    pub(super) fn denied(&self) -> AccessMask {
        self.may_denied.difference(self.may_granted).difference(self.open)
    }

    /// The rights that are denied, or may be.
    pub(super) fn may_be_denied(&self) -> AccessMask {
        self.may_denied
    }

    /// Puts the open ones of `bits` into a state, and returns those that had not been in it.
    pub(super) fn newly(&mut self, state: BitState, bits: AccessMask) -> AccessMask {
        let before = match state {
            BitState::Granted | BitState::Denied => AccessMask::empty(),
            BitState::MayBeGranted => self.may_granted,
            BitState::MayBeDenied => self.may_denied,
        };
        self.apply_bits(state, bits).difference(before)
    }

    /// Whether every right is decided.
    fn is_full(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether a right that is explicitly asked for can't be granted any more.
    fn is_lost(&self) -> bool {
        let lost = self.request.wanted().difference(self.open).difference(self.may_granted);
        lost.intersects(self.request.explicit)
    }

    /// The rights granted at the end of the walk: not those that are open then. After two passes, the rights that both granted are granted.
    #[inline]
    pub(super) fn grants(&self, restricted: Option<&Self>) -> Grants {
        let of = |state: &Self| Grants {
            certain: state.granted(),
            possible: state.may_granted,
        };
        restricted.map_or(Grants::ALL, of).and(of(self))
    }

    /// The decision at the end of the walk.
    pub(super) fn decision(&self, restricted: Option<&Self>) -> Decision {
        self.request.decision_of(self.grants(restricted))
    }
}

/// A check without an object tree is about the whole object.
impl AccessStates for AccessState {
    fn find(&self, _: &Uuid) -> ObjectLookup {
        ObjectLookup::NoTree
    }

    fn is_open(&self, _: Target, bits: AccessMask) -> bool {
        self.open.intersects(bits)
    }

    fn apply(&mut self, _: Target, state: BitState, bits: AccessMask) -> AccessMask {
        self.apply_bits(state, bits)
    }

    fn propagate_up(&mut self, _: Target) -> Propagated {
        Propagated::default()
    }

    fn both(&self, other: &Self) -> Self {
        let granted = self.granted().intersection(other.granted());
        Self {
            request: self.request,
            open: self.open.union(other.open),
            may_granted: self.may_granted.intersection(other.may_granted),
            may_denied: granted.complement(),
        }
    }

    fn is_about_focus(&self, _: Target) -> bool {
        true
    }

    /// A request for the maximum is never settled before the end of the list.
    fn is_settled(&self) -> bool {
        !self.request.maximum && (self.is_full() || self.is_lost())
    }
}

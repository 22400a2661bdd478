//! The canonical order of a DACL ([MS-DTYP] 2.4.5): a check, and a sort that is never done unasked.

use super::Acl;
use crate::ace::{Ace, AceFlags, Effect};

/// Where an entry stands in canonical order. Entries of one place keep their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    ExplicitOther,
    ExplicitAllow,
    Inherited,
}

/// The first entry of a DACL that is not in canonical order; found by [`Acl::order_fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrderFault {
    /// The entry that comes too late, counted from 0.
    pub index: usize,
    /// The first entry that it should have come before; less than `index`.
    pub after: usize,
    /// Which rule is broken.
    pub reason: Misplaced,
}

/// Which rule of canonical order an entry breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Misplaced {
    /// An explicit entry that denies, or whose effect is not known, stands after an explicit one that allows.
    AfterAllow,
    /// An explicit entry stands after an inherited one.
    AfterInherited,
}

impl Place {
    fn of(ace: &Ace) -> Self {
        if ace.flags().contains(AceFlags::INHERITED) {
            return Self::Inherited;
        }
        match ace.ace_type().effect() {
            Effect::Allow => Self::ExplicitAllow,
            // What may be a deny stands with those that are; what belongs in a SACL decides nothing here.
            Effect::Deny | Effect::Unknown | Effect::Audit | Effect::Alarm | Effect::Label => Self::ExplicitOther,
        }
    }
}

impl Acl {
    /// The first entry that is not in canonical order, or `None` where all are ([MS-DTYP] 2.4.5).
    ///
    /// Meant for a DACL. Canonical is: explicit entries that deny, explicit entries that allow, inherited entries. Object
    /// and callback entries count by their effect. An explicit entry of an unknown type stands with those that deny,
    /// because it may be one; so does what belongs in a SACL and decides nothing here.
    ///
    /// Inherited entries may stand in any order among themselves: they come in groups, those of the parent first, then
    /// those of the grandparent, each with its denying entries first, and nothing in an entry says where a group ends.
    ///
    /// The stored order decides, canonical or not: a fault is a hint for people, never a reason to evaluate differently.
    #[must_use]
    #[doc(alias = "AreAclsCanonical")]
    pub fn order_fault(&self) -> Option<OrderFault> {
        let places = || self.aces().iter().map(Place::of).enumerate();
        let mut latest = Place::ExplicitOther;
        for (index, place) in places() {
            if place >= latest {
                latest = place;
                continue;
            }
            let reason = match latest {
                Place::Inherited => Misplaced::AfterInherited,
                Place::ExplicitAllow | Place::ExplicitOther => Misplaced::AfterAllow,
            };
            return places()
                .find(|&(_, earlier)| earlier == latest)
                .map(|(after, _)| OrderFault { index, after, reason });
        }
        None
    }

    /// Sorts the entries into canonical order, as [`order_fault`](Self::order_fault) describes it; within each of the three
    /// groups the order stays as it was.
    ///
    /// **Sorting can widen access.** An explicit entry that allows moves ahead of an inherited one that denies, and from
    /// then on wins over it. That is why nothing in this crate sorts a list unless told to.
    pub fn canonicalize(&mut self) {
        self.aces_mut().sort_by_key(Place::of);
    }

    /// The same list in canonical order. As with [`canonicalize`](Self::canonicalize), **sorting can widen access**.
    #[must_use]
    pub fn canonicalized(mut self) -> Self {
        self.canonicalize();
        self
    }
}

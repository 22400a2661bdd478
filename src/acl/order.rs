//! The canonical order of a DACL: a test for it, and a sort that runs only when it is asked for.

use super::Acl;
use crate::ace::{Ace, AceFlags, Effect};

/// The part of a list in canonical order that an entry belongs to. Entries of one part keep their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    ExplicitOther,
    ExplicitAllow,
    Inherited,
}

/// The first entry of a DACL that is not in canonical order. [`Acl::first_non_canonical`] finds it.
///
/// ```
/// use sddl_authz::{Acl, SecurityDescriptor, acl::CanonicalRule};
/// let descriptor: SecurityDescriptor = "D:(A;;FA;;;BA)(D;;FA;;;BG)".parse()?;
/// let found = descriptor.dacl.acl().and_then(Acl::first_non_canonical).expect("a deny entry after an allow entry");
/// assert_eq!((found.index, found.after), (1, 0));
/// assert_eq!(found.rule, CanonicalRule::DenyBeforeAllow);
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NonCanonical {
    /// The index of the entry that comes too late, counted from 0.
    pub index: usize,
    /// The index of the first entry that it should come before. It is less than `index`.
    pub after: usize,
    /// The rule that the entry breaks.
    pub rule: CanonicalRule,
}

/// A rule of canonical order ([\[MS-DTYP\] 2.4.5]).
///
/// [\[MS-DTYP\] 2.4.5]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/20233ed8-a6c6-4097-aafa-dd545ed24428
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CanonicalRule {
    /// Explicit entries that deny come before explicit entries that allow. An entry of an unknown type counts as one that denies.
    DenyBeforeAllow,
    /// Explicit entries come before inherited entries.
    ExplicitBeforeInherited,
}

impl Part {
    fn of(ace: &Ace) -> Self {
        if ace.flags().contains(AceFlags::INHERITED) {
            return Self::Inherited;
        }
        match ace.ace_type().effect() {
            Effect::Allow | Effect::ConditionalAllow => Self::ExplicitAllow,
            // An unknown entry may deny, so it goes with those that do. Entries that belong in a SACL decide nothing here.
            Effect::Deny
            | Effect::ConditionalDeny
            | Effect::Unknown
            | Effect::Audit
            | Effect::Alarm
            | Effect::Label => Self::ExplicitOther,
        }
    }
}

impl Acl {
    /// Whether all entries are in canonical order, as [`first_non_canonical`](Self::first_non_canonical) describes it.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, Sid};
    /// let deny = Ace::deny(Sid::ANONYMOUS, AccessMask::READ_CONTROL);
    /// let allow = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
    /// assert!(Acl::from([deny.clone(), allow.clone()]).is_canonical());
    /// assert!(!Acl::from([allow, deny]).is_canonical());
    /// ```
    #[must_use]
    #[doc(alias = "AreAclsCanonical")]
    pub fn is_canonical(&self) -> bool {
        self.first_non_canonical().is_none()
    }

    /// The first entry that is not in canonical order, or `None` if all entries are ([\[MS-DTYP\] 2.4.5]).
    ///
    /// This is meant for a DACL. The canonical order is: explicit entries that deny, explicit entries that allow, inherited
    /// entries. Object entries and callback entries count by their effect. An explicit entry of an unknown type may deny, so it
    /// belongs with those that do. An entry that belongs in a SACL decides nothing in a DACL and counts the same way.
    ///
    /// Inherited entries may be in any order among themselves. They come in groups: first those of the parent, then those of
    /// the grandparent, and each group has its denying entries first. No field of an entry says where a group ends.
    ///
    /// The check always evaluates entries in their stored order. A finding is a hint for people: Windows' editors write lists
    /// in canonical order, so a list that is not was written by something else.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, AceFlags, Sid, acl::CanonicalRule};
    /// let inherited = Ace::deny(Sid::ANONYMOUS, AccessMask::READ_CONTROL).with_flags(AceFlags::INHERITED);
    /// let explicit = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
    /// let found = Acl::from([inherited, explicit]).first_non_canonical();
    /// assert_eq!(found.map(|found| found.rule), Some(CanonicalRule::ExplicitBeforeInherited));
    /// ```
    ///
    /// [\[MS-DTYP\] 2.4.5]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/20233ed8-a6c6-4097-aafa-dd545ed24428
    #[must_use]
    pub fn first_non_canonical(&self) -> Option<NonCanonical> {
        let parts = || self.iter().map(Part::of).enumerate();
        let mut latest = Part::ExplicitOther;
        for (index, part) in parts() {
            if part >= latest {
                latest = part;
                continue;
            }
            let rule = match latest {
                Part::Inherited => CanonicalRule::ExplicitBeforeInherited,
                Part::ExplicitAllow | Part::ExplicitOther => CanonicalRule::DenyBeforeAllow,
            };
            return parts()
                .find(|&(_, earlier)| earlier == latest)
                .map(|(after, _)| NonCanonical { index, after, rule });
        }
        None
    }

    /// Sorts the entries into canonical order, as [`first_non_canonical`](Self::first_non_canonical) describes it. Within each of
    /// the three groups the order stays as it is.
    ///
    /// **Sorting can widen access.** An explicit entry that allows moves ahead of an inherited entry that denies, and from
    /// then on wins over it. This crate never sorts a list unless you call this method or [`canonicalized`](Self::canonicalized).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, Sid};
    /// let deny = Ace::deny(Sid::ANONYMOUS, AccessMask::READ_CONTROL);
    /// let allow = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
    /// let mut acl = Acl::from([allow.clone(), deny.clone()]);
    /// acl.canonicalize();
    /// assert_eq!(acl, Acl::from([deny, allow]));
    /// ```
    pub fn canonicalize(&mut self) {
        self.aces_mut().sort_by_key(Part::of);
    }

    /// This list in canonical order. **Sorting can widen access**: see [`canonicalize`](Self::canonicalize).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, Sid};
    /// let deny = Ace::deny(Sid::ANONYMOUS, AccessMask::READ_CONTROL);
    /// let allow = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
    /// assert!(Acl::from([allow, deny]).canonicalized().is_canonical());
    /// ```
    #[must_use]
    pub fn canonicalized(mut self) -> Self {
        self.canonicalize();
        self
    }
}

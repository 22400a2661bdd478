//! The descriptor of a new object, and inheriting anew ([MS-DTYP] 2.5.3.4).
//!
//! The pseudocode of that section contradicts its table of flags: it skips inherit-only entries and drops explicit ones. Windows
//! follows the table, and so does this module.

use super::{Control, Inheritance, SecurityDescriptor};
use crate::{
    ace::{Ace, AceFlags, AceType},
    acl::{Acl, AclState},
    claim::ClaimFlags,
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;

impl SecurityDescriptor {
    /// The descriptor of a new object, from the descriptor of its container and the one that its creator gives
    /// ([\[MS-DTYP\] 2.5.3.4][start]).
    ///
    /// The creator's entries come first, then those that are inherited, in the parent's order. Nothing is sorted.
    ///
    /// To propagate a change of a container to the objects in it, call this for each of them with its own descriptor as
    /// `creator` and with automatic inheritance: its explicit entries stay, its inherited entries are replaced.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid, descriptor::Inheritance};
    /// let folder: SecurityDescriptor = "D:(A;OICI;FR;;;BU)(A;OICIIO;GA;;;CO)".parse()?;
    /// let how = Inheritance::new(Sid::LOCAL_SYSTEM, Sid::LOCAL_SYSTEM).with_auto_inherit_dacl(true);
    /// let file = SecurityDescriptor::child(Some(&folder), None, &how);
    /// assert_eq!(file, "O:SYG:SYD:AI(A;ID;FR;;;BU)(A;ID;GA;;;SY)".parse()?);
    ///
    /// // The folder changes: propagate it.
    /// let folder: SecurityDescriptor = "D:(A;OICI;FA;;;BA)".parse()?;
    /// let file = SecurityDescriptor::child(Some(&folder), Some(&file), &how);
    /// assert_eq!(file, "O:SYG:SYD:AI(A;ID;FA;;;BA)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    ///
    /// # The lists
    /// - A list that the creator gives is used, without the entries that are marked as inherited (`ID`). With automatic
    ///   inheritance the parent's entries are appended.
    /// - A protected list (`P`) inherits nothing from the parent. It keeps all its entries, as explicit ones. Resource attributes
    ///   and scoped policies are inherited even so (win32, "SACL for a New Object"), into any SACL; into an unprotected one
    ///   without automatic inheritance: inferred.
    /// - A NULL list stays NULL; with automatic inheritance: inferred.
    /// - A list that the creator marks as defaulted is replaced by the parent's inheritable entries, if there are any (win32,
    ///   `SECURITY_DESCRIPTOR_CONTROL`), unless it is protected or automatic inheritance joins the two.
    /// - If the creator gives no list, the inherited entries are the list. If no entry is inherited either, the DACL is the
    ///   default one, and the SACL is absent. A DACL that is protected and absent is the default one too: inferred.
    ///
    /// # The entries
    /// An entry of the parent is *effective* on an object with `OI` and on a container with `CI`, unless it names a class that
    /// is not one of the child's. A container also *passes it on* to the objects below, unless the entry has `NP`; if it is not
    /// effective there, it gets `IO`. Where an entry is effective, its generic rights are mapped, and Creator Owner and Creator
    /// Group become the child's owner and group. If that changes an entry that is also passed on, the child has two entries:
    /// the changed one, which is not inherited further, and after it the original one with `IO`. Owner Rights and Principal Self
    /// are never replaced. The class that an entry names is kept. Only automatic inheritance marks entries with `ID`.
    ///
    /// The entries of the creator and of the default DACL are treated in the same way (2.5.3.4.7), but they are effective unless
    /// they have `IO`. (Public tests of Windows' `SeAssignSecurity` see Creator Owner stay in explicit entries without automatic
    /// inheritance.) On an object that is not a container they lose their inheritance flags, and those with `IO`, which could
    /// have no effect, are left out: inferred.
    ///
    /// Opaque entries follow their flags too, but a Creator Owner in their bytes is not replaced.
    ///
    /// # The rest
    /// The result has an owner and a group. It has `P` if the creator gives it, `AI` for each list with automatic inheritance
    /// that is not protected, and no other control bits. This function does not check whether the creator may set this owner or
    /// a SACL. The lists may have grown too long for the binary form.
    ///
    /// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
    #[must_use]
    #[doc(alias = "CreatePrivateObjectSecurityEx")]
    #[doc(alias = "SeAssignSecurityEx")]
    pub fn child(parent: Option<&Self>, creator: Option<&Self>, how: &Inheritance) -> Self {
        let owner = creator.and_then(|creator| creator.owner).unwrap_or(how.default_owner);
        let group = creator.and_then(|creator| creator.group).unwrap_or(how.default_group);
        let child = |auto| Child {
            how,
            owner,
            group,
            auto,
        };
        let (dacl, dacl_control) = List::DACL.of_child(
            &child(how.auto_inherit_dacl),
            parent,
            creator,
            how.default_dacl.as_ref(),
        );
        let (sacl, sacl_control) = List::SACL.of_child(&child(how.auto_inherit_sacl), parent, creator, None);
        Self {
            owner: Some(owner),
            group: Some(group),
            dacl,
            sacl,
            ..Self::default()
        }
        .with_control(dacl_control.union(sacl_control))
    }
}

/// One of the two lists of a descriptor.
struct List {
    state: fn(&SecurityDescriptor) -> &AclState,
    protected: Control,
    defaulted: Control,
    auto_inherited: Control,
    /// Whether resource attributes and scoped policies are inherited even if the list is protected.
    has_always_inherited: bool,
}

impl List {
    const DACL: Self = Self {
        state: |descriptor| &descriptor.dacl,
        protected: Control::DACL_PROTECTED,
        defaulted: Control::DACL_DEFAULTED,
        auto_inherited: Control::DACL_AUTO_INHERITED,
        has_always_inherited: false,
    };
    const SACL: Self = Self {
        state: |descriptor| &descriptor.sacl,
        protected: Control::SACL_PROTECTED,
        defaulted: Control::SACL_DEFAULTED,
        auto_inherited: Control::SACL_AUTO_INHERITED,
        has_always_inherited: true,
    };

    /// The child's list, and its control bits. `default` is the list if there is no other.
    fn of_child(
        &self,
        child: &Child<'_>,
        parent: Option<&SecurityDescriptor>,
        creator: Option<&SecurityDescriptor>,
        default: Option<&Acl>,
    ) -> (AclState, Control) {
        let control = creator.map_or(Control::empty(), SecurityDescriptor::control);
        let protected = control.contains(self.protected);
        let defaulted = control.contains(self.defaulted);
        let creator = creator.map_or(ABSENT, self.state);
        let open = !protected
            && match creator {
                AclState::Absent => true,
                AclState::Null => defaulted,
                AclState::Present(_) => child.auto || defaulted,
            };
        let inherited = parent
            .map_or(ABSENT, self.state)
            .aces()
            .iter()
            .filter(|ace| is_inheritable(ace))
            .filter(|ace| open || (self.has_always_inherited && is_always_inherited(ace)))
            .flat_map(|ace| child.inherited(ace))
            .collect::<Vec<_>>();
        let replaced = open && !child.auto && !inherited.is_empty();
        let list = match creator {
            AclState::Absent if inherited.is_empty() => match default {
                Some(acl) => AclState::Present(acl.iter().flat_map(|ace| child.explicit(ace)).collect()),
                None => AclState::Absent,
            },
            AclState::Null if inherited.is_empty() => AclState::Null,
            AclState::Absent | AclState::Null => AclState::Present(inherited.into()),
            AclState::Present(_) if replaced => AclState::Present(inherited.into()),
            AclState::Present(acl) => {
                let explicit = acl
                    .iter()
                    .filter(|ace| protected || !ace.flags().contains(AceFlags::INHERITED))
                    .flat_map(|ace| child.explicit(ace));
                AclState::Present(explicit.chain(inherited).collect())
            }
        };
        let bits = if protected {
            self.protected
        } else if child.auto {
            self.auto_inherited
        } else {
            Control::empty()
        };
        (list, bits)
    }
}

/// The new object, for one of its two lists. `auto` says whether this list inherits automatically.
struct Child<'a> {
    how: &'a Inheritance,
    owner: Sid,
    group: Sid,
    auto: bool,
}

const ABSENT: &AclState = &AclState::Absent;

/// The flags that make an entry inheritable.
const INHERITABLE: AceFlags = AceFlags::OBJECT_INHERIT.union(AceFlags::CONTAINER_INHERIT);

impl Child<'_> {
    /// The child's entries for an inheritable entry of the parent: none, one, or two.
    fn inherited(&self, ace: &Ace) -> impl Iterator<Item = Ace> + use<> {
        let flags = ace.flags();
        let for_this_kind = if self.how.container {
            AceFlags::CONTAINER_INHERIT
        } else {
            AceFlags::OBJECT_INHERIT
        };
        let effective = flags.contains(for_this_kind) && self.is_of_class(ace);
        let passed_on = self.how.container && !flags.contains(AceFlags::NO_PROPAGATE);

        let mark = if self.auto {
            AceFlags::INHERITED
        } else {
            AceFlags::empty()
        };
        let bare = flags.difference(AceFlags::INHERITANCE.union(AceFlags::INHERITED)) | mark;
        let below = bare | flags.intersection(INHERITABLE);
        self.split(ace, effective, bare, passed_on.then_some(below))
    }

    /// The child's entries for an entry that the creator gives: none, one, or two.
    fn explicit(&self, ace: &Ace) -> impl Iterator<Item = Ace> + use<> {
        let flags = ace.flags().difference(AceFlags::INHERITED);
        let effective = !flags.contains(AceFlags::INHERIT_ONLY);
        let bare = flags.difference(AceFlags::INHERITANCE);
        // An inherit-only entry that nothing inherits has no effect. A container keeps it as it is.
        let passed_on = self.how.container && (flags.intersects(INHERITABLE) || !effective);
        self.split(ace, effective, bare, passed_on.then_some(flags))
    }

    /// The entry that is effective here, with the flags `bare`, and the one that is passed on, with the flags `below`. One entry
    /// does both if they differ in their flags alone.
    fn split(
        &self,
        ace: &Ace,
        effective: bool,
        bare: AceFlags,
        below: Option<AceFlags>,
    ) -> impl Iterator<Item = Ace> + use<> {
        let resolved = self.resolved(ace);
        let (here, on) = match (effective, below) {
            (true, Some(below)) if resolved == *ace => (Some(resolved.with_flags(below)), None),
            (true, below) => (Some(resolved.with_flags(bare)), below),
            (false, below) => (None, below),
        };
        let on = on.map(|below| ace.clone().with_flags(below | AceFlags::INHERIT_ONLY));
        here.into_iter().chain(on)
    }

    /// The entry with its generic rights mapped, and with the child's owner and group for Creator Owner and Creator Group.
    fn resolved(&self, ace: &Ace) -> Ace {
        let mapping = self.how.mapping.as_ref();
        let mut resolved = ace.clone();
        if let Some(mapping) = mapping.filter(|_| ace.mask().intersects(AccessMask::GENERIC)) {
            resolved = resolved.with_mask(mapping.map(ace.mask()));
        }
        match ace.trustee() {
            Some(&Sid::CREATOR_OWNER) => resolved.with_trustee(self.owner),
            Some(&Sid::CREATOR_GROUP) => resolved.with_trustee(self.group),
            Some(_) | None => resolved,
        }
    }

    fn is_of_class(&self, ace: &Ace) -> bool {
        match &ace.objects().inherited {
            Some(class) => self.how.classes.contains(class),
            None => true,
        }
    }
}

/// Whether the entry is inheritable: its flags say so, and the claim of a resource attribute does not forbid it.
fn is_inheritable(ace: &Ace) -> bool {
    let forbidden = ace
        .claim()
        .is_some_and(|claim| claim.flags().contains(ClaimFlags::NON_INHERITABLE));
    ace.flags().intersects(INHERITABLE) && !forbidden
}

/// Whether even a protected SACL inherits the entry.
fn is_always_inherited(ace: &Ace) -> bool {
    matches!(ace.ace_type(), AceType::ResourceAttribute | AceType::ScopedPolicy)
}

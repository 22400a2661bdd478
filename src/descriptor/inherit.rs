//! What a new object inherits ([MS-DTYP] 2.5.3.4).
//!
//! The pseudocode there contradicts the table of flags beside it (it passes inherit-only entries over and drops explicit
//! ones); the table is what Windows does, and what is done here.

use super::{Control, SecurityDescriptor};
use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData},
    acl::{Acl, AclState},
    claim::ClaimFlags,
    mask::{AccessMask, GenericMapping},
    sid::Sid,
};
use alloc::vec::Vec;
use uuid::Uuid;

/// What [`SecurityDescriptor::child`] has to know of a new object and of its creator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inheritance {
    /// Whether the new object is a container: a directory, a key, any object of a directory service.
    pub container: bool,
    /// The classes of the new object, the structural one and all auxiliary ones: an entry that names the class of its
    /// heirs is effective on no other object. Empty where objects have no classes.
    pub classes: Vec<Uuid>,
    /// The DACL takes part in automatic inheritance: the parent's entries join an explicit one too, and are marked as
    /// inherited.
    #[doc(alias = "SEF_DACL_AUTO_INHERIT")]
    pub auto_inherit_dacl: bool,
    /// The SACL takes part in automatic inheritance.
    #[doc(alias = "SEF_SACL_AUTO_INHERIT")]
    pub auto_inherit_sacl: bool,
    /// The owner, unless the creator's descriptor has one; Windows takes it from the creator's token.
    pub default_owner: Sid,
    /// The group, unless the creator's descriptor has one; Windows takes it from the creator's token.
    pub default_group: Sid,
    /// The DACL where neither the creator's descriptor nor the parent gives one; Windows takes it from the creator's token.
    ///
    /// **Without it such an object has no DACL, and everybody is granted everything.**
    pub default_dacl: Option<Acl>,
    /// What generic rights mean for the new object. Without it they stay as they are.
    pub mapping: Option<GenericMapping>,
}

impl Inheritance {
    /// For a leaf without classes, without automatic inheritance, default DACL or mapping.
    #[must_use]
    pub const fn new(default_owner: Sid, default_group: Sid) -> Self {
        Self {
            container: false,
            classes: Vec::new(),
            auto_inherit_dacl: false,
            auto_inherit_sacl: false,
            default_owner,
            default_group,
            default_dacl: None,
            mapping: None,
        }
    }
}

impl SecurityDescriptor {
    /// The descriptor of a new object, from that of its container and the one its creator gives ([MS-DTYP] 2.5.3.4).
    ///
    /// The creator's entries come first, then what the parent hands down, in the parent's order; nothing is sorted.
    ///
    /// # The lists
    /// - A list the creator gives is used, without the entries that are marked as inherited. With automatic inheritance
    ///   the parent's entries join it.
    /// - A protected list (`P`) gets nothing from the parent and keeps all its entries, as explicit ones. Resource
    ///   attributes and scoped policies come down even so (win32, "SACL for a New Object"), into any SACL; into an
    ///   unprotected one without automatic inheritance: inferred.
    /// - A NULL list stays NULL; with automatic inheritance: inferred.
    /// - A list that the creator marks as defaulted gives way to what the parent hands down (win32,
    ///   `SECURITY_DESCRIPTOR_CONTROL`), unless it is protected, or automatic inheritance joins the two.
    /// - Where the creator gives none, what the parent hands down is the list. Where nothing comes down to this kind of
    ///   object either, a DACL is the default one, and a SACL is absent. A DACL that is protected and absent is the
    ///   default one too: inferred.
    ///
    /// # The entries
    /// A parent's entry is *effective* on a leaf with `OI` and on a container with `CI`, if it names no class of heirs or
    /// one of the child's. On a container it is also *handed on* below, unless `NP` says otherwise, and if it is not
    /// effective there gets `IO`. Where an entry is effective, its generic rights are mapped, and Creator Owner and
    /// Creator Group become the child's owner and group. If that changes an entry that is handed on too, there are two:
    /// the changed one, inherited no further, and behind it the original with `IO`. Owner Rights and Principal Self are never
    /// replaced; the class of heirs is kept. Only automatic inheritance marks entries with `ID`.
    ///
    /// The entries of the creator and of the default DACL are treated alike (2.5.3.4.7), but are effective unless they are
    /// `IO`. (Public tests of Windows' `SeAssignSecurity` see Creator Owner stay in explicit entries without automatic
    /// inheritance.) On a leaf they lose their inheritance flags, and those with `IO`, which could have no effect, are
    /// left out: inferred.
    ///
    /// Entries that are left unread follow their flags too, but a Creator Owner in their bytes is not seen.
    ///
    /// # The rest
    /// The result has an owner and a group; `P` as the creator has it; `AI` for each list that automatic inheritance is
    /// asked for and that is not protected; and no other control bits. Nothing here checks whether the creator may set
    /// this owner or a SACL, and the lists may have grown too long for the binary form.
    #[must_use]
    #[doc(alias = "CreatePrivateObjectSecurityEx")]
    #[doc(alias = "SeAssignSecurityEx")]
    pub fn child(parent: Option<&Self>, creator: Option<&Self>, how: &Inheritance) -> Self {
        let owner = creator.and_then(|creator| creator.owner).unwrap_or(how.default_owner);
        let group = creator.and_then(|creator| creator.group).unwrap_or(how.default_group);
        let heir = |auto| Heir {
            how,
            owner,
            group,
            auto,
        };
        let (dacl, dacl_control) =
            List::DACL.of_child(&heir(how.auto_inherit_dacl), parent, creator, how.default_dacl.as_ref());
        let (sacl, sacl_control) = List::SACL.of_child(&heir(how.auto_inherit_sacl), parent, creator, None);
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
    /// Whether resource attributes and scoped policies come down whatever the creator says.
    has_unstoppable: bool,
}

impl List {
    const DACL: Self = Self {
        state: |descriptor| &descriptor.dacl,
        protected: Control::DACL_PROTECTED,
        defaulted: Control::DACL_DEFAULTED,
        auto_inherited: Control::DACL_AUTO_INHERITED,
        has_unstoppable: false,
    };
    const SACL: Self = Self {
        state: |descriptor| &descriptor.sacl,
        protected: Control::SACL_PROTECTED,
        defaulted: Control::SACL_DEFAULTED,
        auto_inherited: Control::SACL_AUTO_INHERITED,
        has_unstoppable: true,
    };

    /// The child's list, and its control bits.
    fn of_child(
        &self,
        heir: &Heir<'_>,
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
                AclState::Present(_) => heir.auto || defaulted,
            };
        let handed_down = entries(parent.map_or(ABSENT, self.state))
            .filter(|ace| is_inheritable(ace))
            .filter(|ace| open || (self.has_unstoppable && is_unstoppable(ace)))
            .flat_map(|ace| heir.inherited(ace))
            .collect::<Vec<_>>();
        let gives_way = open && !heir.auto && !handed_down.is_empty();
        let list = match creator {
            AclState::Absent if handed_down.is_empty() => match default {
                Some(acl) => AclState::Present(acl.aces().iter().flat_map(|ace| heir.explicit(ace)).collect()),
                None => AclState::Absent,
            },
            AclState::Null if handed_down.is_empty() => AclState::Null,
            AclState::Absent | AclState::Null => AclState::Present(handed_down.into()),
            AclState::Present(_) if gives_way => AclState::Present(handed_down.into()),
            AclState::Present(acl) => {
                let explicit = acl
                    .aces()
                    .iter()
                    .filter(|ace| protected || !ace.flags().contains(AceFlags::INHERITED))
                    .flat_map(|ace| heir.explicit(ace));
                AclState::Present(explicit.chain(handed_down).collect())
            }
        };
        let bits = if protected {
            self.protected
        } else if heir.auto {
            self.auto_inherited
        } else {
            Control::empty()
        };
        (list, bits)
    }
}

/// The new object, as one of its lists sees it.
struct Heir<'a> {
    how: &'a Inheritance,
    owner: Sid,
    group: Sid,
    auto: bool,
}

const ABSENT: &AclState = &AclState::Absent;

/// The flags that hand an entry down.
const HEREDITARY: AceFlags = AceFlags::OBJECT_INHERIT.union(AceFlags::CONTAINER_INHERIT);

impl Heir<'_> {
    /// What becomes of an inheritable entry of the parent: nothing, one entry, or two.
    fn inherited(&self, ace: &Ace) -> impl Iterator<Item = Ace> + use<> {
        let flags = ace.flags();
        let for_this_kind = if self.how.container {
            AceFlags::CONTAINER_INHERIT
        } else {
            AceFlags::OBJECT_INHERIT
        };
        let effective = flags.contains(for_this_kind) && self.is_of_class(ace);
        let handed_on = self.how.container && !flags.contains(AceFlags::NO_PROPAGATE);

        let mark = if self.auto {
            AceFlags::INHERITED
        } else {
            AceFlags::empty()
        };
        let bare = flags.difference(AceFlags::INHERITANCE.union(AceFlags::INHERITED)) | mark;
        let below = bare | flags.intersection(HEREDITARY);
        self.split(ace, effective, bare, handed_on.then_some(below))
    }

    /// What becomes of an entry that the creator gave.
    fn explicit(&self, ace: &Ace) -> impl Iterator<Item = Ace> + use<> {
        let flags = ace.flags().difference(AceFlags::INHERITED);
        let effective = !flags.contains(AceFlags::INHERIT_ONLY);
        let bare = flags.difference(AceFlags::INHERITANCE);
        // An inherit-only entry that nothing inherits has no effect either way: a container keeps it as it came.
        let handed_on = self.how.container && (flags.intersects(HEREDITARY) || !effective);
        self.split(ace, effective, bare, handed_on.then_some(flags))
    }

    /// The entry as it is effective here, with the flags `bare`, and as it is handed on, with the flags `below`: one entry
    /// if they are the same but for the flags.
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

    /// The entry with its generic rights and creator SIDs replaced by what they mean here.
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

/// Whether anything inherits the entry: its flags say so, and the claim of a resource attribute does not forbid it.
fn is_inheritable(ace: &Ace) -> bool {
    let forbidden = match ace.data() {
        ApplicationData::Claim(claim) => claim.flags().contains(ClaimFlags::NON_INHERITABLE),
        ApplicationData::None | ApplicationData::Condition(_) | ApplicationData::Opaque(_) => false,
    };
    ace.flags().intersects(HEREDITARY) && !forbidden
}

/// Whether a protected SACL gets the entry all the same.
fn is_unstoppable(ace: &Ace) -> bool {
    matches!(ace.ace_type(), AceType::ResourceAttribute | AceType::ScopedPolicy)
}

fn entries(state: &AclState) -> impl Iterator<Item = &Ace> {
    state.acl().into_iter().flat_map(Acl::aces)
}

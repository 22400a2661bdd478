//! The questions that the tests put: settings, shapes of entries, and the descriptors and callers made of them.

mod condition;
mod entry;

pub use condition::{Data, verdict};
pub use entry::{Kind, Shape};

use crate::{
    AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, Claim, IntegrityLevel, SecurityDescriptor, Sid,
    caller::{AppContainer, Privileges},
    check::Options,
    claim::ClaimFlags,
};
use uuid::Uuid;

/// The account or group that an entry is for, by what the question says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The user of the caller.
    User,
    /// A group of the caller.
    Held,
    /// A group of the caller that counts in entries that deny only.
    DenyOnly,
    /// A group that the caller is known not to be in.
    Stranger,
    /// A group of which it is not known whether the caller is in it.
    Doubtful(u32),
    OwnerRights,
    CreatorOwner,
    CreatorGroup,
    PrincipalSelf,
    /// The package of the app container.
    Package,
    /// The group of all app containers.
    AllPackages,
    /// The group of all app containers, those of low privilege included.
    AllRestrictedPackages,
    /// A capability of the app container.
    Capability,
    /// A capability in the form of a group, of which it is not known whether the caller is in it too.
    GroupCapability,
    /// A capability that the app container does not have.
    OtherCapability,
}

impl Who {
    pub fn sid(self) -> Sid {
        let account = |id| Sid::new(5, &[21, 1, 2, 3, id]);
        let sid = match self {
            Self::User => account(1),
            Self::Held => account(2),
            Self::DenyOnly => account(3),
            Self::Stranger => account(4),
            Self::Doubtful(number) => account(100 + number),
            Self::OwnerRights => Ok(Sid::OWNER_RIGHTS),
            Self::CreatorOwner => Ok(Sid::CREATOR_OWNER),
            Self::CreatorGroup => Ok(Sid::CREATOR_GROUP),
            Self::PrincipalSelf => Ok(Sid::PRINCIPAL_SELF),
            Self::Package => Sid::new(15, &[2, 1, 2, 3, 4, 5, 6, 7]),
            Self::AllPackages => Sid::new(15, &[2, 1]),
            Self::AllRestrictedPackages => Sid::new(15, &[2, 2]),
            Self::Capability => Sid::new(15, &[3, 1]),
            Self::GroupCapability => Sid::new(5, &[32, 1, 2, 3, 4, 5, 6, 7, 8]),
            Self::OtherCapability => Sid::new(15, &[3, 2]),
        };
        sid.unwrap()
    }
}

/// The DACL of the object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dacl {
    #[default]
    Present,
    Null,
    Absent,
}

/// The mandatory label of the object. Its policy is a mask.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// `None` if its SID is not an integrity level.
    pub level: Option<u32>,
    pub policy: AccessMask,
    pub inherit_only: bool,
}

/// An entry of the SACL that a check may have to respect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemEntry {
    pub ace_type: AceType,
    pub inherit_only: bool,
}

/// Everything in a question but the masks and the entries of the DACL.
#[derive(Clone, Debug)]
pub struct Setting {
    pub owner: Option<Who>,
    pub has_group: bool,
    pub user_deny_only: bool,
    /// Whether all groups of the caller are known: then it is in no group that is doubtful otherwise.
    pub groups_known: bool,
    /// The restricting SIDs, and whether they restrict writing alone.
    pub restricting: Option<(Vec<Who>, bool)>,
    /// Whether the caller is in an app container, and whether that has low privilege.
    pub container: Option<bool>,
    pub privileges: Privileges,
    pub integrity: u32,
    pub no_write_up: bool,
    pub labels: Vec<Label>,
    pub system: Vec<SystemEntry>,
    pub dacl: Dacl,
    pub principal: Option<Who>,
    pub options: Options,
    /// The unknown masks have no generic rights.
    pub specific: bool,
}

impl Default for Setting {
    /// An object that nobody owns, and a caller of medium integrity.
    fn default() -> Self {
        Self {
            owner: None,
            has_group: false,
            user_deny_only: false,
            groups_known: false,
            restricting: None,
            container: None,
            privileges: Privileges::empty(),
            integrity: 0x2000,
            no_write_up: true,
            labels: Vec::new(),
            system: Vec::new(),
            dacl: Dacl::Present,
            principal: None,
            options: Options::default(),
            specific: false,
        }
    }
}

impl Setting {
    /// The unknown mask of this number: number 0 is asked for, the others are those of the entries, in their order.
    pub fn unknown(&self, number: usize) -> AccessMask {
        let mask = AccessMask::unknown(number);
        if self.specific {
            mask.difference(AccessMask::GENERIC)
        } else {
            mask
        }
    }

    pub fn acl(&self, shapes: &[Shape]) -> Acl {
        shapes
            .iter()
            .zip(1..)
            .map(|(shape, number)| shape.ace(self.unknown(number)))
            .collect()
    }

    pub fn descriptor(&self, shapes: &[Shape]) -> SecurityDescriptor {
        let mut descriptor = SecurityDescriptor::default();
        descriptor.owner = self.owner.map(Who::sid);
        descriptor.group = self.has_group.then_some(Sid::EVERYONE);
        descriptor.dacl = match self.dacl {
            Dacl::Present => AclState::Present(self.acl(shapes)),
            Dacl::Null => AclState::Null,
            Dacl::Absent => AclState::Absent,
        };
        // Two attributes of one name, so that nobody knows its value, and one attribute that is 1.
        let attribute = |name: &str, value| Ace::resource_attribute(Claim::int(name, value).unwrap());
        let attributes = [attribute("twice", 1), attribute("one", 1), attribute("twice", 2)];
        let labels = self.labels.iter().map(Label::ace);
        let system = self.system.iter().map(SystemEntry::ace);
        descriptor.sacl = AclState::Present(attributes.into_iter().chain(labels).chain(system).collect());
        descriptor
    }

    pub fn caller(&self) -> Caller {
        let deny_only = Claim::int("denies", 1).unwrap().with_flags(ClaimFlags::DENY_ONLY);
        let mut caller = Caller::bare(Who::User.sid())
            .and_then(|caller| caller.with_groups([Who::Held.sid()]))
            .and_then(|caller| caller.with_deny_only_groups([Who::DenyOnly.sid()]))
            .and_then(|caller| caller.with_user_deny_only(self.user_deny_only))
            .and_then(|caller| caller.with_user_claims([Claim::int("one", 1).unwrap(), deny_only]))
            .unwrap()
            .with_ruled_out_groups([Who::Stranger.sid()])
            .with_ruled_out_user_claims(["absent".to_owned()])
            .with_incomplete_claims()
            .with_privileges(self.privileges);
        if !self.groups_known {
            caller = caller.with_incomplete_groups();
        }
        caller = caller.with_integrity(IntegrityLevel::try_from(level_sid(self.integrity)).unwrap());
        if !self.no_write_up {
            caller = caller.without_mandatory_policy();
        }
        if let Some((whom, writes_only)) = &self.restricting {
            let sids = whom.iter().map(|who| who.sid());
            caller = if *writes_only {
                caller.with_write_restricting_sids(sids)
            } else {
                caller.with_restricting_sids(sids)
            };
        }
        if let Some(low_privilege) = self.container {
            let container = AppContainer::new(Who::Package.sid())
                .and_then(|container| container.with_capability(Who::Capability.sid()))
                .and_then(|container| container.with_capability(Who::GroupCapability.sid()))
                .unwrap();
            caller = caller.with_app_container(container.with_low_privilege(low_privilege));
        }
        caller
    }

    pub fn options(&self) -> Options {
        match self.principal {
            Some(who) => self.options.with_principal_self(who.sid()),
            None => self.options,
        }
    }
}

fn level_sid(level: u32) -> Sid {
    Sid::new(16, &[level]).unwrap()
}

impl Label {
    fn ace(&self) -> Ace {
        let flags = if self.inherit_only {
            AceFlags::INHERIT_ONLY
        } else {
            AceFlags::empty()
        };
        let trustee = self.level.map_or(Sid::EVERYONE, level_sid);
        entry::ace_of(AceType::MandatoryLabel, flags, self.policy, trustee)
    }
}

impl SystemEntry {
    fn ace(&self) -> Ace {
        let flags = if self.inherit_only {
            AceFlags::INHERIT_ONLY
        } else {
            AceFlags::empty()
        };
        match self.ace_type {
            AceType::Unknown(_) => Ace::opaque(self.ace_type, flags, vec![0; 8]).unwrap(),
            _ => entry::ace_of(self.ace_type, flags, AccessMask::empty(), POLICY),
        }
    }
}

/// The SID of a central policy.
pub const POLICY: Sid = Sid::from_parts_const(17, [1]);

/// The GUID of the property of this number.
pub const fn property(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

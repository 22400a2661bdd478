//! The questions that the tests put: settings, shapes of entries, and the descriptors and callers made of them.

mod condition;
mod entry;
mod policy;

pub use condition::{Data, verdict};
pub use entry::{Audit, Kind, Shape};
pub use policy::{Policy, Rule};

use crate::{
    AccessCheck, AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, Claim, IntegrityLevel, SecurityDescriptor,
    Sid,
    caller::{AppContainer, Privileges},
    check::{ObjectTree, Options, Unprotected},
    claim::{ClaimFlags, ClaimValues},
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
    /// A capability in the form of a group, which the caller has as a group, too.
    HeldCapability,
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
            Self::HeldCapability => Sid::new(5, &[32, 1, 2, 3, 4, 5, 6, 7, 9]),
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
    /// The parts of the object that the question is about, each with its level; `None` if the question is about the object as a whole.
    pub tree: Option<Vec<(u16, u128)>>,
    /// The rights that are asked for; `None` if they are an unknown mask.
    pub asked: Option<u32>,
    /// The rights that the unknown masks can have.
    pub within: u32,
    /// The number of an unknown mask that can have all rights.
    pub unlimited: Option<usize>,
    /// Entries of the SACL that ask to record the decision.
    pub audits: Vec<Audit>,
    pub policy: Option<Policy>,
}

/// All rights but the generic ones.
pub const SPECIFIC: u32 = 0x0fff_ffff;

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
            tree: None,
            asked: None,
            within: u32::MAX,
            unlimited: None,
            audits: Vec::new(),
            policy: None,
        }
    }
}

impl Setting {
    /// The unknown mask of this number: number 0 is asked for, the others are those of the entries, in their order.
    pub fn unknown(&self, number: usize) -> AccessMask {
        let within = if self.unlimited == Some(number) {
            u32::MAX
        } else {
            self.within
        };
        AccessMask::unknown(number).intersection(AccessMask::from_bits_retain(within))
    }

    /// The mask of the entry with this shape and this number.
    pub fn mask(&self, shape: Shape, number: usize) -> AccessMask {
        shape
            .mask
            .map_or_else(|| self.unknown(number), AccessMask::from_bits_retain)
    }

    pub fn desired(&self) -> AccessMask {
        self.asked.map_or(self.unknown(0), AccessMask::from_bits_retain)
    }

    pub fn tree(&self) -> Option<ObjectTree> {
        let nodes = self.tree.as_ref()?.iter();
        Some(ObjectTree::new(nodes.map(|&(level, number)| (level, property(number)))).unwrap())
    }

    /// Entries with the unknown masks from this number on.
    pub fn acl(&self, shapes: &[Shape], first: usize) -> Acl {
        shapes
            .iter()
            .zip(first..)
            .map(|(shape, number)| shape.ace(self.mask(*shape, number)))
            .collect()
    }

    pub fn descriptor(&self, shapes: &[Shape]) -> SecurityDescriptor {
        self.descriptor_from(shapes, 1)
    }

    /// The descriptor with these entries, which have the unknown masks from `first` on.
    pub fn descriptor_from(&self, shapes: &[Shape], first: usize) -> SecurityDescriptor {
        let mut descriptor = SecurityDescriptor::default();
        descriptor.owner = self.owner.map(Who::sid);
        descriptor.group = self.has_group.then_some(Sid::EVERYONE);
        descriptor.dacl = match self.dacl {
            Dacl::Present => AclState::Present(self.acl(shapes, first)),
            Dacl::Null => AclState::Null,
            Dacl::Absent => AclState::Absent,
        };
        let labels = self.labels.iter().map(Label::ace);
        let system = self.system.iter().map(SystemEntry::ace);
        // Of several entries that name a policy, the first counts that is not only to be inherited.
        let policy = self.policy.iter().flat_map(|_| {
            let names = [
                (AceFlags::INHERIT_ONLY, 3),
                (AceFlags::empty(), 1),
                (AceFlags::empty(), 2),
            ];
            names.map(|(flags, number)| {
                entry::ace_of(AceType::ScopedPolicy, flags, AccessMask::empty(), policy_sid(number))
            })
        });
        let audits = self.audits.iter().zip(shapes.len() + first..);
        let audits = audits.map(|(audit, number)| audit.ace(self.unknown(number)));
        descriptor.sacl = AclState::Present(
            attributes()
                .chain(labels)
                .chain(system)
                .chain(policy)
                .chain(audits)
                .collect(),
        );
        descriptor
    }

    pub fn caller(&self) -> Caller {
        let deny_only = Claim::int("denies", 1).unwrap().with_flags(ClaimFlags::DENY_ONLY);
        let disabled = Claim::int("disabled", 1).unwrap().with_flags(ClaimFlags::DISABLED);
        let mut caller = Caller::bare(Who::User.sid())
            .and_then(|caller| caller.with_groups([Who::Held.sid(), Who::HeldCapability.sid()]))
            .and_then(|caller| caller.with_deny_only_groups([Who::DenyOnly.sid()]))
            .and_then(|caller| caller.with_user_deny_only(self.user_deny_only))
            .and_then(|caller| caller.with_user_claims([Claim::int("one", 1).unwrap(), deny_only, disabled]))
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
                .and_then(|container| container.with_capability(Who::HeldCapability.sid()))
                .unwrap();
            caller = caller.with_app_container(container.with_low_privilege(low_privilege));
        }
        caller
    }

    /// The question, put together by its methods.
    pub fn question<'a>(&self, caller: &'a Caller) -> AccessCheck<'a> {
        let Options {
            mapping,
            skip_unknown_types,
            skip_system_policies,
            require_owner,
            require_group,
            ..
        } = self.options;
        let mut question = AccessCheck::new(caller, self.desired());
        if let Some(mapping) = mapping {
            question = question.mapping(mapping);
        }
        if let Some(who) = self.principal {
            question = question.principal_self(who.sid());
        }
        let refuses = self.options.unprotected == Unprotected::Refuse;
        let steps: [(bool, Step<'a>); 8] = [
            (refuses, AccessCheck::refuse_unprotected),
            (skip_unknown_types, AccessCheck::skip_unknown_types),
            (skip_system_policies, AccessCheck::skip_system_policies),
            (require_owner && require_group, AccessCheck::require_owner_and_group),
            (require_owner && !require_group, AccessCheck::require_owner),
            (require_group && !require_owner, AccessCheck::require_group),
            (self.options.backup_intent, AccessCheck::backup_intent),
            (self.options.restore_intent, AccessCheck::restore_intent),
        ];
        steps
            .into_iter()
            .filter(|step| step.0)
            .fold(question, |question, (_, step)| step(question))
    }

    /// Whether the question is one that [`check`](crate::check()) can put.
    pub fn is_plain(&self) -> bool {
        self.options.mapping.is_none() && self.principal.is_none() && self.options == Options::default()
    }
}

/// A method that changes a question.
type Step<'a> = fn(AccessCheck<'a>) -> AccessCheck<'a>;

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
            _ => entry::ace_of(self.ace_type, flags, AccessMask::empty(), policy_sid(1)),
        }
    }
}

/// The SID of the central policy of this number. The object names number 1.
pub const fn policy_sid(number: u32) -> Sid {
    Sid::from_parts_const(17, [number])
}

/// The attributes of the object. `twice` is there twice, so nobody knows its value; so it is with `same`, which has a value twice. An
/// attribute counts though its entry is only to be inherited.
fn attributes() -> impl Iterator<Item = Ace> {
    let one = |name: &str| Claim::int(name, 1).unwrap();
    let same = Claim::new("same", ClaimFlags::empty(), ClaimValues::Int(vec![1, 1])).unwrap();
    let claims = [
        one("twice"),
        one("one"),
        one("disabled").with_flags(ClaimFlags::DISABLED),
        one("denies").with_flags(ClaimFlags::DENY_ONLY),
        same,
        one("twice"),
    ];
    claims
        .into_iter()
        .map(|claim| Ace::resource_attribute(claim).with_flags(AceFlags::INHERIT_ONLY))
}

/// The GUID of the property of this number.
pub const fn property(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

//! Callers and descriptors out of bytes, over a universe so small that they meet: few SIDs, few masks, every type of entry.

use arbitrary::{Result, Unstructured};
use sddl_authz::{
    AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, Condition, GenericMapping, SecurityDescriptor, Sid,
    ace::{AceParts, ApplicationData, Layout, ObjectTypes},
    caller::{AppContainer, IntegrityLevel, Privileges},
    check::{ObjectTree, Options, Unprotected},
    claim::{Claim, ClaimFlags, ClaimValues},
    condition::AttributeClass,
};
use std::sync::OnceLock;
use uuid::Uuid;

/// A question for the check.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) descriptor: SecurityDescriptor,
    pub(crate) caller: Caller,
    pub(crate) desired: AccessMask,
    pub(crate) options: Options,
    pub(crate) unknown: UnknownFacts,
}

/// Which facts about the caller of a case are unknown.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnknownFacts {
    pub(crate) groups: bool,
    pub(crate) claims: bool,
    /// Groups that the user is known not to be in.
    pub(crate) ruled_out_groups: Vec<Sid>,
    /// Claims that are known to be absent.
    pub(crate) ruled_out_claims: Vec<(AttributeClass, &'static str)>,
}

const MASKS: [u32; 16] = [
    0x1,
    0x2,
    0x3,
    0x4_0000,
    0x6_0000,
    0x7,
    0x2_0001,
    0,
    0x8_0000,
    0x12_0089,
    0x1f_01ff,
    0x8000_0000,
    0x4000_0001,
    0x1000_0000,
    0x0300_0000,
    0xffff_ffff,
];

const DESIRED: [u32; 20] = [
    0x0100_0000,
    0x8_0000,
    0x0208_0001,
    0x0220_0001,
    0x1,
    0x3,
    0x2,
    0x6_0000,
    0x4_0001,
    0x0200_0000,
    0x0200_0001,
    0x0204_0000,
    0x2_0000,
    0x7,
    0x0020_0001,
    0x8000_0000,
    0x1200_0000,
    0x0100_0001,
    0x2001,
    0,
];

impl Case {
    /// The case that `bytes` stand for. All bytes stand for one.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self::arbitrary(&mut Unstructured::new(bytes)).unwrap_or_else(|_| Self {
            descriptor: SecurityDescriptor::default(),
            caller: Caller::anonymous(),
            desired: AccessMask::empty(),
            options: Options::default(),
            unknown: UnknownFacts::default(),
        })
    }

    pub(crate) fn arbitrary(u: &mut Unstructured<'_>) -> Result<Self> {
        let desired = AccessMask::from_bits_retain(*u.choose(&DESIRED)?);
        let (caller, principal_self, unknown) = caller(u)?;
        let mut options = options(u)?;
        options.principal_self = principal_self;
        let descriptor = descriptor(u)?;
        // Without bytes, the first choice is taken.
        if !u.ratio(3, 4)? {
            options.unprotected = Unprotected::Refuse;
        }
        Ok(Self {
            descriptor,
            caller,
            desired,
            options,
            unknown,
        })
    }
}

/// The accounts and groups of the universe.
pub(crate) fn accounts() -> Vec<Sid> {
    let domain = |relative_id| Sid::new(5, &[21, 1, 2, 3, relative_id]);
    [1001, 2001, 2002]
        .into_iter()
        .filter_map(|id| domain(id).ok())
        .chain([Sid::EVERYONE])
        .collect()
}

/// The container of the universe.
pub(crate) fn container(u: &mut Unstructured<'_>) -> Result<AppContainer> {
    let wrong = |_| arbitrary::Error::IncorrectFormat;
    let [package, capability, _] = container_sids();
    let mut container = AppContainer::new(package).map_err(wrong)?;
    if u.arbitrary()? {
        container = container.with_capability(capability).map_err(wrong)?;
    }
    Ok(container.with_low_privilege(u.ratio(1, 3)?))
}

/// A package, a capability that may be a group too, and All Application Packages.
pub(crate) fn container_sids() -> [Sid; 3] {
    let of = |authority, numbers: &[u32]| Sid::new(authority, numbers).unwrap_or(Sid::NOBODY);
    [
        of(15, &[2, 11, 12, 13, 14, 15, 16, 17]),
        of(5, &[32, 1, 2, 3, 4, 5, 6, 7, 8]),
        of(15, &[2, 1]),
    ]
}

/// The trustee of an entry: a SID of a container now and then.
fn trustee(u: &mut Unstructured<'_>) -> Result<Sid> {
    if u.ratio(4, 5)? {
        sid(u)
    } else {
        Ok(*u.choose(&container_sids())?)
    }
}

/// Any SID of the universe: an account or group, mostly, or one that stands for somebody else.
fn sid(u: &mut Unstructured<'_>) -> Result<Sid> {
    let stand_ins = [
        Sid::OWNER_RIGHTS,
        Sid::PRINCIPAL_SELF,
        Sid::CREATOR_OWNER,
        Sid::CREATOR_GROUP,
    ];
    let choices: Vec<Sid> = accounts().into_iter().cycle().take(8).chain(stand_ins).collect();
    Ok(*u.choose(&choices)?)
}

pub(crate) fn mask(u: &mut Unstructured<'_>) -> Result<AccessMask> {
    Ok(AccessMask::from_bits_retain(*u.choose(&MASKS)?))
}

/// Conditions over the claims `a` and `b`, true or false of them and of groups, and unknown where they are absent.
pub(crate) const CONDITIONS: [&str; 14] = [
    "@User.a == 1",
    "@User.a == 0",
    "@User.a == 1 && @Device.b == 1",
    "@User.a == 1 || @User.b == 1",
    "!(@User.a == 1)",
    "@Device.b",
    "@Resource.a == @User.a",
    "Exists @Resource.a",
    "Not_Exists @Resource.b",
    "local == 1",
    "Member_of {SID(S-1-5-21-1-2-3-2001)}",
    "Not_Member_of {SID(S-1-5-21-1-2-3-2001)}",
    "Device_Member_of {SID(S-1-5-21-1-2-3-2002)} || @User.b == 0",
    "Member_of_Any {SID(S-1-5-21-1-2-3-2002), SID(WD)} && @User.a",
];

pub(crate) fn condition(u: &mut Unstructured<'_>) -> Result<Condition> {
    // Read once: fuzzing asks for them often.
    static READ: OnceLock<Vec<Condition>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let conditions = CONDITIONS.iter().map(|text| format!("({text})").parse());
        conditions.collect::<Result<_, _>>().unwrap_or_default()
    });
    u.choose(read).cloned()
}

fn claim(name: &str, flags: ClaimFlags, value: i64) -> Result<Claim> {
    Claim::new(name, flags, ClaimValues::Int(vec![value])).map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn claims(u: &mut Unstructured<'_>) -> Result<Vec<Claim>> {
    let mut claims = Vec::new();
    for name in ["a", "b"] {
        if u.ratio(2, 3)? {
            let flags = [
                ClaimFlags::empty(),
                ClaimFlags::empty(),
                ClaimFlags::DENY_ONLY,
                ClaimFlags::DISABLED,
            ];
            claims.push(claim(name, *u.choose(&flags)?, u.int_in_range(0..=1)?)?);
        }
    }
    Ok(claims)
}

/// The parts of an object: a class, a set of two properties, and a property apart.
pub(crate) fn tree(u: &mut Unstructured<'_>) -> Result<ObjectTree> {
    let shapes: [&[u16]; 4] = [&[0], &[0, 1, 1], &[0, 1, 2, 2, 1], &[0, 1, 2, 3]];
    let first = u.int_in_range(1..=2)?;
    let nodes = u.choose(&shapes)?.iter().zip(first..);
    ObjectTree::new(nodes.map(|(&level, guid)| (level, Uuid::from_u128(guid))))
        .map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn options(u: &mut Unstructured<'_>) -> Result<Options> {
    let mut options = Options::default();
    if u.ratio(1, 2)? {
        options.mapping = Some(*u.choose(&[GenericMapping::FILE, GenericMapping::FILE, GenericMapping::DIRECTORY])?);
    }
    options.skip_unknown_types = u.ratio(1, 4)?;
    options.require_owner = u.ratio(1, 8)?;
    options.require_group = u.ratio(1, 8)?;
    options.skip_system_policies = u.ratio(1, 2)?;
    options.backup_intent = u.ratio(1, 4)?;
    options.restore_intent = u.ratio(1, 4)?;
    Ok(options)
}

/// A caller, the principal that the object represents, and what is unknown about the caller.
fn caller(u: &mut Unstructured<'_>) -> Result<(Caller, Option<Sid>, UnknownFacts)> {
    let mut unknown = UnknownFacts::default();
    let user = accounts().into_iter().next().unwrap_or(Sid::ANONYMOUS);
    let user = if u.ratio(1, 8)? { Sid::ANONYMOUS } else { user };
    let mut caller = Caller::bare(user).map_err(|_| arbitrary::Error::IncorrectFormat)?;
    for _ in 0..u.int_in_range(0..=3)? {
        let group = [sid(u)?];
        let joined = if u.ratio(1, 4)? {
            caller.clone().with_deny_only_groups(group)
        } else {
            caller.clone().with_groups(group)
        };
        // A SID is not enabled and deny-only at once.
        caller = joined.unwrap_or(caller);
    }
    if u.ratio(1, 3)? {
        caller = caller.with_incomplete_groups();
        unknown.groups = true;
        if u.ratio(1, 4)? {
            unknown.ruled_out_groups.push(sid(u)?);
            caller = caller.with_ruled_out_groups(unknown.ruled_out_groups.clone());
        }
    }
    let principal_self = if u.ratio(1, 2)? { Some(sid(u)?) } else { None };
    if u.ratio(1, 4)? {
        caller = caller.with_privileges(Privileges::from_bits_truncate(u.arbitrary()?));
    }
    if u.ratio(1, 4)? {
        let levels = [IntegrityLevel::LOW, IntegrityLevel::MEDIUM, IntegrityLevel::HIGH];
        caller = caller.with_integrity(*u.choose(&levels)?);
        if !u.ratio(7, 8)? {
            caller = caller.without_mandatory_policy();
        }
    }
    if u.ratio(1, 5)? {
        let sids = [sid(u)?, sid(u)?];
        caller = if u.arbitrary()? {
            caller.with_restricting_sids(sids)
        } else {
            caller.with_write_restricting_sids(sids)
        };
    }
    if !u.ratio(4, 5)? {
        caller = caller.with_app_container(container(u)?);
    }
    if u.ratio(1, 2)? {
        caller = caller
            .with_user_claims(claims(u)?)
            .and_then(|caller| caller.with_device_claims(claims(u).unwrap_or_default()))
            .and_then(|caller| caller.with_device_groups([sid(u).unwrap_or(Sid::EVERYONE)]))
            .map_err(|_| arbitrary::Error::IncorrectFormat)?;
    }
    if u.ratio(1, 4)? {
        caller = caller.with_incomplete_claims();
        unknown.claims = true;
        if u.ratio(1, 4)? {
            caller = caller.with_ruled_out_user_claims(["a".into()]);
            unknown.ruled_out_claims.push((AttributeClass::User, "a"));
        }
    }
    Ok((caller, principal_self, unknown))
}

fn descriptor(u: &mut Unstructured<'_>) -> Result<SecurityDescriptor> {
    let mut descriptor = SecurityDescriptor::default();
    descriptor.owner = if u.ratio(3, 4)? { Some(sid(u)?) } else { None };
    descriptor.group = if u.ratio(7, 8)? { Some(sid(u)?) } else { None };
    descriptor.dacl = match u.int_in_range(0..=15)? {
        0 => AclState::Absent,
        1 => AclState::Null,
        _ => {
            let count = u.int_in_range(0..=5)?;
            AclState::Present((0..count).map(|_| any_entry(u)).collect::<Result<Acl>>()?)
        }
    };
    if u.ratio(1, 2)? {
        descriptor.sacl = AclState::Present(sacl(u)?);
    }
    Ok(descriptor)
}

/// Labels, resource attributes, and sometimes what is not evaluated.
fn sacl(u: &mut Unstructured<'_>) -> Result<Acl> {
    let count = u.int_in_range(0..=3)?;
    let entry = |u: &mut Unstructured<'_>| {
        let flags = if u.ratio(1, 6)? {
            AceFlags::INHERIT_ONLY
        } else {
            AceFlags::empty()
        };
        let label = |rid| Sid::new(16, &[rid]).unwrap_or(Sid::NOBODY);
        let (ace_type, trustee, mask, data) = match u.int_in_range(0..=11)? {
            0 => return any_entry(u),
            1..=5 => {
                let trustee = *u.choose(&[label(0x1000), label(0x2000), label(0x3000), Sid::EVERYONE])?;
                (
                    AceType::MandatoryLabel,
                    trustee,
                    u.int_in_range(0..=7)?,
                    ApplicationData::None,
                )
            }
            _ => {
                let flags = if u.ratio(1, 6)? {
                    ClaimFlags::DENY_ONLY
                } else {
                    ClaimFlags::empty()
                };
                let claim = claim(u.choose(&["a", "a", "b"])?, flags, u.int_in_range(0..=1)?)?;
                (
                    AceType::ResourceAttribute,
                    Sid::EVERYONE,
                    0,
                    ApplicationData::Claim(claim.into()),
                )
            }
        };
        let parts = AceParts {
            ace_type,
            flags,
            mask: AccessMask::from_bits_retain(mask),
            trustee,
            objects: ObjectTypes::default(),
            data,
        };
        Ace::from_parts(parts).map_err(|_| arbitrary::Error::IncorrectFormat)
    };
    (0..count).map(|_| entry(u)).collect()
}

/// Mostly plain and conditional entries, so that most of a list does something.
fn any_entry(u: &mut Unstructured<'_>) -> Result<Ace> {
    match u.int_in_range(0..=7)? {
        0..=3 => entry(u, &[AceType::Allow, AceType::Deny]),
        4..=5 => entry(
            u,
            &[
                AceType::CallbackAllow,
                AceType::CallbackDeny,
                AceType::CallbackObjectAllow,
            ],
        ),
        6 => entry(u, &[AceType::ObjectAllow, AceType::ObjectDeny]),
        _ => entry(u, &every_type()),
    }
}

/// Every known type, and the first and the last unknown one.
fn every_type() -> Vec<AceType> {
    let unknown = [0x16, 0xff].map(AceType::from_code);
    AceType::KNOWN.iter().copied().chain(unknown).collect()
}

/// An entry of one of these types.
pub(crate) fn entry(u: &mut Unstructured<'_>, types: &[AceType]) -> Result<Ace> {
    let ace_type = *u.choose(types)?;
    let flags = if u.ratio(1, 6)? {
        AceFlags::INHERIT_ONLY | AceFlags::CONTAINER_INHERIT
    } else {
        AceFlags::from_bits_retain(u.arbitrary()?).difference(AceFlags::INHERIT_ONLY)
    };
    let layout = ace_type.layout();
    let made = if layout == Layout::Opaque {
        Ace::opaque(ace_type, flags, vec![0; 4])
    } else {
        let mut objects = ObjectTypes::default();
        if layout.has_objects() {
            if u.arbitrary()? {
                objects.object = Some(Uuid::from_u128(u.int_in_range(1..=5)?));
            }
            objects.inherited = u.arbitrary::<bool>()?.then(|| Uuid::from_u128(2));
        }
        let data = if layout.has_callback_data() && u.ratio(7, 8)? {
            match u.int_in_range(0..=7)? {
                0 => ApplicationData::Opaque([1, 2, 3, 4].into()),
                _ => ApplicationData::Condition(condition(u)?),
            }
        } else if layout == Layout::Condition {
            ApplicationData::Condition(condition(u)?)
        } else if layout == Layout::Claim {
            let claim = Claim::new("a", ClaimFlags::empty(), ClaimValues::Int(vec![1]));
            ApplicationData::Claim(claim.map_err(|_| arbitrary::Error::IncorrectFormat)?.into())
        } else {
            ApplicationData::None
        };
        Ace::from_parts(AceParts {
            ace_type,
            flags,
            mask: mask(u)?,
            trustee: trustee(u)?,
            objects,
            data,
        })
    };
    made.map_err(|_| arbitrary::Error::IncorrectFormat)
}

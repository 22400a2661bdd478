//! Rule 2: what grants and denies rights in a pass, in order.
//!
//! 1. Privileges grant rights that nothing takes away: SeSecurityPrivilege grants ACCESS_SYSTEM_SECURITY; SeTakeOwnershipPrivilege grants
//!    WRITE_OWNER if that is asked for by name; with the intent, and for files alone, SeBackupPrivilege grants what reading needs and
//!    SeRestorePrivilege what writing needs.
//! 2. Integrity denies all rights that it does not leave.
//! 3. In the second pass of a write-restricted caller, the rights are granted that reading and executing need and writing does not.
//!    Without a mapping there are none.
//! 4. Without a DACL, everything that is asked for is granted.
//! 5. The owner is granted READ_CONTROL and WRITE_DAC, unless an entry for OWNER RIGHTS replaces that, or one of unknown type, which may
//!    be such an entry. A restricted caller is the owner only if the owner is also one of its restricting SIDs.
//! 6. An entry grants or denies its rights if it is for an account of this pass and its condition lets it apply. OWNER RIGHTS represents
//!    the owner, PRINCIPAL_SELF the principal of the question; CREATOR OWNER and CREATOR GROUP represent nobody.
//! 7. An entry that is only to be inherited has no effect; neither has one that belongs in a SACL, nor a compound entry.
//! 8. An entry of unknown type denies everything, unless the options skip it.
//! 9. A condition that is false has no effect. If it is unknown, a Deny applies and an Allow does not; so it is with data that is no
//!    condition, and with a GUID in a question without a tree. In a question with a tree, a GUID that is not in it has no effect.
//! 10. A deny-only group counts in entries that deny.
//! 11. An Allow of a generic right without a mapping grants that right to nobody; a Deny of one denies everything.
//! 12. In the pass for the app container only Allow entries have an effect, and neither privileges, nor ownership, nor a missing DACL. The
//!     entry must be for a SID of the container that is not one of the user or its groups, and it never grants ACCESS_SYSTEM_SECURITY.

use super::{
    Request,
    integrity::limit,
    rights::{
        ACCESS_SYSTEM_SECURITY, EVERY, GENERIC, GENERIC_ALL, GENERIC_EXECUTE, GENERIC_READ, GENERIC_WRITE,
        READ_CONTROL, SYNCHRONIZE, WRITE_DAC, WRITE_OWNER, and, has, less, map, meaning, or, rights,
    },
};
use crate::{
    GenericMapping,
    caller::Privileges,
    explorer::{Tables, is_some},
    setting::{Dacl, Data, Kind, Setting, Shape, Who, verdict},
};

/// A rule or entry that grants or denies some rights.
#[derive(Clone, Copy)]
pub struct Effect {
    pub allows: bool,
    /// Whether it depends on an unknown fact that it happens.
    pub doubtful: bool,
    pub rights: Tables,
    /// Whether it comes from an entry of the DACL.
    pub is_entry: bool,
    /// The index of that entry.
    pub number: Option<usize>,
    /// The part of the object that it is about; `None` if it is about the whole object.
    pub part: Option<u128>,
}

/// A pass over the DACL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    Caller,
    Restricting,
    Container,
}

impl Pass {
    pub fn of(setting: &Setting) -> Vec<Self> {
        let restricting = setting.restricting.as_ref().map(|_| Self::Restricting);
        let container = setting.container.map(|_| Self::Container);
        [Some(Self::Caller), restricting, container]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Whether an entry for some account applies to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    Yes,
    Doubtful,
    No,
}

impl Applies {
    const fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Doubtful,
        }
    }
}

const fn certain(allows: bool, rights: Tables) -> Effect {
    Effect {
        allows,
        doubtful: false,
        rights,
        is_entry: false,
        number: None,
        part: None,
    }
}

/// The effects, in order. The entries have the unknown masks from `first` on.
pub fn effects(setting: &Setting, shapes: &[Shape], first: usize, request: &Request, pass: Pass) -> Vec<Effect> {
    let entries = shapes.iter().zip(first..).filter_map(|(shape, number)| {
        let (rights, applies) = entry(setting, *shape, setting.mask(*shape, number).tables(), pass)?;
        let doubtful = applies == Applies::Doubtful;
        Some(Effect {
            allows: shape.kind == Kind::Allow,
            doubtful,
            rights,
            is_entry: true,
            number: Some(number - first),
            part: setting.tree.as_ref().and(shape.property),
        })
    });
    if pass == Pass::Container {
        return if setting.dacl == Dacl::Present {
            entries.collect()
        } else {
            Vec::new()
        };
    }
    let mut effects = vec![certain(true, privileged(setting, request))];
    effects.extend(limit(setting).map(|left| certain(false, less(&rights(EVERY), &left))));
    if pass == Pass::Restricting {
        effects.push(certain(true, exempt(setting)));
    }
    if setting.dacl != Dacl::Present {
        effects.push(certain(true, unprotected(setting, request)));
        return effects;
    }
    match owns(setting, shapes) {
        Applies::No => {}
        owns => effects.push(Effect {
            doubtful: owns == Applies::Doubtful,
            ..certain(true, rights(READ_CONTROL | WRITE_DAC))
        }),
    }
    effects.extend(entries);
    effects
}

/// Rule 1.
pub fn privileged(setting: &Setting, request: &Request) -> Tables {
    let is_file = is_mapping_of_files(setting.options.mapping.as_ref());
    let take_ownership = and(&request.explicit, &rights(WRITE_OWNER));
    let rows = [
        (Privileges::SECURITY, true, rights(ACCESS_SYSTEM_SECURITY)),
        (Privileges::TAKE_OWNERSHIP, true, take_ownership),
        // READ_CONTROL, ACCESS_SYSTEM_SECURITY, FILE_GENERIC_READ, FILE_TRAVERSE.
        (
            Privileges::BACKUP,
            setting.options.backup_intent && is_file,
            rights(0x0112_00a9),
        ),
        // WRITE_DAC, WRITE_OWNER, ACCESS_SYSTEM_SECURITY, FILE_GENERIC_WRITE, FILE_ADD_FILE, FILE_ADD_SUBDIRECTORY, DELETE.
        (
            Privileges::RESTORE,
            setting.options.restore_intent && is_file,
            rights(0x011f_0116),
        ),
    ];
    let held = rows.iter().filter(|row| row.1 && setting.privileges.contains(row.0));
    held.fold(rights(0), |all, row| or(&all, &row.2))
}

fn is_mapping_of_files(mapping: Option<&GenericMapping>) -> bool {
    mapping.is_some_and(|mapping| {
        let pairs = [
            (mapping.read, 0x0012_0089),
            (mapping.write, 0x0012_0116),
            (mapping.execute, 0x0012_00a0),
            (mapping.all, 0x001f_01ff),
        ];
        pairs.iter().all(|(mask, bits)| {
            let (mask, bits) = (mask.tables(), rights(*bits));
            !is_some(&or(&less(mask, &bits), &less(&bits, mask)))
        })
    })
}

/// Rule 3.
fn exempt(setting: &Setting) -> Tables {
    match (&setting.restricting, &setting.options.mapping) {
        (Some((_, true)), mapping @ Some(_)) => {
            let [read, write, execute] =
                [GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE].map(|generic| meaning(generic, mapping.as_ref()));
            less(&or(&read, &execute), &less(&write, &rights(READ_CONTROL | SYNCHRONIZE)))
        }
        _ => rights(0),
    }
}

/// Rule 4. The maximum is what GENERIC_ALL means; without a mapping, all specific and standard rights.
fn unprotected(setting: &Setting, request: &Request) -> Tables {
    let mapping = setting.options.mapping.as_ref();
    let everything = if mapping.is_some() {
        meaning(GENERIC_ALL, mapping)
    } else {
        rights(0x001f_ffff)
    };
    if request.maximum {
        or(&everything, &request.explicit)
    } else {
        request.explicit
    }
}

/// Rule 5.
fn owns(setting: &Setting, shapes: &[Shape]) -> Applies {
    let replaces = |shape: &&Shape| {
        let unknown = shape.kind == Kind::Unknown && !setting.options.skip_unknown_types;
        let for_owner = shape.who == Who::OwnerRights && !matches!(shape.kind, Kind::Compound | Kind::Unknown);
        !shape.inherit_only && (unknown || for_owner)
    };
    match setting.owner {
        Some(owner) if !shapes.iter().any(|shape| replaces(&shape)) => {
            let restricted = setting.restricting.is_some();
            let also = if restricted {
                is_for(setting, owner, Pass::Restricting, false)
            } else {
                Applies::Yes
            };
            is_for(setting, owner, Pass::Caller, false).and(also)
        }
        _ => Applies::No,
    }
}

/// Whether an entry for this account is for the SIDs of a pass (rules 6, 10 and 12).
pub fn is_for(setting: &Setting, who: Who, pass: Pass, denies: bool) -> Applies {
    let of_caller = match who {
        Who::User => Applies::of(denies || !setting.user_deny_only),
        Who::Held | Who::HeldCapability => Applies::Yes,
        Who::DenyOnly => Applies::of(denies),
        Who::Doubtful(_) | Who::GroupCapability if !setting.groups_known => Applies::Doubtful,
        _ => Applies::No,
    };
    match pass {
        Pass::Caller => of_caller,
        Pass::Restricting => Applies::of(
            setting
                .restricting
                .as_ref()
                .is_some_and(|(whom, _)| whom.contains(&who)),
        ),
        Pass::Container => {
            let holds = match who {
                Who::Package
                | Who::AllRestrictedPackages
                | Who::Capability
                | Who::GroupCapability
                | Who::HeldCapability => true,
                Who::AllPackages => setting.container == Some(false),
                _ => false,
            };
            match of_caller {
                Applies::Yes => Applies::No,
                Applies::No => Applies::of(holds),
                Applies::Doubtful => Applies::Doubtful.and(Applies::of(holds)),
            }
        }
    }
}

/// Whether the application data lets an entry apply (rule 9).
fn data_applies(setting: &Setting, data: Data, denies: bool) -> Applies {
    match verdict(data, denies, setting.groups_known) {
        None => Applies::of(denies || data == Data::None),
        Some(verdict) => {
            let (applies, does_not) = if denies {
                (verdict.can_be_true || verdict.can_be_unknown, verdict.can_be_false)
            } else {
                (verdict.can_be_true, verdict.can_be_false || verdict.can_be_unknown)
            };
            match (applies, does_not) {
                (true, true) => Applies::Doubtful,
                (yes, _) => Applies::of(yes),
            }
        }
    }
}

/// The rights that an entry grants or denies, and whether it does. `None` if it has no effect.
fn entry(setting: &Setting, shape: Shape, mask: &Tables, pass: Pass) -> Option<(Tables, Applies)> {
    let denies = shape.kind != Kind::Allow;
    let without_effect = match shape.kind {
        Kind::Audit | Kind::Compound => true,
        Kind::Unknown => setting.options.skip_unknown_types,
        Kind::Allow | Kind::Deny => false,
    };
    if shape.inherit_only || without_effect || denies && pass == Pass::Container {
        return None;
    }
    if shape.kind == Kind::Unknown {
        return Some((rights(EVERY), Applies::Yes));
    }
    let meant = match shape.who {
        Who::CreatorOwner | Who::CreatorGroup => None,
        Who::OwnerRights => setting.owner,
        Who::PrincipalSelf => setting.principal,
        who => Some(who),
    }?;
    let place = Applies::of(match (shape.property, &setting.tree) {
        (None, _) => true,
        (Some(_), None) => denies,
        (Some(part), Some(tree)) => tree.iter().any(|node| node.1 == part),
    });
    let applies = is_for(setting, meant, pass, denies)
        .and(data_applies(setting, shape.data, denies))
        .and(place);
    if applies == Applies::No {
        return None;
    }
    let mapping = setting.options.mapping.as_ref();
    let mut bits = if denies && mapping.is_none() && has(mask, GENERIC) {
        rights(EVERY)
    } else {
        map(mask, mapping)
    };
    if pass == Pass::Container {
        bits = less(&bits, &rights(ACCESS_SYSTEM_SECURITY));
    }
    Some((bits, applies))
}

//! Entries of a DACL without their masks.

use super::{Data, Who, property};
use crate::{
    AccessMask, Ace, AceFlags, AceType, Sid,
    ace::{AceParts, ApplicationData, ObjectTypes},
};

const INHERITABLE: AceFlags = AceFlags::OBJECT_INHERIT
    .union(AceFlags::CONTAINER_INHERIT)
    .union(AceFlags::NO_PROPAGATE)
    .union(AceFlags::INHERITED);

/// The kinds of entries that a check distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Allow,
    Deny,
    /// An entry that belongs in a SACL.
    Audit,
    /// The reserved compound entry.
    Compound,
    /// An entry of a type that nobody knows.
    Unknown,
}

/// An entry without its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub kind: Kind,
    pub who: Who,
    /// The property that it is about; `None` if it is about the whole object.
    pub property: Option<u128>,
    pub data: Data,
    pub inherit_only: bool,
    /// Whether it has all flags about inheritance but the one that it is only to be inherited, and a class that inherits it.
    pub inheritable: bool,
    /// Its mask; `None` if it is an unknown one.
    pub mask: Option<u32>,
}

impl Shape {
    pub const fn plain(kind: Kind, who: Who) -> Self {
        Self {
            kind,
            who,
            property: None,
            data: Data::None,
            inherit_only: false,
            inheritable: false,
            mask: None,
        }
    }

    pub const fn allow(who: Who) -> Self {
        Self::plain(Kind::Allow, who)
    }

    pub const fn deny(who: Who) -> Self {
        Self::plain(Kind::Deny, who)
    }

    pub const fn with_data(self, data: Data) -> Self {
        Self { data, ..self }
    }

    pub const fn with_property(self, number: u128) -> Self {
        Self {
            property: Some(number),
            ..self
        }
    }

    pub const fn inheritable(self) -> Self {
        Self {
            inheritable: true,
            ..self
        }
    }

    pub const fn with_mask(self, mask: u32) -> Self {
        Self {
            mask: Some(mask),
            ..self
        }
    }

    pub const fn inherit_only(self) -> Self {
        Self {
            inherit_only: true,
            ..self
        }
    }

    pub fn ace(self, mask: AccessMask) -> Ace {
        let mut flags = AceFlags::empty();
        flags.set(AceFlags::INHERIT_ONLY, self.inherit_only);
        flags.set(INHERITABLE, self.inheritable);
        let opaque = |ace_type| Ace::opaque(ace_type, flags, vec![0; 8]).unwrap();
        let pick = |allow, deny| if self.kind == Kind::Allow { allow } else { deny };
        let ace_type = match (self.kind, self.property.is_some() || self.inheritable, self.data) {
            (Kind::Compound, ..) => return opaque(AceType::CompoundAllow),
            (Kind::Unknown, ..) => return opaque(AceType::from_code(0x40)),
            (Kind::Audit, false, Data::None) => AceType::Audit,
            (Kind::Audit, true, Data::None) => AceType::ObjectAudit,
            (Kind::Audit, false, _) => AceType::CallbackAudit,
            (Kind::Audit, true, _) => AceType::CallbackObjectAudit,
            (_, false, Data::None) => pick(AceType::Allow, AceType::Deny),
            (_, true, Data::None) => pick(AceType::ObjectAllow, AceType::ObjectDeny),
            (_, false, _) => pick(AceType::CallbackAllow, AceType::CallbackDeny),
            (_, true, _) => pick(AceType::CallbackObjectAllow, AceType::CallbackObjectDeny),
        };
        let objects = ObjectTypes {
            object: self.property.map(property),
            inherited: self.inheritable.then_some(property(8)),
        };
        let data = self.data.application_data();
        let parts = AceParts {
            ace_type,
            flags,
            mask,
            trustee: self.who.sid(),
            objects,
            data,
        };
        Ace::from_parts(parts).unwrap()
    }
}

/// An entry of the SACL that asks to record decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audit {
    pub shape: Shape,
    /// Whether it asks to record accesses that were allowed.
    pub successes: bool,
    /// Whether it asks to record accesses that were refused.
    pub failures: bool,
}

impl Audit {
    pub fn ace(self, mask: AccessMask) -> Ace {
        let ace = self.shape.ace(mask);
        let mut flags = ace.flags();
        flags.set(AceFlags::SUCCESSFUL_ACCESS, self.successes);
        flags.set(AceFlags::FAILED_ACCESS, self.failures);
        ace.with_flags(flags)
    }
}

/// An entry without GUIDs and application data.
pub fn ace_of(ace_type: AceType, flags: AceFlags, mask: AccessMask, trustee: Sid) -> Ace {
    let (objects, data) = (ObjectTypes::default(), ApplicationData::None);
    Ace::from_parts(AceParts {
        ace_type,
        flags,
        mask,
        trustee,
        objects,
        data,
    })
    .unwrap()
}

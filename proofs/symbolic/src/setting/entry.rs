//! Entries of a DACL without their masks.

use super::{Data, Who, property};
use crate::{
    AccessMask, Ace, AceFlags, AceType, Sid,
    ace::{AceParts, ApplicationData, ObjectTypes},
};

/// What a check tells apart among the types of entries.
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
}

impl Shape {
    pub const fn plain(kind: Kind, who: Who) -> Self {
        Self {
            kind,
            who,
            property: None,
            data: Data::None,
            inherit_only: false,
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

    pub const fn inherit_only(self) -> Self {
        Self {
            inherit_only: true,
            ..self
        }
    }

    pub fn ace(self, mask: AccessMask) -> Ace {
        let flags = if self.inherit_only {
            AceFlags::INHERIT_ONLY
        } else {
            AceFlags::empty()
        };
        let opaque = |ace_type| Ace::opaque(ace_type, flags, vec![0; 8]).unwrap();
        let pick = |allow, deny| if self.kind == Kind::Allow { allow } else { deny };
        let ace_type = match (self.kind, self.property.is_some(), self.data) {
            (Kind::Compound, ..) => return opaque(AceType::CompoundAllow),
            (Kind::Unknown, ..) => return opaque(AceType::from_code(0x40)),
            (Kind::Audit, ..) => AceType::Audit,
            (_, false, Data::None) => pick(AceType::Allow, AceType::Deny),
            (_, true, Data::None) => pick(AceType::ObjectAllow, AceType::ObjectDeny),
            (_, false, _) => pick(AceType::CallbackAllow, AceType::CallbackDeny),
            (_, true, _) => pick(AceType::CallbackObjectAllow, AceType::CallbackObjectDeny),
        };
        let objects = ObjectTypes {
            object: self.property.map(property),
            ..ObjectTypes::default()
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

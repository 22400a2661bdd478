use crate::{
    condition::{AttributeClass, compare_names},
    sid::Sid,
};
use alloc::string::String;
use core::fmt;

/// The name of something that a check may have to know.
///
/// Prints, and is serialized, as `S-1-5-21-1-2-3-2001`, `@Device:S-1-5-21-1-2-3-2001`, `@User.Title`, `@Device.Place`,
/// `@Resource.Project`, `@Local.level`: names as they are, without the escapes of SDDL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FactName {
    /// Whether the caller is in this group.
    Group(Sid),
    /// Whether its device is in this group.
    DeviceGroup(Sid),
    /// What is claimed about somebody or something.
    Claim {
        /// About whom or what.
        class: AttributeClass,
        /// The name of the claim, as a condition has it.
        name: String,
    },
}

impl FactName {
    /// Whether both name one fact: names of claims are folded as conditions do.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Claim { class, name },
                Self::Claim {
                    class: other_class,
                    name: other_name,
                },
            ) => class == other_class && compare_names(name, other_name).is_eq(),
            _ => self == other,
        }
    }
}

const CLASSES: [(AttributeClass, &str); 4] = [
    (AttributeClass::User, "@User."),
    (AttributeClass::Device, "@Device."),
    (AttributeClass::Resource, "@Resource."),
    (AttributeClass::Local, "@Local."),
];

const DEVICE: &str = "@Device:";

impl fmt::Display for FactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(sid) => sid.fmt(f),
            Self::DeviceGroup(sid) => write!(f, "{DEVICE}{sid}"),
            Self::Claim { class, name } => {
                let prefix = CLASSES.iter().find(|(known, _)| known == class);
                f.write_str(prefix.map_or("", |(_, prefix)| prefix))?;
                f.write_str(name)
            }
        }
    }
}

/// As its text.
#[cfg(feature = "serde")]
impl serde::Serialize for FactName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From its text.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for FactName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        for (class, prefix) in CLASSES {
            if let Some(name) = text.strip_prefix(prefix) {
                let name = name.into();
                return Ok(Self::Claim { class, name });
            }
        }
        let (make, sid): (fn(Sid) -> Self, &str) = match text.strip_prefix(DEVICE) {
            Some(sid) => (Self::DeviceGroup, sid),
            None => (Self::Group, &text),
        };
        sid.parse().map(make).map_err(serde::de::Error::custom)
    }
}

use crate::{
    condition::{AttributeClass, compare_names},
    sid::Sid,
};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::{cmp::Ordering, fmt};

/// A fact that a decision may depend on and that the caller's lists leave open: a group membership or a claim.
///
/// Prints, and is serialized, as `S-1-5-21-1-2-3-2001`, `@Device:S-1-5-21-1-2-3-2001`, `@User.Title`, `@Device.Place`,
/// `@Resource.Project`, and `level` for a local attribute. Names are printed without the escapes of SDDL.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
/// let descriptor: SecurityDescriptor = "D:(A;;RC;;;S-1-5-21-1-2-3-2001)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_incomplete_groups();
/// let explanation = AccessCheck::new(&caller, AccessMask::READ_CONTROL).explain(&descriptor);
/// assert_eq!(explanation.unresolved[0].to_string(), "S-1-5-21-1-2-3-2001");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unresolved {
    /// Whether the caller is in this group. It can also be the SID of the user, if it is not known whether the user is deny-only: then the
    /// question is whether the user is enabled.
    Group(Sid),
    /// Whether its device is in this group.
    DeviceGroup(Sid),
    /// The value of a claim.
    Claim {
        /// Its kind: a claim about the user, the device or the object.
        class: AttributeClass,
        /// Its name, as in a condition.
        name: String,
    },
}

impl Unresolved {
    /// Whether both are the same fact. Names of claims are compared without case, as in conditions.
    ///
    /// ```
    /// use sddl_authz::{check::Unresolved, condition::AttributeClass};
    /// let claim = |name: &str| Unresolved::Claim { class: AttributeClass::User, name: name.into() };
    /// assert!(claim("Title").is_same(&claim("TITLE")));
    /// ```
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.order(other).is_eq()
    }

    /// An order in which two names of the same fact are equal.
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Group(one), Self::Group(other)) | (Self::DeviceGroup(one), Self::DeviceGroup(other)) => {
                one.cmp(other)
            }
            (
                Self::Claim { class, name },
                Self::Claim {
                    class: other_class,
                    name: other_name,
                },
            ) => {
                let classes = class.code().cmp(&other_class.code());
                classes.then_with(|| compare_names(name, other_name))
            }
            (Self::Group(_), _) | (Self::DeviceGroup(_), Self::Claim { .. }) => Ordering::Less,
            (Self::DeviceGroup(_) | Self::Claim { .. }, _) => Ordering::Greater,
        }
    }
}

/// Facts in the order in which they were added, each once.
#[derive(Debug, Default)]
pub(crate) struct UnresolvedSet(BTreeMap<ByFact, usize>);

/// A fact, compared by [`Unresolved::order`].
#[derive(Debug)]
struct ByFact(Unresolved);

impl UnresolvedSet {
    /// Adds a fact unless it is there already.
    pub(crate) fn note(&mut self, name: Unresolved) {
        let place = self.0.len();
        self.0.entry(ByFact(name)).or_insert(place);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_vec(self) -> Vec<Unresolved> {
        let mut placed: Vec<_> = self.0.into_iter().collect();
        placed.sort_unstable_by_key(|&(_, place)| place);
        placed.into_iter().map(|(ByFact(name), _)| name).collect()
    }
}

impl Ord for ByFact {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order(&other.0)
    }
}

impl PartialOrd for ByFact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByFact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ByFact {}

const CLASSES: [(AttributeClass, &str); 3] = [
    (AttributeClass::User, "@User."),
    (AttributeClass::Device, "@Device."),
    (AttributeClass::Resource, "@Resource."),
];

const DEVICE: &str = "@Device:";

impl fmt::Display for Unresolved {
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

/// Serializes the text. The name of a local attribute that could be read as something else begins with an escape, `%0053` for `S`.
#[cfg(feature = "serde")]
impl serde::Serialize for Unresolved {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Claim {
            class: AttributeClass::Local,
            name,
        } = self
            && is_ambiguous(name)
            && let mut rest = name.chars()
            && let Some(first) = rest.next()
        {
            return serializer.collect_str(&format_args!("%{:04x}{}", u32::from(first), rest.as_str()));
        }
        serializer.collect_str(self)
    }
}

/// Whether the name of a local attribute could be read as a SID, as another attribute or as an escape.
#[cfg(feature = "serde")]
fn is_ambiguous(name: &str) -> bool {
    let begins_as_sid = name.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("S-1-"));
    begins_as_sid || name.starts_with(['@', '%']) || name.parse::<Sid>().is_ok()
}

/// Deserializes the text.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Unresolved {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let claim = |class, name| Self::Claim { class, name };
        for (class, prefix) in CLASSES {
            if let Some(name) = text.strip_prefix(prefix) {
                return Ok(claim(class, name.into()));
            }
        }
        if let Some((code, rest)) = text.strip_prefix('%').and_then(|escaped| escaped.split_at_checked(4)) {
            let code = u32::from_str_radix(code, 16).map_err(serde::de::Error::custom)?;
            let first = char::from_u32(code).ok_or_else(|| serde::de::Error::custom("not the code of a character"))?;
            let name = [first].into_iter().chain(rest.chars()).collect();
            return Ok(claim(AttributeClass::Local, name));
        }
        if !is_ambiguous(&text) {
            return Ok(claim(AttributeClass::Local, text.into_owned()));
        }
        let (make, sid): (fn(Sid) -> Self, &str) = match text.strip_prefix(DEVICE) {
            Some(sid) => (Self::DeviceGroup, sid),
            None => (Self::Group, &text),
        };
        sid.parse().map(make).map_err(serde::de::Error::custom)
    }
}

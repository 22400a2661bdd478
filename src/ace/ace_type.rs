//! The types of entries ([MS-DTYP] 2.4.4.1 and `winnt.h`), in one table.

use super::{Effect, Layout};
use core::fmt;

/// The type of an entry: the first byte of its header ([\[MS-DTYP\] 2.4.4.1]).
///
/// Prints as its token in SDDL, or as its code if SDDL has no token for it.
///
/// ```
/// use sddl_authz::{AceType, Effect};
/// let ace_type = AceType::from_token("XA").expect("SDDL has this token");
/// assert_eq!(ace_type, AceType::CallbackAllow);
/// assert_eq!((ace_type.code(), ace_type.effect()), (0x09, Effect::ConditionalAllow));
/// assert_eq!(AceType::CallbackObjectDeny.to_string(), "0x0c");
/// ```
///
/// [\[MS-DTYP\] 2.4.4.1]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/628ebb1d-c509-4ea0-a10f-77ef97ca4586
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AceType {
    /// `A`.
    #[doc(alias = "ACCESS_ALLOWED_ACE_TYPE")]
    Allow,
    /// `D`.
    #[doc(alias = "ACCESS_DENIED_ACE_TYPE")]
    Deny,
    /// `AU`.
    #[doc(alias = "SYSTEM_AUDIT_ACE_TYPE")]
    Audit,
    /// `AL`, reserved.
    #[doc(alias = "SYSTEM_ALARM_ACE_TYPE")]
    Alarm,
    /// No token in SDDL, reserved.
    #[doc(alias = "ACCESS_ALLOWED_COMPOUND_ACE_TYPE")]
    CompoundAllow,
    /// `OA`.
    #[doc(alias = "ACCESS_ALLOWED_OBJECT_ACE_TYPE")]
    ObjectAllow,
    /// `OD`.
    #[doc(alias = "ACCESS_DENIED_OBJECT_ACE_TYPE")]
    ObjectDeny,
    /// `OU`.
    #[doc(alias = "SYSTEM_AUDIT_OBJECT_ACE_TYPE")]
    ObjectAudit,
    /// `OL`, reserved.
    #[doc(alias = "SYSTEM_ALARM_OBJECT_ACE_TYPE")]
    ObjectAlarm,
    /// `XA`.
    #[doc(alias = "ACCESS_ALLOWED_CALLBACK_ACE_TYPE")]
    CallbackAllow,
    /// `XD`.
    #[doc(alias = "ACCESS_DENIED_CALLBACK_ACE_TYPE")]
    CallbackDeny,
    /// `ZA`.
    #[doc(alias = "ACCESS_ALLOWED_CALLBACK_OBJECT_ACE_TYPE")]
    CallbackObjectAllow,
    /// No token in SDDL.
    #[doc(alias = "ACCESS_DENIED_CALLBACK_OBJECT_ACE_TYPE")]
    CallbackObjectDeny,
    /// `XU`.
    #[doc(alias = "SYSTEM_AUDIT_CALLBACK_ACE_TYPE")]
    CallbackAudit,
    /// No token in SDDL, reserved.
    #[doc(alias = "SYSTEM_ALARM_CALLBACK_ACE_TYPE")]
    CallbackAlarm,
    /// No token in SDDL.
    #[doc(alias = "SYSTEM_AUDIT_CALLBACK_OBJECT_ACE_TYPE")]
    CallbackObjectAudit,
    /// No token in SDDL, reserved.
    #[doc(alias = "SYSTEM_ALARM_CALLBACK_OBJECT_ACE_TYPE")]
    CallbackObjectAlarm,
    /// `ML`.
    #[doc(alias = "SYSTEM_MANDATORY_LABEL_ACE_TYPE")]
    MandatoryLabel,
    /// `RA`.
    #[doc(alias = "SYSTEM_RESOURCE_ATTRIBUTE_ACE_TYPE")]
    ResourceAttribute,
    /// `SP`.
    #[doc(alias = "SYSTEM_SCOPED_POLICY_ID_ACE_TYPE")]
    ScopedPolicy,
    /// `TL`.
    #[doc(alias = "SYSTEM_PROCESS_TRUST_LABEL_ACE_TYPE")]
    ProcessTrustLabel,
    /// `FL`.
    #[doc(alias = "SYSTEM_ACCESS_FILTER_ACE_TYPE")]
    AccessFilter,
    /// An unknown type. The entry is kept as bytes, and a check treats it as one that denies.
    Unknown(UnknownAceType),
}

/// The code of an unknown type. Only [`AceType::from_code`] makes one, so a known type is never taken for an unknown one.
///
/// ```
/// use sddl_authz::AceType;
/// let ace_type = AceType::from_code(0x42);
/// assert!(matches!(ace_type, AceType::Unknown(_)));
/// assert_eq!(ace_type.code(), 0x42);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownAceType(u8);

struct Row {
    code: u8,
    token: Option<&'static str>,
    effect: Effect,
    layout: Layout,
}

const fn row(code: u8, token: Option<&'static str>, effect: Effect, layout: Layout) -> Row {
    Row {
        code,
        token,
        effect,
        layout,
    }
}

impl AceType {
    /// Every known type, in the order of the codes, which start at 0.
    pub const KNOWN: &'static [Self] = &[
        Self::Allow,
        Self::Deny,
        Self::Audit,
        Self::Alarm,
        Self::CompoundAllow,
        Self::ObjectAllow,
        Self::ObjectDeny,
        Self::ObjectAudit,
        Self::ObjectAlarm,
        Self::CallbackAllow,
        Self::CallbackDeny,
        Self::CallbackObjectAllow,
        Self::CallbackObjectDeny,
        Self::CallbackAudit,
        Self::CallbackAlarm,
        Self::CallbackObjectAudit,
        Self::CallbackObjectAlarm,
        Self::MandatoryLabel,
        Self::ResourceAttribute,
        Self::ScopedPolicy,
        Self::ProcessTrustLabel,
        Self::AccessFilter,
    ];

    // Inlined, so that a caller who needs one column reads that one alone.
    #[inline(always)]
    const fn row(self) -> Row {
        use {Effect as E, Layout as L};
        match self {
            Self::Allow => row(0x00, Some("A"), E::Allow, L::Plain),
            Self::Deny => row(0x01, Some("D"), E::Deny, L::Plain),
            Self::Audit => row(0x02, Some("AU"), E::Audit, L::Plain),
            Self::Alarm => row(0x03, Some("AL"), E::Alarm, L::Plain),
            Self::CompoundAllow => row(0x04, None, E::ConditionalAllow, L::Opaque),
            Self::ObjectAllow => row(0x05, Some("OA"), E::Allow, L::Object),
            Self::ObjectDeny => row(0x06, Some("OD"), E::Deny, L::Object),
            Self::ObjectAudit => row(0x07, Some("OU"), E::Audit, L::Object),
            Self::ObjectAlarm => row(0x08, Some("OL"), E::Alarm, L::Object),
            Self::CallbackAllow => row(0x09, Some("XA"), E::ConditionalAllow, L::Callback),
            Self::CallbackDeny => row(0x0a, Some("XD"), E::ConditionalDeny, L::Callback),
            Self::CallbackObjectAllow => row(0x0b, Some("ZA"), E::ConditionalAllow, L::CallbackObject),
            Self::CallbackObjectDeny => row(0x0c, None, E::ConditionalDeny, L::CallbackObject),
            Self::CallbackAudit => row(0x0d, Some("XU"), E::Audit, L::Callback),
            Self::CallbackAlarm => row(0x0e, None, E::Alarm, L::Callback),
            Self::CallbackObjectAudit => row(0x0f, None, E::Audit, L::CallbackObject),
            Self::CallbackObjectAlarm => row(0x10, None, E::Alarm, L::CallbackObject),
            Self::MandatoryLabel => row(0x11, Some("ML"), E::Label, L::Plain),
            Self::ResourceAttribute => row(0x12, Some("RA"), E::Label, L::Claim),
            Self::ScopedPolicy => row(0x13, Some("SP"), E::Label, L::Plain),
            Self::ProcessTrustLabel => row(0x14, Some("TL"), E::Label, L::Plain),
            Self::AccessFilter => row(0x15, Some("FL"), E::Label, L::Condition),
            Self::Unknown(UnknownAceType(code)) => row(code, None, E::Unknown, L::Opaque),
        }
    }

    /// The type with this code.
    ///
    /// ```
    /// use sddl_authz::AceType;
    /// assert_eq!(AceType::from_code(0x05), AceType::ObjectAllow);
    /// ```
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        match Self::KNOWN.get(usize::from(code)) {
            Some(&known) => known,
            None => Self::Unknown(UnknownAceType(code)),
        }
    }

    /// The type with this token in SDDL, in upper or lower case.
    ///
    /// ```
    /// use sddl_authz::AceType;
    /// assert_eq!(AceType::from_token("oa"), Some(AceType::ObjectAllow));
    /// assert_eq!(AceType::from_token("ZZ"), None);
    /// ```
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        let mut known = Self::KNOWN.iter().copied();
        known.find(|known| known.token().is_some_and(|own| own.eq_ignore_ascii_case(token)))
    }

    /// The code: the first byte of the entry's header.
    ///
    /// ```
    /// use sddl_authz::AceType;
    /// assert_eq!(AceType::MandatoryLabel.code(), 0x11);
    /// ```
    #[must_use]
    pub const fn code(self) -> u8 {
        self.row().code
    }

    /// The token in SDDL, or `None` if SDDL can't express the type.
    ///
    /// ```
    /// use sddl_authz::AceType;
    /// assert_eq!(AceType::Audit.token(), Some("AU"));
    /// assert_eq!(AceType::CompoundAllow.token(), None);
    /// ```
    #[must_use]
    pub const fn token(self) -> Option<&'static str> {
        self.row().token
    }

    /// The effect of entries of this type.
    ///
    /// ```
    /// use sddl_authz::{AceType, Effect};
    /// assert_eq!(AceType::Deny.effect(), Effect::Deny);
    /// assert_eq!(AceType::CallbackDeny.effect(), Effect::ConditionalDeny);
    /// ```
    #[must_use]
    pub const fn effect(self) -> Effect {
        self.row().effect
    }

    /// The fields that entries of this type have.
    ///
    /// ```
    /// use sddl_authz::{AceType, ace::Layout};
    /// assert_eq!(AceType::CallbackObjectAllow.layout(), Layout::CallbackObject);
    /// ```
    #[must_use]
    #[inline]
    pub const fn layout(self) -> Layout {
        self.row().layout
    }

    /// The type of the same effect whose entries can have a condition, or `None` if there is none.
    ///
    /// ```
    /// use sddl_authz::AceType;
    /// assert_eq!(AceType::Allow.with_condition(), Some(AceType::CallbackAllow));
    /// assert_eq!(AceType::ObjectAllow.with_condition(), Some(AceType::CallbackObjectAllow));
    /// assert_eq!(AceType::MandatoryLabel.with_condition(), None);
    /// ```
    #[must_use]
    pub const fn with_condition(self) -> Option<Self> {
        Some(match self {
            Self::Allow | Self::CallbackAllow => Self::CallbackAllow,
            Self::Deny | Self::CallbackDeny => Self::CallbackDeny,
            Self::Audit | Self::CallbackAudit => Self::CallbackAudit,
            Self::Alarm | Self::CallbackAlarm => Self::CallbackAlarm,
            Self::ObjectAllow | Self::CallbackObjectAllow => Self::CallbackObjectAllow,
            Self::ObjectDeny | Self::CallbackObjectDeny => Self::CallbackObjectDeny,
            Self::ObjectAudit | Self::CallbackObjectAudit => Self::CallbackObjectAudit,
            Self::ObjectAlarm | Self::CallbackObjectAlarm => Self::CallbackObjectAlarm,
            Self::AccessFilter => Self::AccessFilter,
            Self::CompoundAllow
            | Self::MandatoryLabel
            | Self::ResourceAttribute
            | Self::ScopedPolicy
            | Self::ProcessTrustLabel
            | Self::Unknown(_) => return None,
        })
    }

    /// The type of the same effect whose entries have GUIDs, or `None` if there is none.
    ///
    /// ```
    /// use sddl_authz::AceType;
    /// assert_eq!(AceType::Deny.with_objects(), Some(AceType::ObjectDeny));
    /// assert_eq!(AceType::CallbackAllow.with_objects(), Some(AceType::CallbackObjectAllow));
    /// assert_eq!(AceType::ResourceAttribute.with_objects(), None);
    /// ```
    #[must_use]
    pub const fn with_objects(self) -> Option<Self> {
        Some(match self {
            Self::Allow | Self::ObjectAllow => Self::ObjectAllow,
            Self::Deny | Self::ObjectDeny => Self::ObjectDeny,
            Self::Audit | Self::ObjectAudit => Self::ObjectAudit,
            Self::Alarm | Self::ObjectAlarm => Self::ObjectAlarm,
            Self::CallbackAllow | Self::CallbackObjectAllow => Self::CallbackObjectAllow,
            Self::CallbackDeny | Self::CallbackObjectDeny => Self::CallbackObjectDeny,
            Self::CallbackAudit | Self::CallbackObjectAudit => Self::CallbackObjectAudit,
            Self::CallbackAlarm | Self::CallbackObjectAlarm => Self::CallbackObjectAlarm,
            Self::CompoundAllow
            | Self::MandatoryLabel
            | Self::ResourceAttribute
            | Self::ScopedPolicy
            | Self::ProcessTrustLabel
            | Self::AccessFilter
            | Self::Unknown(_) => return None,
        })
    }

    /// The type that Windows writes for an object type whose entry has no GUIDs: `A` for `OA`, `D` for `OD`, `AU` for `OU`
    /// and `AL` for `OL`. Any other type is returned as it is.
    ///
    /// ```
    /// use sddl_authz::AceType;
    /// assert_eq!(AceType::ObjectAllow.without_objects(), AceType::Allow);
    /// ```
    #[must_use]
    pub fn without_objects(self) -> Self {
        [
            (Self::ObjectAllow, Self::Allow),
            (Self::ObjectDeny, Self::Deny),
            (Self::ObjectAudit, Self::Audit),
            (Self::ObjectAlarm, Self::Alarm),
        ]
        .into_iter()
        .find_map(|(object, plain)| (self == object).then_some(plain))
        .unwrap_or(self)
    }
}

/// The layout of entries of each known type, by code.
static LAYOUTS: [Layout; AceType::KNOWN.len()] = {
    let (mut layouts, mut code) = ([Layout::Opaque; AceType::KNOWN.len()], 0);
    #[expect(clippy::indexing_slicing, reason = "the compiler runs this")]
    while code < layouts.len() {
        layouts[code] = AceType::KNOWN[code].layout();
        code += 1;
    }
    layouts
};

/// The layout of entries whose type has this code, found faster than by way of the type.
#[inline]
pub(crate) fn layout_of_code(code: u8) -> Layout {
    LAYOUTS.get(usize::from(code)).copied().unwrap_or(Layout::Opaque)
}

impl fmt::Display for AceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.token() {
            Some(token) => f.write_str(token),
            None => write!(f, "{:#04x}", self.code()),
        }
    }
}

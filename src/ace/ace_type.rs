//! The types of entries ([MS-DTYP] 2.4.4.1 and `winnt.h`), in one table.

use core::fmt;

/// What kind of entry it is ([MS-DTYP] 2.4.4.1). Prints as its token in SDDL, or as its code where it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// A type whose form is not known: the entry is kept as bytes.
    Unknown(UnknownAceType),
}

/// The code of a type that is none of the known ones; only [`AceType::from_code`] makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownAceType(u8);

/// What entries of a type do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Effect {
    /// Grant, in a DACL.
    Allow,
    /// Refuse, in a DACL.
    Deny,
    /// Ask for a record, in a SACL.
    Audit,
    /// Ask for an alarm, in a SACL; reserved.
    Alarm,
    /// Say something about the object, in a SACL.
    Label,
    /// Not known.
    Unknown,
}

/// What stands in an entry after its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Layout {
    /// Mask and SID.
    Plain,
    /// Mask, GUIDs and SID.
    Object,
    /// Mask, SID and application data, which may be a condition.
    Callback,
    /// Mask, GUIDs, SID and application data.
    CallbackObject,
    /// Mask, SID and a claim.
    Claim,
    /// Mask, SID and a condition.
    Condition,
    /// Bytes that are left unread.
    Opaque,
}

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
    /// Every known type, by code: the type 0x07 is the eighth.
    pub const KNOWN: [Self; 22] = [
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

    const fn row(self) -> Row {
        use {Effect as E, Layout as L};
        match self {
            Self::Allow => row(0x00, Some("A"), E::Allow, L::Plain),
            Self::Deny => row(0x01, Some("D"), E::Deny, L::Plain),
            Self::Audit => row(0x02, Some("AU"), E::Audit, L::Plain),
            Self::Alarm => row(0x03, Some("AL"), E::Alarm, L::Plain),
            Self::CompoundAllow => row(0x04, None, E::Allow, L::Opaque),
            Self::ObjectAllow => row(0x05, Some("OA"), E::Allow, L::Object),
            Self::ObjectDeny => row(0x06, Some("OD"), E::Deny, L::Object),
            Self::ObjectAudit => row(0x07, Some("OU"), E::Audit, L::Object),
            Self::ObjectAlarm => row(0x08, Some("OL"), E::Alarm, L::Object),
            Self::CallbackAllow => row(0x09, Some("XA"), E::Allow, L::Callback),
            Self::CallbackDeny => row(0x0a, Some("XD"), E::Deny, L::Callback),
            Self::CallbackObjectAllow => row(0x0b, Some("ZA"), E::Allow, L::CallbackObject),
            Self::CallbackObjectDeny => row(0x0c, None, E::Deny, L::CallbackObject),
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

    /// The type with this code in the entry's header.
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        match Self::KNOWN.get(usize::from(code)) {
            Some(&known) => known,
            None => Self::Unknown(UnknownAceType(code)),
        }
    }

    /// The type with this token in SDDL, in upper or lower case.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::KNOWN
            .into_iter()
            .find(|known| known.token().is_some_and(|own| own.eq_ignore_ascii_case(token)))
    }

    /// The byte in the entry's header.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.row().code
    }

    /// The letters of SDDL, where there are any.
    #[must_use]
    pub const fn token(self) -> Option<&'static str> {
        self.row().token
    }

    /// What entries of this type do.
    #[must_use]
    pub const fn effect(self) -> Effect {
        self.row().effect
    }

    /// What stands in entries of this type.
    #[must_use]
    pub const fn layout(self) -> Layout {
        self.row().layout
    }

    /// The type that Windows writes in place of an object type without GUIDs: `OA` becomes `A`, `OD` `D`, `OU` `AU`, `OL` `AL`.
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

impl Layout {
    /// Whether there is room for GUIDs.
    #[must_use]
    pub const fn has_objects(self) -> bool {
        matches!(self, Self::Object | Self::CallbackObject)
    }

    /// Whether there is room for application data that may be anything.
    #[must_use]
    pub const fn has_callback_data(self) -> bool {
        matches!(self, Self::Callback | Self::CallbackObject)
    }
}

impl Effect {
    /// Whether entries of this effect stand in a DACL, rather than in a SACL; `None` where nobody knows.
    #[must_use]
    pub const fn belongs_in_dacl(self) -> Option<bool> {
        match self {
            Self::Allow | Self::Deny => Some(true),
            Self::Audit | Self::Alarm | Self::Label => Some(false),
            Self::Unknown => None,
        }
    }
}

impl fmt::Display for AceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.token() {
            Some(token) => f.write_str(token),
            None => write!(f, "{:#04x}", self.code()),
        }
    }
}

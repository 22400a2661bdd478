/// The effect of an entry ([\[MS-DTYP\] 2.4.4.1]).
///
/// [`Ace::effect`](super::Ace::effect) tells it of an entry, [`AceType::effect`](super::AceType::effect) of a type. A grant that
/// depends on a condition is [`ConditionalAllow`](Self::ConditionalAllow), never [`Allow`](Self::Allow).
///
/// ```
/// use sddl_authz::{Effect, SecurityDescriptor};
/// let descriptor: SecurityDescriptor = r#"D:(A;;FR;;;AU)(XA;;FA;;;AU;(@User.Title == "PM"))(D;;FW;;;BG)"#.parse()?;
/// for ace in descriptor.dacl.aces() {
///     match ace.effect() {
///         Effect::Allow => println!("{:?} may {}", ace.trustee(), ace.mask()),
///         Effect::ConditionalAllow => println!("{:?} may {} if {:?}", ace.trustee(), ace.mask(), ace.condition()),
///         Effect::Deny | Effect::ConditionalDeny => println!("{:?} may not {}", ace.trustee(), ace.mask()),
///         other => println!("{other:?}: grants nothing"),
///     }
/// }
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
///
/// [\[MS-DTYP\] 2.4.4.1]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/628ebb1d-c509-4ea0-a10f-77ef97ca4586
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Effect {
    /// In a DACL, it grants rights to the trustee.
    Allow,
    /// In a DACL, it grants rights to the trustee if a condition holds: that of a callback entry, or for the reserved compound
    /// type that a second SID is held.
    ConditionalAllow,
    /// In a DACL, it denies rights to the trustee.
    Deny,
    /// In a DACL, it denies rights to the trustee unless a condition is false.
    ConditionalDeny,
    /// In a SACL, it asks for a record of an access. Some entries have a [condition](super::Ace::condition) too.
    Audit,
    /// In a SACL, it asks for an alarm; reserved.
    Alarm,
    /// In a SACL, it describes the object: a mandatory label, a resource attribute, a policy, a trust label or an access filter.
    Label,
    /// The type is unknown. A check treats such an entry as one that denies everything.
    Unknown,
}

impl Effect {
    /// Whether entries of this effect belong in a DACL rather than in a SACL, or `None` if that is unknown.
    ///
    /// ```
    /// use sddl_authz::Effect;
    /// assert_eq!(Effect::Deny.belongs_in_dacl(), Some(true));
    /// assert_eq!(Effect::Audit.belongs_in_dacl(), Some(false));
    /// assert_eq!(Effect::Unknown.belongs_in_dacl(), None);
    /// ```
    #[must_use]
    pub const fn belongs_in_dacl(self) -> Option<bool> {
        match self {
            Self::Allow | Self::ConditionalAllow | Self::Deny | Self::ConditionalDeny => Some(true),
            Self::Audit | Self::Alarm | Self::Label => Some(false),
            Self::Unknown => None,
        }
    }
}

/// The fields that follow the header of an entry ([\[MS-DTYP\] 2.4.4.1]).
///
/// ```
/// use sddl_authz::{AceType, ace::Layout};
/// assert_eq!(AceType::Allow.layout(), Layout::Plain);
/// assert_eq!(AceType::ResourceAttribute.layout(), Layout::Claim);
/// ```
///
/// [\[MS-DTYP\] 2.4.4.1]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/628ebb1d-c509-4ea0-a10f-77ef97ca4586
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Layout {
    /// A mask and a SID.
    Plain,
    /// A mask, GUIDs and a SID.
    Object,
    /// A mask, a SID and application data, which may be a condition.
    Callback,
    /// A mask, GUIDs, a SID and application data, which may be a condition.
    CallbackObject,
    /// A mask, a SID and a claim.
    Claim,
    /// A mask, a SID and a condition.
    Condition,
    /// Bytes that this crate does not interpret.
    Opaque,
}

impl Layout {
    /// Whether there may be bytes after the SID, or in place of all fields.
    pub(crate) const fn has_data(self) -> bool {
        !matches!(self, Self::Plain | Self::Object)
    }

    /// Whether there are GUIDs.
    ///
    /// ```
    /// use sddl_authz::ace::Layout;
    /// assert!(Layout::Object.has_objects() && !Layout::Plain.has_objects());
    /// ```
    #[must_use]
    pub const fn has_objects(self) -> bool {
        matches!(self, Self::Object | Self::CallbackObject)
    }

    /// Whether there is application data, which may be a condition or any other bytes.
    ///
    /// ```
    /// use sddl_authz::ace::Layout;
    /// assert!(Layout::Callback.has_callback_data() && !Layout::Claim.has_callback_data());
    /// ```
    #[must_use]
    pub const fn has_callback_data(self) -> bool {
        matches!(self, Self::Callback | Self::CallbackObject)
    }
}

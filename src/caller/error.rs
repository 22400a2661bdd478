use crate::sid::Sid;
use alloc::string::String;

/// An error in the parts of a [`Caller`](super::Caller).
///
/// ```
/// use sddl_authz::{Caller, Sid};
/// let error = Caller::authenticated(Sid::EVERYONE).unwrap_err();
/// assert_eq!(error.to_string(), "S-1-1-0 is not the SID of an account");
/// assert_eq!(error.code(), "user_not_account");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallerError {
    /// The user of [`Caller::authenticated`](super::Caller::authenticated) has a SID that no account can have.
    #[error("{user} is not the SID of an account")]
    UserNotAccount {
        /// The SID given.
        user: Sid,
    },
    /// The SID of a package or a capability was given as a user or a group. It belongs to the [`AppContainer`](super::AppContainer) of the
    /// caller.
    #[error(
        "{sid} is neither a user nor a group: give packages and capabilities (S-1-15-2-… and S-1-15-3-…) as the app container of the caller"
    )]
    InAppContainer {
        /// The SID given.
        sid: Sid,
    },
    /// A SID was given as enabled and as deny-only.
    #[error("{sid} is given as enabled and as deny-only")]
    EnabledAndDenyOnly {
        /// The SID given.
        sid: Sid,
    },
    /// The SID is not an integrity level, which is `S-1-16-` and one number.
    #[error("{sid} is not the SID of an integrity level")]
    IntegrityNotLabel {
        /// The SID given.
        sid: Sid,
    },
    /// The SID is not that of a package, which an [`AppContainer`](super::AppContainer) needs.
    #[error(
        "{sid} is not the SID of a package of an app container: S-1-15-2- and 7 numbers, or 11 for a child container"
    )]
    NotPackage {
        /// The SID given.
        sid: Sid,
    },
    /// The SID is not that of a capability of an [`AppContainer`](super::AppContainer).
    #[error("{sid} is not the SID of a capability: S-1-15-3- and at least one number, or S-1-5-32- and 8 numbers")]
    NotCapability {
        /// The SID given.
        sid: Sid,
    },
    /// Two claims have the same name, compared without case.
    #[error("two claims have the name `{}`", .name.escape_debug())]
    ClaimRepeated {
        /// The name, as the second claim spells it.
        name: String,
    },
    /// A claim has the same value twice. Strings are compared without case, unless the claim is case-sensitive.
    #[error("the claim `{}` has a value twice", .name.escape_debug())]
    ClaimValueRepeated {
        /// The name of the claim.
        name: String,
    },
}

impl CallerError {
    /// A stable name of the kind of error, for programs.
    ///
    /// ```
    /// use sddl_authz::{Sid, caller::IntegrityLevel};
    /// assert_eq!(IntegrityLevel::try_from(Sid::EVERYONE).unwrap_err().code(), "integrity_not_label");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UserNotAccount { .. } => "user_not_account",
            Self::InAppContainer { .. } => "in_app_container",
            Self::EnabledAndDenyOnly { .. } => "enabled_and_deny_only",
            Self::IntegrityNotLabel { .. } => "integrity_not_label",
            Self::NotPackage { .. } => "not_package",
            Self::NotCapability { .. } => "not_capability",
            Self::ClaimRepeated { .. } => "claim_repeated",
            Self::ClaimValueRepeated { .. } => "claim_value_repeated",
        }
    }
}

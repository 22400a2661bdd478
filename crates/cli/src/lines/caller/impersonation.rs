//! The impersonation level of the caller's token.

use crate::diagnostic::Diagnostic;
use serde::Deserialize;

/// The level of an impersonation token, or a primary token
/// ([SECURITY_IMPERSONATION_LEVEL](https://learn.microsoft.com/windows/win32/api/winnt/ne-winnt-security_impersonation_level)).
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TokenLevel {
    Primary,
    Anonymous,
    Identification,
    Impersonation,
    Delegation,
}

impl TokenLevel {
    /// Refuses a token that `AccessCheck` does not take.
    pub(super) fn refuse_unusable(self) -> Result<(), Diagnostic> {
        let message = match self {
            Self::Primary => "caller.impersonation: an access check takes an impersonation token, not a primary one",
            Self::Anonymous => "caller.impersonation: an access check takes no token of the level anonymous",
            Self::Identification | Self::Impersonation | Self::Delegation => return Ok(()),
        };
        Err(Diagnostic::new("impersonation_refused", message))
    }
}

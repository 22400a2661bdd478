use super::PolicyError;
use crate::sddl::ParseError;
use alloc::string::String;

/// The reason why nothing could be decided. A server logs it, and tells the client only that an error has occurred.
///
/// ```
/// use sddl_authz::mim::{DecisionError, RequestView};
/// let error = RequestView::from_json(b"[]").unwrap_err();
/// assert!(matches!(error, DecisionError::RequestUnreadable { .. }));
/// assert_eq!(error.code(), "request_unreadable");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError {
    /// The stored row is not a request.
    #[error("the request is unreadable: {message}")]
    RequestUnreadable {
        /// The fault.
        message: String,
    },
    /// The request has no security descriptor: the property is missing, null or empty.
    #[error("the request has no security descriptor")]
    DescriptorMissing,
    /// The security descriptor is not SDDL.
    #[error("the security descriptor is unreadable: {0}")]
    DescriptorUnreadable(#[source] ParseError),
    /// The security descriptor has no DACL, or a NULL DACL, so it protects nothing.
    #[error("the security descriptor has no DACL, or a NULL one, so it protects nothing")]
    Unprotected,
    /// The policy can't be used.
    #[error("the policy is unusable: {0}")]
    Policy(#[from] PolicyError),
}

impl DecisionError {
    /// Returns a stable code for logs: `request_unreadable`, `descriptor_unreadable`, `unprotected` or `policy`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RequestUnreadable { .. } => "request_unreadable",
            Self::DescriptorMissing | Self::DescriptorUnreadable(_) => "descriptor_unreadable",
            Self::Unprotected => "unprotected",
            Self::Policy(_) => "policy",
        }
    }
}

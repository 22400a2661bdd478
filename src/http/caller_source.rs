use crate::caller::Caller;
use alloc::string::{String, ToString};
use core::fmt::Display;
use http::{HeaderValue, request::Parts};

/// Finds out who sent an HTTP request. Implementations verify the token or header that they read.
///
/// Implemented for `Fn(&Parts) -> Result<Caller, CallerSourceError>`.
///
/// ```
/// use sddl_authz::{Caller, http::{CallerSource, CallerSourceError}};
/// fn from_header(parts: &http::request::Parts) -> Result<Caller, CallerSourceError> {
///     let user = parts.headers.get("x-user").ok_or_else(|| CallerSourceError::missing("Negotiate"))?;
///     let user = user.to_str().map_err(CallerSourceError::unreadable)?;
///     let user = user.parse().map_err(CallerSourceError::unreadable)?;
///     // No header has the groups, so they stay incomplete: what depends on them is refused.
///     Caller::authenticated(user).map_err(CallerSourceError::unreadable)
/// }
/// fn accepts(_: impl CallerSource) {}
/// accepts(from_header);
/// ```
pub trait CallerSource: Send + Sync + 'static {
    /// Returns the caller who sent this request.
    ///
    /// # Errors
    /// Fails if the request does not say who calls, says it wrongly, or if it can't be found out.
    fn caller(&self, parts: &Parts) -> impl Future<Output = Result<Caller, CallerSourceError>> + Send;
}

impl<F> CallerSource for F
where
    F: Fn(&Parts) -> Result<Caller, CallerSourceError> + Send + Sync + 'static,
{
    async fn caller(&self, parts: &Parts) -> Result<Caller, CallerSourceError> {
        self(parts)
    }
}

/// The reason why the caller of a request is not known. Details go to the log, never to the client.
///
/// ```
/// use sddl_authz::http::CallerSourceError;
/// let error = CallerSourceError::Unreadable { detail: "the SID of the user is malformed".to_owned() };
/// assert_eq!(error.code(), "caller_unreadable");
/// assert_eq!(error.to_string(), "the caller is unreadable: the SID of the user is malformed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallerSourceError {
    /// The request names no caller. The answer is 401.
    #[error("the request names no caller")]
    Missing {
        /// The value of the header `WWW-Authenticate`, which every 401 must have, such as `Negotiate` or `Bearer`.
        challenge: HeaderValue,
    },
    /// The request names a caller in a form that can't be read, or its sender may not name one. The answer is 400.
    #[error("the caller is unreadable: {detail}")]
    Unreadable {
        /// The fault.
        detail: String,
    },
    /// The request has invalid credentials, such as an expired token. The answer is 401.
    #[error("the credentials are invalid: {detail}")]
    Invalid {
        /// The value of the header `WWW-Authenticate`.
        challenge: HeaderValue,
        /// The fault.
        detail: String,
    },
    /// The request has credentials in a form that can't be read, or twice. The answer is 400, with a challenge.
    #[error("the credentials are unreadable: {detail}")]
    Malformed {
        /// The value of the header `WWW-Authenticate`.
        challenge: HeaderValue,
        /// The fault.
        detail: String,
    },
    /// The credentials can't be verified yet, for example because the keys of an issuer have not been loaded. The answer is 503.
    #[error("the caller can't be found out yet: {detail}")]
    NotReady {
        /// The failure.
        detail: String,
    },
    /// The caller could not be found out, for example because a directory does not answer. The answer is 500.
    #[error("the caller could not be found out: {detail}")]
    Unavailable {
        /// The failure.
        detail: String,
    },
}

impl CallerSourceError {
    /// Returns [`Missing`](Self::Missing) with this challenge. One that is not visible ASCII becomes `Negotiate`.
    ///
    /// ```
    /// use sddl_authz::http::CallerSourceError;
    /// let CallerSourceError::Missing { challenge } = CallerSourceError::missing("Bearer") else { unreachable!() };
    /// assert_eq!(challenge, "Bearer");
    /// ```
    #[must_use]
    pub fn missing(challenge: &str) -> Self {
        Self::Missing {
            challenge: HeaderValue::from_str(challenge).unwrap_or(HeaderValue::from_static("Negotiate")),
        }
    }

    /// Returns [`Unreadable`](Self::Unreadable) with the text of this error.
    pub fn unreadable(error: impl Display) -> Self {
        Self::Unreadable {
            detail: error.to_string(),
        }
    }

    /// Returns [`Unavailable`](Self::Unavailable) with the text of this error.
    pub fn unavailable(error: impl Display) -> Self {
        Self::Unavailable {
            detail: error.to_string(),
        }
    }

    /// Returns a stable code: `unauthenticated`, `credentials_invalid`, `caller_unreadable`, `caller_not_ready` or `caller_unavailable`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "unauthenticated",
            Self::Invalid { .. } => "credentials_invalid",
            Self::Unreadable { .. } | Self::Malformed { .. } => "caller_unreadable",
            Self::NotReady { .. } => "caller_not_ready",
            Self::Unavailable { .. } => "caller_unavailable",
        }
    }
}

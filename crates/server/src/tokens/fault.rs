//! The reasons why a token is refused, and their answers.

use axum::http::HeaderValue;
use core::fmt::Display;
use sddl_authz::http::CallerSourceError;

/// The challenge without parameters of an error.
const BARE: &str = r#"Bearer realm="requests""#;
/// The most characters of a detail, which may hold a part of the token's header.
const MOST: usize = 120;

/// The reason why a request has no caller.
#[derive(Debug)]
pub(crate) enum Fault {
    /// There is no token.
    Missing,
    /// The token is not where or as it should be.
    Malformed(String),
    /// The token is invalid.
    Invalid {
        /// For the client.
        description: &'static str,
        /// For the log.
        detail: String,
    },
    /// The token can't be verified.
    NotReady(String),
}

impl Fault {
    pub(super) fn invalid(description: &'static str, detail: impl Display) -> Self {
        let detail = detail.to_string().chars().take(MOST).collect();
        Self::Invalid { description, detail }
    }
}

/// Adds the challenge of [RFC 6750, 3](https://www.rfc-editor.org/rfc/rfc6750#section-3).
impl From<Fault> for CallerSourceError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Missing => Self::Missing {
                challenge: challenge(""),
            },
            Fault::Malformed(detail) => Self::Malformed {
                challenge: challenge(r#", error="invalid_request""#),
                detail,
            },
            Fault::Invalid { description, detail } => Self::Invalid {
                challenge: challenge(&format!(
                    r#", error="invalid_token", error_description="{description}""#
                )),
                detail: format!("{description}: {detail}"),
            },
            Fault::NotReady(detail) => Self::NotReady { detail },
        }
    }
}

fn challenge(parameters: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("{BARE}{parameters}")).unwrap_or(HeaderValue::from_static(BARE))
}

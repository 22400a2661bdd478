//! Policies in text: TOML or JSON.

use super::{PolicyError, PolicyRules, StatusChangePolicy};
use crate::span::Span;
use alloc::string::{String, ToString};
use core::str::FromStr;

/// The reason why a text is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyTextError {
    /// The text is neither TOML nor JSON, or it does not have the form of a policy.
    #[error("{message}")]
    Unreadable {
        /// The message of the parser.
        message: String,
        /// The bytes of the text that are wrong. Errors in JSON name line and column in the message instead.
        span: Option<Span>,
    },
    /// The text has the form of a policy, and its rules can't be meant.
    #[error(transparent)]
    Rules(#[from] PolicyError),
}

impl PolicyTextError {
    /// Returns a stable code for logs: `policy_unreadable`, or the code of the [`PolicyError`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "policy_unreadable",
            Self::Rules(error) => error.code(),
        }
    }
}

/// Reads a policy from TOML or JSON. A text that begins with `{` is JSON; no TOML does.
///
/// ```
/// use sddl_authz::mim::StatusChangePolicy;
///
/// let policy: StatusChangePolicy = "version = 1\n[completed]\nmasks = ['CC']\nstart = ['Approved']".parse()?;
/// assert!(policy.rules().canceled.masks.is_empty()); // nobody may cancel
/// # Ok::<(), sddl_authz::mim::PolicyTextError>(())
/// ```
impl FromStr for StatusChangePolicy {
    type Err = PolicyTextError;

    fn from_str(text: &str) -> Result<Self, PolicyTextError> {
        let rules: PolicyRules = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| PolicyTextError::Unreadable {
                message: error.to_string(),
                span: None,
            })?
        } else {
            toml::from_str(text).map_err(|error| PolicyTextError::Unreadable {
                message: error.message().to_string(),
                span: error.span().map(|range| Span {
                    start: range.start,
                    end: range.end,
                }),
            })?
        };
        Ok(Self::try_from(rules)?)
    }
}

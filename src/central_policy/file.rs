//! Policies in a file: TOML or JSON.

use super::{
    CentralPolicies, CentralPolicyError,
    form::{PoliciesFile, PoliciesForm},
};
use crate::{sddl, span::Span};
use alloc::string::{String, ToString};
use core::str::FromStr;

/// The reason why a text is no list of central access policies.
///
/// ```
/// use sddl_authz::central_policy::CentralPolicies;
/// let error = "policies = 1".parse::<CentralPolicies>().unwrap_err();
/// assert_eq!(error.code(), "central_policies_unreadable");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CentralPolicyFileError {
    /// The text is neither TOML nor JSON, or it does not have the form of a list of policies.
    #[error("{message}")]
    Unreadable {
        /// The message of the parser.
        message: String,
        /// The bytes of the text that are wrong. Errors in JSON name line and column in the message instead.
        span: Option<Span>,
    },
    /// A policy or a rule can't be read.
    #[error(transparent)]
    Policy(#[from] CentralPolicyError),
}

impl CentralPolicyFileError {
    /// A stable name of the kind of error, for programs: `central_policies_unreadable`, or that of the [`CentralPolicyError`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "central_policies_unreadable",
            Self::Policy(error) => error.code(),
        }
    }
}

impl CentralPolicies {
    /// Reads policies from TOML or JSON, with options for the descriptors of the rules. The page of the [module](crate::central_policy)
    /// describes the form.
    ///
    /// ```
    /// use sddl_authz::{central_policy::CentralPolicies, sddl::Options};
    /// let mut options = Options::default();
    /// options.domains.domain = Some("S-1-5-21-1-2-3".parse()?);
    /// let file = "[[policies]]\nsid = 'S-1-17-1'\n[[policies.rules]]\neffective = 'D:(A;;FA;;;DA)'";
    /// assert_eq!(CentralPolicies::parse_with(file, &options)?.policies().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the text is neither TOML nor JSON, if it has another form, and if a SID, a condition or a descriptor in it can't be read.
    pub fn parse_with(text: &str, options: &sddl::Options) -> Result<Self, CentralPolicyFileError> {
        let form: PoliciesForm = if is_json(text) {
            let read = serde_json::from_str(text).map(|PoliciesFile(form)| form);
            read.map_err(|error| CentralPolicyFileError::Unreadable {
                message: error.to_string(),
                span: None,
            })?
        } else {
            toml::from_str(text).map_err(|error| CentralPolicyFileError::Unreadable {
                message: error.message().to_string(),
                span: error.span().map(|range| Span {
                    start: range.start,
                    end: range.end,
                }),
            })?
        };
        Ok(form.read(options)?)
    }
}

/// Reads policies from TOML or JSON, as [`CentralPolicies::parse_with`] does with the default options.
impl FromStr for CentralPolicies {
    type Err = CentralPolicyFileError;

    fn from_str(text: &str) -> Result<Self, CentralPolicyFileError> {
        Self::parse_with(text, &sddl::Options::default())
    }
}

/// Whether a text begins as JSON does: with a map, or with a list of maps. No TOML begins so.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let list = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || list.is_some_and(|rest| rest.starts_with(['{', ']']))
}

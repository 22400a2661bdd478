use super::account::{account, parse_sid};
use crate::{
    caller::{Caller, CallerError},
    render::Escaped,
    serde_map,
    sid::Sid,
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// The names of the claims that describe the caller in the tokens of an issuer.
///
/// This type reads claims and verifies nothing. The server verifies the token, its issuer and its audience before.
///
/// ```
/// use sddl_authz::http::ClaimNames;
/// let claims = r#"{"primarysid":"S-1-5-21-1-2-3-1104","primarygroupsid":"S-1-5-21-1-2-3-513","groupsid":["S-1-5-21-1-2-3-2001"]}"#;
/// let caller = ClaimNames::adfs().caller(&serde_json::from_str(claims)?)?;
/// assert_eq!(caller.user().to_string(), "S-1-5-21-1-2-3-1104");
/// assert!(caller.groups_complete());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClaimNames {
    /// The claims with the SID of the user.
    pub user: Vec<String>,
    /// The claims with the SIDs of groups.
    pub groups: Vec<String>,
    /// The claims with the SID of the primary group. Issuers write it besides the other groups, so it does not show that they are listed.
    pub primary_group: Vec<String>,
    /// The claims with the SIDs of groups that count for Deny entries only. Without such a claim in a token there is no such group.
    ///
    /// `None` means that the tokens of this issuer do not say which groups these are. Then no group, and not the user, is known to count
    /// for more than Deny entries, and the groups are incomplete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deny_only_groups: Option<Vec<String>>,
    /// The claims with the SID of a user who counts for Deny entries only, which issuers write instead of the claims of
    /// [`user`](Self::user).
    pub deny_only_user: Vec<String>,
    /// The claims that say that the token lacks groups. A claim says so if it is present and not `false`.
    pub overage: Vec<String>,
    /// Whether tokens of this issuer never list all groups.
    pub always_incomplete: bool,
}

/// No claim names a user or a group, and nothing says which groups are deny-only. [`overage`](Self::overage) has the usual claims.
impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            user: Vec::new(),
            groups: Vec::new(),
            primary_group: Vec::new(),
            deny_only_groups: None,
            deny_only_user: Vec::new(),
            overage: overage(),
            always_incomplete: false,
        }
    }
}

#[derive(Deserialize)]
#[serde(remote = "ClaimNames", deny_unknown_fields)]
struct Form {
    #[serde(default)]
    user: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    primary_group: Vec<String>,
    #[serde(default)]
    deny_only_groups: Option<Vec<String>>,
    #[serde(default)]
    deny_only_user: Vec<String>,
    #[serde(default = "overage")]
    overage: Vec<String>,
    #[serde(default)]
    always_incomplete: bool,
}

/// Deserializes a map. A missing field is that of [`ClaimNames::default`].
impl<'de> Deserialize<'de> for ClaimNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Named(#[serde(with = "Form")] ClaimNames);
        serde_map::map_only(deserializer).map(|Named(names)| names)
    }
}

fn overage() -> Vec<String> {
    owned(&OVERAGE)
}

const OVERAGE: [&str; 3] = ["_claim_names", "_claim_sources", "hasgroups"];

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// The reason why claims do not describe a caller.
///
/// ```
/// use sddl_authz::http::{ClaimNames, ClaimsError};
/// let error = ClaimNames::adfs().caller(&serde_json::Map::new()).unwrap_err();
/// assert_eq!((error.code(), error), ("user_missing", ClaimsError::UserMissing));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimsError {
    /// No claim names the user.
    #[error("no claim says who the user is")]
    UserMissing,
    /// The claims name two users.
    #[error("claims name two users, and {other} is the other")]
    UserAmbiguous {
        /// The user that the first claim does not name.
        other: Sid,
    },
    /// One claim says that the user counts for Deny entries only, and another claim names a user without that limit.
    #[error("the claim `{claim}` says that the user counts for Deny entries only, and another claim does not")]
    UserDenyOnly {
        /// The name of the claim, escaped.
        claim: String,
    },
    /// A claim has a value that is not a SID, such as a GUID, a name, an alias, or a number.
    #[error("the claim `{claim}` holds `{value}`, which is no SID")]
    NotSid {
        /// The name of the claim, escaped.
        claim: String,
        /// The value, escaped.
        value: String,
    },
    /// The user is not an account, a SID belongs to an app container, or a SID is enabled and deny-only.
    #[error(transparent)]
    Caller(#[from] CallerError),
}

impl ClaimsError {
    /// Returns a stable code for logs, such as `user_missing`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UserMissing => "user_missing",
            Self::UserAmbiguous { .. } => "user_ambiguous",
            Self::UserDenyOnly { .. } => "user_deny_only",
            Self::NotSid { .. } => "not_sid",
            Self::Caller(_) => "not_authenticated",
        }
    }
}

impl ClaimNames {
    /// Returns the names of the claims of AD FS, short and long ones.
    ///
    /// ```
    /// use sddl_authz::http::ClaimNames;
    /// assert!(ClaimNames::adfs().user.contains(&"primarysid".to_owned()));
    /// ```
    #[must_use]
    pub fn adfs() -> Self {
        Self {
            user: owned(&[
                "primarysid",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid",
            ]),
            groups: owned(&[
                "groupsid",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid",
            ]),
            primary_group: owned(&[
                "primarygroupsid",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid",
            ]),
            deny_only_groups: Some(owned(&[
                "denyonlysid",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/denyonlysid",
                "denyonlyprimarygroupsid",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/denyonlyprimarygroupsid",
            ])),
            deny_only_user: owned(&[
                "denyonlyprimarysid",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/denyonlyprimarysid",
            ]),
            overage: overage(),
            always_incomplete: false,
        }
    }

    /// Returns the names of the claims of Entra ID for users and groups that are synchronized from a domain: the optional claim
    /// `onprem_sid`, and `groups` in the format `on_premise_security_identifier`.
    ///
    /// The groups always count as incomplete, since groups of the domain that are not synchronized are in no token.
    ///
    /// ```
    /// use sddl_authz::http::ClaimNames;
    /// let claims = r#"{"onprem_sid":"S-1-5-21-1-2-3-1104","groups":["S-1-5-21-1-2-3-2001"]}"#;
    /// let caller = ClaimNames::entra().caller(&serde_json::from_str(claims)?)?;
    /// assert!(!caller.groups_complete());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn entra() -> Self {
        Self {
            user: owned(&["onprem_sid"]),
            groups: owned(&["groups"]),
            // The directory has groups without such a mark.
            deny_only_groups: Some(Vec::new()),
            always_incomplete: true,
            ..Self::default()
        }
    }

    /// Returns the caller that the claims of a verified token describe.
    ///
    /// The groups of the caller are incomplete if a claim says that the token lacks groups, if
    /// [`always_incomplete`](Self::always_incomplete) says so, and also if no claim of [`groups`](Self::groups) names a group: the user of
    /// a domain is in at least one, so such a token was issued without groups. Without
    /// [`deny_only_groups`](Self::deny_only_groups) no group is known, nor whether the user is deny-only.
    ///
    /// # Errors
    /// Fails if no claim names the user, if the claims name two users, or if a value is not a SID. No value is skipped, since a missing
    /// group can turn a Deny into an Allow. Fails if a SID belongs to an app container (`S-1-15-2-…` or `S-1-15-3-…`), since claims do not
    /// describe containers, and if a SID is enabled and deny-only.
    ///
    /// ```
    /// use sddl_authz::http::ClaimNames;
    /// let claims = r#"{"primarysid":"S-1-5-21-1-2-3-1104","groupsid":"S-1-5-21-1-2-3-2001","hasgroups":true}"#;
    /// let caller = ClaimNames::adfs().caller(&serde_json::from_str(claims)?)?;
    /// assert!(!caller.groups_complete());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn caller(&self, claims: &Map<String, Value>) -> Result<Caller, ClaimsError> {
        let deny_only = named(claims, &self.deny_only_user).next();
        let users = match (deny_only, named(claims, &self.user).next()) {
            (Some((claim, _)), Some(_)) => {
                let claim = escaped(claim);
                return Err(ClaimsError::UserDenyOnly { claim });
            }
            (Some(_), None) => sids(claims, &self.deny_only_user)?,
            (None, _) => sids(claims, &self.user)?,
        };
        let (&user, others) = users.split_first().ok_or(ClaimsError::UserMissing)?;
        if let Some(&other) = others.iter().find(|&&other| other != user) {
            return Err(ClaimsError::UserAmbiguous { other });
        }
        let groups = sids(claims, &self.groups)?;
        let left_out = named(claims, &self.overage).any(|(_, value)| *value != Value::Bool(false));
        let incomplete = left_out || self.always_incomplete || groups.is_empty() || self.deny_only_groups.is_none();
        let deny_only_groups = self.deny_only_groups.as_deref();
        let alone = account(user)?;
        let caller = alone
            .clone()
            .with_groups(groups)?
            .with_groups(sids(claims, &self.primary_group)?)?
            .with_deny_only_groups(sids(claims, deny_only_groups.unwrap_or_default())?)?;
        // Each group that was given may be one that counts for Deny entries only.
        let caller = if deny_only_groups.is_some() { caller } else { alone };
        let caller = match (deny_only, deny_only_groups) {
            (Some(_), _) => caller.with_user_deny_only(true)?,
            (None, Some(_)) => caller,
            (None, None) => caller.with_user_deny_only_unknown(),
        };
        Ok(if incomplete {
            caller.with_incomplete_groups()
        } else {
            caller
        })
    }
}

/// Returns the claims with these names.
fn named<'a>(claims: &'a Map<String, Value>, names: &'a [String]) -> impl Iterator<Item = (&'a str, &'a Value)> {
    names.iter().filter_map(|name| Some((name.as_str(), claims.get(name)?)))
}

/// Returns the SIDs in the claims with these names. A claim is a text or a list of texts.
fn sids(claims: &Map<String, Value>, names: &[String]) -> Result<Vec<Sid>, ClaimsError> {
    let mut sids = Vec::new();
    for (claim, value) in named(claims, names) {
        let values = value.as_array().map_or(core::slice::from_ref(value), Vec::as_slice);
        for value in values {
            sids.push(value.as_str().and_then(parse_sid).ok_or_else(|| ClaimsError::NotSid {
                claim: escaped(claim),
                value: escaped(&value.to_string()),
            })?);
        }
    }
    Ok(sids)
}

/// Escapes a text of a token for a message, and cuts it to a bearable length.
fn escaped(text: &str) -> String {
    const MOST: usize = 80;
    let cut: String = text.chars().take(MOST).collect();
    Escaped(&cut).to_string()
}

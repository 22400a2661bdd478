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

/// Which claims of an issuer's tokens say who calls. Verifying the token, its issuer and its audience is the server's work, before
/// this.
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
pub struct ClaimNames {
    /// The user's SID.
    pub user: Vec<String>,
    /// SIDs of groups.
    pub groups: Vec<String>,
    /// SIDs of groups that count for Deny entries alone.
    pub deny_only_groups: Vec<String>,
    /// The user's SID where it counts for Deny entries alone; such a caller is refused.
    pub deny_only_user: Vec<String>,
    /// Claims that say, by being there and not `false`, that groups were left out.
    pub overage: Vec<String>,
}

/// Nothing: no claim says anything.
impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            user: Vec::new(),
            groups: Vec::new(),
            deny_only_groups: Vec::new(),
            deny_only_user: Vec::new(),
            overage: overage(),
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
    deny_only_groups: Vec<String>,
    #[serde(default)]
    deny_only_user: Vec<String>,
    #[serde(default = "overage")]
    overage: Vec<String>,
}

/// From the fields by their names; what is left out is as in [`ClaimNames::default`].
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

/// Why claims make no caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimsError {
    /// No claim says who the user is.
    #[error("no claim says who the user is")]
    UserMissing,
    /// Claims say that the user is two.
    #[error("claims name two users, and {other} is the other")]
    UserAmbiguous {
        /// The one that the first claim does not name.
        other: Sid,
    },
    /// The user counts for Deny entries alone.
    #[error("the claim `{claim}` says that the user counts for Deny entries alone")]
    UserDenyOnly {
        /// The claim, escaped.
        claim: String,
    },
    /// A claim holds what is no SID: a GUID, a name, an alias, or no text.
    #[error("the claim `{claim}` holds `{value}`, which is no SID")]
    NotSid {
        /// The claim, escaped.
        claim: String,
        /// What it holds, escaped.
        value: String,
    },
    /// The user can't be an authenticated one.
    #[error(transparent)]
    Caller(#[from] CallerError),
}

impl ClaimNames {
    /// Those of AD FS, by their short names and their long ones.
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
                "primarygroupsid",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid",
            ]),
            deny_only_groups: owned(&[
                "denyonlysid",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/denyonlysid",
                "denyonlyprimarygroupsid",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/denyonlyprimarygroupsid",
            ]),
            deny_only_user: owned(&[
                "denyonlyprimarysid",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/denyonlyprimarysid",
            ]),
            overage: overage(),
        }
    }

    /// The caller that the claims of a verified token name.
    ///
    /// The list of groups is marked incomplete where a claim says that groups were left out, and where no claim names any: the user
    /// of a domain is in its primary group at least, so a token without groups was issued without them.
    ///
    /// # Errors
    /// When the user is missing or ambiguous, or anything is no SID. Nothing is left out in silence, since a group left out turns a
    /// Deny into an Allow.
    pub fn caller(&self, claims: &Map<String, Value>) -> Result<Caller, ClaimsError> {
        if let Some((claim, _)) = named(claims, &self.deny_only_user).next() {
            let claim = escaped(claim);
            return Err(ClaimsError::UserDenyOnly { claim });
        }
        let users = sids(claims, &self.user)?;
        let (&user, others) = users.split_first().ok_or(ClaimsError::UserMissing)?;
        if let Some(&other) = others.iter().find(|&&other| other != user) {
            return Err(ClaimsError::UserAmbiguous { other });
        }
        let groups = sids(claims, &self.groups)?;
        let left_out = named(claims, &self.overage).any(|(_, value)| *value != Value::Bool(false));
        let incomplete = left_out || groups.is_empty();
        let caller = Caller::authenticated(user)?
            .with_groups(groups)
            .with_deny_only_groups(sids(claims, &self.deny_only_groups)?);
        Ok(if incomplete {
            caller.with_incomplete_groups()
        } else {
            caller
        })
    }
}

/// The claims of these names that are there.
fn named<'a>(claims: &'a Map<String, Value>, names: &'a [String]) -> impl Iterator<Item = (&'a str, &'a Value)> {
    names.iter().filter_map(|name| Some((name.as_str(), claims.get(name)?)))
}

/// The SIDs of these claims: each a text, or a list of texts.
fn sids(claims: &Map<String, Value>, names: &[String]) -> Result<Vec<Sid>, ClaimsError> {
    let mut sids = Vec::new();
    for (claim, value) in named(claims, names) {
        let values = value.as_array().map_or(core::slice::from_ref(value), Vec::as_slice);
        for value in values {
            sids.push(sid(value).ok_or_else(|| ClaimsError::NotSid {
                claim: escaped(claim),
                value: escaped(&value.to_string()),
            })?);
        }
    }
    Ok(sids)
}

/// A SID written out; an alias of SDDL is none, for it means another SID in every domain.
fn sid(value: &Value) -> Option<Sid> {
    let text = value.as_str()?;
    let written_out = text.starts_with("S-1-");
    written_out.then(|| text.parse().ok()).flatten()
}

/// What a message quotes of a token: escaped, and cut.
fn escaped(text: &str) -> String {
    const MOST: usize = 80;
    let cut: String = text.chars().take(MOST).collect();
    Escaped(&cut).to_string()
}

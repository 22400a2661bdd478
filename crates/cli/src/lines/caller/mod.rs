//! The caller of a line.

mod app_container;
mod fields;
mod impersonation;

use super::{
    claims::{ClaimLine, ClaimsByName},
    fields::{Object, flag, given, sid},
};
use crate::{
    caller::{Subject, bare, incomplete, parse_integrity, parse_privileges, restricted},
    diagnostic::Diagnostic,
};
use app_container::AppContainerLine;
use fields::{Texts, refused, sids};
use impersonation::TokenLevel;
use sddl_authz::{Caller, Claim, sddl};
use serde::Deserialize;
use std::borrow::Cow;

/// The caller. A null is an error, so that groups that got lost are not taken for groups that the caller is not in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallerLine<'a> {
    #[serde(borrow)]
    user: Cow<'a, str>,
    #[serde(default, deserialize_with = "flag")]
    user_deny_only: Option<bool>,
    #[serde(borrow, default, deserialize_with = "given")]
    groups: Option<Vec<GroupLine<'a>>>,
    #[serde(borrow, default, deserialize_with = "given")]
    deny_only: Texts<'a>,
    #[serde(default, deserialize_with = "flag")]
    authenticated: bool,
    #[serde(borrow, default, deserialize_with = "given")]
    device_groups: Texts<'a>,
    #[serde(default, deserialize_with = "flag")]
    groups_incomplete: bool,
    #[serde(default, deserialize_with = "flag")]
    claims_incomplete: bool,
    #[serde(borrow, default, deserialize_with = "given")]
    claims: Option<Object<ClaimsLine<'a>>>,
    #[serde(default, deserialize_with = "given")]
    user_claims: Option<ClaimsByName>,
    #[serde(default, deserialize_with = "given")]
    device_claims: Option<ClaimsByName>,
    #[serde(borrow, default, deserialize_with = "given")]
    privileges: Texts<'a>,
    #[serde(borrow, default, deserialize_with = "given")]
    integrity: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "given")]
    impersonation: Option<TokenLevel>,
    #[serde(borrow, default, deserialize_with = "given")]
    appcontainer: Option<Object<AppContainerLine<'a>>>,
    #[serde(borrow, default, deserialize_with = "given")]
    restricting: Texts<'a>,
    #[serde(default, deserialize_with = "flag")]
    write_restricted: bool,
    #[serde(borrow, default, deserialize_with = "given", rename = "self")]
    principal_self: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a group is a SID or {\"sid\":…,\"deny_only\":…}")]
enum GroupLine<'a> {
    #[serde(borrow)]
    Sid(Cow<'a, str>),
    #[serde(borrow)]
    Attributed(Object<Attributed<'a>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attributed<'a> {
    #[serde(borrow)]
    sid: Cow<'a, str>,
    #[serde(default, deserialize_with = "flag")]
    deny_only: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimsLine<'a> {
    #[serde(borrow, default, deserialize_with = "given")]
    user: Option<Vec<Object<ClaimLine<'a>>>>,
    #[serde(borrow, default, deserialize_with = "given")]
    device: Option<Vec<Object<ClaimLine<'a>>>>,
}

impl CallerLine<'_> {
    pub(super) fn subject(&self, read: &sddl::Options) -> Result<Subject, Diagnostic> {
        self.refuse_two_forms()?;
        if let Some(level) = self.impersonation {
            level.refuse_unusable()?;
        }
        let mut caller = self.with_claims(self.with_groups(read)?, read)?;
        let names = self.privileges.as_deref().unwrap_or_default();
        let privileges = parse_privileges("caller.privileges", names);
        caller = caller.with_privileges(privileges.map_err(Diagnostic::without_span)?);
        // A token with an empty list of restricting SIDs is not restricted.
        let restricting = sids("caller.restricting", &self.restricting, read)?;
        if !restricting.is_empty() {
            caller = restricted(caller, restricting, self.write_restricted);
        } else if self.write_restricted {
            let message = "caller.write_restricted: it needs caller.restricting";
            return Err(Diagnostic::new("restricting_missing", message));
        }
        if let Some(level) = &self.integrity {
            let level = parse_integrity("caller.integrity", level).map_err(Diagnostic::without_span)?;
            caller = caller.with_integrity(level);
        }
        if let Some(Object(line)) = &self.appcontainer {
            caller = caller.with_app_container(line.app_container(read)?);
        }
        let principal_self = match &self.principal_self {
            Some(text) => Some(sid("caller.self", text, read)?),
            None => None,
        };
        Ok(Subject {
            caller: incomplete(caller, self.groups_incomplete, self.claims_incomplete),
            principal_self,
            identification: matches!(self.impersonation, Some(TokenLevel::Identification)),
        })
    }

    /// Refuses a line that says one thing in two ways.
    fn refuse_two_forms(&self) -> Result<(), Diagnostic> {
        let attributed = |group: &GroupLine<'_>| matches!(group, GroupLine::Attributed(_));
        let pairs = [
            (
                self.groups.iter().flatten().any(attributed) && self.deny_only.is_some(),
                "caller.deny_only and {sid, deny_only} in caller.groups",
            ),
            (
                self.claims.is_some() && self.user_claims.is_some(),
                "caller.claims and caller.user_claims",
            ),
            (
                self.claims.is_some() && self.device_claims.is_some(),
                "caller.claims and caller.device_claims",
            ),
        ];
        match pairs.into_iter().find(|(both, _)| *both) {
            Some((_, names)) => {
                let message = format!("{names} say the same thing; give one of them");
                Err(Diagnostic::new("key_repeated", message))
            }
            None => Ok(()),
        }
    }

    /// The user with all groups. Groups that are not given are none.
    fn with_groups(&self, read: &sddl::Options) -> Result<Caller, Diagnostic> {
        let user = sid("caller.user", &self.user, read)?;
        let caller = if self.authenticated {
            Caller::authenticated(user)
        } else {
            bare(user)
        };
        let (mut enabled, mut deny_only) = (Vec::new(), Vec::new());
        for group in self.groups.iter().flatten() {
            match group {
                GroupLine::Sid(text) => enabled.push(sid("caller.groups", text, read)?),
                GroupLine::Attributed(Object(group)) if group.deny_only => {
                    deny_only.push(sid("caller.groups", &group.sid, read)?)
                }
                GroupLine::Attributed(Object(group)) => enabled.push(sid("caller.groups", &group.sid, read)?),
            }
        }
        let caller = caller
            .map_err(refused("caller.user"))?
            .with_groups(enabled)
            .and_then(|caller| caller.with_deny_only_groups(deny_only))
            .map_err(refused("caller.groups"))?
            .with_deny_only_groups(sids("caller.deny_only", &self.deny_only, read)?)
            .map_err(refused("caller.deny_only"))?
            .with_device_groups(sids("caller.device_groups", &self.device_groups, read)?)
            .map_err(refused("caller.device_groups"))?;
        match self.user_deny_only {
            Some(deny_only) => caller
                .with_user_deny_only(deny_only)
                .map_err(refused("caller.user_deny_only")),
            None => Ok(caller),
        }
    }

    fn with_claims(&self, caller: Caller, read: &sddl::Options) -> Result<Caller, Diagnostic> {
        if let Some(Object(lines)) = &self.claims {
            return caller
                .with_user_claims(claims("caller.claims.user", &lines.user, read)?)
                .map_err(refused("caller.claims.user"))?
                .with_device_claims(claims("caller.claims.device", &lines.device, read)?)
                .map_err(refused("caller.claims.device"));
        }
        let by_name = |field, claims: &Option<ClaimsByName>| match claims {
            Some(claims) => claims.claims(field, read),
            None => Ok(Vec::new()),
        };
        caller
            .with_user_claims(by_name("caller.user_claims", &self.user_claims)?)
            .map_err(refused("caller.user_claims"))?
            .with_device_claims(by_name("caller.device_claims", &self.device_claims)?)
            .map_err(refused("caller.device_claims"))
    }
}

fn claims(
    field: &str,
    lines: &Option<Vec<Object<ClaimLine<'_>>>>,
    read: &sddl::Options,
) -> Result<Vec<Claim>, Diagnostic> {
    lines
        .iter()
        .flatten()
        .map(|Object(line)| line.claim(field, read))
        .collect()
}

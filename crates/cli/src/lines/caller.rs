//! The caller of a line.

use super::{
    claims::ClaimLine,
    fields::{Object, flag, sid},
};
use crate::{
    caller::{Subject, bare, caller_diagnostic, incomplete, parse_integrity, parse_privileges, restricted},
    diagnostic::Diagnostic,
};
use sddl_authz::{Caller, CallerError, Claim, Sid, sddl};
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallerLine<'a> {
    #[serde(borrow)]
    user: Cow<'a, str>,
    #[serde(borrow, default)]
    groups: Option<Vec<GroupLine<'a>>>,
    #[serde(default, deserialize_with = "flag")]
    authenticated: bool,
    #[serde(borrow, default)]
    device_groups: Texts<'a>,
    #[serde(default, deserialize_with = "flag")]
    groups_incomplete: bool,
    #[serde(default, deserialize_with = "flag")]
    claims_incomplete: bool,
    #[serde(borrow, default)]
    claims: Option<Object<ClaimsLine<'a>>>,
    #[serde(borrow, default)]
    privileges: Texts<'a>,
    #[serde(borrow, default)]
    integrity: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    restricting: Texts<'a>,
    #[serde(default, deserialize_with = "flag")]
    write_restricted: bool,
    #[serde(borrow, default, rename = "self")]
    principal_self: Option<Cow<'a, str>>,
}

type Texts<'a> = Option<Vec<Cow<'a, str>>>;

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
    #[serde(borrow, default)]
    user: Option<Vec<Object<ClaimLine<'a>>>>,
    #[serde(borrow, default)]
    device: Option<Vec<Object<ClaimLine<'a>>>>,
}

impl CallerLine<'_> {
    pub(super) fn subject(&self, read: &sddl::Options) -> Result<Subject, Diagnostic> {
        let user = sid("caller.user", &self.user, read)?;
        let mut caller = if self.authenticated {
            Caller::authenticated(user)
        } else {
            bare(user)
        }
        .map_err(refused("caller.user"))?;
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
        let field = "caller.privileges";
        let names = self.privileges.as_deref().unwrap_or_default();
        let privileges = parse_privileges(field, names).map_err(Diagnostic::without_span)?;
        caller = caller
            .with_groups(enabled)
            .and_then(|caller| caller.with_deny_only_groups(deny_only))
            .map_err(refused("caller.groups"))?
            .with_device_groups(sids("caller.device_groups", &self.device_groups, read)?)
            .map_err(refused("caller.device_groups"))?
            .with_privileges(privileges);
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
        let principal_self = match &self.principal_self {
            Some(text) => Some(sid("caller.self", text, read)?),
            None => None,
        };
        let none = ClaimsLine::default();
        let lines = self.claims.as_ref().map_or(&none, |Object(lines)| lines);
        caller = caller
            .with_user_claims(claims("caller.claims.user", &lines.user, read)?)
            .map_err(refused("caller.claims.user"))?
            .with_device_claims(claims("caller.claims.device", &lines.device, read)?)
            .map_err(refused("caller.claims.device"))?;
        Ok(Subject {
            caller: incomplete(caller, self.groups_incomplete, self.claims_incomplete),
            principal_self,
        })
    }
}

fn refused(field: &'static str) -> impl Fn(CallerError) -> Diagnostic {
    move |error| caller_diagnostic(&error).in_field(field)
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

fn sids(field: &str, texts: &Texts<'_>, read: &sddl::Options) -> Result<Vec<Sid>, Diagnostic> {
    texts.iter().flatten().map(|text| sid(field, text, read)).collect()
}

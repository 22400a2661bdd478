//! Who asks, in a line.

use super::{claims::ClaimLine, flag, object::Object};
use crate::{
    caller::{Asking, caller_trouble, incomplete, parse_integrity, parse_privileges, restricted},
    trouble::Trouble,
};
use sddl_authz::{Caller, CallerError, Claim, Sid, sddl::ParseError};
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
    pub(super) fn asking(&self) -> Result<Asking, Trouble> {
        let user = sid("caller.user", &self.user)?;
        let mut caller = if self.authenticated {
            Caller::authenticated(user).map_err(refused("caller.user"))?
        } else {
            Caller::bare(user)
        };
        let (mut enabled, mut deny_only) = (Vec::new(), Vec::new());
        for group in self.groups.iter().flatten() {
            match group {
                GroupLine::Sid(text) => enabled.push(sid("caller.groups", text)?),
                GroupLine::Attributed(Object(group)) if group.deny_only => {
                    deny_only.push(sid("caller.groups", &group.sid)?)
                }
                GroupLine::Attributed(Object(group)) => enabled.push(sid("caller.groups", &group.sid)?),
            }
        }
        let field = "caller.privileges";
        let names = self.privileges.as_deref().unwrap_or_default();
        let privileges = parse_privileges(field, names).map_err(Trouble::elsewhere)?;
        caller = caller
            .with_groups(enabled)
            .with_deny_only_groups(deny_only)
            .with_device_groups(sids("caller.device_groups", &self.device_groups)?)
            .with_privileges(privileges);
        // A token without restricting SIDs is not restricted.
        let restricting = sids("caller.restricting", &self.restricting)?;
        if !restricting.is_empty() {
            caller = restricted(caller, restricting, self.write_restricted);
        } else if self.write_restricted {
            let message = "caller.write_restricted: it says how caller.restricting restricts, and there is none";
            return Err(Trouble::new("restricting_missing", message));
        }
        if let Some(level) = &self.integrity {
            let level = parse_integrity("caller.integrity", level).map_err(Trouble::elsewhere)?;
            caller = caller.with_integrity(level);
        }
        let principal_self = match &self.principal_self {
            Some(text) => Some(sid("caller.self", text)?),
            None => None,
        };
        let none = ClaimsLine::default();
        let lines = self.claims.as_ref().map_or(&none, |Object(lines)| lines);
        caller = caller
            .with_user_claims(claims("caller.claims.user", &lines.user)?)
            .map_err(refused("caller.claims.user"))?
            .with_device_claims(claims("caller.claims.device", &lines.device)?)
            .map_err(refused("caller.claims.device"))?;
        Ok(Asking {
            caller: incomplete(caller, self.groups_incomplete, self.claims_incomplete),
            principal_self,
        })
    }
}

fn refused(field: &'static str) -> impl Fn(CallerError) -> Trouble {
    move |error| caller_trouble(&error).in_field(field)
}

fn claims(field: &str, lines: &Option<Vec<Object<ClaimLine<'_>>>>) -> Result<Vec<Claim>, Trouble> {
    lines.iter().flatten().map(|Object(line)| line.claim(field)).collect()
}

fn sids(field: &str, texts: &Texts<'_>) -> Result<Vec<Sid>, Trouble> {
    texts.iter().flatten().map(|text| sid(field, text)).collect()
}

pub(super) fn sid(field: &str, text: &str) -> Result<Sid, Trouble> {
    text.parse()
        .map_err(|error: ParseError| Trouble::of_text(&error, text).in_field(field))
}

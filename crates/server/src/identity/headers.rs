//! Reads the caller from headers that are trusted.

use axum::http::{HeaderMap, HeaderValue};
use sddl_authz::{
    Caller, CallerError, Sid,
    http::{CallerHeader, CallerSourceError, parse_account, parse_sids},
};
use uuid::Uuid;

const USER: &str = "x-caller-user";
const GROUPS: &str = "x-caller-groups";
const DENY_ONLY: &str = "x-caller-deny-only-groups";
const INCOMPLETE: &str = "x-caller-groups-incomplete";
const UUID: &str = "x-caller-uuid";

/// The names of the headers that say one fact each.
pub(super) const SEPARATE: [&str; 5] = [USER, GROUPS, DENY_ONLY, INCOMPLETE, UUID];

/// The headers in which a proxy states the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyHeaders {
    /// `X-Caller` alone. A request with one of the older headers is refused.
    One,
    /// `X-Caller`, or, in a request without it, the older headers that state one fact each.
    OneOrSeparate,
}

/// A caller, and its GUID in the directory.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) caller: Caller,
    pub(crate) uuid: Option<Uuid>,
}

/// Reads the headers of a proxy.
pub(super) fn from_proxy(headers: &HeaderMap, form: ProxyHeaders) -> Result<Identity, CallerSourceError> {
    let Some(caller) = text(headers, CallerHeader::NAME)? else {
        return match form {
            ProxyHeaders::One => Err(unreadable(format!("the header `{}` is missing", CallerHeader::NAME))),
            ProxyHeaders::OneOrSeparate => from_separate(headers),
        };
    };
    if SEPARATE.iter().any(|name| headers.contains_key(*name)) {
        return Err(unreadable("there are identity headers beside `x-caller`".to_owned()));
    }
    let CallerHeader { caller, uuid, .. } = caller
        .parse()
        .map_err(|error| unreadable(format!("`{}`: {error}", CallerHeader::NAME)))?;
    Ok(Identity { caller, uuid })
}

/// Reads the headers that say one fact each. A fact of which nothing is said is unknown.
fn from_separate(headers: &HeaderMap) -> Result<Identity, CallerSourceError> {
    let Some(user) = text(headers, USER)? else {
        return Err(unreadable(format!("the header `{USER}` is missing")));
    };
    let user = account(USER, user)?;
    let complete = match text(headers, INCOMPLETE)? {
        Some("false") => true,
        None | Some("true") => false,
        Some(_) => return Err(unreadable(format!("`{INCOMPLETE}` is true or false"))),
    };
    let groups = said_sids(headers, GROUPS)?;
    let deny_only = said_sids(headers, DENY_ONLY)?;
    // A client can send this header itself where the proxy does not remove it, so it is read and not believed.
    uuid(headers, UUID)?;

    let is_complete = complete && groups.is_some() && deny_only.is_some();
    let deny_only_is_known = deny_only.is_some();
    let caller = authenticated(user)?;
    let all = caller
        .clone()
        .with_groups(groups.unwrap_or_default())
        .map_err(refused(GROUPS))?;
    let deny_only = deny_only.unwrap_or_default();
    if deny_only.contains(&user) {
        return Err(refused(DENY_ONLY)(CallerError::EnabledAndDenyOnly { sid: user }));
    }
    let all = all.with_deny_only_groups(deny_only).map_err(refused(DENY_ONLY))?;
    Ok(Identity {
        caller: match (is_complete, deny_only_is_known) {
            (true, _) => all,
            (false, true) => all.with_incomplete_groups(),
            // Each SID that was given may be one that counts for Deny entries only, so neither user nor group is known to be enabled.
            (false, false) => caller.with_incomplete_groups().with_user_deny_only_unknown(),
        },
        uuid: None,
    })
}

/// Reads the headers for trials: the SIDs of the user and of all its groups, which nobody has verified.
pub(super) fn from_dev_headers(
    headers: &HeaderMap,
    name: &str,
    uuid_name: &str,
) -> Result<Identity, CallerSourceError> {
    let listed = text(headers, name)?.unwrap_or_default();
    let (user, groups) = listed
        .split_once(',')
        .map_or((listed, None), |(user, groups)| (user, Some(groups)));
    let groups = groups.map_or(Ok(Vec::new()), |groups| sids(name, groups))?;
    Ok(Identity {
        caller: authenticated(account(name, user.trim())?)?
            .with_groups(groups)
            .map_err(refused(name))?,
        uuid: uuid(headers, uuid_name)?,
    })
}

fn authenticated(user: Sid) -> Result<Caller, CallerSourceError> {
    Caller::authenticated(user).map_err(CallerSourceError::unreadable)
}

/// Describes an error in the groups of a header.
fn refused(name: &str) -> impl Fn(CallerError) -> CallerSourceError {
    move |error| unreadable(format!("`{name}`: {error}"))
}

fn uuid(headers: &HeaderMap, name: &str) -> Result<Option<Uuid>, CallerSourceError> {
    let parsed = text(headers, name)?.map(Uuid::try_parse).transpose();
    parsed.map_err(|error| unreadable(format!("`{name}`: {error}")))
}

/// Reads the SIDs of a header. Returns `None` if it is absent or empty: some proxies send an empty value where a variable is missing, and
/// some send no header where the value is empty. The word for an empty list is `none`.
fn said_sids(headers: &HeaderMap, name: &str) -> Result<Option<Vec<Sid>>, CallerSourceError> {
    match text(headers, name)?.map(str::trim) {
        None | Some("") => Ok(None),
        Some("none") => Ok(Some(Vec::new())),
        Some(list) => sids(name, list).map(Some),
    }
}

/// Reads SIDs separated by commas. An alias is refused, because it means another SID in each domain.
fn sids(name: &str, list: &str) -> Result<Vec<Sid>, CallerSourceError> {
    parse_sids(list).ok_or_else(|| unreadable(format!("`{name}` holds something that is not a SID")))
}

/// Reads the SID of a user.
fn account(name: &str, text: &str) -> Result<Sid, CallerSourceError> {
    parse_account(text).ok_or_else(|| unreadable(format!("`{name}` does not hold the SID of an account")))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, CallerSourceError> {
    let value = only(headers, name)?.map(HeaderValue::to_str).transpose();
    value.map_err(|_| unreadable(format!("`{name}` is not printable ASCII")))
}

/// Returns the header of this name, and refuses two of them: only one can be the proxy's.
pub(super) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a HeaderValue>, CallerSourceError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(unreadable(format!("`{name}` is there twice"))),
    }
}

pub(super) fn unreadable(detail: String) -> CallerSourceError {
    CallerSourceError::Unreadable { detail }
}

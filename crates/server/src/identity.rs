//! Finds out who calls. A proxy in front says so in headers, and must be known to be the proxy. To try the server out, the caller may say so itself.
//!
//! The headers of the proxy are `X-Caller-User: SID`; `X-Caller-Groups: SID,SID…`, which may be empty;
//! `X-Caller-Deny-Only-Groups: SID,SID…`; `X-Caller-Groups-Incomplete: true`; and `X-Caller-Uuid: GUID`, the user's id in the directory.
//! If the proxy sends no `X-Caller-Groups`, the groups count as incomplete.

use axum::http::{HeaderMap, HeaderValue, request::Parts};
use sddl_authz::{
    Caller, CallerError, Sid,
    http::{CallerSource, CallerSourceError, parse_sid},
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

const USER: &str = "x-caller-user";
const GROUPS: &str = "x-caller-groups";
const DENY_ONLY: &str = "x-caller-deny-only-groups";
const INCOMPLETE: &str = "x-caller-groups-incomplete";
const UUID: &str = "x-caller-uuid";
const SECRET: &str = "x-proxy-secret";
const DEV: &str = "x-dev-caller";
const DEV_UUID: &str = "x-dev-caller-uuid";

/// The sources that the server trusts to say who calls.
#[derive(Clone, Debug)]
pub enum Trust {
    /// A peer on the Unix socket that runs as this user of the system.
    Uid(u32),
    /// A peer that knows the secret, of which this is the SHA-256.
    Secret([u8; 32]),
    /// Everybody. This is for trying the server out on loopback.
    Dev,
}

impl Trust {
    /// Trusts a peer that knows this secret.
    #[must_use]
    pub fn secret(secret: &[u8]) -> Self {
        Self::Secret(Sha256::digest(secret).into())
    }
}

/// The user of the system at the other end of a Unix socket. It is in the extensions of each request.
#[derive(Clone, Copy, Debug)]
pub struct PeerUid(pub Option<u32>);

impl CallerSource for Trust {
    async fn caller(&self, head: &Parts) -> Result<Caller, CallerSourceError> {
        self.read(head).map(|identity| identity.caller)
    }
}

/// A caller, and its GUID in the directory.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) caller: Caller,
    pub(crate) uuid: Option<Uuid>,
}

impl Trust {
    /// Reads who calls. An identity header is refused if it comes from a peer that may not send it, if it is there twice, or if its
    /// name is unknown. It is never ignored.
    pub(crate) fn read(&self, head: &Parts) -> Result<Identity, CallerSourceError> {
        let headers = &head.headers;
        let known: &[&str] = match self {
            Self::Uid(_) => &[USER, GROUPS, DENY_ONLY, INCOMPLETE, UUID],
            Self::Secret(_) => &[USER, GROUPS, DENY_ONLY, INCOMPLETE, UUID, SECRET],
            Self::Dev => &[DEV, DEV_UUID],
        };
        let mut any = false;
        for name in headers.keys().map(|name| name.as_str()) {
            // Some proxies take `_` for `-`, so a client could smuggle `x_caller_user` past one.
            if is_identity(&name.replace('_', "-")) {
                any = true;
                if !known.contains(&name) {
                    return Err(unreadable(format!("the header `{name}` is not taken here")));
                }
            }
        }
        if !any {
            return Err(CallerSourceError::Missing {
                challenge: HeaderValue::from_static("Negotiate"),
            });
        }
        let identity = match self {
            Self::Uid(uid) => head.extensions.get().is_some_and(|PeerUid(peer)| *peer == Some(*uid)),
            Self::Secret(digest) => match only(headers, SECRET)? {
                Some(secret) => Sha256::digest(secret.as_bytes()).ct_eq(digest).into(),
                None => false,
            },
            Self::Dev => return dev(headers),
        };
        if !identity {
            return Err(unreadable("identity headers do not come from the proxy".to_owned()));
        }
        from_proxy(headers)
    }
}

fn is_identity(name: &str) -> bool {
    name.starts_with("x-caller-") || name.starts_with("x-dev-caller") || name == SECRET
}

fn from_proxy(headers: &HeaderMap) -> Result<Identity, CallerSourceError> {
    let Some(user) = text(headers, USER)? else {
        return Err(unreadable(format!("the header `{USER}` is missing")));
    };
    let incomplete = match text(headers, INCOMPLETE)? {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(unreadable(format!("`{INCOMPLETE}` is true or false"))),
    };
    let groups = text(headers, GROUPS)?;
    let mut caller = authenticated(sid(USER, user)?)?;
    if let Some(groups) = groups {
        caller = caller.with_groups(sids(GROUPS, groups)?).map_err(refused(GROUPS))?;
    }
    if let Some(groups) = text(headers, DENY_ONLY)? {
        let groups = sids(DENY_ONLY, groups)?;
        caller = caller.with_deny_only_groups(groups).map_err(refused(DENY_ONLY))?;
    }
    Ok(Identity {
        caller: if incomplete {
            caller.with_incomplete_groups()
        } else {
            caller
        },
        uuid: uuid(headers, UUID)?,
    })
}

fn dev(headers: &HeaderMap) -> Result<Identity, CallerSourceError> {
    let listed = sids(DEV, text(headers, DEV)?.unwrap_or_default())?;
    let (user, groups) = listed
        .split_first()
        .ok_or_else(|| unreadable(format!("`{DEV}` lists no SID")))?;
    Ok(Identity {
        caller: authenticated(*user)?
            .with_groups(groups.iter().copied())
            .map_err(refused(DEV))?,
        uuid: uuid(headers, DEV_UUID)?,
    })
}

fn authenticated(user: Sid) -> Result<Caller, CallerSourceError> {
    Caller::authenticated(user).map_err(|error| unreadable(error.to_string()))
}

/// Describes an error in the groups of a header.
fn refused(name: &str) -> impl Fn(CallerError) -> CallerSourceError {
    move |error| unreadable(format!("`{name}`: {error}"))
}

fn uuid(headers: &HeaderMap, name: &str) -> Result<Option<Uuid>, CallerSourceError> {
    let parsed = text(headers, name)?.map(Uuid::try_parse).transpose();
    parsed.map_err(|error| unreadable(format!("`{name}`: {error}")))
}

/// Reads SIDs separated by commas. The text may be empty.
fn sids(name: &str, list: &str) -> Result<Vec<Sid>, CallerSourceError> {
    let listed = list.split(',').filter(|_| !list.trim().is_empty());
    listed.map(|text| sid(name, text.trim())).collect()
}

/// Reads a SID in full. An alias is refused, because it means another SID in each domain.
fn sid(name: &str, text: &str) -> Result<Sid, CallerSourceError> {
    parse_sid(text).ok_or_else(|| unreadable(format!("`{name}` holds something that is not a SID")))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, CallerSourceError> {
    let value = only(headers, name)?.map(HeaderValue::to_str).transpose();
    value.map_err(|_| unreadable(format!("`{name}` is not printable ASCII")))
}

/// Returns the header of this name, and refuses two of them: only one can be the proxy's.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a HeaderValue>, CallerSourceError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(unreadable(format!("`{name}` is there twice"))),
    }
}

fn unreadable(detail: String) -> CallerSourceError {
    CallerSourceError::Unreadable { detail }
}

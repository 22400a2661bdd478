//! The question in an input of the target, and the expected answer as far as it is known without the server.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, Method, Request},
};
use sddl_authz::{Caller, Sid};
use sddl_authz_server::identity::PeerUid;
use uuid::{
    Uuid,
    fmt::{Braced, Hyphenated, Simple},
};

const ROUTE: &str = "/certificatemanagement/api/v1.0/requests";
pub(super) const SECRET: &str = "0123456789abcdef";
pub(super) const PROXY: u32 = 33;

/// The sources that the server trusts, and whether this request comes from one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trusted {
    Dev,
    Secret,
    Proxy,
    Another,
}

/// `TRUST STATUS DESCRIPTOR`, then the request: `METHOD PATH`, headers, an empty line, the body. Instead of the descriptor a whole row.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) trusted: Trusted,
    pub(super) status: i64,
    pub(super) stored: &'a str,
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) headers: HeaderMap,
    pub(super) body: &'a [u8],
}

/// The resource at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    Health,
    List,
    /// The request with this id, or with none.
    Item(Option<Uuid>),
    Nothing,
}

impl<'a> Asked<'a> {
    /// `None` for a request that hyper would refuse.
    pub(super) fn read(data: &'a [u8]) -> Option<Self> {
        let (first, rest) = line(data)?;
        let (start, mut rest) = line(rest)?;
        let mut words = str::from_utf8(first).ok()?.splitn(3, ' ');
        let trusted = match words.next()? {
            "dev" => Trusted::Dev,
            "secret" => Trusted::Secret,
            "proxy" => Trusted::Proxy,
            "another" => Trusted::Another,
            _ => return None,
        };
        let status = words.next()?.parse().ok()?;
        let stored = words.next()?;
        let (method, path) = str::from_utf8(start).ok()?.split_once(' ')?;
        let mut headers = HeaderMap::new();
        loop {
            let (header, after) = line(rest)?;
            rest = after;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_at_checked(header.iter().position(|&byte| byte == b':')?)?;
            let value = value.strip_prefix(b":")?.trim_ascii();
            let name: HeaderName = name.try_into().ok()?;
            headers.append(name, value.try_into().ok()?);
        }
        Some(Self {
            trusted,
            status,
            stored,
            method: method.parse().ok()?,
            path,
            headers,
            body: rest,
        })
    }

    /// The request, about this path instead of its own where one is given.
    pub(super) fn request(&self, path: Option<&str>) -> Option<Request<Body>> {
        let mut request = Request::new(Body::from(self.body.to_vec()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = path.unwrap_or(self.path).parse().ok()?;
        *request.headers_mut() = self.headers.clone();
        let peer = match self.trusted {
            Trusted::Dev | Trusted::Secret => None,
            Trusted::Proxy => Some(PROXY),
            Trusted::Another => Some(PROXY + 1),
        };
        request.extensions_mut().insert(PeerUid(peer));
        Some(request)
    }

    /// The resource, by the documentation: the path in any case, with letters escaped or not, and with a slash at its end or not.
    pub(super) fn place(&self, path: &str) -> Place {
        let path = unescaped(path).to_ascii_lowercase();
        let path = match path.strip_suffix('/') {
            Some(shorter) if !shorter.is_empty() => shorter,
            _ => &path,
        };
        if path == "/healthz" || path == "/readyz" {
            return Place::Health;
        }
        match path.strip_prefix(ROUTE) {
            Some("") => Place::List,
            Some(rest) => match rest.strip_prefix('/') {
                Some(id) if !id.is_empty() && !id.contains('/') => Place::Item(guid(id)),
                _ => Place::Nothing,
            },
            None => Place::Nothing,
        }
    }

    /// The caller, read by the server's documentation; `None` if the server must not believe the headers.
    pub(super) fn caller(&self) -> Option<Caller> {
        let known: &[&str] = match self.trusted {
            Trusted::Another => return None,
            Trusted::Dev => &["x-dev-caller", "x-dev-caller-uuid"],
            Trusted::Secret | Trusted::Proxy => &[
                "x-caller",
                "x-caller-user",
                "x-caller-groups",
                "x-caller-deny-only-groups",
                "x-caller-groups-incomplete",
                "x-caller-uuid",
                "x-proxy-secret",
            ],
        };
        for name in self.headers.keys().map(|name| name.as_str()) {
            let letters = name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "");
            let identity = ["xcaller", "xdevcaller", "xproxysecret"]
                .iter()
                .any(|start| letters.starts_with(start));
            let foreign = self.trusted == Trusted::Proxy && name == "x-proxy-secret";
            if identity && (foreign || !known.contains(&name)) {
                return None;
            }
            if known.contains(&name) && self.headers.get_all(name).iter().count() != 1 {
                return None;
            }
        }
        for name in ["x-dev-caller-uuid", "x-caller-uuid"] {
            if let Some(uuid) = self.headers.get(name) {
                uuid.to_str().ok()?.parse::<Uuid>().ok()?;
            }
        }
        if self.trusted == Trusted::Dev {
            let sids = sids(self.text("x-dev-caller")??)?;
            let (user, groups) = sids.split_first()?;
            return account(*user)?.with_groups(groups.to_vec()).ok();
        }
        if self.trusted == Trusted::Secret && self.headers.get("x-proxy-secret")? != SECRET {
            return None;
        }
        if let Some(whole) = self.text("x-caller")? {
            let alone = !known
                .iter()
                .any(|name| name.starts_with("x-caller-") && self.headers.contains_key(*name));
            return alone.then(|| whole_caller(whole)).flatten();
        }
        let user = *sids(self.text("x-caller-user")??)?
            .split_first()
            .filter(|(_, rest)| rest.is_empty())?
            .0;
        let groups = said(self.text("x-caller-groups")?)?;
        let deny_only = said(self.text("x-caller-deny-only-groups")?)?;
        let complete = match self.text("x-caller-groups-incomplete")? {
            None | Some("true") => false,
            Some("false") => groups.is_some() && deny_only.is_some(),
            Some(_) => return None,
        };
        let is_known = deny_only.is_some();
        let caller = full(
            user,
            groups.unwrap_or_default(),
            deny_only.unwrap_or_default(),
            complete,
        )?;
        if is_known {
            return Some(caller);
        }
        Some(account(user)?.with_incomplete_groups().with_user_deny_only_unknown())
    }

    /// The text of a header, where it is there; none where it is no text.
    fn text(&self, name: &str) -> Option<Option<&str>> {
        self.headers
            .get(name)
            .map(|value| value.to_str().ok())
            .map_or(Some(None), |text| text.map(Some))
    }
}

/// A path with its letters, digits, `-._~`, braces and parentheses as themselves.
fn unescaped(path: &str) -> String {
    let (mut text, mut rest) = (String::new(), path.as_bytes());
    while let [first, after @ ..] = rest {
        let escape = match rest {
            [b'%', high, low, after @ ..] => plain([*high, *low]).map(|character| (character, after)),
            _ => None,
        };
        // A path is ASCII, since hyper takes no other.
        let (character, after) = escape.unwrap_or((char::from(*first), after));
        text.push(character);
        rest = after;
    }
    text
}

fn plain(digits: [u8; 2]) -> Option<char> {
    let digits = str::from_utf8(&digits).ok().filter(|text| !text.contains('+'))?;
    let character = char::from(u8::from_str_radix(digits, 16).ok()?);
    (character.is_ascii_alphanumeric() || "-._~{}()".contains(character)).then_some(character)
}

/// A GUID in one of the forms N, D, B and P of .NET.
fn guid(text: &str) -> Option<Uuid> {
    let in_braces = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) => format!("{{{inner}}}"),
        None => text.to_owned(),
    };
    let braced = in_braces.parse::<Braced>().map(Uuid::from);
    let simple = text.parse::<Simple>().map(Uuid::from);
    braced
        .or(simple)
        .or_else(|_| text.parse::<Hyphenated>().map(Uuid::from))
        .ok()
}

fn line(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = data.split_at_checked(data.iter().position(|&byte| byte == b'\n')?)?;
    Some((line, rest.strip_prefix(b"\n")?))
}

/// A caller of whom everything is said.
fn full(user: Sid, groups: Vec<Sid>, deny_only: Vec<Sid>, complete: bool) -> Option<Caller> {
    let caller = account(user).filter(|_| !deny_only.contains(&user))?;
    let caller = caller.with_groups(groups).ok()?.with_deny_only_groups(deny_only).ok()?;
    Some(if complete {
        caller
    } else {
        caller.with_incomplete_groups()
    })
}

/// The caller of `X-Caller`, read by its documentation.
fn whole_caller(text: &str) -> Option<Caller> {
    let mut fields = std::collections::BTreeMap::new();
    let mut last = "";
    for part in text.split(';') {
        let (name, value) = part.trim().split_once('=')?;
        last = name;
        if fields.insert(name, value).is_some() {
            return None;
        }
    }
    ["incomplete", "uuid"].contains(&last).then_some(())?;
    let mut take = |name| fields.remove(name);
    let user = take("user")?;
    let user = sddl_authz::http::parse_sid(user)?;
    let [groups, deny_only] = [take("groups")?, take("deny-only")?].map(|list| said(Some(list)).flatten());
    let complete = match take("incomplete")? {
        "true" => false,
        "false" => true,
        _ => return None,
    };
    if let Some(uuid) = take("uuid") {
        uuid.parse::<Uuid>().ok()?;
    }
    let caller = full(user, groups?, deny_only?, complete)?;
    fields.is_empty().then_some(caller)
}

/// The user, if its SID can be that of an account.
fn account(user: Sid) -> Option<Caller> {
    sddl_authz::http::parse_account(&user.to_string())?;
    Caller::authenticated(user).ok()
}

/// The SIDs of a list, none of which is said by an absent or an empty one. `None` if it can't be read.
fn said(list: Option<&str>) -> Option<Option<Vec<Sid>>> {
    match list.map(str::trim) {
        None | Some("") => Some(None),
        Some("none") => Some(Some(Vec::new())),
        Some(list) => sids(list).map(Some),
    }
}

fn sids(list: &str) -> Option<Vec<Sid>> {
    let listed = list.split(',').map(str::trim);
    listed.map(sddl_authz::http::parse_sid).collect()
}

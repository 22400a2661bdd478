//! Finds the caller of a request. A proxy states the caller in headers, and the server verifies that the proxy sent them. For trials, the
//! client may state it itself.
//!
//! The proxy sends one header, `X-Caller`, with every fact: see [`CallerHeader`]. The older form has one header for each fact, such as
//! `X-Caller-User`. If one of these is absent or empty, its fact is unknown, so dropping it never grants more. But a proxy that sends
//! `X-Caller`, and lets a client send the older headers, must not accept these: without `X-Caller` they would name the caller. So
//! [`ProxyHeaders::One`] refuses them.
//!
//! Instead of a proxy, the issuer of a [token](crate::tokens) may state the caller.

mod headers;
mod secret;

pub(crate) use headers::Identity;
pub use headers::ProxyHeaders;
pub use secret::{SecretError, Secrets, read_secret};

use crate::tokens::{Fault, Tokens};
use axum::http::{HeaderMap, HeaderValue, request::Parts};
use headers::{only, unreadable};
use sddl_authz::{
    Caller,
    http::{CallerHeader, CallerSource, CallerSourceError},
};
use std::sync::Arc;

const SECRET: &str = "x-proxy-secret";
const DEV: &str = "x-dev-caller";
const DEV_UUID: &str = "x-dev-caller-uuid";

/// The sources that the server trusts to say who calls.
#[derive(Clone, Debug)]
pub enum Trust {
    /// A peer on the Unix socket that runs as this user of the system.
    Uid(u32, ProxyHeaders),
    /// A peer on a connection of TLS that has a certificate of the proxy.
    Certificate(ProxyHeaders),
    /// A peer that knows one of the secrets.
    Secret(Secrets, ProxyHeaders),
    /// The issuer of a bearer token.
    Token(Arc<Tokens>),
    /// Everybody. This is for trying the server out on loopback.
    Dev,
}

impl Trust {
    /// Trusts a peer that knows this secret.
    #[must_use]
    pub fn secret(secret: &[u8], headers: ProxyHeaders) -> Self {
        Self::Secret(Secrets::new(&[secret]), headers)
    }
}

/// The user of the system at the other end of a Unix socket. It is in the extensions of each request.
#[derive(Clone, Copy, Debug)]
pub struct PeerUid(pub Option<u32>);

/// Whether the client of TLS has a certificate of the proxy. It is in the extensions of each request.
#[derive(Clone, Copy, Debug)]
pub struct PeerCertificate(pub bool);

/// The caller of a request, in its extensions, if it has been found already.
#[derive(Clone, Debug)]
pub(crate) struct Identified(pub(crate) Result<Caller, CallerSourceError>);

impl CallerSource for Trust {
    async fn caller(&self, head: &Parts) -> Result<Caller, CallerSourceError> {
        match head.extensions.get() {
            Some(Identified(caller)) => caller.clone(),
            None => self.identify(head).await.map(|identity| identity.caller),
        }
    }
}

impl Trust {
    /// Whether the request comes from a proxy that may say who calls.
    pub(crate) fn is_proxy(&self, head: &Parts) -> bool {
        match self {
            Self::Uid(uid, _) => is_of_user(head, *uid),
            Self::Certificate(_) => has_certificate(head),
            Self::Secret(secrets, _) => has_secret(&head.headers, secrets).unwrap_or(false),
            Self::Token(_) | Self::Dev => false,
        }
    }

    /// Reads who calls. An identity header is refused if it comes from a peer that may not send it, if it is there twice, or if its
    /// name is unknown. It is never ignored.
    pub(crate) async fn identify(&self, head: &Parts) -> Result<Identity, CallerSourceError> {
        let headers = &head.headers;
        let (trusted, form) = match self {
            Self::Token(tokens) => return self.by_token(headers, tokens).await,
            Self::Uid(..) | Self::Certificate(_) | Self::Secret(..) | Self::Dev if !self.names_caller(headers)? => {
                return Err(CallerSourceError::Missing {
                    challenge: HeaderValue::from_static("Negotiate"),
                });
            }
            Self::Uid(uid, form) => (is_of_user(head, *uid), *form),
            Self::Certificate(form) => (has_certificate(head), *form),
            Self::Secret(secrets, form) => (has_secret(headers, secrets)?, *form),
            Self::Dev => return headers::from_dev_headers(headers, DEV, DEV_UUID),
        };
        if trusted {
            headers::from_proxy(headers, form)
        } else {
            Err(unreadable("identity headers do not come from the proxy".to_owned()))
        }
    }

    /// Reads who calls from a token. A request with identity headers, too, names two callers.
    async fn by_token(&self, headers: &HeaderMap, tokens: &Tokens) -> Result<Identity, CallerSourceError> {
        if let Err(error) = self.names_caller(headers) {
            return Err(Fault::Malformed(error.to_string()).into());
        }
        let (caller, uuid) = tokens.caller(headers).await?;
        Ok(Identity { caller, uuid })
    }

    /// Returns whether there is an identity header. Fails if there is one that is not taken.
    fn names_caller(&self, headers: &HeaderMap) -> Result<bool, CallerSourceError> {
        let mut any = false;
        for name in headers.keys().map(|name| name.as_str()) {
            if is_identity(name) {
                any = true;
                if !self.takes(name) {
                    return Err(unreadable(format!("the header `{}` is not taken here", start_of(name))));
                }
            }
        }
        Ok(any)
    }

    fn takes(&self, name: &str) -> bool {
        let of_proxy = |form: ProxyHeaders| match form {
            ProxyHeaders::One => name == CallerHeader::NAME,
            ProxyHeaders::OneOrSeparate => name == CallerHeader::NAME || headers::SEPARATE.contains(&name),
        };
        match self {
            Self::Uid(_, form) | Self::Certificate(form) => of_proxy(*form),
            Self::Secret(_, form) => of_proxy(*form) || name == SECRET,
            Self::Token(_) => false,
            Self::Dev => [DEV, DEV_UUID].contains(&name),
        }
    }
}

/// Whether the peer on the Unix socket runs as this user.
fn is_of_user(head: &Parts, uid: u32) -> bool {
    let is_user = |PeerUid(peer): &PeerUid| *peer == Some(uid);
    head.extensions.get().is_some_and(is_user)
}

/// Whether the client of TLS has a certificate of the proxy.
fn has_certificate(head: &Parts) -> bool {
    let is_proxy = |PeerCertificate(is_proxy): &PeerCertificate| *is_proxy;
    head.extensions.get().is_some_and(is_proxy)
}

/// Whether the secret of the proxy is there. Fails if there are two.
fn has_secret(headers: &HeaderMap, secrets: &Secrets) -> Result<bool, CallerSourceError> {
    Ok(only(headers, SECRET)?.is_some_and(|secret| secrets.has(secret)))
}

/// Whether a name is that of an identity header, or looks like one: some proxies take `_` for `-`, so a client could smuggle
/// `x_caller` past one, and a typing error of the operator must not be ignored.
fn is_identity(name: &str) -> bool {
    let starts = |start: &str| {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        letters.take(start.len()).eq(start.bytes())
    };
    starts("xcaller") || starts("xdevcaller") || starts("xproxysecret")
}

/// The start of a name for the log, which a client must not fill.
fn start_of(name: &str) -> String {
    const MOST: usize = 64;
    let mut start: String = name.chars().take(MOST).collect();
    if name.len() > MOST {
        start.push('…');
    }
    start
}

//! Bearer tokens: who calls, by a JSON Web Token that an issuer such as AD FS or Entra ID signed
//! ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750), [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)).
//!
//! A token counts if its algorithm is on the list, one of the issuer's keys signed it, issuer and audience are the expected ones, and the
//! time is between `nbf` and `exp`. Then its claims name the caller. Everything else is answered 401, and 503 if there is no key to verify
//! it with.

mod cache;
mod claims;
mod fault;
mod fetch;
mod keys;
mod source;

pub use cache::Keys;
pub(crate) use fault::Fault;
pub use fetch::{Fetch, FetchError};
pub use keys::KeySetError;
pub use source::{KeySource, SourceError};

use axum::http::{HeaderMap, header::AUTHORIZATION};
use claims::Claims;
use jsonwebtoken::{
    Algorithm, Header, Validation, decode, decode_header,
    errors::{Error, ErrorKind},
};
use sddl_authz::{Caller, http::ClaimNames};
use serde_json::{Map, Value};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// The most bytes of a token. The SIDs of 1,015 groups take some 72,000.
const MOST_BYTES: usize = 90_000;
/// The most bytes of the first part of a token, which names its algorithm and its key. It is read before anything is verified.
const MOST_HEADER_BYTES: usize = 4096;
/// The seconds from 1970 to 2020. A clock before that is wrong, and would let expired tokens pass.
const YEAR_2020: u64 = 1_577_836_800;

/// The tokens that count.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The claim `iss`.
    pub issuer: String,
    /// The claim `aud` is one of these, or lists one of them.
    pub audiences: Vec<String>,
    /// The algorithms of signatures.
    pub algorithms: Vec<Algorithm>,
    /// The seconds by which the clocks of issuer and server may differ.
    pub leeway: u64,
    /// The claims that describe the caller.
    pub claims: ClaimNames,
    /// The claim with the GUID of the user in the directory.
    pub uuid_claim: Option<String>,
}

/// Verifies tokens.
#[derive(Debug)]
pub struct Tokens {
    expected: Expected,
    keys: Arc<Keys>,
}

impl Tokens {
    /// Expects these tokens, signed by one of these keys.
    #[must_use]
    pub const fn new(expected: Expected, keys: Arc<Keys>) -> Self {
        Self { expected, keys }
    }

    /// Returns the caller of the token in the header `Authorization`, and its GUID.
    pub(crate) async fn caller(&self, headers: &HeaderMap) -> Result<(Caller, Option<Uuid>), Fault> {
        let token = bearer(headers)?;
        let claims = self.verified(token).await?;
        let caller = self.expected.claims.caller(&claims);
        let caller = caller.map_err(|error| Fault::invalid("the claims do not name a caller", error))?;
        Ok((caller, self.uuid(&claims)?))
    }

    async fn verified(&self, token: &str) -> Result<Map<String, Value>, Fault> {
        if token.len() > MOST_BYTES {
            return Err(Fault::invalid("the token is too long", token.len()));
        }
        let first = token.split('.').next().unwrap_or_default();
        if first.len() > MOST_HEADER_BYTES {
            return Err(Fault::invalid("the header of the token is too long", first.len()));
        }
        let header = decode_header(token).map_err(unreadable)?;
        self.accept(&header)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        if now.map_or(0, |now| now.as_secs()) < YEAR_2020 {
            return Err(Fault::NotReady("the clock of the server is wrong".to_owned()));
        }
        let validation = self.validation(header.alg);
        let mut refusal = Fault::invalid("the signature is wrong", "no key verifies it");
        for key in self.keys.matching(header.kid.as_deref(), header.alg).await? {
            match decode::<Claims>(token, &key, &validation) {
                Ok(token) => {
                    let Claims(claims) = token.claims;
                    claims::of_access_token(&claims)?;
                    return self.only_issuer(claims);
                }
                Err(error) if *error.kind() == ErrorKind::InvalidSignature => {}
                Err(error) => refusal = unaccepted(&error),
            }
        }
        Err(refusal)
    }

    /// Checks the header of a token. Keys, and addresses of keys, that it has are ignored.
    fn accept(&self, header: &Header) -> Result<(), Fault> {
        if !self.expected.algorithms.contains(&header.alg) {
            return Err(Fault::invalid(
                "the algorithm is not accepted",
                format!("{:?}", header.alg),
            ));
        }
        if let Some(critical) = &header.crit {
            // RFC 7515, 4.1.11: a token with an extension that is not understood must be rejected. None is understood.
            return Err(Fault::invalid("the token has a critical extension", critical.join(",")));
        }
        match header.typ.as_deref() {
            None => Ok(()),
            Some(kind) if ["jwt", "at+jwt", "application/at+jwt"].contains(&kind.to_ascii_lowercase().as_str()) => {
                Ok(())
            }
            Some(kind) => Err(Fault::invalid("the token is of another type", kind)),
        }
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.leeway = self.expected.leeway;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.expected.issuer]);
        validation.set_audience(&self.expected.audiences);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation
    }

    /// Accepts a token with one issuer alone. The decoder also accepts a list that has the expected one.
    fn only_issuer(&self, claims: Map<String, Value>) -> Result<Map<String, Value>, Fault> {
        match claims.get("iss") {
            Some(Value::String(issuer)) if *issuer == self.expected.issuer => Ok(claims),
            _ => Err(Fault::invalid(
                "the issuer is another one",
                "the claim iss is not the one text",
            )),
        }
    }

    fn uuid(&self, claims: &Map<String, Value>) -> Result<Option<Uuid>, Fault> {
        let Some(value) = self.expected.uuid_claim.as_ref().and_then(|name| claims.get(name)) else {
            return Ok(None);
        };
        let uuid = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
        match uuid {
            Some(uuid) => Ok(Some(uuid)),
            None => Err(Fault::invalid(
                "the claims do not name a caller",
                "the GUID of the user is not a GUID",
            )),
        }
    }
}

/// Returns the token of a request.
fn bearer(headers: &HeaderMap) -> Result<&str, Fault> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Err(Fault::Missing),
        (Some(value), None) => value,
        (Some(_), Some(_)) => return Err(Fault::Malformed("there are two headers Authorization".to_owned())),
    };
    let text = value.to_str();
    let text = text.map_err(|_| Fault::Malformed("the header Authorization is not ASCII".to_owned()))?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Fault::Missing);
    }
    let token = token.trim_matches(' ');
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(is_token) {
        return Err(Fault::Malformed("the header Authorization holds no token".to_owned()));
    }
    Ok(token)
}

fn unreadable(error: Error) -> Fault {
    Fault::invalid("the token is unreadable", error)
}

fn unaccepted(error: &Error) -> Fault {
    let kind = error.kind();
    let description = if *kind == ErrorKind::ExpiredSignature {
        "the token has expired"
    } else if *kind == ErrorKind::ImmatureSignature {
        "the token is not valid yet"
    } else if *kind == ErrorKind::InvalidIssuer {
        "the issuer is another one"
    } else if *kind == ErrorKind::InvalidAudience {
        "the audience is another one"
    } else {
        "the token is unreadable"
    };
    Fault::invalid(description, error)
}

//! The claims of a token.

use super::fault::Fault;
use core::fmt;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};

/// The claims of tokens that are for the client that asked for them, and no access tokens
/// ([OpenID Connect Core 1.0, 2 and 3.3.2.11](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
const OF_ID_TOKENS: [&str; 3] = ["nonce", "at_hash", "c_hash"];

/// The claims of a token. A token with two claims of one name is an error
/// ([RFC 7519, 4](https://www.rfc-editor.org/rfc/rfc7519#section-4) lets a reader refuse them): readers could disagree about which one counts.
#[derive(Debug)]
pub(super) struct Claims(pub(super) Map<String, Value>);

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Once)
    }
}

struct Once;

impl<'de> Visitor<'de> for Once {
    type Value = Claims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
        let mut claims = Map::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if claims.insert(name, value).is_some() {
                return Err(A::Error::custom("two claims have one name"));
            }
        }
        Ok(Claims(claims))
    }
}

/// Refuses an ID token: it says to a client who has logged on, and is no permission to call this server.
pub(super) fn of_access_token(claims: &Map<String, Value>) -> Result<(), Fault> {
    match OF_ID_TOKENS.iter().find(|name| claims.contains_key(**name)) {
        None => Ok(()),
        Some(name) => Err(Fault::invalid("the token is an ID token", name)),
    }
}

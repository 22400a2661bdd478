//! The keys of an issuer: a JSON Web Key Set ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey,
    jwk::{Jwk, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

/// The most keys of a set.
const MOST_KEYS: usize = 100;

/// Why a text is not a set of keys.
#[derive(Debug, thiserror::Error)]
pub enum KeySetError {
    /// The text is not a JSON Web Key Set.
    #[error("it is not a JSON Web Key Set: {0}")]
    Json(#[from] serde_json::Error),
    /// There are too many keys.
    #[error("it has more than {MOST_KEYS} keys")]
    TooMany,
    /// No key can verify a signature.
    #[error("it has no key that can verify a signature")]
    Empty,
}

/// The public keys of an issuer.
#[derive(Debug)]
pub(super) struct KeySet(Vec<Key>);

#[derive(Debug)]
struct Key {
    id: Option<String>,
    /// The algorithm of the key, if it is for one alone.
    algorithm: Option<Algorithm>,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Form {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a set. Keys of other kinds and for other uses are left out, as RFC 7517, 5 says; so is every symmetric key.
    pub(super) fn read(text: &[u8]) -> Result<Self, KeySetError> {
        let Form { keys } = serde_json::from_slice(text)?;
        if keys.len() > MOST_KEYS {
            return Err(KeySetError::TooMany);
        }
        let keys: Vec<_> = keys.into_iter().filter_map(Key::read).collect();
        if keys.is_empty() {
            return Err(KeySetError::Empty);
        }
        Ok(Self(keys))
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether a key has this name. A token that names no key is not missing one.
    pub(super) fn knows(&self, id: Option<&str>) -> bool {
        id.is_none() || self.0.iter().any(|key| key.id.as_deref() == id)
    }

    /// Returns the keys that may have signed a token with this header. A token that names no key is taken if there is only one.
    pub(super) fn matching(&self, id: Option<&str>, algorithm: Algorithm) -> Vec<DecodingKey> {
        let fits = |key: &&Key| {
            key.key.family() == algorithm.family()
                && key.algorithm.is_none_or(|own| own == algorithm)
                && id.is_none_or(|id| key.id.as_deref() == Some(id))
        };
        let keys: Vec<_> = self.0.iter().filter(fits).map(|key| key.key.clone()).collect();
        if id.is_none() && keys.len() > 1 {
            Vec::new()
        } else {
            keys
        }
    }
}

impl Key {
    fn read(value: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let signs = jwk
            .common
            .public_key_use
            .as_ref()
            .is_none_or(|of| *of == PublicKeyUse::Signature);
        let operations = jwk.common.key_operations.as_ref();
        let verifies = operations.is_none_or(|all| all.contains(&KeyOperations::Verify));
        let algorithm = match &jwk.common.key_algorithm {
            Some(named) => Some(named.to_string().parse().ok()?),
            None => None,
        };
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        let asymmetric = key.family() != AlgorithmFamily::Hmac;
        (signs && verifies && asymmetric).then_some(Self {
            id: jwk.common.key_id,
            algorithm,
            key,
        })
    }
}

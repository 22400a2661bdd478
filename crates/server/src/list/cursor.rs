//! The cursor of a list: where the next page begins. It carries no rights: each page has what its own caller may read.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use core::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// The version of a cursor with the id of the last request of a page.
const LISTED: u8 = 1;
/// The version of a cursor with an encrypted id.
const REACHED: u8 = 2;

/// The place in the order of ids at which a page ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// After the last request of the page, which the caller knows.
    Listed(Uuid),
    /// After a request at which the server stopped to look. The caller must not learn its id, since it may be one that the caller may not
    /// read.
    Reached(Uuid),
}

/// Writes and reads cursors.
#[derive(Clone)]
pub(super) struct Cursors {
    /// The key for positions that the caller must not learn. It lives as long as the process.
    key: Arc<RandomizedNonceKey>,
}

impl Cursors {
    /// Fails if the system has no random bytes.
    pub(super) fn new() -> Result<Self, aws_lc_rs::error::Unspecified> {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes)?;
        let key = Arc::new(RandomizedNonceKey::new(&AES_256_GCM, &bytes)?);
        Ok(Self { key })
    }

    /// Returns the text of a cursor. Returns `None` if encryption fails.
    pub(super) fn write(&self, position: Position) -> Option<String> {
        let bytes = match position {
            Position::Listed(id) => [&[LISTED][..], id.as_bytes()].concat(),
            Position::Reached(id) => {
                let mut sealed = id.as_bytes().to_vec();
                let nonce = self
                    .key
                    .seal_in_place_append_tag(Aad::from([REACHED]), &mut sealed)
                    .ok()?;
                [&[REACHED][..], nonce.as_ref(), &sealed].concat()
            }
        };
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Returns the id after which the page begins. Returns `None` if this is no cursor of this server.
    pub(super) fn read(&self, text: &str) -> Option<Uuid> {
        /// More than any cursor has.
        const MOST: usize = 100;
        if text.len() > MOST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        match bytes.split_first()? {
            (&LISTED, id) => Uuid::from_slice(id).ok(),
            (&REACHED, sealed) => {
                let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
                let mut sealed = sealed.to_vec();
                let nonce = Nonce::assume_unique_for_key(*nonce);
                let id = self.key.open_in_place(nonce, Aad::from([REACHED]), &mut sealed).ok()?;
                Uuid::from_slice(id).ok()
            }
            _ => None,
        }
    }
}

impl fmt::Debug for Cursors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursors").finish_non_exhaustive()
    }
}

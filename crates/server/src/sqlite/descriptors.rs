//! Texts of security descriptors, each stored once.

use crate::store::{DescriptorNumber, StoreError};
use rusqlite::{Connection, OptionalExtension, params};
use sddl_authz::mim::DescriptorDigest;

/// Returns the number of a text, and stores the text if it is new.
pub(super) fn number(connection: &Connection, text: &str) -> Result<DescriptorNumber, StoreError> {
    let digest = DescriptorDigest::new(text);
    let known = connection
        .prepare_cached("SELECT seq FROM descriptors WHERE digest = ?1 AND text = ?2")?
        .query_row(params![digest.as_bytes(), text], |row| row.get(0))
        .optional()?;
    let number = match known {
        Some(number) => number,
        // Fails if the digest is there with another text.
        None => connection
            .prepare_cached("INSERT INTO descriptors (digest, text) VALUES (?1, ?2) RETURNING seq")?
            .query_row(params![digest.as_bytes(), text], |row| row.get(0))?,
    };
    Ok(DescriptorNumber(number))
}

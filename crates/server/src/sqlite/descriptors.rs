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

/// Returns the descriptors after a number, at most `limit`. One that can't be read is left out, so that nobody may read its requests.
pub(super) fn after(
    connection: &Connection,
    after: Option<DescriptorNumber>,
    limit: usize,
) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
    let after = after.map_or(0, |number| number.0.max(0));
    let mut statement = connection.prepare_cached("SELECT seq, text FROM descriptors WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([after])?;
    let mut found = Vec::new();
    while found.len() < limit {
        let Some(row) = rows.next()? else { break };
        let number = row.get(0)?;
        match row.get_ref(1)?.as_str() {
            Ok(text) => found.push((DescriptorNumber(number), text.to_owned())),
            Err(error) => {
                tracing::error!(target: "sddl_authz::serve", descriptor = number, %error, "a descriptor can't be read");
            }
        }
    }
    Ok(found)
}

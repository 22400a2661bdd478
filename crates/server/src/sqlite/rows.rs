//! Rows of requests. The text of the descriptor is cut out of the row and stored once.

use super::descriptors;
use crate::store::{DescriptorNumber, StoreError};
use rusqlite::{Connection, params};
use sddl_authz::mim::{CertificateRequest, Property};
use uuid::Uuid;

/// A request as it is stored.
pub(super) struct Parts {
    /// The JSON before the text of the descriptor; all of it if there is no such text.
    pub(super) head: String,
    pub(super) text: Option<String>,
    /// The JSON after the text of the descriptor.
    pub(super) tail: String,
}

impl Parts {
    pub(super) fn new(mut request: CertificateRequest) -> Result<Self, serde_json::Error> {
        let descriptor = core::mem::take(&mut request.security_descriptor);
        let Property::Value(text) = descriptor else {
            request.security_descriptor = descriptor;
            return Ok(Self {
                head: serde_json::to_string(&request)?,
                text: None,
                tail: String::new(),
            });
        };
        let mut with = |text: &str| {
            request.security_descriptor = Property::Value(text.to_owned());
            serde_json::to_string(&request)
        };
        // They first differ where the text begins: `""` and `"x"`.
        let (empty, other) = (with("")?, with("x")?);
        let same = empty.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let head = same.checked_sub(1).and_then(|quote| empty.get(..quote));
        let tail = same.checked_add(1).and_then(|end| empty.get(end..));
        Ok(Self {
            head: head.unwrap_or_default().to_owned(),
            text: Some(text),
            tail: tail.unwrap_or_default().to_owned(),
        })
    }

    /// The request as the API prints it.
    pub(super) fn json(&self) -> Result<String, serde_json::Error> {
        joined(&self.head, self.text.as_deref(), &self.tail)
    }
}

/// Returns the request as the API prints it.
pub(super) fn joined(head: &str, text: Option<&str>, tail: &str) -> Result<String, serde_json::Error> {
    let text = text.map(serde_json::to_string).transpose()?.unwrap_or_default();
    Ok([head, &text, tail].concat())
}

/// Rows `r` of requests, each with its descriptor `d`.
pub(super) const FROM: &str = "FROM requests r LEFT JOIN descriptors d ON d.seq = r.descriptor";

/// The columns that [`from_columns`] reads, in its order.
pub(super) const COLUMNS: &str = "r.descriptor, r.head, d.text, r.tail";

/// Reads the number of the descriptor and the request.
pub(super) fn from_columns(row: &rusqlite::Row<'_>) -> Result<(DescriptorNumber, String), StoreError> {
    let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str()?);
    let number = DescriptorNumber(row.get(0)?);
    let descriptor = if number == DescriptorNumber::NONE {
        None
    } else {
        Some(text(2)?)
    };
    Ok((number, joined(text(1)?, descriptor, text(3)?)?))
}

pub(super) fn load(connection: &Connection, id: Uuid) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE r.id = ?1"))?;
    let mut rows = statement.query([id.as_bytes()])?;
    let row = rows.next()?.map(from_columns).transpose()?;
    Ok(row.map(|(_, json)| json))
}

/// Adds a request if its id is not there. Returns whether it did.
pub(super) fn insert(connection: &Connection, request: CertificateRequest) -> Result<bool, StoreError> {
    let known = connection
        .prepare_cached("SELECT 1 FROM requests WHERE id = ?1")?
        .exists([request.uuid.as_bytes()])?;
    if known {
        return Ok(false);
    }
    let (id, status) = (request.uuid, request.status.0);
    let target = request.target_user_uuid.value().copied();
    let parts = Parts::new(request)?;
    let descriptor = match &parts.text {
        Some(text) => descriptors::number(connection, text)?,
        None => DescriptorNumber::NONE,
    };
    let mut insert = connection.prepare_cached(
        "INSERT INTO requests (id, status, descriptor, target, head, tail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    insert.execute(params![
        id.as_bytes(),
        status,
        descriptor.0,
        target.as_ref().map(Uuid::as_bytes),
        parts.head,
        parts.tail,
    ])?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::{Parts, joined};
    use sddl_authz::mim::CertificateRequest;

    /// The row is cut at its own descriptor, not at one within another property, and joined it is what `serde_json` prints.
    #[test]
    fn rows_are_joined_as_they_were_cut() {
        for (row, head, text, tail) in [
            (
                r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"O:BA\u0000\"é","IsSmartcard":true}"#,
                r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"#,
                Some("O:BA\0\"é"),
                r#","IsSmartcard":true}"#,
            ),
            (
                r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"DataCollection":[{"Name":"\"SecurityDescriptor\":\"\"","Value":{"SecurityDescriptor":""}}],"SecurityDescriptor":""}"#,
                r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"DataCollection":[{"Name":"\"SecurityDescriptor\":\"\"","Value":{"SecurityDescriptor":""}}],"SecurityDescriptor":"#,
                Some(""),
                "}",
            ),
            (
                r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":null,"X":"\"SecurityDescriptor\":\"\""}"#,
                r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":null,"X":"\"SecurityDescriptor\":\"\""}"#,
                None,
                "",
            ),
            (
                r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3}"#,
                r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3}"#,
                None,
                "",
            ),
        ] {
            let request: CertificateRequest = serde_json::from_str(row).unwrap();
            let parts = Parts::new(request).unwrap();
            assert_eq!(
                (parts.head.as_str(), parts.text.as_deref(), parts.tail.as_str()),
                (head, text, tail)
            );
            assert_eq!(joined(head, text, tail).unwrap(), row);
        }
    }
}

//! The requests of an input, from the texts of its values.

use super::{
    error::BadValue,
    read::{Form, Value},
};
use sddl_authz::mim::CertificateRequest;
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

/// A request of which only the id matters.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    uuid: Uuid,
}

/// Reads a request.
pub(super) fn request(value: &Value, form: Form) -> Result<CertificateRequest, Fault> {
    object(value, form)
}

/// Reads the id of a request. The other properties may be missing.
pub(super) fn id(value: &Value, form: Form) -> Result<Uuid, Fault> {
    object::<Named>(value, form).map(|named| named.uuid)
}

/// A value that can't be used.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) value: BadValue,
    /// Whether it is known where the next value begins.
    pub(super) can_be_skipped: bool,
}

fn object<T: DeserializeOwned>(value: &Value, form: Form) -> Result<T, Fault> {
    let fault = |message, can_be_skipped| Fault {
        value: BadValue {
            place: value.place,
            message,
        },
        can_be_skipped,
    };
    if !value.json.trim_ascii_start().starts_with(b"{") {
        return Err(fault("expected a request, a JSON object".to_owned(), true));
    }
    serde_json::from_slice(&value.json).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let message = text.strip_suffix(&format!(" at line {line} column {column}"));
        let message = message.unwrap_or(&text);
        let added = u64::try_from(line.saturating_sub(1)).unwrap_or(u64::MAX);
        let message = match form {
            Form::Lines => format!("{message} (column {column})"),
            Form::Array | Form::Object => format!("{message} (in line {})", value.place.line.saturating_add(added)),
        };
        // A line ends where it ends. The brackets of other values need not be where they should be.
        fault(message, form == Form::Lines || error.is_data())
    })
}

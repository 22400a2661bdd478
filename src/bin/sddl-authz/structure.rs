//! A descriptor as JSON.

use crate::trouble::Trouble;
use sddl_authz::{SecurityDescriptor, sddl};
use serde::Deserialize;
use serde_json::{Value, json};

/// A descriptor as JSON: `{"sddl":…}`.
pub(crate) fn structure_json(descriptor: &SecurityDescriptor) -> Result<Value, Trouble> {
    let text = sddl::to_text(descriptor, &sddl::Options::default());
    text.map(|text| json!({ "sddl": text }))
        .map_err(|error| Trouble::of_print(&error))
}

/// The descriptor of such JSON.
pub(crate) fn from_structure_json(json: &str, options: &sddl::Options) -> Result<SecurityDescriptor, Trouble> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Structure {
        sddl: String,
    }

    let Structure { sddl: text } =
        serde_json::from_str(json).map_err(|error| Trouble::new("json_unreadable", error.to_string()))?;
    sddl::parse_with(&text, options).map_err(|error| Trouble::of_text(&error, &text).in_field("sddl"))
}

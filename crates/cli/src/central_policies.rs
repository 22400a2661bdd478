//! The file of `--central-policies`.

use crate::{diagnostic::Diagnostic, input::read_file, policy::in_line};
use sddl_authz::{
    central_policy::{CentralPolicies, CentralPolicyFileError},
    render::Escaped,
    sddl,
};
use std::path::Path;

const HINT: &str = "central policies are JSON or TOML: {\"policies\": [{\"sid\": \"S-1-17-…\", \"rules\": [{\"applies_to\": …, \
                    \"effective\": \"D:…\", \"staged\": …}]}]}, or the attributes of Active Directory";

/// Reads central access policies from a file of JSON or TOML.
pub(crate) fn from_file(path: &Path, read: &sddl::Options) -> Result<CentralPolicies, Diagnostic> {
    let name = path.display().to_string();
    let name = Escaped(&name);
    let text = read_file(path)?;
    CentralPolicies::parse_with(&text, read).map_err(|error| {
        let code = error.code();
        if let CentralPolicyFileError::Unreadable { message, span } = &error {
            let message = format!("the central policies `{name}` are unreadable: {message}");
            let diagnostic = Diagnostic::new(code, message).hint(HINT);
            span.map_or(diagnostic.clone(), |span| in_line(diagnostic, &text, span))
        } else {
            Diagnostic::new(code, format!("the central policies `{name}` are refused: {error}"))
        }
    })
}

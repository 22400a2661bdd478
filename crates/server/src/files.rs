//! The files that options name.

use crate::error::StartError;
use sddl_authz::{mim::StatusChangePolicy, render::Escaped};
use sddl_authz_server::policy::Policy;
use std::{fs, path::Path};

/// Reads the policy of a file, or takes the inferred one, and says which.
pub(crate) fn policy(file: Option<&Path>) -> Result<Policy, StartError> {
    let Some(path) = file else {
        let policy = Policy::new(StatusChangePolicy::inferred()).map_err(StartError::PolicyText)?;
        tracing::warn!(
            target: "sddl_authz::serve", digest = %policy.digest(),
            "no --policy: the policy that decides is this project's inference, which Microsoft does not document"
        );
        return Ok(policy);
    };
    let rules = read(path)?.parse().map_err(|error| StartError::Policy {
        path: path.to_owned(),
        error,
    })?;
    let policy = Policy::new(rules).map_err(StartError::PolicyText)?;
    let file = path.display().to_string();
    tracing::info!(target: "sddl_authz::serve", file = %Escaped(&file), digest = %policy.digest(), "the policy was read");
    if policy.rules().rules().read.is_empty() {
        tracing::warn!(target: "sddl_authz::serve", "the policy has no masks for reading, so nobody may read a request");
    }
    Ok(policy)
}

/// Reads a file of UTF-8, without the byte order mark that some editors put first.
pub(crate) fn read(path: &Path) -> Result<String, StartError> {
    let text = fs::read_to_string(path).map_err(|error| StartError::File {
        path: path.to_owned(),
        error,
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

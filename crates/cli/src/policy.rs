//! The policy that `decide` uses.

use crate::{diagnostic::Diagnostic, input::read_file};
use sddl_authz::{
    Span,
    mask::RightsTable,
    mim::{PolicyTextError, StatusChangePolicy},
    render::Escaped,
};
use std::path::Path;

/// A policy, and how answers describe it.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) policy: StatusChangePolicy,
    /// Its origin, in words.
    pub(crate) source: String,
    /// The names of its rights. They are inferred too, so a policy from a file gets the standard names only.
    pub(crate) names: RightsTable,
}

impl Policy {
    /// The policy that this project inferred.
    pub(crate) fn inferred() -> Self {
        Self {
            policy: StatusChangePolicy::inferred(),
            source: "inferred by this project; Microsoft publishes none (set yours with --policy FILE)".to_owned(),
            names: RightsTable::MIM,
        }
    }

    /// Reads a file of TOML or JSON.
    pub(crate) fn from_file(path: &Path) -> Result<Self, Diagnostic> {
        let name = path.display().to_string();
        let name = Escaped(&name);
        let text = read_file(path)?;
        let policy = text.parse().map_err(|error| match error {
            PolicyTextError::Rules(error) => {
                Diagnostic::new("policy_invalid", format!("the policy `{name}` is refused: {error}"))
            }
            PolicyTextError::Unreadable { span, message } => {
                let diagnostic = Diagnostic::new(
                    "policy_unreadable",
                    format!("the policy `{name}` is unreadable: {message}"),
                )
                .hint(HINT);
                span.map_or(diagnostic.clone(), |span| in_line(diagnostic, &text, span))
            }
            error => Diagnostic::new("policy_unreadable", error.to_string()),
        })?;
        Ok(Self {
            policy,
            source: name.to_string(),
            names: RightsTable::STANDARD,
        })
    }
}

const HINT: &str = "a policy is TOML or JSON with `version = 1`, `read`, `unprotected`, and the rules [completed], [canceled] and [abandoned]";

/// Shows the line in which the error begins.
pub(crate) fn in_line(diagnostic: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let before = text.get(..span.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let line = text.get(line_start..).and_then(|rest| rest.lines().next());
    let within = |place: usize| place.saturating_sub(line_start);
    let in_line = Span {
        start: within(span.start),
        end: within(span.end),
    };
    diagnostic.in_line(span, line.unwrap_or_default(), in_line)
}

//! The parts of an object that are asked about: `GUID` for the object itself, `LEVEL:GUID` for a part of it.

use crate::diagnostic::Diagnostic;
use sddl_authz::{Span, check::ObjectTree};
use uuid::Uuid;

const HINT: &str = "give the object itself first, then each part after the part that contains it, with its level: --object CLASS --object 1:PROPERTY_SET --object 2:PROPERTY";

/// Reads the list of an object and its parts; an empty list is `None`. Without a level, the first is at 0 and each other at 1.
pub(crate) fn parse_objects(option: &str, list: &[impl AsRef<str>]) -> Result<Option<ObjectTree>, Diagnostic> {
    if list.is_empty() {
        return Ok(None);
    }
    let mut nodes = Vec::with_capacity(list.len());
    for (index, text) in list.iter().enumerate() {
        let level = u16::from(index > 0);
        nodes.push(parse_node(option, text.as_ref(), level)?);
    }
    let tree = ObjectTree::new(nodes)
        .map_err(|error| Diagnostic::new(error.code(), format!("{option}: {error}")).hint(HINT))?;
    Ok(Some(tree))
}

fn parse_node(option: &str, text: &str, default: u16) -> Result<(u16, Uuid), Diagnostic> {
    let refuse = |kind, message: &str, start: usize, end: usize| {
        Diagnostic::new(kind, format!("{option}: {message}"))
            .at(text, Span { start, end })
            .hint(HINT)
    };
    let (level, guid) = match text.split_once(':') {
        None => (default, text),
        Some((level, guid)) => match level.parse() {
            Ok(parsed) => (parsed, guid),
            Err(_) => {
                return Err(refuse(
                    "object_level_malformed",
                    "the level before the colon is not a number",
                    0,
                    level.len(),
                ));
            }
        },
    };
    let start = text.len().saturating_sub(guid.len());
    let message = "expected a GUID such as bf967aba-0de6-11d0-a285-00aa003049e2";
    // SDDL has one of the forms that the crate `uuid` reads.
    let guid: Option<Uuid> = Some(guid)
        .filter(|guid| guid.len() == 36)
        .and_then(|guid| guid.parse().ok());
    match guid {
        Some(guid) => Ok((level, guid)),
        None => Err(refuse("guid_malformed", message, start, text.len())),
    }
}

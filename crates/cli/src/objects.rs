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
    tree_of(option, nodes).map(Some)
}

/// Reads the levels and GUIDs of an object and its parts.
pub(crate) fn object_tree<'t>(
    option: &str,
    nodes: impl Iterator<Item = (u16, &'t str)>,
) -> Result<ObjectTree, Diagnostic> {
    let nodes = nodes.map(|(level, guid)| Ok((level, parse_guid(option, guid, guid)?)));
    tree_of(option, nodes.collect::<Result<_, _>>()?)
}

fn tree_of(option: &str, nodes: Vec<(u16, Uuid)>) -> Result<ObjectTree, Diagnostic> {
    ObjectTree::new(nodes).map_err(|error| Diagnostic::new(error.code(), format!("{option}: {error}")).hint(HINT))
}

fn parse_node(option: &str, text: &str, default: u16) -> Result<(u16, Uuid), Diagnostic> {
    let (level, guid) = match text.split_once(':') {
        None => (default, text),
        Some((level, guid)) => match level.parse() {
            Ok(parsed) => (parsed, guid),
            Err(_) => {
                let span = Span {
                    start: 0,
                    end: level.len(),
                };
                let message = format!("{option}: the level before the colon is not a number");
                return Err(Diagnostic::new("object_level_malformed", message)
                    .at(text, span)
                    .hint(HINT));
            }
        },
    };
    Ok((level, parse_guid(option, guid, text)?))
}

/// Reads the GUID that is the end of `text`.
fn parse_guid(option: &str, guid: &str, text: &str) -> Result<Uuid, Diagnostic> {
    // SDDL has one of the forms that the crate `uuid` reads.
    let parsed = Some(guid)
        .filter(|guid| guid.len() == 36)
        .and_then(|guid| guid.parse().ok());
    parsed.ok_or_else(|| {
        let span = Span {
            start: text.len().saturating_sub(guid.len()),
            end: text.len(),
        };
        let message = format!("{option}: expected a GUID such as bf967aba-0de6-11d0-a285-00aa003049e2");
        Diagnostic::new("guid_malformed", message).at(text, span).hint(HINT)
    })
}

//! The form of a line.

use super::{
    fields::{Object, flag, given, nullable},
    mapping::MappingLine,
    object::ObjectLine,
};
use crate::diagnostic::Diagnostic;
use serde::{Deserialize, de::IgnoredAny};
use std::borrow::Cow;

/// A line, with its caller as text or read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'a, C> {
    /// The outer option says whether the key is there, the inner one whether its value is a text or null.
    #[serde(borrow, default, deserialize_with = "nullable")]
    pub(super) sddl: Option<Option<Cow<'a, str>>>,
    #[serde(borrow, default)]
    pub(super) hex: Option<Cow<'a, str>>,
    pub(super) caller: C,
    #[serde(borrow)]
    pub(super) desired: Cow<'a, str>,
    #[serde(default, deserialize_with = "given")]
    pub(super) mapping: Option<MappingLine>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) objects: Option<Vec<Cow<'a, str>>>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) backup_intent: Option<bool>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) restore_intent: Option<bool>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) object: Option<Object<ObjectLine<'a>>>,
    // A case in a file of cases has these besides. They ask nothing.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "feature")]
    _feature: IgnoredAny,
    #[serde(default, rename = "source")]
    _source: IgnoredAny,
    #[serde(default, rename = "sure")]
    _sure: IgnoredAny,
    #[serde(default, rename = "note")]
    _note: IgnoredAny,
    #[serde(default, rename = "expect")]
    _expect: IgnoredAny,
}

impl<'a, C: Deserialize<'a>> Line<'a, C> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Diagnostic> {
        let parsed = serde_json::from_str(text).map(|Object(line)| line);
        parsed.map_err(|error: serde_json::Error| unreadable(&error.to_string()))
    }
}

pub(super) fn unreadable(message: &str) -> Diagnostic {
    Diagnostic::new("line_unreadable", message)
}

//! Options from a file of TOML, in which each key is the long name of an option.

use super::{
    error::ConfigError,
    given::{Given, Kind, Place, flag, with_value},
    names::NOT_IN_FILES,
};
use clap::Command;
use core::ops::Range;
use std::{collections::BTreeMap, ffi::OsString, path::Path};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

pub(super) fn read(command: &Command, path: &Path, text: &str) -> Result<BTreeMap<String, Given>, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let fault_at = |span: Range<usize>, fault: String| ConfigError::Line {
        path: path.to_owned(),
        line: line_of(text, span.start),
        fault,
    };
    let table = DeTable::parse(text)
        .map_err(|error| fault_at(error.span().unwrap_or_default(), error.message().to_owned()))?
        .into_inner();
    let mut given = BTreeMap::new();
    for (key, value) in table {
        let (span, key) = (key.span(), key.into_inner());
        let argument = command
            .get_arguments()
            .find(|argument| argument.get_long() == Some(&key) && !NOT_IN_FILES.contains(&&*key));
        let Some(argument) = argument else {
            return Err(fault_at(span, format!("there is no option `{}`", key.escape_debug())));
        };
        let kind = Kind::of(argument)?;
        let value_span = value.span();
        let Some(arguments) = arguments(&key, kind, value.into_inner()) else {
            return Err(fault_at(value_span, format!("`{key}` takes {}", expected(kind))));
        };
        let option = Given {
            name: key.to_string(),
            arguments,
            place: Place::Line(path.to_owned(), line_of(text, span.start)),
        };
        given.insert(key.into_owned(), option);
    }
    Ok(given)
}

fn arguments(name: &str, kind: Kind, value: DeValue<'_>) -> Option<Vec<OsString>> {
    match (kind, value) {
        (Kind::Flag, DeValue::Boolean(is_on)) => Some(flag(name, is_on)),
        (Kind::Repeatable, DeValue::Array(values)) => {
            let values = values.into_iter().map(Spanned::into_inner);
            values.map(|value| Some(with_value(name, text_of(value)?))).collect()
        }
        (Kind::Value | Kind::Repeatable, value) => Some(vec![with_value(name, text_of(value)?)]),
        (Kind::Flag, _) => None,
    }
}

/// Returns a text, or a decimal number as text.
fn text_of(value: DeValue<'_>) -> Option<String> {
    if let DeValue::Integer(number) = &value {
        return (number.radix() == 10).then(|| number.as_str().to_owned());
    }
    value.as_str().map(str::to_owned)
}

const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "true or false",
        Kind::Value => "a text or a number",
        Kind::Repeatable => "a text or a number, or a list of them",
    }
}

/// Returns the number of the line with this byte, from 1.
fn line_of(text: &str, byte: usize) -> usize {
    let before = text.bytes().take(byte);
    before.filter(|&byte| byte == b'\n').count().saturating_add(1)
}

//! Options from variables of the environment: `SDDL_AUTHZ_MAX_BODY` is `--max-body`.

use super::{
    error::ConfigError,
    given::{Given, Kind, Place, flag, with_value},
    names::{FILE, NOT_IN_FILES},
};
use clap::Command;
use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

const PREFIX: &str = "SDDL_AUTHZ_";

/// The options that the environment gives.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) given: BTreeMap<String, Given>,
    /// The path of the file of options.
    pub(super) file: Option<PathBuf>,
    /// Variables with the prefix that are no option.
    pub(super) unknown: Vec<String>,
}

/// The name of the variable of an option.
pub(super) fn variable(option: &str) -> String {
    format!("{PREFIX}{}", option.replace('-', "_").to_ascii_uppercase())
}

pub(super) fn read(
    command: &Command,
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Found, ConfigError> {
    let mut found = Found::default();
    let mut variables: BTreeMap<String, OsString> = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect();
    if let Some(path) = variables.remove(&variable(FILE)) {
        if path.is_empty() {
            return Err(refused(&variable(FILE), EMPTY));
        }
        found.file = Some(path.into());
    }
    for argument in command.get_arguments() {
        let Some(long) = argument.get_long().filter(|long| !NOT_IN_FILES.contains(long)) else {
            continue;
        };
        let name = variable(long);
        let Some(value) = variables.remove(&name) else {
            continue;
        };
        if value.is_empty() {
            return Err(refused(&name, EMPTY));
        }
        let arguments = match Kind::of(argument)? {
            Kind::Flag if value == "true" => flag(long, true),
            Kind::Flag if value == "false" => flag(long, false),
            Kind::Flag => return Err(refused(&name, "is neither true nor false")),
            Kind::Value => vec![with_value(long, value)],
            Kind::Repeatable => {
                let list = value.to_str().ok_or_else(|| refused(&name, "is not UTF-8"))?;
                if list.split(',').any(str::is_empty) {
                    return Err(refused(&name, "has an empty value; commas separate values"));
                }
                list.split(',').map(|value| with_value(long, value)).collect()
            }
        };
        let given = Given {
            name: long.to_owned(),
            arguments,
            place: Place::Variable(name),
        };
        found.given.insert(long.to_owned(), given);
    }
    found.unknown = variables.into_keys().collect();
    Ok(found)
}

const EMPTY: &str = "is empty; unset it to leave the option out";

fn refused(name: &str, fault: &'static str) -> ConfigError {
    ConfigError::Variable {
        name: name.to_owned(),
        fault,
    }
}

use super::error::ConfigError;
use clap::{Arg, ArgAction};
use core::fmt;
use std::{ffi::OsString, path::PathBuf};

/// An option that the environment or a file gives.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Its long name.
    pub(super) name: String,
    /// The arguments that mean the same on the command line. A flag that is off has none.
    pub(super) arguments: Vec<OsString>,
    pub(super) place: Place,
}

/// The place of an option.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Variable(String),
    Line(PathBuf, usize),
}

/// The kinds of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Flag,
    Value,
    Repeatable,
}

impl Kind {
    /// Returns the kind of an option. Fails for one that this module can't give, which is a fault of the program.
    pub(super) fn of(argument: &Arg) -> Result<Self, ConfigError> {
        let action = argument.get_action();
        if matches!(action, ArgAction::SetTrue) {
            Ok(Self::Flag)
        } else if matches!(action, ArgAction::Set) {
            Ok(Self::Value)
        } else if matches!(action, ArgAction::Append) {
            Ok(Self::Repeatable)
        } else {
            Err(ConfigError::Kind(format!("--{}: {action:?}", argument.get_id())))
        }
    }
}

/// Writes an option as on the command line.
pub(super) fn with_value(name: &str, value: impl Into<OsString>) -> OsString {
    let mut argument = OsString::from(format!("--{name}="));
    argument.push(value.into());
    argument
}

pub(super) fn flag(name: &str, is_on: bool) -> Vec<OsString> {
    if is_on {
        vec![format!("--{name}").into()]
    } else {
        Vec::new()
    }
}

/// Says where an option comes from.
impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{} is given by ", self.name)?;
        match &self.place {
            Place::Variable(name) => write!(f, "the variable {name}"),
            Place::Line(path, line) => write!(f, "`{}`, line {line}", path.display()),
        }
    }
}

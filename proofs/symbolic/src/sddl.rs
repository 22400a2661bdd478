//! The library's module of SDDL, without SDDL: the types and functions that other files name. No question here is a
//! text, so nothing calls them.

use crate::{ace::Ace, condition::Condition, descriptor::SecurityDescriptor};
use core::{fmt, str};

/// The only error: nothing is parsed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError;

#[derive(Clone, Copy, Debug, Default)]
pub struct Options;

pub(crate) fn parse_with(_: &str, _: &Options) -> Result<SecurityDescriptor, ParseError> {
    Err(ParseError)
}

pub(crate) fn parse_into(_: &mut SecurityDescriptor, _: Vec<Ace>, _: &str) -> Result<(), ParseError> {
    Err(ParseError)
}

impl str::FromStr for Condition {
    type Err = ParseError;
    fn from_str(_: &str) -> Result<Self, ParseError> {
        Err(ParseError)
    }
}

impl str::FromStr for SecurityDescriptor {
    type Err = ParseError;
    fn from_str(_: &str) -> Result<Self, ParseError> {
        Err(ParseError)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no text is parsed here")
    }
}

impl core::error::Error for ParseError {}

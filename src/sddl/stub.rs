//! Stand-in until the grammar lands.
use super::ParseError;
use crate::{AccessMask, SecurityDescriptor, Sid};
use core::str::FromStr;

impl FromStr for Sid {
    type Err = ParseError;
    fn from_str(_: &str) -> Result<Self, ParseError> {
        todo!()
    }
}
impl FromStr for AccessMask {
    type Err = ParseError;
    fn from_str(_: &str) -> Result<Self, ParseError> {
        todo!()
    }
}
impl FromStr for SecurityDescriptor {
    type Err = ParseError;
    fn from_str(_: &str) -> Result<Self, ParseError> {
        todo!()
    }
}

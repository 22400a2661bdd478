use crate::sddl::error::Fault;
use nom::IResult;

/// The rest of the text.
pub(super) type Input<'t> = &'t [u8];

/// The rest of the text after a part of it, and what the part means.
pub(super) type Parsed<'t, T> = IResult<Input<'t>, T, Fault>;

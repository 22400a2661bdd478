//! The claims of resource attributes ([MS-DTYP] 2.5.1.1): `("name",TYPE,flags,value,…)`.

use super::{
    Fault, Grammar, Input, Parsed, Watch, after_spaces,
    number::{number, radix},
};
use crate::{
    claim::{Claim, ClaimFlags, ClaimType, ClaimValues},
    sddl::{ParseErrorKind, lexical::local_name},
    sid::Sid,
};
use alloc::{string::String, vec::Vec};

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Reads a whole text as a claim.
    pub(in crate::sddl) fn claim_alone(&mut self) -> Result<Claim, Fault> {
        self.whole(|grammar, input| grammar.claim(input))
    }

    /// A claim, from its first parenthesis to its last.
    pub(super) fn claim(&mut self, input: Input<'t>) -> Parsed<'t, Claim> {
        let [b'(', rest @ ..] = input else {
            return self.refuse_at(ParseErrorKind::ClaimMissing, input);
        };
        let (start, ()) = self.claim_spaces(rest)?;
        let (rest, name) = self.claim_name(start)?;
        let (start, ()) = self.comma(rest)?;
        let (word, rest) = local_name(start);
        let Some(claim_type) = core::str::from_utf8(word).ok().and_then(ClaimType::from_token) else {
            return self.refuse(ParseErrorKind::ClaimTypeUnknown, start, rest);
        };
        self.letter_case(start, rest)?;
        let (start, ()) = self.comma(rest)?;
        let (rest, flags) = self.claim_flags(start)?;
        let (rest, values) = match claim_type {
            ClaimType::Int => self.values(rest, Self::claim_int).map(into(ClaimValues::Int)),
            ClaimType::Uint => self.values(rest, Self::claim_uint).map(into(ClaimValues::Uint)),
            ClaimType::String => self.values(rest, Self::claim_string).map(into(ClaimValues::String)),
            ClaimType::Sid => self.values(rest, Self::claim_sid).map(into(ClaimValues::Sid)),
            ClaimType::Bool => self.values(rest, Self::claim_bool).map(into(ClaimValues::Bool)),
            ClaimType::Octets => self.values(rest, Self::claim_octets).map(into(ClaimValues::Octets)),
        }?;
        match Claim::new(name, flags, values) {
            Ok(claim) => Ok((rest, claim)),
            Err(_) => self.refuse(ParseErrorKind::ClaimMissing, input, rest),
        }
    }

    /// Values, each after a comma, and the closing parenthesis.
    fn values<T>(
        &mut self,
        mut input: Input<'t>,
        value: impl Fn(&mut Self, Input<'t>) -> Parsed<'t, T>,
    ) -> Parsed<'t, Vec<T>> {
        let mut values = Vec::new();
        loop {
            input = self.claim_spaces(input)?.0;
            if let [b')', rest @ ..] = input {
                return Ok((rest, values));
            }
            let (start, ()) = self.comma(input)?;
            let (rest, next) = value(self, start)?;
            values.push(next);
            input = rest;
        }
    }

    fn claim_name(&self, input: Input<'t>) -> Parsed<'t, String> {
        let [b'"', inner @ ..] = input else {
            return self.refuse_at(ParseErrorKind::NameMissing, input);
        };
        match self.escaped_name(inner)? {
            ([b'"', rest @ ..], name) => Ok((rest, name)),
            (rest, _) => self.refuse_at(ParseErrorKind::NameUnclosed, rest),
        }
    }

    fn claim_flags(&self, input: Input<'t>) -> Parsed<'t, ClaimFlags> {
        let (radix, digits) = radix(input);
        let (rest, flags) = number(radix, digits);
        match flags.map(|flags| u32::try_from(flags.saturated)) {
            Some(Ok(flags)) => Ok((rest, ClaimFlags::from_bits_retain(flags))),
            Some(Err(_)) => self.refuse(ParseErrorKind::IntegerOutOfRange, input, rest),
            None => self.refuse_at(ParseErrorKind::IntegerMalformed, input),
        }
    }

    fn claim_int(&mut self, input: Input<'t>) -> Parsed<'t, i64> {
        let (negative, unsigned) = match input {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, input),
        };
        let (rest, magnitude) = self.claim_uint(unsigned)?;
        let value = if negative {
            0_i64.checked_sub_unsigned(magnitude)
        } else {
            i64::try_from(magnitude).ok()
        };
        match value {
            Some(value) => Ok((rest, value)),
            None => self.refuse(ParseErrorKind::IntegerOutOfRange, input, rest),
        }
    }

    fn claim_uint(&mut self, input: Input<'t>) -> Parsed<'t, u64> {
        let (radix, digits) = radix(input);
        match number(radix, digits) {
            (rest, Some(number)) => match number.exact() {
                Some(value) => Ok((rest, value)),
                None => self.refuse(ParseErrorKind::IntegerOutOfRange, input, rest),
            },
            (_, None) => self.refuse_at(ParseErrorKind::IntegerMalformed, input),
        }
    }

    fn claim_bool(&mut self, input: Input<'t>) -> Parsed<'t, bool> {
        match self.claim_uint(input)? {
            (rest, 0) => Ok((rest, false)),
            (rest, 1) => Ok((rest, true)),
            (rest, _) => self.refuse(ParseErrorKind::IntegerOutOfRange, input, rest),
        }
    }

    fn claim_string(&mut self, input: Input<'t>) -> Parsed<'t, String> {
        match input {
            [b'"', ..] => self.quoted(input).map(|(rest, text)| (rest, String::from(text))),
            _ => self.refuse_at(ParseErrorKind::StringMissing, input),
        }
    }

    /// A SID as text, or in `SID(…)` as the documented grammar has it.
    fn claim_sid(&mut self, input: Input<'t>) -> Parsed<'t, Sid> {
        match self.sid_literal(input)? {
            Some((rest, found)) => Ok((rest, self.sid_of(found))),
            None => self.sid(input),
        }
    }

    /// Hexadecimal digits after a `#`, which Windows leaves out.
    fn claim_octets(&mut self, input: Input<'t>) -> Parsed<'t, Vec<u8>> {
        self.octets(input.strip_prefix(b"#").unwrap_or(input))
    }

    /// A comma with spaces around it.
    fn comma(&self, input: Input<'t>) -> Parsed<'t, ()> {
        match self.claim_spaces(input)?.0 {
            [b',', rest @ ..] => self.claim_spaces(rest),
            other => self.refuse_at(ParseErrorKind::ClaimFieldMissing, other),
        }
    }

    /// Spaces that the documented grammar allows, so that the strict dialect accepts them too.
    fn claim_spaces(&self, input: Input<'t>) -> Parsed<'t, ()> {
        Ok((after_spaces(input), ()))
    }
}

fn into<'t, T>(variant: impl Fn(Vec<T>) -> ClaimValues) -> impl Fn((Input<'t>, Vec<T>)) -> (Input<'t>, ClaimValues) {
    move |(rest, values)| (rest, variant(values))
}

//! The entries and SIDs that nearly all descriptors are made of, read in one go.
//!
//! These are the plain and object entries as Windows prints them: capitals, no blanks, SIDs in decimal. Whatever else stands there is left to
//! the grammar, which reads these just so; an [`inspection`](crate::sddl::inspect), which reads everything by the grammar, is compared with it.

use super::{Grammar, Input, Watch, consumed};
use crate::{
    ace::{Ace, AceFlags, AceType, ObjectTypes},
    limits::MAX_SUB_AUTHORITIES,
    mask::{AccessMask, Right},
    sddl::List,
    sid::{Base, Sid, WellKnown},
};
use alloc::vec::Vec;
use uuid::Uuid;

/// A SID in full as it was last read: the next one mostly differs in its relative identifier alone.
#[derive(Clone, Copy)]
pub(super) struct LastSid<'t> {
    /// Its text up to the last hyphen; empty before the first.
    text: Input<'t>,
    sid: Sid,
}

impl LastSid<'_> {
    pub(super) const NONE: Self = Self {
        text: b"",
        sid: Sid::NOBODY,
    };
}

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Reads an entry and adds it, if it is a common one.
    pub(super) fn common_ace(&self, list: List, input: Input<'t>, aces: &mut Vec<Ace>) -> Option<Input<'t>> {
        let (ace_type, input) = match (list, input) {
            (List::Dacl, [b'(', b'A', b';', rest @ ..]) => (AceType::Allow, rest),
            (List::Dacl, [b'(', b'D', b';', rest @ ..]) => (AceType::Deny, rest),
            (List::Dacl, [b'(', b'O', b'A', b';', rest @ ..]) => (AceType::ObjectAllow, rest),
            (List::Dacl, [b'(', b'O', b'D', b';', rest @ ..]) => (AceType::ObjectDeny, rest),
            (List::Sacl, [b'(', b'A', b'U', b';', rest @ ..]) => (AceType::Audit, rest),
            (List::Sacl, [b'(', b'O', b'U', b';', rest @ ..]) => (AceType::ObjectAudit, rest),
            _ => return None,
        };
        let (input, flags) = flags(input)?;
        let (input, mask) = rights(input)?;
        let (input, objects) = match input {
            [b';', b';', rest @ ..] => (rest, None),
            _ if ace_type.layout().has_objects() => objects(input)?,
            _ => return None,
        };
        let (input, relative_id) = match input {
            [b'S', b'-', ..] => self.common_sid(input)?,
            [first, second, rest @ ..] => {
                let Base::Absolute(sid) = &WellKnown::by_letters([*first, *second])?.base else {
                    return None;
                };
                let rest = rest.strip_prefix(b")")?;
                aces.push(Ace::common(ace_type, flags, mask, sid, objects));
                return Some(rest);
            }
            _ => return None,
        };
        let rest = input.strip_prefix(b")")?;
        let domain = self.last_sid.borrow();
        aces.push(Ace::common(ace_type, flags, mask, &domain.sid, objects));
        aces.last_mut()?.trustee_mut().replace_relative_id(relative_id);
        Some(rest)
    }

    /// A SID in full, in decimal.
    pub(super) fn common_sid_alone(&self, input: Input<'t>) -> Option<(Input<'t>, Sid)> {
        let (rest, relative_id) = self.common_sid(input)?;
        let mut sid = self.last_sid.borrow().sid;
        sid.replace_relative_id(relative_id);
        Some((rest, sid))
    }

    /// The relative identifier of a SID in full, in decimal; what stands before it is then that of the last SID.
    fn common_sid(&self, input: Input<'t>) -> Option<(Input<'t>, u32)> {
        let known = self.last_sid.borrow().text;
        if !known.is_empty()
            && let Some(rest) = input.strip_prefix(known)
        {
            let (rest, relative_id) = decimal(rest)?;
            if !matches!(rest, [b'-' | b'x' | b'X', ..]) {
                return Some((rest, relative_id));
            }
        }
        let (mut rest, authority) = decimal(input.strip_prefix(b"S-1-")?)?;
        let mut sub_authorities = [0; MAX_SUB_AUTHORITIES];
        let mut count = 0_usize;
        let (mut relative_id, mut last_number) = (0, rest);
        while let [b'-', number @ ..] = rest {
            last_number = number;
            (rest, relative_id) = decimal(number)?;
            *sub_authorities.get_mut(count)? = relative_id;
            count = count.wrapping_add(1);
        }
        if let [b'x' | b'X', ..] = rest {
            return None;
        }
        let sid = Sid::new(u64::from(authority), sub_authorities.get(..count)?).ok()?;
        let text = consumed(input, last_number);
        *self.last_sid.borrow_mut() = LastSid { text, sid };
        Some((rest, relative_id))
    }
}

/// Flags in capitals, and the semicolon.
#[inline]
fn flags(mut input: Input<'_>) -> Option<(Input<'_>, AceFlags)> {
    let mut flags = AceFlags::empty();
    loop {
        match input {
            [b';', rest @ ..] => return Some((rest, flags)),
            [first, second, rest @ ..] => {
                flags |= AceFlags::by_letters([*first, *second])?;
                input = rest;
            }
            _ => return None,
        }
    }
}

/// Rights as tokens in capitals or in hexadecimal, and the semicolon.
#[inline]
fn rights(mut input: Input<'_>) -> Option<(Input<'_>, AccessMask)> {
    let mut mask = AccessMask::empty();
    if let [b'0', b'x', digits @ ..] = input {
        let (rest, bits) = hexadecimal(digits)?;
        input = rest;
        mask = AccessMask::from_bits_retain(bits);
        return input.strip_prefix(b";").map(|rest| (rest, mask));
    }
    loop {
        match input {
            [b';', rest @ ..] => return Some((rest, mask)),
            [first, second, rest @ ..] => {
                mask |= Right::by_letters([*first, *second])?;
                input = rest;
            }
            _ => return None,
        }
    }
}

/// The two GUIDs of an object entry, of which one may be missing, each with its semicolon.
#[inline]
fn objects(input: Input<'_>) -> Option<(Input<'_>, Option<ObjectTypes>)> {
    let (input, object) = guid(input)?;
    let (input, inherited) = guid(input)?;
    Some((input, Some(ObjectTypes { object, inherited })))
}

#[inline]
fn guid(input: Input<'_>) -> Option<(Input<'_>, Option<Uuid>)> {
    if let [b';', rest @ ..] = input {
        return Some((rest, None));
    }
    let (text, rest) = input.split_at_checked(36)?;
    let guid = Uuid::try_parse_ascii(text).ok()?;
    Some((rest.strip_prefix(b";")?, Some(guid)))
}

/// A decimal number of 32 bits without leading zeros.
#[inline]
fn decimal(input: Input<'_>) -> Option<(Input<'_>, u32)> {
    let mut rest = match input {
        [b'0', rest @ ..] => return (!rest.first().is_some_and(u8::is_ascii_digit)).then_some((rest, 0)),
        _ => input,
    };
    let mut value = 0_u64;
    while let [byte, after @ ..] = rest
        && let digit @ 0..=9 = byte.wrapping_sub(b'0')
    {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        rest = after;
    }
    // Ten digits do not overflow 64 bits.
    let length = input.len().wrapping_sub(rest.len());
    let value = u32::try_from(value).ok()?;
    (1..=10).contains(&length).then_some((rest, value))
}

/// One to eight hexadecimal digits.
#[inline]
fn hexadecimal(input: Input<'_>) -> Option<(Input<'_>, u32)> {
    let (mut value, mut rest) = (0_u32, input);
    while let [byte, after @ ..] = rest
        && let Some(digit) = char::from(*byte).to_digit(16)
    {
        value = value << 4 | digit;
        rest = after;
    }
    let length = input.len().wrapping_sub(rest.len());
    (1..=8).contains(&length).then_some((rest, value))
}

use super::{
    Grammar, Input, Parsed, Watch, consumed,
    last_sid::LastSid,
    number::{decimal, number},
    two_letters,
};
use crate::{
    limits::MAX_SUB_AUTHORITIES,
    sddl::{AliasDomain, ParseErrorKind, ViolationKind},
    sid::{AliasTarget, Sid, SidError, WellKnown},
};

/// A SID that was read, without a copy of it.
#[derive(Clone, Copy)]
pub(super) enum FoundSid {
    /// An alias that is the same SID everywhere.
    WellKnown(&'static Sid),
    /// The SID in [`LastSid`], but with this relative identifier.
    LikeLast(u32),
}

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// The SID of an entry. Spaces are allowed before it, and after an alias, but not after a SID in full.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    pub(super) fn trustee<const TOLERANT: bool>(&mut self, mut input: Input<'t>) -> Parsed<'t, FoundSid> {
        if TOLERANT {
            (input, ()) = self.spaces(input)?;
        }
        match input {
            [b'S' | b's', b'-', ..] => match self.like_last_sid(input) {
                Some((rest @ [b')' | b';', ..], relative_id)) => Ok((rest, FoundSid::LikeLast(relative_id))),
                _ => self.new_sid::<TOLERANT>(input),
            },
            _ => match alias(input) {
                Some((rest @ [b')' | b';', ..], sid)) => Ok((rest, FoundSid::WellKnown(sid))),
                _ => Self::or::<TOLERANT, _>(|| {
                    let (rest, sid) = self.sid_alias(input)?;
                    let (rest, ()) = self.spaces(rest)?;
                    Ok((rest, sid))
                }),
            },
        }
    }

    /// `S-1-…` or an alias.
    pub(super) fn sid(&mut self, input: Input<'t>) -> Parsed<'t, Sid> {
        let (rest, found) = self.find_sid(input)?;
        Ok((rest, self.sid_of(found)))
    }

    /// Calls `then` with a SID that was found. No other SID may have been read since.
    #[inline]
    pub(super) fn with_sid<T>(&self, found: FoundSid, then: impl FnOnce(&Sid) -> T) -> T {
        match found {
            FoundSid::WellKnown(sid) => then(sid),
            FoundSid::LikeLast(_) => then(&self.sid_of(found)),
        }
    }

    /// `S-1-…` or an alias, without a copy of the SID.
    #[inline]
    pub(super) fn find_sid(&mut self, input: Input<'t>) -> Parsed<'t, FoundSid> {
        match input {
            [b'S' | b's', b'-', ..] => self.sid_in_full(input),
            _ => self.sid_alias(input),
        }
    }

    /// The SID that was found. No other SID may have been read since.
    pub(super) fn sid_of(&self, found: FoundSid) -> Sid {
        match found {
            FoundSid::WellKnown(sid) => *sid,
            FoundSid::LikeLast(relative_id) => {
                let mut sid = self.last_sid.sid;
                sid.replace_relative_id(relative_id);
                sid
            }
        }
    }

    /// An alias: exactly two letters.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    fn sid_alias(&mut self, input: Input<'t>) -> Parsed<'t, FoundSid> {
        match alias(input) {
            Some((rest, sid)) => Ok((rest, FoundSid::WellKnown(sid))),
            None => self.tolerant_alias(input),
        }
    }

    #[cold]
    fn tolerant_alias(&mut self, input: Input<'t>) -> Parsed<'t, FoundSid> {
        let Some((letters, rest)) = two_letters(input) else {
            return self.refuse_at(ParseErrorKind::SidMissing, input);
        };
        let Some(row) = WellKnown::by_letters(letters) else {
            return self.refuse_word(ParseErrorKind::SidAliasUnknown, input);
        };
        self.letter_case(input, rest)?;
        match (&row.target, self.options.domains.resolve(row.target)) {
            (AliasTarget::Absolute(sid), _) => Ok((rest, FoundSid::WellKnown(sid))),
            (_, Some(sid)) => Ok((rest, self.found_other(sid))),
            (target, None) => {
                let kind = ParseErrorKind::SidAliasUnresolved {
                    alias: row.alias,
                    domain: match target {
                        AliasTarget::Absolute(_) | AliasTarget::Domain(_) => AliasDomain::Domain,
                        AliasTarget::Machine(_) => AliasDomain::Machine,
                        AliasTarget::Forest(_) => AliasDomain::Forest,
                    },
                };
                self.refuse(kind, input, rest)
            }
        }
    }

    /// Keeps a SID that the next SID can't be compared with by its text.
    fn found_other(&mut self, sid: Sid) -> FoundSid {
        self.last_sid = LastSid { text: &[], sid };
        FoundSid::LikeLast(sid.relative_id())
    }

    /// `S-1-authority-sub-authority…` ([MS-DTYP] 2.4.2.1): like the last one, or any other.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    fn sid_in_full(&mut self, input: Input<'t>) -> Parsed<'t, FoundSid> {
        match self.like_last_sid(input) {
            Some((rest, relative_id)) if !matches!(rest, [b'-' | b'x' | b'X', ..]) => {
                Ok((rest, FoundSid::LikeLast(relative_id)))
            }
            _ => self.new_sid::<true>(input),
        }
    }

    #[inline(always)]
    fn like_last_sid(&self, input: Input<'t>) -> Option<(Input<'t>, u32)> {
        let last = self.last_sid.text;
        if last.is_empty() {
            return None;
        }
        decimal(input.strip_prefix(last)?)
    }

    #[inline(never)]
    fn new_sid<const TOLERANT: bool>(&mut self, input: Input<'t>) -> Parsed<'t, FoundSid> {
        match self.canonical_sid(input) {
            Some(found) => Ok(found),
            None => Self::or::<TOLERANT, _>(|| self.tolerant_sid(input)),
        }
    }

    /// A SID as Windows writes it: all numbers in decimal, without leading zeros.
    #[inline]
    fn canonical_sid(&mut self, input: Input<'t>) -> Option<(Input<'t>, FoundSid)> {
        let mut sub_authorities = [0; MAX_SUB_AUTHORITIES];
        let (mut rest, authority, mut count);
        // Most SIDs are those of accounts in a domain.
        if let Some(after @ [b'-', ..]) = input.strip_prefix(b"S-1-5-21") {
            *sub_authorities.first_mut()? = 21;
            (rest, authority, count) = (after, 5, 1_usize);
        } else {
            (rest, authority) = decimal(input.strip_prefix(b"S-1-")?)?;
            count = 0;
        }
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
        let [a, b, c, d] = authority.to_be_bytes();
        let sid = Sid::from_prefix(count, [0, 0, a, b, c, d], sub_authorities)?;
        let text = consumed(input, last_number);
        self.last_sid = LastSid { text, sid };
        Some((rest, FoundSid::LikeLast(relative_id)))
    }

    /// A SID in whatever spelling Windows accepts, or the fault in it.
    #[cold]
    fn tolerant_sid(&mut self, input: Input<'t>) -> Parsed<'t, FoundSid> {
        let (after_letter, _) = input
            .split_at_checked(1)
            .map_or((input, input), |(letter, rest)| (rest, letter));
        self.letter_case(input, after_letter)?;
        let (rest, hexadecimal) = self.sid_revision(after_letter)?;
        let (mut rest, authority) = self.sid_authority(rest, hexadecimal)?;
        let mut sub_authorities = [0; MAX_SUB_AUTHORITIES];
        let mut count = 0;
        while let Some((after, number)) = self.sid_number(rest, hexadecimal)? {
            if number.hexadecimal && !hexadecimal {
                self.tolerate(ViolationKind::SidSubAuthorityHexadecimal, number.start, after)?;
            }
            self.leading_zero(&number, after)?;
            let Some(place) = sub_authorities.get_mut(count) else {
                return self.refuse(ParseErrorKind::SidSubAuthorityTooMany, number.start, after);
            };
            *place = match u32::try_from(number.value) {
                Ok(value) => value,
                Err(_) => {
                    self.tolerate_change(ParseErrorKind::SidSubAuthorityOutOfRange, number.start, after)?;
                    u32::MAX
                }
            };
            count = count.wrapping_add(1);
            rest = after;
        }
        match Sid::new(authority, sub_authorities.get(..count).unwrap_or_default()) {
            Ok(sid) => Ok((rest, self.found_other(sid))),
            Err(SidError::AuthorityOutOfRange { .. }) => {
                self.refuse(ParseErrorKind::SidAuthorityOutOfRange, input, rest)
            }
            Err(_) => self.refuse_at(ParseErrorKind::SidSubAuthorityMissing, rest),
        }
    }

    /// `-5`, in hexadecimal from 2^32 on.
    fn sid_authority(&self, input: Input<'t>, hexadecimal: bool) -> Parsed<'t, u64> {
        let Some((rest, number)) = self.sid_number(input, hexadecimal)? else {
            return self.refuse_at(ParseErrorKind::SidNumberMalformed, input);
        };
        if number.value >= AUTHORITY_END {
            return self.refuse(ParseErrorKind::SidAuthorityOutOfRange, number.start, rest);
        }
        if !hexadecimal && number.hexadecimal != (number.value > u64::from(u32::MAX)) {
            self.tolerate(ViolationKind::SidAuthorityForm, number.start, rest)?;
        }
        self.leading_zero(&number, rest)?;
        Ok((rest, number.value))
    }

    /// `-1`; says whether it was written in hexadecimal, after which Windows reads every number so.
    fn sid_revision(&self, input: Input<'t>) -> Parsed<'t, bool> {
        let Some((rest, number)) = self.sid_number(input, false)? else {
            return self.refuse_at(ParseErrorKind::SidNumberMalformed, input);
        };
        if number.value != 1 {
            return self.refuse(ParseErrorKind::SidRevisionUnsupported, number.start, rest);
        }
        if number.hexadecimal {
            self.tolerate_change(ParseErrorKind::SidRevisionHexadecimal, number.start, rest)?;
        } else if consumed(number.start, rest) != b"1" {
            self.tolerate(ViolationKind::SidRevisionForm, number.start, rest)?;
        }
        Ok((rest, number.hexadecimal))
    }

    /// Zeros before a decimal number, which Windows does not take for octal.
    fn leading_zero(&self, number: &SidNumber<'t>, rest: Input<'t>) -> Parsed<'t, ()> {
        match number.start {
            [b'0', b'0'..=b'9', ..] => self.tolerate(ViolationKind::SidLeadingZero, number.start, rest),
            _ => Ok((rest, ())),
        }
    }

    /// A hyphen and a number, or `None` if there is no hyphen.
    fn sid_number(&self, input: Input<'t>, hexadecimal: bool) -> FoundNumber<'t> {
        let [b'-', after_hyphen @ ..] = input else {
            return Ok(None);
        };
        let (start, ()) = self.spaces(after_hyphen)?;
        let (digits, written_hexadecimal) = match start {
            [b'0', b'x' | b'X', digits @ ..] => (digits, true),
            _ => (start, hexadecimal),
        };
        let radix = if written_hexadecimal { 16 } else { 10 };
        let (mut rest, mut value) = number(radix, digits);
        // `O:S-1-2-0x2D:`: the last D before a colon is the letter of the next part.
        if written_hexadecimal && let ([b':', ..], [kept @ .., b'D']) = (rest, consumed(digits, rest)) {
            (_, value) = number(radix, kept);
            rest = digits.get(kept.len()..).unwrap_or_default();
        }
        let Some(value) = value else {
            return self
                .refuse_at(ParseErrorKind::SidNumberMalformed, digits)
                .map(|(_, never)| never);
        };
        let number = SidNumber {
            start,
            value: value.saturated,
            hexadecimal: written_hexadecimal,
        };
        Ok(Some((rest, number)))
    }
}

/// An alias in upper case of a SID that is the same everywhere.
#[inline]
fn alias(input: Input<'_>) -> Option<(Input<'_>, &'static Sid)> {
    let (letters, rest) = input.split_first_chunk()?;
    let AliasTarget::Absolute(sid) = &WellKnown::by_letters(*letters)?.target else {
        return None;
    };
    Some((rest, sid))
}

/// One more than the highest authority.
const AUTHORITY_END: u64 = 1 << 48;

/// A number of a SID.
struct SidNumber<'t> {
    /// Where it begins, after the hyphen.
    start: Input<'t>,
    /// Its value, or `u64::MAX` if that does not fit.
    value: u64,
    /// Whether it was written in hexadecimal.
    hexadecimal: bool,
}

type FoundNumber<'t> = Result<Option<(Input<'t>, SidNumber<'t>)>, nom::Err<super::Fault>>;

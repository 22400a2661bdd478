use super::{Grammar, Input, Parsed, Watch, consumed, number::number, two_letters};
use crate::{
    limits::MAX_SUB_AUTHORITIES,
    sddl::{ParseErrorKind, ViolationKind},
    sid::{AliasTarget, Sid, SidError, WellKnown},
};

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Whom an entry is about. Blanks may stand before it, and behind an alias, but not behind a SID in full.
    pub(super) fn trustee(&self, input: Input<'t>) -> Parsed<'t, Sid> {
        let (input, ()) = self.blanks(input)?;
        match input {
            [b'S' | b's', b'-', ..] => self.sid_in_full(input),
            _ => {
                let (input, sid) = self.sid_alias(input)?;
                let (input, ()) = self.blanks(input)?;
                Ok((input, sid))
            }
        }
    }

    /// `S-1-…` or an alias.
    pub(super) fn sid(&self, input: Input<'t>) -> Parsed<'t, Sid> {
        match input {
            [b'S' | b's', b'-', ..] => match W::SHORTCUTS.then(|| self.common_sid_alone(input)).flatten() {
                Some(found) => Ok(found),
                None => self.sid_in_full(input),
            },
            _ => self.sid_alias(input),
        }
    }

    /// Exactly two letters.
    fn sid_alias(&self, input: Input<'t>) -> Parsed<'t, Sid> {
        let Some((letters, rest)) = two_letters(input) else {
            return self.refuse_at(ParseErrorKind::SidMissing, input);
        };
        let Some(row) = WellKnown::by_letters(letters) else {
            return self.refuse_word(ParseErrorKind::SidAliasUnknown, input);
        };
        self.letter_case(input, rest)?;
        match self.options.domains.resolve(row.target) {
            Some(sid) => Ok((rest, sid)),
            None => {
                let kind = ParseErrorKind::SidAliasUnresolved {
                    alias: row.alias,
                    domain: match row.target {
                        AliasTarget::Absolute(_) | AliasTarget::Domain(_) => "domain",
                        AliasTarget::Machine(_) => "machine",
                        AliasTarget::Forest(_) => "forest's root domain",
                    },
                };
                self.refuse(kind, input, rest)
            }
        }
    }

    /// `S-1-authority-sub-authority…` ([MS-DTYP] 2.4.2.1).
    fn sid_in_full(&self, input: Input<'t>) -> Parsed<'t, Sid> {
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
            Ok(sid) => Ok((rest, sid)),
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

    /// A hyphen and a number; `None` where no hyphen stands.
    fn sid_number(&self, input: Input<'t>, hexadecimal: bool) -> FoundNumber<'t> {
        let [b'-', after_hyphen @ ..] = input else {
            return Ok(None);
        };
        let (start, ()) = self.blanks(after_hyphen)?;
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

/// One more than the highest authority.
const AUTHORITY_END: u64 = 1 << 48;

/// A number of a SID.
struct SidNumber<'t> {
    /// Where it begins, behind the hyphen.
    start: Input<'t>,
    /// Its value, or the highest where that does not fit.
    value: u64,
    /// Whether it was written in hexadecimal.
    hexadecimal: bool,
}

type FoundNumber<'t> = Result<Option<(Input<'t>, SidNumber<'t>)>, nom::Err<super::Fault>>;

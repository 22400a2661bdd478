use super::{Grammar, Input, Parsed, Watch, consumed, number::number, two_letters};
use crate::{
    limits::MAX_SUB_AUTHORITIES,
    sddl::{ParseErrorKind, ViolationKind},
    sid::{Base, Sid, SidError, WellKnown},
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
            [b'S' | b's', b'-', ..] => self.sid_in_full(input),
            _ => self.sid_alias(input),
        }
    }

    /// Exactly two letters.
    fn sid_alias(&self, input: Input<'t>) -> Parsed<'t, Sid> {
        let Some((letters, rest)) = two_letters(input) else {
            return self.refuse_at(ParseErrorKind::SidMissing, input);
        };
        let Some(row) = core::str::from_utf8(&letters).ok().and_then(WellKnown::by_alias) else {
            return self.refuse(ParseErrorKind::SidAliasUnknown, input, rest);
        };
        self.letter_case(input, rest)?;
        match self.options.domains.resolve(row.base) {
            Some(sid) => Ok((rest, sid)),
            None => {
                let kind = ParseErrorKind::SidAliasUnresolved {
                    alias: row.alias,
                    domain: match row.base {
                        Base::Absolute(_) | Base::Domain(_) => "domain",
                        Base::Machine(_) => "machine",
                        Base::Forest(_) => "forest's root domain",
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
        let (mut rest, (authority, _)) = match self.sid_number(rest, hexadecimal)? {
            Some(found) => found,
            None => return self.refuse_at(ParseErrorKind::SidNumberMalformed, rest),
        };
        let mut sub_authorities = [0; MAX_SUB_AUTHORITIES];
        let mut count = 0;
        while let Some((after, (value, written_hexadecimal))) = self.sid_number(rest, hexadecimal)? {
            if written_hexadecimal && !hexadecimal {
                self.tolerate(ViolationKind::SidSubAuthorityHexadecimal, rest, after)?;
            }
            let Some(place) = sub_authorities.get_mut(count) else {
                return self.refuse(ParseErrorKind::SidSubAuthorityTooMany, rest, after);
            };
            *place = match u32::try_from(value) {
                Ok(value) => value,
                Err(_) => {
                    self.tolerate_change(ParseErrorKind::SidSubAuthorityOutOfRange, rest, after)?;
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
            Err(SidError::SubAuthorityCount { .. }) => self.refuse_at(ParseErrorKind::SidSubAuthorityMissing, rest),
        }
    }

    /// `-1`; says whether it was written in hexadecimal, after which Windows reads every number so.
    fn sid_revision(&self, input: Input<'t>) -> Parsed<'t, bool> {
        let Some((rest, (revision, hexadecimal))) = self.sid_number(input, false)? else {
            return self.refuse_at(ParseErrorKind::SidNumberMalformed, input);
        };
        if revision != 1 {
            return self.refuse(ParseErrorKind::SidRevisionUnsupported, input, rest);
        }
        if hexadecimal {
            self.tolerate_change(ParseErrorKind::SidRevisionHexadecimal, input, rest)?;
        }
        Ok((rest, hexadecimal))
    }

    /// A hyphen and a number, saturated, with whether it was written in hexadecimal; `None` where no hyphen stands.
    fn sid_number(&self, input: Input<'t>, hexadecimal: bool) -> Result<Option<Number<'t>>, nom::Err<super::Fault>> {
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
        if let [b'0', b'0'..=b'9', ..] = start {
            self.tolerate(ViolationKind::SidLeadingZero, start, rest)?;
        }
        Ok(Some((rest, (value.saturated, written_hexadecimal))))
    }
}

/// What is left of the text, the value, and whether it was written in hexadecimal.
type Number<'t> = (Input<'t>, (u64, bool));

use super::{Fault, Grammar, Input, Parsed, Watch, sid::FoundSid, tokens, two_letters};
use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData, Layout},
    lookup::PairTable,
    sddl::{AclKind, ParseErrorKind},
    sid::Sid,
};
use alloc::vec::Vec;

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Reads a whole text as one entry, of a DACL or a SACL.
    pub(in crate::sddl) fn ace_alone(&mut self) -> Result<Ace, Fault> {
        let mut aces = Vec::new();
        let added = self.whole(|grammar, input| {
            let [b'(', ..] = input else {
                return grammar.refuse_at(ParseErrorKind::AceMissing, input);
            };
            match grammar.tolerant_ace(AclKind::Dacl, input, &mut aces) {
                Err(nom::Err::Failure(fault)) if matches!(fault.kind, ParseErrorKind::AceTypeNotAllowed { .. }) => {
                    grammar.tolerant_ace(AclKind::Sacl, input, &mut aces)
                }
                read => read,
            }
        });
        added.map(|_| aces.pop().unwrap_or_else(Ace::unknown))
    }

    /// `(type;flags;rights;object GUID;inherited object GUID;SID)`, and a seventh field where the type has one.
    ///
    /// Adds the entry to `aces` and returns its length in bytes. Even if it fails, it may have added an entry.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    pub(super) fn ace(&mut self, list: AclKind, input: Input<'t>, aces: &mut Vec<Ace>) -> Parsed<'t, usize> {
        // Nearly all entries have a type of one letter and the canonical spelling. They are read in line and without a description of
        // errors: if this reading fails, the tolerant one reads the entry again and describes the error.
        let Some((rest, ace_type)) = type_of_one_letter(list, input) else {
            return self.ace_of_two_letters(list, input, aces);
        };
        match self.fields::<false, true>(ace_type, rest, aces) {
            Ok(read) => Ok(read),
            Err(_) => self.tolerant_ace(list, input, aces),
        }
    }

    /// An entry whose type is not of one letter, or not in its canonical spelling.
    #[inline(never)]
    fn ace_of_two_letters(&mut self, list: AclKind, input: Input<'t>, aces: &mut Vec<Ace>) -> Parsed<'t, usize> {
        let Some((rest, ace_type)) = type_of_two_letters(list, input) else {
            return self.tolerant_ace(list, input, aces);
        };
        let before = aces.len();
        match self.fields::<false, false>(ace_type, rest, aces) {
            Err(nom::Err::Error(_)) => {
                aces.truncate(before);
                self.tolerant_ace(list, input, aces)
            }
            read => read,
        }
    }

    /// An entry in any spelling, or the fault in it.
    #[cold]
    #[inline(never)]
    fn tolerant_ace(&mut self, list: AclKind, input: Input<'t>, aces: &mut Vec<Ace>) -> Parsed<'t, usize> {
        let found = type_of_one_letter(list, input).or_else(|| type_of_two_letters(list, input));
        let (rest, ace_type) = match found {
            Some(found) => found,
            None => self.tolerant_ace_type(list, input.get(1..).unwrap_or_default())?,
        };
        self.fields::<true, false>(ace_type, rest, aces)
    }

    /// The fields after the type, and the parenthesis. `PLAIN` says that the type is known to have neither GUIDs nor a seventh field.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    fn fields<const TOLERANT: bool, const PLAIN: bool>(
        &mut self,
        ace_type: AceType,
        input: Input<'t>,
        aces: &mut Vec<Ace>,
    ) -> Parsed<'t, usize> {
        let (input, flags) = self.ace_flags::<TOLERANT>(ace_type, input)?;
        let (input, mask) = self.rights::<TOLERANT>(ace_type, input)?;
        if PLAIN {
            let [b';', b';', input @ ..] = input else {
                return Err(nom::Err::Error(Fault::NOT_CANONICAL));
            };
            let (rest, found) = self.trustee::<TOLERANT>(input)?;
            let (sid, relative_id) = match found {
                FoundSid::WellKnown(sid) => (sid, None),
                FoundSid::LikeLast(relative_id) => (&self.last_sid.sid, Some(relative_id)),
            };
            let Some(ace) = Ace::add(aces, ace_type, flags, mask, sid) else {
                return self.refuse_at(ParseErrorKind::AceUnclosed, rest);
            };
            if let Some(relative_id) = relative_id {
                ace.trustee_mut().replace_relative_id(relative_id);
            }
            let (rest, ()) = self.close(rest)?;
            return Ok((rest, ace.encoded_len_of(Layout::Plain)));
        }
        // Each of the other parts is put into the entry as soon as it is read: that many parts could not be kept without being moved.
        let Some(ace) = Ace::add(aces, ace_type, flags, mask, &Sid::NOBODY) else {
            return self.refuse_at(ParseErrorKind::AceUnclosed, input);
        };
        let objects = ace.objects_mut();
        let (input, ()) = self.guid::<TOLERANT>(ace_type, &mut objects.object, input)?;
        let (input, ()) = self.guid::<TOLERANT>(ace_type, &mut objects.inherited, input)?;
        let (rest, found) = self.trustee::<TOLERANT>(input)?;
        match found {
            FoundSid::WellKnown(sid) => *ace.trustee_mut() = *sid,
            FoundSid::LikeLast(relative_id) => {
                *ace.trustee_mut() = self.last_sid.sid;
                ace.trustee_mut().replace_relative_id(relative_id);
            }
        }
        let layout = ace.layout_without_objects(ace_type.layout());
        let rest = if layout.has_data() {
            self.seventh_field(ace, input, rest)?.0
        } else {
            rest
        };
        let (rest, ()) = self.close(rest)?;
        Ok((rest, ace.encoded_len_of(layout)))
    }

    #[cold]
    fn tolerant_ace_type(&self, list: AclKind, input: Input<'t>) -> Parsed<'t, AceType> {
        let letters = input.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (token, rest) = input.split_at_checked(letters).unwrap_or_default();
        let Some(ace_type) = core::str::from_utf8(token).ok().and_then(AceType::from_token) else {
            return self.refuse(ParseErrorKind::AceTypeUnknown, input, rest);
        };
        self.letter_case(input, rest)?;
        if ace_type.effect().belongs_in_dacl() != Some(list == AclKind::Dacl) {
            return self.refuse(ParseErrorKind::AceTypeNotAllowed { list }, input, rest);
        }
        Ok((self.next_field(rest)?.0, ace_type))
    }

    /// The seventh field of an entry whose type has one: a condition or a claim. An access filter needs none. The SID of the entry is
    /// between `trustee` and `input`.
    #[inline]
    fn seventh_field(&mut self, ace: &mut Ace, trustee: Input<'t>, input: Input<'t>) -> Parsed<'t, ()> {
        let layout = ace.ace_type().layout();
        if layout == Layout::Claim && ace.trustee() != Some(&Sid::EVERYONE) {
            return self.refuse(ParseErrorKind::ClaimTrusteeNotAllowed, trustee, input);
        }
        let missing = match layout {
            Layout::Plain | Layout::Object | Layout::Opaque => return Ok((input, ())),
            Layout::Claim => ParseErrorKind::ClaimMissing,
            Layout::Callback | Layout::CallbackObject | Layout::Condition => ParseErrorKind::ConditionMissing,
        };
        let (start, ()) = match input {
            [b')', ..] if layout == Layout::Condition => return Ok((input, ())),
            [b')', ..] => return self.refuse_at(missing, input),
            _ => self.spaces(self.next_field(input)?.0)?,
        };
        if layout == Layout::Claim {
            let (rest, claim) = self.claim(start)?;
            ace.set_data(ApplicationData::Claim(claim.into()));
            return Ok((rest, ()));
        }
        let (rest, condition) = self.condition(start)?;
        ace.set_data(ApplicationData::Condition(condition));
        self.spaces(rest)
    }

    /// The flags and their semicolon.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    fn ace_flags<const TOLERANT: bool>(&self, ace_type: AceType, input: Input<'t>) -> Parsed<'t, AceFlags> {
        let mut flags = AceFlags::empty();
        match tokens(input, AceFlags::by_letters, |flag| flags |= flag) {
            [b';', rest @ ..] => Ok((rest, flags)),
            _ => Self::or::<TOLERANT, _>(|| self.tolerant_ace_flags(ace_type, input)),
        }
    }

    /// Flags in any case, after spaces, or the fault in them.
    #[cold]
    fn tolerant_ace_flags(&self, ace_type: AceType, input: Input<'t>) -> Parsed<'t, AceFlags> {
        let (mut input, ()) = self.spaces(input)?;
        let mut flags = AceFlags::empty();
        while let Some((letters, rest)) = two_letters(input) {
            let flag = match letters {
                [b'T', b'P'] if ace_type == AceType::AccessFilter => Some(AceFlags::TRUST_PROTECTED),
                _ => AceFlags::by_letters(letters),
            };
            let Some(flag) = flag else {
                return self.refuse(ParseErrorKind::AceFlagUnknown, input, rest);
            };
            self.letter_case(input, rest)?;
            flags |= flag;
            input = rest;
        }
        match input {
            [letter, rest @ ..] if letter.is_ascii_alphabetic() => {
                self.refuse(ParseErrorKind::AceFlagUnknown, input, rest)
            }
            _ => Ok((self.next_field(input)?.0, flags)),
        }
    }

    #[inline]
    pub(super) fn next_field(&self, input: Input<'t>) -> Parsed<'t, ()> {
        match input {
            [b';', rest @ ..] => Ok((rest, ())),
            _ => self.refuse_at(ParseErrorKind::AceFieldMissing, input),
        }
    }

    #[inline]
    fn close(&self, input: Input<'t>) -> Parsed<'t, ()> {
        match input {
            [b')', rest @ ..] => Ok((rest, ())),
            [b';', ..] => self.refuse_at(ParseErrorKind::AceFieldExtra, input),
            _ => self.refuse_at(ParseErrorKind::AceUnclosed, input),
        }
    }
}

/// A parenthesis, a type of one letter in upper case, and its semicolon.
#[inline]
const fn type_of_one_letter(list: AclKind, input: Input<'_>) -> Option<(Input<'_>, AceType)> {
    match (list, input) {
        (AclKind::Dacl, [b'(', b'A', b';', rest @ ..]) => Some((rest, AceType::Allow)),
        (AclKind::Dacl, [b'(', b'D', b';', rest @ ..]) => Some((rest, AceType::Deny)),
        _ => None,
    }
}

/// A parenthesis, a type of two letters in upper case, and its semicolon.
#[inline]
fn type_of_two_letters(list: AclKind, input: Input<'_>) -> Option<(Input<'_>, AceType)> {
    let [b'(', first, second, b';', rest @ ..] = input else {
        return None;
    };
    let by_letters = match list {
        AclKind::Dacl => &DACL_TYPES,
        AclKind::Sacl => &SACL_TYPES,
    };
    Some((rest, by_letters.get([*first, *second])?))
}

static DACL_TYPES: PairTable<AceType> = types_by_letters(true);
static SACL_TYPES: PairTable<AceType> = types_by_letters(false);

/// The types whose tokens are two letters, and which belong into this list.
const fn types_by_letters(dacl: bool) -> PairTable<AceType> {
    let (mut pairs, mut row) = (PairTable::EMPTY, 0);
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "the compiler runs this"
    )]
    while row < AceType::KNOWN.len() {
        if let Some(token) = AceType::KNOWN[row].token()
            && token.len() == 2
            && let Some(in_dacl) = AceType::KNOWN[row].effect().belongs_in_dacl()
            && in_dacl == dacl
        {
            pairs = pairs.with(token, Some(AceType::KNOWN[row]));
        }
        row += 1;
    }
    pairs
}

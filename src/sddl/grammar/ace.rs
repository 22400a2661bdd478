use super::{Fault, Grammar, Input, Parsed, Watch, sid::FoundSid, tokens, two_letters};
use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData, Layout, ObjectTypes},
    lookup::PairTable,
    mask::AccessMask,
    sddl::{AclKind, ParseErrorKind},
    sid::Sid,
};
use alloc::vec::Vec;

/// Type, flags and rights of an entry.
type FirstFields = (AceType, AceFlags, AccessMask);

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Reads a whole text as one entry, of a DACL or a SACL.
    pub(in crate::sddl) fn ace_alone(&mut self) -> Result<Ace, Fault> {
        let mut aces = Vec::new();
        let added = self.whole(|grammar, input| {
            let [b'(', ..] = input else {
                return grammar.refuse_at(ParseErrorKind::AceMissing, input);
            };
            match grammar.ace::<true>(AclKind::Dacl, input, &mut aces) {
                Err(nom::Err::Failure(fault)) if matches!(fault.kind, ParseErrorKind::AceTypeNotAllowed { .. }) => {
                    grammar.ace::<true>(AclKind::Sacl, input, &mut aces)
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
    pub(super) fn ace<const TOLERANT: bool>(
        &mut self,
        list: AclKind,
        input: Input<'t>,
        aces: &mut Vec<Ace>,
    ) -> Parsed<'t, usize> {
        let input = input.get(1..).unwrap_or_default();
        let (input, ace_type) = self.ace_type::<TOLERANT>(list, input)?;
        let (input, flags) = self.ace_flags::<TOLERANT>(ace_type, input)?;
        let (input, mask) = self.rights::<TOLERANT>(ace_type, input)?;
        let first = (ace_type, flags, mask);
        match input {
            [b';', b';', rest @ ..] => self.last_fields::<TOLERANT>(first, &ObjectTypes::NONE, rest, aces),
            _ => {
                let (rest, length) = self.object_fields::<TOLERANT>(first, input, aces)?;
                Ok((rest, length))
            }
        }
    }

    /// The two GUIDs, and the fields after them.
    #[inline(never)]
    fn object_fields<const TOLERANT: bool>(
        &mut self,
        first: FirstFields,
        input: Input<'t>,
        aces: &mut Vec<Ace>,
    ) -> Parsed<'t, usize> {
        let (ace_type, ..) = first;
        let (input, object) = self.guid::<TOLERANT>(ace_type, input)?;
        let (input, inherited) = self.guid::<TOLERANT>(ace_type, input)?;
        self.last_fields::<TOLERANT>(first, &ObjectTypes { object, inherited }, input, aces)
    }

    /// The SID, the seventh field where the type has one, and the parenthesis.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    fn last_fields<const TOLERANT: bool>(
        &mut self,
        (ace_type, flags, mask): FirstFields,
        objects: &ObjectTypes,
        input: Input<'t>,
        aces: &mut Vec<Ace>,
    ) -> Parsed<'t, usize> {
        let (rest, trustee) = self.trustee::<TOLERANT>(input)?;
        let (sid, relative_id) = match trustee {
            FoundSid::WellKnown(sid) => (sid, None),
            FoundSid::LikeLast(relative_id) => (&self.last_sid.sid, Some(relative_id)),
        };
        let Some(ace) = Ace::add(aces, ace_type, flags, mask, sid) else {
            return self.refuse_at(ParseErrorKind::AceUnclosed, rest);
        };
        if let Some(relative_id) = relative_id {
            ace.trustee_mut().replace_relative_id(relative_id);
        }
        let layout = ace_type.layout();
        if layout == Layout::Object && !objects.is_empty() {
            ace.set_objects(objects.object, objects.inherited);
        } else if layout != Layout::Plain {
            let (rest, length) = self.more_fields(ace, objects, input, rest)?;
            return Ok((rest, length));
        }
        let (rest, ()) = self.close(rest)?;
        Ok((rest, ace.encoded_len()))
    }

    /// The GUIDs and the seventh field of an entry that may have some, and the parenthesis. The SID of the entry is between `trustee` and
    /// `input`.
    #[inline(never)]
    fn more_fields(
        &mut self,
        ace: &mut Ace,
        objects: &ObjectTypes,
        trustee: Input<'t>,
        input: Input<'t>,
    ) -> Parsed<'t, usize> {
        if !objects.is_empty() {
            ace.set_objects(objects.object, objects.inherited);
        } else if ace.ace_type().layout() == Layout::Object {
            ace.make_plain();
        }
        let (input, ()) = self.seventh_field(ace, trustee, input)?;
        let (input, ()) = self.close(input)?;
        Ok((input, ace.encoded_len()))
    }

    /// The type and its semicolon: `A` and `D` first, since nearly all entries have them.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    fn ace_type<const TOLERANT: bool>(&self, list: AclKind, input: Input<'t>) -> Parsed<'t, AceType> {
        match (list, input) {
            (AclKind::Dacl, [b'A', b';', rest @ ..]) => Ok((rest, AceType::Allow)),
            (AclKind::Dacl, [b'D', b';', rest @ ..]) => Ok((rest, AceType::Deny)),
            _ => match type_of_two_letters(list, input) {
                Some((rest, ace_type)) => Ok((rest, ace_type)),
                None => Self::or::<TOLERANT, _>(|| self.tolerant_ace_type(list, input)),
            },
        }
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

/// A type of two letters in upper case, and its semicolon.
#[inline(never)]
fn type_of_two_letters(list: AclKind, input: Input<'_>) -> Option<(Input<'_>, AceType)> {
    let [first, second, b';', rest @ ..] = input else {
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

use super::{Grammar, Input, Parsed, Watch, two_letters};
use crate::{
    ace::{Ace, AceFlags, AceParts, AceType, ApplicationData, Layout, ObjectTypes},
    sddl::{AclKind, ParseErrorKind},
    sid::Sid,
};
use nom::{
    Parser,
    bytes::complete::take_while,
    character::complete::char,
    sequence::{delimited, terminated},
};

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// `(type;flags;rights;object GUID;inherited object GUID;SID)`, and a seventh field where the type has one.
    pub(super) fn ace(&self, list: AclKind, input: Input<'t>) -> Parsed<'t, Ace> {
        delimited(char('('), |input| self.ace_body(list, input), |input| self.close(input)).parse(input)
    }

    fn ace_body(&self, list: AclKind, input: Input<'t>) -> Parsed<'t, Ace> {
        let next = |input| self.next_field(input);
        let (input, ace_type) = terminated(|input| self.ace_type(list, input), next).parse(input)?;
        let (input, flags) = terminated(|input| self.ace_flags(ace_type, input), next).parse(input)?;
        let (input, mask) = terminated(|input| self.rights(Some(ace_type), input), next).parse(input)?;
        let (input, object) = terminated(|input| self.guid(ace_type, input), next).parse(input)?;
        let (input, inherited) = terminated(|input| self.guid(ace_type, input), next).parse(input)?;
        let (rest, trustee) = self.trustee(input)?;
        if ace_type == AceType::ResourceAttribute && trustee != Sid::EVERYONE {
            return self.refuse(ParseErrorKind::ClaimTrusteeUnfit, input, rest);
        }
        let (rest, data) = self.application_data(ace_type, rest)?;
        let objects = ObjectTypes { object, inherited };
        let parts = AceParts {
            // Without GUIDs Windows writes the plain type.
            ace_type: match objects {
                ObjectTypes {
                    object: None,
                    inherited: None,
                } => ace_type.without_objects(),
                _ => ace_type,
            },
            flags,
            mask,
            trustee,
            objects,
            data,
        };
        match Ace::from_parts(parts) {
            Ok(ace) => Ok((rest, ace)),
            Err(_) => self.refuse(ParseErrorKind::GuidMisplaced, input, rest),
        }
    }

    fn ace_type(&self, list: AclKind, input: Input<'t>) -> Parsed<'t, AceType> {
        let (rest, token) = take_while(|byte: u8| byte.is_ascii_alphabetic()).parse(input)?;
        let Some(ace_type) = core::str::from_utf8(token).ok().and_then(AceType::from_token) else {
            return self.refuse(ParseErrorKind::AceTypeUnknown, input, rest);
        };
        self.letter_case(input, rest)?;
        let misplaced = ace_type.effect().belongs_in_dacl() != Some(list == AclKind::Dacl);
        if misplaced {
            return self.refuse(ParseErrorKind::AceTypeMisplaced { list }, input, rest);
        }
        Ok((rest, ace_type))
    }

    /// The seventh field, of the types that have one: a condition or a claim. An access filter may go without.
    fn application_data(&self, ace_type: AceType, input: Input<'t>) -> Parsed<'t, ApplicationData> {
        let content = |missing| match input {
            [b')', ..] => self.refuse_at(missing, input),
            _ => self.blanks(self.next_field(input)?.0),
        };
        match (ace_type.layout(), input) {
            (Layout::Plain | Layout::Object | Layout::Opaque, _) | (Layout::Condition, [b')', ..]) => {
                Ok((input, ApplicationData::None))
            }
            (Layout::Callback | Layout::CallbackObject | Layout::Condition, _) => {
                let (rest, condition) = self.condition(content(ParseErrorKind::ConditionMissing)?.0)?;
                Ok((self.blanks(rest)?.0, ApplicationData::Condition(condition)))
            }
            (Layout::Claim, _) => {
                let (rest, claim) = self.claim(content(ParseErrorKind::ClaimMissing)?.0)?;
                Ok((rest, ApplicationData::Claim(claim.into())))
            }
        }
    }

    /// Flags of two letters each, after blanks.
    fn ace_flags(&self, ace_type: AceType, input: Input<'t>) -> Parsed<'t, AceFlags> {
        let (mut input, ()) = self.blanks(input)?;
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
            _ => Ok((input, flags)),
        }
    }

    fn next_field(&self, input: Input<'t>) -> Parsed<'t, ()> {
        match input {
            [b';', rest @ ..] => Ok((rest, ())),
            _ => self.refuse_at(ParseErrorKind::AceFieldMissing, input),
        }
    }

    fn close(&self, input: Input<'t>) -> Parsed<'t, ()> {
        match input {
            [b')', rest @ ..] => Ok((rest, ())),
            [b';', ..] => self.refuse_at(ParseErrorKind::AceFieldExtra, input),
            _ => self.refuse_at(ParseErrorKind::AceUnclosed, input),
        }
    }
}

//! The entries and SIDs that nearly all descriptors are made of, read in one go.
//!
//! These are plain and object entries, and those with a condition, as Windows prints them: capitals, no blanks, SIDs in decimal. Whatever else
//! stands there is left to the grammar, which reads these just so; an [`inspection`](crate::sddl::inspect), which reads everything by the grammar, is compared with it.

use super::{
    Grammar, Input, Watch, consumed,
    guid::guid,
    number::{decimal, hexadecimal},
};
use crate::{
    ace::{Ace, AceFlags, AceType},
    condition::Writer,
    limits::MAX_SUB_AUTHORITIES,
    mask::{AccessMask, RightToken},
    sddl::AclKind,
    sid::{AliasTarget, Sid, WellKnown},
};
use alloc::vec::Vec;
use uuid::Uuid;

/// A SID in full as it was last read: the next one mostly differs in its relative identifier alone.
pub(super) struct LastSid<'t> {
    /// Its text up to the last hyphen; empty before the first.
    text: Input<'t>,
    sid: Sid,
}

impl Default for LastSid<'_> {
    fn default() -> Self {
        Self {
            text: b"",
            sid: Sid::NOBODY,
        }
    }
}

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Reads an entry and adds it, if it is a common one; tells its length in bytes too.
    #[expect(
        clippy::inline_always,
        reason = "what it returns would go through memory, for each entry"
    )]
    #[inline(always)]
    pub(super) fn common_ace(
        &self,
        list: AclKind,
        input: Input<'t>,
        aces: &mut Vec<Ace>,
    ) -> Option<(Input<'t>, usize)> {
        let (ace_type, input) = match (list, input) {
            (AclKind::Dacl, [b'(', b'A', b';', rest @ ..]) => (AceType::Allow, rest),
            (AclKind::Dacl, [b'(', b'D', b';', rest @ ..]) => (AceType::Deny, rest),
            (AclKind::Sacl, [b'(', b'A', b'U', b';', rest @ ..]) => (AceType::Audit, rest),
            (AclKind::Dacl, [b'(', b'O', b'A', b';', rest @ ..]) => {
                return self.object([AceType::Allow, AceType::ObjectAllow], rest, aces);
            }
            (AclKind::Dacl, [b'(', b'O', b'D', b';', rest @ ..]) => {
                return self.object([AceType::Deny, AceType::ObjectDeny], rest, aces);
            }
            (AclKind::Sacl, [b'(', b'O', b'U', b';', rest @ ..]) => {
                return self.object([AceType::Audit, AceType::ObjectAudit], rest, aces);
            }
            (AclKind::Dacl, [b'(', b'X', b'A', b';', rest @ ..]) => {
                return self.callback(AceType::CallbackAllow, rest, aces);
            }
            (AclKind::Dacl, [b'(', b'X', b'D', b';', rest @ ..]) => {
                return self.callback(AceType::CallbackDeny, rest, aces);
            }
            (AclKind::Sacl, [b'(', b'X', b'U', b';', rest @ ..]) => {
                return self.callback(AceType::CallbackAudit, rest, aces);
            }
            _ => return None,
        };
        let (input, flags) = flags(input)?;
        let (input, mask) = rights(input)?;
        let (rest, ace) = self.add((ace_type, flags, mask), input.strip_prefix(b";;")?, aces)?;
        Some((rest, ace.encoded_len()))
    }

    /// The rest of an object entry, whose type is the first of these without GUIDs.
    #[inline(never)]
    fn object(&self, types: [AceType; 2], input: Input<'t>, aces: &mut Vec<Ace>) -> Option<(Input<'t>, usize)> {
        let (input, flags) = flags(input)?;
        let (input, mask) = rights(input)?;
        let (input, object) = guid_field(input)?;
        let (input, inherited) = guid_field(input)?;
        let [plain, with_guids] = types;
        let ace_type = match (object, inherited) {
            (None, None) => plain,
            _ => with_guids,
        };
        let (rest, ace) = self.add((ace_type, flags, mask), input, aces)?;
        ace.set_objects(object, inherited);
        Some((rest, ace.encoded_len()))
    }

    /// Adds an entry about the SID that stands at its end.
    #[expect(clippy::inline_always, reason = "what it returns would go through memory")]
    #[inline(always)]
    fn add<'a>(
        &self,
        (ace_type, flags, mask): (AceType, AceFlags, AccessMask),
        input: Input<'t>,
        aces: &'a mut Vec<Ace>,
    ) -> Option<(Input<'t>, &'a mut Ace)> {
        if let [b'S', b'-', ..] = input {
            let (rest, relative_id) = match self.like_last_sid(input) {
                Some(([b')', rest @ ..], relative_id)) => (rest, relative_id),
                _ => {
                    let (rest, relative_id) = self.new_sid(input)?;
                    (rest.strip_prefix(b")")?, relative_id)
                }
            };
            let ace = Ace::add(aces, ace_type, flags, mask, &self.last_sid.borrow().sid)?;
            ace.trustee_mut().replace_relative_id(relative_id);
            return Some((rest, ace));
        }
        let [first, second, b')', rest @ ..] = input else {
            return None;
        };
        let AliasTarget::Absolute(trustee) = &WellKnown::by_letters([*first, *second])?.target else {
            return None;
        };
        Some((rest, Ace::add(aces, ace_type, flags, mask, trustee)?))
    }

    /// The rest of an entry with a condition.
    #[inline(never)]
    fn callback(&self, ace_type: AceType, input: Input<'t>, aces: &mut Vec<Ace>) -> Option<(Input<'t>, usize)> {
        let (input, flags) = flags(input)?;
        let (input, mask) = rights(input)?;
        let input = input.strip_prefix(b";;")?;
        let in_full;
        let (input, trustee) = match common_alias(input) {
            Some(found) => found,
            None => {
                let (rest, sid) = self.sid(input).ok()?;
                in_full = sid;
                (rest, &in_full)
            }
        };
        let (input, condition) = self.condition(input.strip_prefix(b";")?).ok()?;
        let rest = input.strip_prefix(b")")?;
        let ace = Ace::add(aces, ace_type, flags, mask, trustee)?;
        Some((rest, ace.set_condition(condition)))
    }

    /// Reads a SID where it is to stand, if it is a common one.
    pub(super) fn common_sid(&self, place: &mut Option<Sid>, input: Input<'t>) -> Option<Input<'t>> {
        if let [b'S', b'-', ..] = input {
            let (rest, relative_id) = self.relative_id(input)?;
            place
                .insert(self.last_sid.borrow().sid)
                .replace_relative_id(relative_id);
            return Some(rest);
        }
        let (letters, rest) = input.split_first_chunk()?;
        let AliasTarget::Absolute(sid) = WellKnown::by_letters(*letters)?.target else {
            return None;
        };
        *place = Some(sid);
        Some(rest)
    }

    /// A SID in full, in decimal.
    pub(super) fn common_sid_alone(&self, input: Input<'t>) -> Option<(Input<'t>, Sid)> {
        let (rest, relative_id) = self.relative_id(input)?;
        let mut sid = self.last_sid.borrow().sid;
        sid.replace_relative_id(relative_id);
        Some((rest, sid))
    }

    /// Adds the SID of `SID(…)`, and says what is left.
    pub(super) fn common_sid_literal(&self, tokens: &mut Writer, input: Input<'t>) -> Option<Input<'t>> {
        if let Some((rest, sid)) = common_alias(input) {
            let rest = rest.strip_prefix(b")")?;
            tokens.sid(sid);
            return Some(rest);
        }
        let (rest, sid) = self.common_sid_alone(input)?;
        let rest = rest.strip_prefix(b")")?;
        tokens.sid(&sid);
        Some(rest)
    }

    /// The relative identifier of a SID in full, in decimal; what stands before it is then that of the last SID.
    #[inline]
    fn relative_id(&self, input: Input<'t>) -> Option<(Input<'t>, u32)> {
        match self.like_last_sid(input) {
            Some(([b'-' | b'x' | b'X', ..], _)) | None => self.new_sid(input),
            read => read,
        }
    }

    /// The relative identifier of a SID in full, in decimal, that differs from the last one in nothing else; unless what follows
    /// belongs to the SID too.
    #[expect(clippy::inline_always, reason = "what it returns would go through memory")]
    #[inline(always)]
    fn like_last_sid(&self, input: Input<'t>) -> Option<(Input<'t>, u32)> {
        let last = self.last_sid.borrow().text;
        if last.is_empty() {
            return None;
        }
        decimal(input.strip_prefix(last)?)
    }

    /// The relative identifier of a SID that does not begin as the last one; it is the last one then.
    #[inline(never)]
    fn new_sid(&self, input: Input<'t>) -> Option<(Input<'t>, u32)> {
        let mut sub_authorities = [0; MAX_SUB_AUTHORITIES];
        let (mut rest, authority, mut count);
        // Mostly it is an account of a domain.
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
        *self.last_sid.borrow_mut() = LastSid { text, sid };
        Some((rest, relative_id))
    }
}

/// An alias in capitals that stands for one SID everywhere.
#[inline]
fn common_alias(input: Input<'_>) -> Option<(Input<'_>, &'static Sid)> {
    let (letters, rest) = input.split_first_chunk()?;
    match &WellKnown::by_letters(*letters)?.target {
        AliasTarget::Absolute(sid) => Some((rest, sid)),
        AliasTarget::Domain(_) | AliasTarget::Machine(_) | AliasTarget::Forest(_) => None,
    }
}

/// Flags in capitals, and the semicolon.
#[inline]
fn flags(input: Input<'_>) -> Option<(Input<'_>, AceFlags)> {
    let mut flags = AceFlags::empty();
    if let [b';', rest @ ..] = input {
        return Some((rest, flags));
    }
    let rest = tokens(input, AceFlags::by_letters, |flag| flags |= flag)?;
    Some((rest, flags))
}

/// Rights as tokens in capitals or in hexadecimal, and the semicolon.
#[inline]
fn rights(input: Input<'_>) -> Option<(Input<'_>, AccessMask)> {
    if let [b'0', b'x', digits @ ..] = input {
        let (rest, bits) = hexadecimal(digits)?;
        return Some((rest.strip_prefix(b";")?, AccessMask::from_bits_retain(bits)));
    }
    let mut mask = AccessMask::empty();
    let rest = tokens(input, RightToken::by_letters, |right| mask |= right)?;
    Some((rest, mask))
}

/// Tokens of two letters each, and the semicolon.
#[inline]
fn tokens<T>(input: Input<'_>, token: impl Fn([u8; 2]) -> Option<T>, add: impl FnMut(T)) -> Option<Input<'_>> {
    let (pairs, _) = input.as_chunks();
    let count = pairs.iter().map_while(|&letters| token(letters)).map(add).count();
    input.get(count.wrapping_mul(2)..)?.strip_prefix(b";")
}

/// A GUID of an object entry, which may be missing, and the semicolon.
#[inline]
fn guid_field(input: Input<'_>) -> Option<(Input<'_>, Option<Uuid>)> {
    if let [b';', rest @ ..] = input {
        return Some((rest, None));
    }
    let (guid, rest) = guid(input)?;
    Some((rest.strip_prefix(b";")?, Some(guid)))
}

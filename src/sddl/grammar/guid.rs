use super::{Grammar, Input, Parsed, Watch, after_spaces};
use crate::{ace::AceType, sddl::ParseErrorKind};
use uuid::Uuid;

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// A GUID of an object entry or an empty field, and its semicolon.
    /// The GUID is put into its place: returned, it would be moved in pieces.
    #[inline]
    pub(super) fn guid<const TOLERANT: bool>(
        &self,
        ace_type: AceType,
        place: &mut Option<Uuid>,
        input: Input<'t>,
    ) -> Parsed<'t, ()> {
        match input {
            [b';', rest @ ..] => Ok((rest, ())),
            _ => self.guid_in_full::<TOLERANT>(ace_type, place, input),
        }
    }

    #[inline(never)]
    fn guid_in_full<const TOLERANT: bool>(
        &self,
        ace_type: AceType,
        place: &mut Option<Uuid>,
        input: Input<'t>,
    ) -> Parsed<'t, ()> {
        let (rest, found) = match guid(input) {
            Some((guid, [b';', rest @ ..])) if ace_type.layout().has_objects() => (rest, Some(guid)),
            _ => Self::or::<TOLERANT, _>(|| self.tolerant_guid(ace_type, input))?,
        };
        *place = found;
        Ok((rest, ()))
    }

    /// A field that has only spaces, or the fault in it.
    #[cold]
    fn tolerant_guid(&self, ace_type: AceType, input: Input<'t>) -> Parsed<'t, Option<Uuid>> {
        if let [b';', ..] = after_spaces(input) {
            let (rest, ()) = self.spaces(input)?;
            return Ok((self.next_field(rest)?.0, None));
        }
        match guid(input) {
            Some((_, rest)) if !ace_type.layout().has_objects() => {
                self.refuse(ParseErrorKind::GuidNotAllowed, input, rest)
            }
            Some((guid, rest)) => Ok((self.next_field(rest)?.0, Some(guid))),
            None => {
                let end = input.iter().position(|byte| matches!(byte, b';' | b')'));
                let rest = input.get(end.unwrap_or(input.len())..).unwrap_or_default();
                self.refuse(ParseErrorKind::GuidMalformed, input, rest)
            }
        }
    }
}

/// Splits off a GUID such as `bf967aba-0de6-11d0-a285-00aa003049e2`, in any case.
#[expect(clippy::inline_always, reason = "out of line, its result would go through memory")]
#[inline(always)]
fn guid(input: Input<'_>) -> Option<(Uuid, Input<'_>)> {
    let (text, rest) = input.split_first_chunk::<36>()?;
    let [
        first @ ..,
        b'-',
        _,
        _,
        _,
        _,
        b'-',
        _,
        _,
        _,
        _,
        b'-',
        _,
        _,
        _,
        _,
        b'-',
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
    ] = text
    else {
        return None;
    };
    let mut digits = [0; 32];
    let [a, b, c, d, e] = [0..8, 8..12, 12..16, 16..20, 20..32];
    digits.get_mut(a)?.copy_from_slice(first);
    digits.get_mut(b)?.copy_from_slice(text.get(9..13)?);
    digits.get_mut(c)?.copy_from_slice(text.get(14..18)?);
    digits.get_mut(d)?.copy_from_slice(text.get(19..23)?);
    digits.get_mut(e)?.copy_from_slice(text.get(24..36)?);
    Some((Uuid::from_bytes(hexadecimal_bytes(&digits)?), rest))
}

/// The bytes that 32 hexadecimal digits mean. No step depends on the digit before, so that the compiler reads many digits at once.
#[expect(clippy::inline_always, reason = "out of line, its result would go through memory")]
#[inline(always)]
fn hexadecimal_bytes(digits: &[u8; 32]) -> Option<[u8; 16]> {
    let (mut values, mut others) = ([0_u8; 32], 0_u8);
    for (value, digit) in values.iter_mut().zip(digits) {
        let decimal = digit.wrapping_sub(b'0');
        let letter = (digit | 0x20).wrapping_sub(b'a');
        others |= u8::from((decimal > 9) & (letter > 5));
        *value = if decimal > 9 { letter.wrapping_add(10) } else { decimal };
    }
    let mut bytes = [0; 16];
    for (byte, [high, low]) in bytes.iter_mut().zip(values.as_chunks().0) {
        *byte = high << 4 | low;
    }
    (others == 0).then_some(bytes)
}

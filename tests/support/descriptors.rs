//! Any descriptor that the model can hold, made from bytes: every type of entry, flag, control bit, condition and claim.

use arbitrary::{Result, Unstructured};
use sddl_authz::{
    AccessMask, Ace, AceFlags, AceType, Acl, AclState, Claim, Condition, Control, Limits, SecurityDescriptor, Sid,
    ace::{AceParts, ApplicationData, Layout, ObjectTypes},
    claim::{ClaimFlags, ClaimValues},
    condition::{Attribute, AttributeClass, Integer, Literal, Operator, OperatorKind, Radix, Sign, Token, Width},
};
use uuid::Uuid;

/// A descriptor. Small enough to be written: a handful of entries of some hundred bytes each.
pub(crate) fn descriptor(u: &mut Unstructured<'_>) -> Result<SecurityDescriptor> {
    let mut descriptor = SecurityDescriptor::default().with_control(Control::from_bits_retain(u.arbitrary()?));
    descriptor.owner = option(u, sid)?;
    descriptor.group = option(u, sid)?;
    descriptor.dacl = list(u)?;
    descriptor.sacl = list(u)?;
    descriptor.resource_manager_control = u.arbitrary()?;
    Ok(descriptor)
}

fn list(u: &mut Unstructured<'_>) -> Result<AclState> {
    Ok(match u.int_in_range(0..=5)? {
        0 => AclState::Absent,
        1 => AclState::Null,
        _ => AclState::Present(Acl::from(many(u, 5, ace)?)),
    })
}

fn ace(u: &mut Unstructured<'_>) -> Result<Ace> {
    let ace_type = match u.ratio(1, 8)? {
        true => AceType::from_code(u.arbitrary()?),
        false => *u.choose(AceType::KNOWN)?,
    };
    let flags = AceFlags::from_bits_retain(u.arbitrary()?);
    let layout = ace_type.layout();
    if layout == Layout::Opaque {
        let words = many(u, 6, |u| u.arbitrary::<[u8; 4]>())?;
        return Ok(Ace::opaque(ace_type, flags, words.concat()).expect("the type is opaque"));
    }
    let mut objects = ObjectTypes::default();
    if layout.has_objects() {
        objects.object = option(u, guid)?;
        objects.inherited = option(u, guid)?;
    }
    let data = match layout {
        Layout::Claim => ApplicationData::Claim(claim(u)?.into()),
        Layout::Callback | Layout::CallbackObject => match u.int_in_range(0..=4)? {
            0 => ApplicationData::None,
            1 => ApplicationData::Opaque(opaque(u)?.into()),
            _ => ApplicationData::Condition(condition(u)?),
        },
        Layout::Condition => option(u, condition)?.map_or(ApplicationData::None, ApplicationData::Condition),
        Layout::Plain | Layout::Object | Layout::Opaque | _ => ApplicationData::None,
    };
    let parts = AceParts {
        ace_type,
        flags,
        mask: AccessMask::from_bits_retain(u.arbitrary()?),
        trustee: sid(u)?,
        objects,
        data,
    };
    Ok(Ace::from_parts(parts).expect("the parts fit the type"))
}

/// Words that are no condition.
fn opaque(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut bytes = many(u, 4, |u| u.arbitrary::<[u8; 4]>())?.concat();
    if let Some(first) = bytes.first_mut().filter(|first| **first == b'a') {
        *first = b'b';
    }
    Ok(bytes)
}

fn sid(u: &mut Unstructured<'_>) -> Result<Sid> {
    let authority = match u.ratio(3, 4)? {
        true => u.int_in_range(0..=18)?,
        false => u.int_in_range(0..=(1 << 48) - 1)?,
    };
    let count = u.int_in_range(1..=15)?;
    let sub_authorities = (0..count).map(|_| u.arbitrary()).collect::<Result<Vec<u32>>>()?;
    Ok(Sid::new(authority, &sub_authorities).expect("in range"))
}

fn guid(u: &mut Unstructured<'_>) -> Result<Uuid> {
    Ok(Uuid::from_bytes(u.arbitrary()?))
}

fn claim(u: &mut Unstructured<'_>) -> Result<Claim> {
    let flags = ClaimFlags::from_bits_retain(u.arbitrary()?);
    let values = match u.int_in_range(0..=5)? {
        0 => ClaimValues::Int(many(u, 4, |u| u.arbitrary())?),
        1 => ClaimValues::Uint(many(u, 4, |u| u.arbitrary())?),
        2 => ClaimValues::String(many(u, 4, text)?),
        3 => ClaimValues::Sid(many(u, 4, sid)?),
        4 => ClaimValues::Bool(many(u, 4, |u| u.arbitrary())?),
        _ => ClaimValues::Octets(many(u, 4, octets)?),
    };
    Ok(Claim::new(name(u)?, flags, values).expect("no U+0000"))
}

fn condition(u: &mut Unstructured<'_>) -> Result<Condition> {
    let mut tokens = Vec::new();
    let depth = u.int_in_range(0..=4)?;
    test(u, depth, &mut tokens)?;
    Ok(Condition::from_postfix(tokens, &Limits::DEFAULT).expect("the operands fit the operators"))
}

/// Something that is true or false: a bare attribute or an operator with its operands.
fn test(u: &mut Unstructured<'_>, depth: u8, tokens: &mut Vec<Token>) -> Result<()> {
    if u.ratio(1, 12)? {
        tokens.push(Token::Attribute(attribute(u)?));
        return Ok(());
    }
    let operator = *u.choose(Operator::ALL)?;
    match operator.kind() {
        OperatorKind::Junction | OperatorKind::Negation => {
            let Some(depth) = depth.checked_sub(1) else {
                tokens.push(Token::Attribute(attribute(u)?));
                return Ok(());
            };
            for _ in 0..operator.arity() {
                test(u, depth, tokens)?;
            }
        }
        OperatorKind::Comparison | OperatorKind::Set => {
            tokens.push(Token::Attribute(attribute(u)?));
            tokens.push(value(u)?);
        }
        OperatorKind::Membership => tokens.push(match u.arbitrary()? {
            true => Token::Literal(Literal::Sid(sid(u)?)),
            false => Token::Composite(many(u, 3, |u| sid(u).map(Literal::Sid))?),
        }),
        OperatorKind::Existence => tokens.push(Token::Attribute(attribute(u)?)),
    }
    tokens.push(Token::Operator(operator));
    Ok(())
}

fn value(u: &mut Unstructured<'_>) -> Result<Token> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Token::Attribute(attribute(u)?),
        1 => Token::Composite(many(u, 3, literal)?),
        _ => Token::Literal(literal(u)?),
    })
}

fn literal(u: &mut Unstructured<'_>) -> Result<Literal> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Literal::Integer(integer(u)?),
        1 => Literal::String(text(u)?),
        2 => Literal::Octets(octets(u)?),
        _ => Literal::Sid(sid(u)?),
    })
}

fn integer(u: &mut Unstructured<'_>) -> Result<Integer> {
    let sign = *u.choose(&[Sign::None, Sign::Plus, Sign::Minus])?;
    let base = *u.choose(&[Radix::Decimal, Radix::Octal, Radix::Hexadecimal])?;
    let width = *u.choose(&[Width::Int64, Width::Int32, Width::Int16, Width::Int8])?;
    let any = match width {
        Width::Int8 => u.arbitrary::<i8>()?.into(),
        Width::Int16 => u.arbitrary::<i16>()?.into(),
        Width::Int32 => u.arbitrary::<i32>()?.into(),
        Width::Int64 => u.arbitrary::<i64>()?,
    };
    let value = match (sign, base) {
        (Sign::Minus, _) => any.min(any.wrapping_neg()),
        (Sign::None, Radix::Octal | Radix::Hexadecimal) => any,
        // The absolute value of the least integer of a width is not in its range.
        (Sign::Plus, _) | (Sign::None, Radix::Decimal) => any.max(!any),
    };
    Ok(Integer {
        value,
        sign,
        base,
        width,
    })
}

fn attribute(u: &mut Unstructured<'_>) -> Result<Attribute> {
    Ok(Attribute {
        class: *u.choose(AttributeClass::ALL)?,
        name: name(u)?,
    })
}

fn name(u: &mut Unstructured<'_>) -> Result<String> {
    let mut name = text(u)?;
    if name.is_empty() {
        name.push('a');
    }
    Ok(name)
}

/// A few characters of one, two, three and four bytes, without U+0000.
fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let characters = many(u, 8, |u| {
        Ok(match u.int_in_range(0..=3)? {
            0 => char::from(u.int_in_range(0x01..=0x7f)?),
            1 => u.arbitrary::<char>()?,
            _ => *u.choose(&['a', 'B', '0', '_', ' ', '"', '%', ')', 'ß', '’', '豈', '𐀀'])?,
        })
    })?;
    Ok(characters.into_iter().filter(|&character| character != '\0').collect())
}

fn octets(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    many(u, 8, |u| u.arbitrary())
}

fn option<T>(u: &mut Unstructured<'_>, item: impl FnOnce(&mut Unstructured<'_>) -> Result<T>) -> Result<Option<T>> {
    match u.arbitrary()? {
        true => item(u).map(Some),
        false => Ok(None),
    }
}

/// Up to `most` items.
fn many<T>(
    u: &mut Unstructured<'_>,
    most: usize,
    mut item: impl FnMut(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let count = u.int_in_range(0..=most)?;
    (0..count).map(|_| item(u)).collect()
}

//! The tokens of conditional expressions ([MS-DTYP] 2.4.4.17.4 to 2.4.4.17.8).

use super::Operator;
use crate::sid::Sid;
use alloc::{string::String, vec::Vec};

/// The four bytes that a condition begins with in the binary form: `artx` ([MS-DTYP] 2.4.4.17.4).
pub(crate) const SIGNATURE: [u8; 4] = *b"artx";

/// A token of an expression in postfix order.
///
/// ```
/// use sddl_authz::{Condition, condition::{Attribute, AttributeClass, Literal, Operator, Token}};
/// let condition: Condition = r#"(@User.Title == "PM")"#.parse()?;
/// let attribute = Attribute { class: AttributeClass::User, name: "Title".into() };
/// let tokens = [Token::Attribute(attribute), Token::Literal(Literal::String("PM".into())), Token::Operator(Operator::Equal)];
/// assert!(condition.tokens().eq(tokens));
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Token {
    /// A value.
    Literal(Literal),
    /// A list of literals of any types: `{1, "a"}`.
    Composite(Vec<Literal>),
    /// An attribute: `@User.Title`.
    Attribute(Attribute),
    /// An operator, which takes the one or two operands before it.
    Operator(Operator),
}

/// A value in an expression ([\[MS-DTYP\] 2.4.4.17.5]).
///
/// ```
/// use sddl_authz::{Sid, condition::Literal};
/// // The code, the length, and as many bytes.
/// assert_eq!(Literal::Sid(Sid::ADMINISTRATORS).encoded_len(), 1 + 4 + 16);
/// assert_eq!(Literal::String("PM".into()).encoded_len(), 1 + 4 + 4);
/// ```
///
/// [\[MS-DTYP\] 2.4.4.17.5]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Literal {
    /// `42`.
    Integer(Integer),
    /// `"text"`, without U+0000.
    String(String),
    /// `#0a0b`.
    Octets(Vec<u8>),
    /// `SID(BA)`.
    Sid(Sid),
}

/// An integer, with the sign and the base that it was written with. The binary form keeps both, so `-0`, `00` and `0x0` are different.
///
/// ```
/// use sddl_authz::{Condition, condition::{Integer, Literal, Radix, Sign, Token, Width}};
/// let condition: Condition = "(a == 0x10)".parse()?;
/// let integer = Integer { value: 16, sign: Sign::None, base: Radix::Hexadecimal, width: Width::Int64 };
/// assert_eq!(condition.tokens().nth(1), Some(Token::Literal(Literal::Integer(integer))));
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Integer {
    /// The 64 bits of the value. An octal or hexadecimal number without a sign is never negative: its bits are those of a `u64`, so
    /// `0xffffffffffffffff` is stored as -1.
    pub value: i64,
    /// The sign that was written. The value never contradicts it.
    pub sign: Sign,
    /// The base that it was written in.
    pub base: Radix,
    /// The size that the code of the token says. SDDL always makes [`Width::Int64`]. The binary form has 8 bytes for any width.
    pub width: Width,
}

/// The sign that an integer was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Sign {
    /// `+`: the value is not negative.
    Plus,
    /// `-`: the value is not positive.
    Minus,
    /// No sign: a decimal value is not negative.
    None,
}

/// The base that an integer was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Radix {
    /// Base 8, with a leading `0`.
    Octal,
    /// Base 10.
    Decimal,
    /// Base 16, with a leading `0x`.
    Hexadecimal,
}

/// The size of an integer that the code of its token says. The binary form has 8 bytes for any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Width {
    /// 0x01.
    Int8,
    /// 0x02.
    Int16,
    /// 0x03.
    Int32,
    /// 0x04.
    Int64,
}

/// An attribute that an expression refers to ([\[MS-DTYP\] 2.4.4.17.8]).
///
/// [\[MS-DTYP\] 2.4.4.17.8]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Attribute {
    /// Where the attribute comes from.
    pub class: AttributeClass,
    /// The name, without the escapes of SDDL. It is not empty, and does not contain U+0000.
    pub name: String,
}

/// Where an attribute comes from.
///
/// ```
/// use sddl_authz::condition::AttributeClass;
/// assert_eq!(AttributeClass::User.code(), 0xf9);
/// assert_eq!(AttributeClass::ALL.len(), 4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum AttributeClass {
    /// A local claim of the caller: a name without a prefix.
    Local,
    /// A claim of the user: `@User.`.
    User,
    /// A resource attribute of the object: `@Resource.`.
    Resource,
    /// A claim of the device: `@Device.`.
    Device,
}

impl Sign {
    const ALL: [Self; 3] = [Self::Plus, Self::Minus, Self::None];

    /// The byte in the binary form.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Plus => 1,
            Self::Minus => 2,
            Self::None => 3,
        }
    }

    /// The sign with this byte in the binary form.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Radix {
    const ALL: [Self; 3] = [Self::Octal, Self::Decimal, Self::Hexadecimal];

    /// The byte in the binary form.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Octal => 1,
            Self::Decimal => 2,
            Self::Hexadecimal => 3,
        }
    }

    /// The base with this byte in the binary form.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Width {
    const ALL: [Self; 4] = [Self::Int8, Self::Int16, Self::Int32, Self::Int64];

    /// The code of the token.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Int8 => 0x01,
            Self::Int16 => 0x02,
            Self::Int32 => 0x03,
            Self::Int64 => 0x04,
        }
    }

    /// The width with this code.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl AttributeClass {
    /// All classes, in the order of their codes.
    pub const ALL: &'static [Self] = &[Self::Local, Self::User, Self::Resource, Self::Device];

    /// The code of the token.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Local => 0xf8,
            Self::User => 0xf9,
            Self::Resource => 0xfa,
            Self::Device => 0xfb,
        }
    }

    /// The class with this code.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == code)
    }
}

impl Integer {
    /// Whether the value contradicts the sign, so that the text of the integer would be read as another value.
    pub(super) const fn is_contradictory(self) -> bool {
        match (self.sign, self.base) {
            (Sign::Minus, _) => self.value > 0,
            (Sign::Plus, _) | (Sign::None, Radix::Decimal) => self.value < 0,
            (Sign::None, Radix::Octal | Radix::Hexadecimal) => false,
        }
    }
}

impl Integer {
    /// Whether the value is in the range of the width: -128 to 127 for 8 bits ([MS-DTYP] 2.4.4.17.5).
    pub(super) fn fits_width(self) -> bool {
        match self.width {
            Width::Int8 => i8::try_from(self.value).is_ok(),
            Width::Int16 => i16::try_from(self.value).is_ok(),
            Width::Int32 => i32::try_from(self.value).is_ok(),
            Width::Int64 => true,
        }
    }
}

impl Attribute {
    /// The length of the binary form in bytes.
    pub(crate) fn encoded_len(&self) -> usize {
        counted(utf16_len(&self.name))
    }
}

impl Literal {
    /// The length of the binary form in bytes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        match self {
            Self::Integer(_) => 11,
            Self::String(text) => counted(utf16_len(text)),
            Self::Octets(octets) => counted(octets.len()),
            Self::Sid(sid) => counted(sid.encoded_len()),
        }
    }
}

impl Token {
    /// The length of the binary form in bytes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        match self {
            Self::Literal(literal) => literal.encoded_len(),
            Self::Composite(members) => {
                counted(members.iter().map(Literal::encoded_len).fold(0, usize::saturating_add))
            }
            Self::Attribute(attribute) => attribute.encoded_len(),
            Self::Operator(_) => 1,
        }
    }
}

/// The length of a token that has a code, a count of 32 bits and a payload.
const fn counted(payload: usize) -> usize {
    payload.saturating_add(5)
}

fn utf16_len(text: &str) -> usize {
    let units = if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    };
    units.saturating_mul(2)
}

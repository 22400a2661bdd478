//! What a conditional expression is made of ([MS-DTYP] 2.4.4.17.4 to 2.4.4.17.8).

use super::Operator;
use crate::sid::Sid;
use alloc::{string::String, vec::Vec};

/// One token of an expression in postfix order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Token {
    /// A value.
    Literal(Literal),
    /// `{1, "a"}`: values of any types, none of them composite itself.
    Composite(Vec<Literal>),
    /// The name of an attribute.
    Attribute(Attribute),
    /// What is done with the operands before it.
    Operator(Operator),
}

/// A value in an expression ([MS-DTYP] 2.4.4.17.5).
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

/// An integer, and how it was written: sign and base survive in the binary form, so that `-0`, `00` and `0x0` differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Integer {
    /// The value. Octal and hexadecimal numbers without a sign hold 64 bits: `0xffffffffffffffff` is -1 here.
    pub value: i64,
    /// Which sign was written. A value never contradicts it.
    pub sign: Sign,
    /// In which base it was written.
    pub base: Radix,
    /// Which of the four codes it has. Text makes only [`Width::Int64`]; the value has 8 bytes with any of them.
    pub width: Width,
}

/// The sign of an integer as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Sign {
    /// `+`: the value is not below zero.
    Plus,
    /// `-`: the value is not above zero.
    Minus,
    /// None: a decimal value is not below zero.
    None,
}

/// The base of an integer as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Radix {
    /// A leading `0`.
    Octal,
    /// Neither.
    Decimal,
    /// A leading `0x`.
    Hexadecimal,
}

/// The size that the code of an integer names; its value has 8 bytes all the same.
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

/// The name of an attribute ([MS-DTYP] 2.4.4.17.8).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Attribute {
    /// Whose attribute it is.
    pub class: AttributeClass,
    /// Its name: not empty, without U+0000, and as it is, without the escapes of text.
    pub name: String,
}

/// Whose attribute is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum AttributeClass {
    /// No prefix: what the application gives to the check.
    Local,
    /// `@User.`: a claim of the user.
    User,
    /// `@Resource.`: a resource attribute of the object.
    Resource,
    /// `@Device.`: a claim of the device.
    Device,
}

impl Sign {
    const ALL: [Self; 3] = [Self::Plus, Self::Minus, Self::None];

    /// The byte in the binary form.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Plus => 1,
            Self::Minus => 2,
            Self::None => 3,
        }
    }

    /// The sign with this byte in the binary form.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Radix {
    const ALL: [Self; 3] = [Self::Octal, Self::Decimal, Self::Hexadecimal];

    /// The byte in the binary form.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Octal => 1,
            Self::Decimal => 2,
            Self::Hexadecimal => 3,
        }
    }

    /// The base with this byte in the binary form.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Width {
    const ALL: [Self; 4] = [Self::Int8, Self::Int16, Self::Int32, Self::Int64];

    /// The code of the token.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Int8 => 0x01,
            Self::Int16 => 0x02,
            Self::Int32 => 0x03,
            Self::Int64 => 0x04,
        }
    }

    /// The width with this code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl AttributeClass {
    /// Every class, in the order of the codes.
    pub const ALL: [Self; 4] = [Self::Local, Self::User, Self::Resource, Self::Device];

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
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Integer {
    /// Whether the value contradicts the sign: then its text would name another value.
    pub(super) const fn is_contradictory(self) -> bool {
        match (self.sign, self.base) {
            (Sign::Minus, _) => self.value > 0,
            (Sign::Plus, _) | (Sign::None, Radix::Decimal) => self.value < 0,
            (Sign::None, Radix::Octal | Radix::Hexadecimal) => false,
        }
    }
}

impl Attribute {
    /// Bytes of the binary form.
    pub(crate) fn encoded_len(&self) -> usize {
        counted(utf16_len(&self.name))
    }
}

impl Literal {
    /// Bytes of the binary form.
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
    /// Bytes of the binary form.
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

/// The code, the length, and as many bytes.
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

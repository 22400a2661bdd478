//! Strings as units of UTF-16, the form in which conditions store and compare them.

use core::{
    char,
    fmt::{self, Write},
    hash::{Hash, Hasher},
    slice,
    str::EncodeUtf16,
};

/// A string within a condition, or a `&str` to compare with one. Two of them are equal if their units of UTF-16 are equal.
///
/// ```
/// use sddl_authz::condition::{Utf16, compare_names};
/// let name = Utf16::from("Title");
/// assert!(name.units().eq("Title".encode_utf16()));
/// assert_eq!(name.to_string(), "Title");
/// assert!(compare_names(name, "TITLE").is_eq());
/// ```
#[derive(Clone, Copy)]
pub struct Utf16<'a>(Form<'a>);

#[derive(Clone, Copy)]
enum Form<'a> {
    Text(&'a str),
    /// Units in little-endian order, as in the binary form.
    Units(&'a [[u8; 2]]),
}

impl<'a> Utf16<'a> {
    pub(super) const fn of_units(units: &'a [[u8; 2]]) -> Self {
        Self(Form::Units(units))
    }

    /// The units of UTF-16.
    pub fn units(self) -> impl Iterator<Item = u16> + Clone + use<'a> {
        match self.0 {
            Form::Text(text) => Units::Text(text.encode_utf16()),
            Form::Units(units) => Units::Units(units.iter()),
        }
    }

    /// Whether the string is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        match self.0 {
            Form::Text(text) => text.is_empty(),
            Form::Units(units) => units.is_empty(),
        }
    }

    /// Whether the string contains U+0000.
    pub(super) fn has_nul(self) -> bool {
        self.units().any(|unit| unit == 0)
    }

    /// The length as UTF-8 in bytes.
    pub(super) fn utf8_len(self) -> usize {
        match self.0 {
            Form::Text(text) => text.len(),
            Form::Units(_) => self.chars().map(char::len_utf8).fold(0, usize::saturating_add),
        }
    }

    /// The characters. Surrogates are always in pairs, since the reader of tokens refuses others.
    pub(crate) fn chars(self) -> impl Iterator<Item = char> {
        char::decode_utf16(self.units()).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

#[derive(Clone)]
enum Units<'a> {
    Text(EncodeUtf16<'a>),
    Units(slice::Iter<'a, [u8; 2]>),
}

impl Iterator for Units<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        match self {
            Self::Text(units) => units.next(),
            Self::Units(units) => units.next().copied().map(u16::from_le_bytes),
        }
    }
}

impl<'a, S: AsRef<str> + ?Sized> From<&'a S> for Utf16<'a> {
    fn from(text: &'a S) -> Self {
        Self(Form::Text(text.as_ref()))
    }
}

impl PartialEq for Utf16<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.units().eq(other.units())
    }
}

impl Eq for Utf16<'_> {}

impl Hash for Utf16<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.units().for_each(|unit| state.write_u16(unit));
        // Marks the end: a high surrogate alone is never the last unit.
        state.write_u16(0xd800);
    }
}

impl fmt::Display for Utf16<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chars().try_for_each(|character| f.write_char(character))
    }
}

impl fmt::Debug for Utf16<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.chars() {
            character.escape_debug().try_for_each(|escaped| f.write_char(escaped))?;
        }
        f.write_char('"')
    }
}

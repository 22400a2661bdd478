//! The words and bytes that conditions and claims are made of, for the grammar and for printing alike.

use crate::{condition::Operator, lookup::ByteSet};

/// The bytes of a local name. The first one is not `@`.
pub(super) static LOCAL_NAME: ByteSet = ByteSet::alphanumeric_and(b":./_@");

/// The bytes that Windows writes without an escape in a name after a prefix such as `@User.`, or in the name of a claim. The `lit-char` of
/// [MS-DTYP] 2.5.1.1 is one of them, a comma, or a character from U+0080 to U+FFFF.
pub(super) static RAW_NAME: ByteSet = ByteSet::alphanumeric_and(b"#$'*+-./:;?@[\\]^_`{}~");

/// Splits off the longest local name, which may also be the word of an operator, at the start of `input`.
#[inline]
pub(super) fn local_name(input: &[u8]) -> (&[u8], &[u8]) {
    match input {
        [b'@', ..] => (&[], input),
        _ => LOCAL_NAME.split(input),
    }
}

/// The operator that is written as this word, in upper or lower case.
pub(super) fn word_operator(word: &[u8]) -> Option<Operator> {
    // No operator is a shorter word, and most words are names.
    const SHORTEST: usize = "Exists".len();
    if word.len() < SHORTEST {
        return None;
    }
    Operator::from_word(word)
}

/// Skips the white space that is allowed in conditions: the space and 0x09 to 0x0D.
#[inline]
pub(super) const fn after_white_space(input: &[u8]) -> &[u8] {
    match input {
        [b' ', rest @ ..] if !matches!(rest, [(..=b' '), ..]) => rest,
        [(..=b' '), ..] => skip_white_space(input),
        _ => input,
    }
}

#[inline(never)]
const fn skip_white_space(mut input: &[u8]) -> &[u8] {
    while let [b' ' | 0x09..=0x0d, rest @ ..] = input {
        input = rest;
    }
    input
}

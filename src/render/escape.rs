use core::fmt::{self, Write};
use unicode_width::UnicodeWidthChar;

/// Text from input, made safe to print: characters that a terminal would obey instead of showing are written as `\u{…}`.
///
/// Escaped are control characters, line and paragraph separators, marks that change the direction of writing, spaces other than U+0020,
/// combining marks, and code points that Unicode has not assigned. The backslash is not escaped, so that escaping twice changes nothing.
///
/// ```
/// use sddl_authz::render::Escaped;
/// assert_eq!(Escaped("O:\u{1b}[2J").to_string(), r"O:\u{1b}[2J");
/// assert_eq!(Escaped(r"C:\Users\Zoë").to_string(), r"C:\Users\Zoë");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| write_escaped(f, character))
    }
}

pub(super) fn write_escaped(f: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    if is_shown(character) {
        f.write_char(character)
    } else {
        write!(f, "{}", character.escape_unicode())
    }
}

/// The number of columns that a character takes on a terminal, when it is escaped if it must be.
pub(super) fn columns(character: char) -> usize {
    if is_shown(character) {
        character.width().unwrap_or(1)
    } else {
        character.escape_unicode().len()
    }
}

fn is_shown(character: char) -> bool {
    // `escape_debug` also escapes quotes and the backslash, which are harmless here.
    let visible = matches!(character, '\\' | '"' | '\'') || character.escape_debug().len() == 1;
    visible && character.width() != Some(0)
}

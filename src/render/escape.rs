use core::fmt::{self, Write};

/// Text from input, safe to print: what a terminal would obey rather than show is written as `\u{…}`.
///
/// That is every character that has no shape of its own: controls, line and paragraph separators, marks that change the direction of
/// writing, blanks other than the space, combining marks, and what Unicode has not assigned. The backslash is left alone, so
/// that escaping twice changes nothing.
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

/// How many columns a character takes when escaped.
pub(super) fn columns(character: char) -> usize {
    if !is_shown(character) {
        character.escape_unicode().len()
    } else if WIDE.iter().any(|&(first, last)| (first..=last).contains(&character)) {
        2
    } else {
        1
    }
}

fn is_shown(character: char) -> bool {
    // Quotes and the backslash have a shape; `escape_debug` has other reasons to escape them.
    matches!(character, '\\' | '"' | '\'') || character.escape_debug().len() == 1
}

/// The scripts whose characters take two columns ([UAX #11], `W` and `F`), in ranges wide enough to need no upkeep.
///
/// [UAX #11]: https://www.unicode.org/reports/tr11/
static WIDE: [(char, char); 10] = [
    ('\u{1100}', '\u{115f}'),
    ('\u{2e80}', '\u{303e}'),
    ('\u{3041}', '\u{4dbf}'),
    ('\u{4e00}', '\u{a4cf}'),
    ('\u{ac00}', '\u{d7a3}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{fe30}', '\u{fe6f}'),
    ('\u{ff00}', '\u{ff60}'),
    ('\u{1f300}', '\u{1faff}'),
    ('\u{20000}', '\u{3fffd}'),
];

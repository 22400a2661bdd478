use super::escape::{Escaped, columns};
use crate::span::Span;
use core::fmt;

/// The largest width of the lines of an [`Excerpt`] in columns, with their indentation.
const EXCERPT_COLUMNS: usize = 80;
const INDENT: usize = 2;
/// The columns for text, without the indentation and an ellipsis on each side.
const ROOM: usize = EXCERPT_COLUMNS - INDENT - 2;
/// The columns for the text around a long span.
const CONTEXT: usize = 24;

/// A line of a text with carets under a [`Span`], as compilers show an error.
///
/// Prints two lines of at most 80 columns, without a line break at the end. The text is [`Escaped`], and cut around the span if it is
/// long. An empty span gets one caret.
///
/// ```
/// use sddl_authz::{SecurityDescriptor, render::Excerpt};
/// let text = "O:BAD:(A;;GX;;;ZZ)";
/// let error = text.parse::<SecurityDescriptor>().unwrap_err();
/// assert_eq!(Excerpt::new(text, error.span()).to_string(), "  O:BAD:(A;;GX;;;ZZ)\n                 ^^");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'a> {
    text: &'a str,
    span: Span,
}

impl<'a> Excerpt<'a> {
    /// An excerpt of `text` around `span`. A span that ends after the text is cut.
    #[must_use]
    pub const fn new(text: &'a str, span: Span) -> Self {
        Self { text, span }
    }

    /// The text before the span, in it and after it.
    fn parts(&self) -> (&'a str, &'a str, &'a str) {
        let (text, Span { start, end }) = (self.text, self.span);
        let start = start.min(text.len());
        let start = (0..=start).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let end = end.clamp(start, text.len());
        let end = (end..=text.len())
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(text.len());
        let part = |range| text.get(range).unwrap_or_default();
        (part(0..start), part(start..end), part(end..text.len()))
    }
}

/// The longest prefix of `text` that fits into `room` columns, and its width.
fn head(text: &str, room: usize) -> (&str, usize) {
    let (length, columns) = fitting(text.chars(), room);
    (text.get(..length).unwrap_or_default(), columns)
}

/// The longest suffix of `text` that fits into `room` columns, and its width.
fn tail(text: &str, room: usize) -> (&str, usize) {
    let (length, columns) = fitting(text.chars().rev(), room);
    let from = text.len().saturating_sub(length);
    (text.get(from..).unwrap_or_default(), columns)
}

/// The length in bytes of the first characters that fit into `room` columns, and their width.
fn fitting(characters: impl Iterator<Item = char>, room: usize) -> (usize, usize) {
    let (mut length, mut taken) = (0_usize, 0_usize);
    for character in characters {
        let next = taken.saturating_add(columns(character));
        if next > room {
            break;
        }
        taken = next;
        length = length.saturating_add(character.len_utf8());
    }
    (length, taken)
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, marked, after) = self.parts();
        let (shown, marked_columns) = head(marked, ROOM - CONTEXT);
        let marked_is_cut = shown.len() < marked.len();
        let carets = marked_columns.max(1);
        // The caret of an empty span at the end is after the text.
        let room = ROOM.saturating_sub(carets);
        let (_, left_columns) = tail(before, room / 2);
        let (right, right_columns) = if marked_is_cut {
            ("", 0)
        } else {
            head(after, room.saturating_sub(left_columns))
        };
        let (left, left_columns) = tail(before, room.saturating_sub(right_columns));
        let cut_before = left.len() < before.len();
        let cut_after = marked_is_cut || right.len() < after.len();
        let ellipsis = |cut| if cut { "…" } else { "" };
        let offset = INDENT
            .saturating_add(left_columns)
            .saturating_add(usize::from(cut_before));
        writeln!(
            f,
            "{:INDENT$}{}{}{}{}{}",
            "",
            ellipsis(cut_before),
            Escaped(left),
            Escaped(shown),
            Escaped(right),
            ellipsis(cut_after),
        )?;
        write!(f, "{:offset$}{:^>carets$}", "", "")
    }
}

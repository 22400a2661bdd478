use super::escape::{Escaped, columns};
use crate::span::Span;
use core::fmt;

/// The most columns that the lines of an [`Excerpt`] take, their indentation included.
pub const EXCERPT_COLUMNS: usize = 80;

const INDENT: usize = 2;
/// Columns for text: without the indentation and an ellipsis at either side.
const ROOM: usize = EXCERPT_COLUMNS - INDENT - 2;
/// Columns left for what stands around a long span.
const CONTEXT: usize = 24;

/// The part of a text that a [`Span`] is about, escaped, with carets under the span. Two lines without a line break at the end.
///
/// An empty span gets one caret: under the character that stands there, or one past the end of the text.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'a> {
    text: &'a str,
    span: Span,
}

impl<'a> Excerpt<'a> {
    /// An excerpt of `text`; of a span that does not fit the text, what does.
    #[must_use]
    pub const fn new(text: &'a str, span: Span) -> Self {
        Self { text, span }
    }

    /// What stands before the span, in it and after it.
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

/// As much of the start of `text` as `room` columns hold, and how many it takes.
fn head(text: &str, room: usize) -> (&str, usize) {
    let (length, columns) = fitting(text.chars(), room);
    (text.get(..length).unwrap_or_default(), columns)
}

/// As much of the end of `text` as `room` columns hold, and how many it takes.
fn tail(text: &str, room: usize) -> (&str, usize) {
    let (length, columns) = fitting(text.chars().rev(), room);
    let from = text.len().saturating_sub(length);
    (text.get(from..).unwrap_or_default(), columns)
}

/// Bytes and columns of the first characters that fit.
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
        // An empty span at the end has its caret past the text.
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

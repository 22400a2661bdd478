//! The grammar of SDDL ([MS-DTYP] 2.5.1.1) as Windows reads it: a recursive descent written by hand, which returns nom's [`IResult`](nom::IResult).
//!
//! One grammar serves both dialects. Text that only Windows accepts goes through [`Grammar::tolerate`], which refuses it in the strict
//! dialect. The input is bytes, since every letter of the grammar is ASCII.
//!
//! Each field of an entry first tries its canonical spelling, the one that Windows writes, and then the others. An entry is first read
//! with canonical spellings alone (`TOLERANT` is false). Where one of them does not fit, the entry is read again with all of them. The
//! two readings are one description, compiled twice: in the first one the compiler needs no code to go on after an uncommon spelling,
//! which makes it a third faster. As nom has it, [`Error`](nom::Err::Error) means that the other reading is to be tried, and
//! [`Failure`](nom::Err::Failure) that the text is refused.

mod ace;
mod acl;
mod claim;
mod condition;
mod descriptor;
mod expression;
mod guid;
mod input;
mod last_sid;
mod literal;
mod mask;
mod number;
mod sid;

use super::{AclKind, Dialect, Options, ParseErrorKind, Violation, ViolationKind, error::Fault};
use crate::{ace::Ace, span::Span};
use alloc::vec::Vec;
use core::cell::Cell;
use input::{Input, Parsed};
use last_sid::LastSid;

impl Fault {
    /// This fault is never reported: the entry is read again, with all spellings.
    const NOT_CANONICAL: Self = Self {
        kind: ParseErrorKind::AceUnclosed,
        span: Span { start: 0, end: 0 },
    };
}

/// An observer of the reading. It learns what the descriptor does not tell.
pub(in crate::sddl) trait Watch {
    /// Whether reading may go on after a fault.
    const RECOVERS: bool;
    /// Something was tolerated.
    fn tolerated(&self, violation: Violation);
    /// An entry was read.
    fn entry(&self, list: AclKind, span: Span);
    /// An entry is faulty. Returns whether to go on with the next one; the descriptor may not be used then.
    fn recover(&self, fault: Fault) -> bool;
    /// Returns an empty list with room for this number of entries.
    fn room(&self, entries: usize) -> Vec<Ace> {
        Vec::with_capacity(entries)
    }
}

/// No observer.
impl Watch for () {
    const RECOVERS: bool = false;

    fn tolerated(&self, _: Violation) {}
    fn entry(&self, _: AclKind, _: Span) {}
    fn recover(&self, _: Fault) -> bool {
        false
    }
}

/// No observer, but memory to reuse: the first list with entries is put into it.
impl Watch for Cell<Vec<Ace>> {
    const RECOVERS: bool = false;

    fn tolerated(&self, _: Violation) {}
    fn entry(&self, _: AclKind, _: Span) {}
    fn recover(&self, _: Fault) -> bool {
        false
    }
    fn room(&self, entries: usize) -> Vec<Ace> {
        let mut room = self.take();
        room.reserve_exact(entries);
        room
    }
}

/// A text and how to read it.
pub(in crate::sddl) struct Grammar<'t, 'o, W> {
    /// The text without its suffix of NULs.
    text: &'t str,
    /// The number of NULs in the suffix.
    nuls: usize,
    options: &'o Options,
    watch: W,
    last_sid: LastSid<'t>,
}

impl<'t, 'o, W: Watch> Grammar<'t, 'o, W> {
    pub(in crate::sddl) fn new(text: &'t str, options: &'o Options, watch: W) -> Self {
        let trimmed = text.trim_end_matches('\0');
        Self {
            text: trimmed,
            nuls: text.len().saturating_sub(trimmed.len()),
            options,
            watch,
            last_sid: LastSid::default(),
        }
    }

    pub(in crate::sddl) fn into_watch(self) -> W {
        self.watch
    }

    /// The span between two places of the text.
    fn span(&self, from: Input<'t>, to: Input<'t>) -> Span {
        let place = |input: Input<'t>| self.text.len().saturating_sub(input.len());
        Span {
            start: place(from),
            end: place(to),
        }
    }

    fn fault(&self, kind: ParseErrorKind, from: Input<'t>, to: Input<'t>) -> Fault {
        let span = self.span(from, to);
        Fault { kind, span }
    }

    /// Refuses the text between two places.
    #[cold]
    fn refuse<T>(&self, kind: ParseErrorKind, from: Input<'t>, to: Input<'t>) -> Parsed<'t, T> {
        Err(nom::Err::Failure(self.fault(kind, from, to)))
    }

    /// Refuses the text for what is missing at a place.
    fn refuse_at<T>(&self, kind: ParseErrorKind, at: Input<'t>) -> Parsed<'t, T> {
        self.refuse(kind, at, at)
    }

    /// Refuses the word at a place, or the place if there is no word.
    fn refuse_word<T>(&self, kind: ParseErrorKind, at: Input<'t>) -> Parsed<'t, T> {
        let letters = at
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        self.refuse(kind, at, at.get(letters..).unwrap_or_default())
    }

    /// The text between two places.
    fn text_between(&self, from: Input<'t>, to: Input<'t>) -> &'t str {
        self.text.get(self.span(from, to).range()).unwrap_or_default()
    }

    /// Accepts text that only Windows accepts, unless the dialect is strict.
    fn tolerate(&self, kind: ViolationKind, from: Input<'t>, to: Input<'t>) -> Parsed<'t, ()> {
        match self.options.dialect {
            Dialect::Windows => {
                let span = self.span(from, to);
                self.watch.tolerated(Violation { kind, span });
                Ok((to, ()))
            }
            Dialect::Strict => self.refuse(ParseErrorKind::NotStrict { kind }, from, to),
        }
    }

    /// Accepts a number that Windows changes, if the options ask for that.
    fn tolerate_change(&self, refusal: ParseErrorKind, from: Input<'t>, to: Input<'t>) -> Parsed<'t, ()> {
        if self.options.lenient_numbers {
            self.tolerate(ViolationKind::NumberChanged, from, to)
        } else {
            self.refuse(refusal, from, to)
        }
    }

    /// Skips spaces where only Windows allows them.
    #[inline]
    fn spaces(&self, input: Input<'t>) -> Parsed<'t, ()> {
        match input {
            [b' ', ..] => self.tolerate(ViolationKind::Space, input, after_spaces(input)),
            _ => Ok((input, ())),
        }
    }

    /// Goes on where a field is not in its canonical spelling: with the other spellings, or by leaving the entry to the other reading.
    #[inline]
    fn or<const TOLERANT: bool, T>(tolerant: impl FnOnce() -> Parsed<'t, T>) -> Parsed<'t, T> {
        if TOLERANT {
            tolerant()
        } else {
            Err(nom::Err::Error(Fault::NOT_CANONICAL))
        }
    }

    /// Accepts lower case in a token that was found in any case.
    fn letter_case(&self, from: Input<'t>, to: Input<'t>) -> Parsed<'t, ()> {
        if consumed(from, to).iter().any(u8::is_ascii_lowercase) {
            self.tolerate(ViolationKind::LetterCase, from, to)
        } else {
            Ok((to, ()))
        }
    }

    /// Reads a whole text with `parser`. The text must be within the limit, contain no NUL before its suffix, and be read to its end.
    fn whole<T>(&mut self, parser: impl FnOnce(&mut Self, Input<'t>) -> Parsed<'t, T>) -> Result<T, Fault> {
        let limit = self.options.limits.text_bytes;
        let end = self.text.len().saturating_add(self.nuls);
        if end > limit {
            let (kind, span) = (ParseErrorKind::TextTooLong { limit }, Span { start: 0, end });
            return Err(Fault { kind, span });
        }
        // No rule of the grammar accepts a NUL, so the reading stops at the first one. The NUL is then reported, and to an observer that
        // collects faults nothing else.
        if W::RECOVERS
            && let Some(fault) = self.nul_inside()
        {
            return Err(fault);
        }
        let read = self.suffix_of_nuls().and_then(|()| parser(self, self.text.as_bytes()));
        match read {
            Ok(([], value)) => Ok(value),
            Ok((rest, _)) => Err(self.fault(ParseErrorKind::TrailingText, rest, rest)),
            Err(nom::Err::Error(fault) | nom::Err::Failure(fault)) => Err(fault),
            Err(nom::Err::Incomplete(_)) => Err(self.fault(ParseErrorKind::TrailingText, &[], &[])),
        }
        .map_err(|fault| self.nul_inside().unwrap_or(fault))
    }

    /// The first NUL before the suffix, if there is one.
    fn nul_inside(&self) -> Option<Fault> {
        let start = self.text.bytes().position(|byte| byte == 0)?;
        let (kind, end) = (ParseErrorKind::NulInside, start.saturating_add(1));
        let span = Span { start, end };
        Some(Fault { kind, span })
    }

    /// The suffix of NULs, which only Windows accepts.
    fn suffix_of_nuls(&self) -> Result<(), nom::Err<Fault>> {
        let start = self.text.len();
        let end = start.saturating_add(self.nuls);
        let (kind, span) = (ViolationKind::TrailingNul, Span { start, end });
        match self.options.dialect {
            _ if self.nuls == 0 => Ok(()),
            Dialect::Windows => {
                self.watch.tolerated(Violation { kind, span });
                Ok(())
            }
            Dialect::Strict => {
                let kind = ParseErrorKind::NotStrict { kind };
                Err(nom::Err::Failure(Fault { kind, span }))
            }
        }
    }
}

/// The text between two places.
fn consumed<'i>(from: Input<'i>, to: Input<'i>) -> Input<'i> {
    from.get(..from.len().saturating_sub(to.len())).unwrap_or_default()
}

/// Calls `add` for the tokens of two letters at the start, as many as `token` knows. Returns the rest.
#[inline]
fn tokens<T>(mut input: Input<'_>, token: impl Fn([u8; 2]) -> Option<T>, mut add: impl FnMut(T)) -> Input<'_> {
    while let Some((letters, rest)) = input.split_first_chunk()
        && let Some(token) = token(*letters)
    {
        add(token);
        input = rest;
    }
    input
}

fn after_spaces(input: Input<'_>) -> Input<'_> {
    let count = input.iter().take_while(|&&byte| byte == b' ').count();
    input.get(count..).unwrap_or_default()
}

/// Splits off two ASCII letters and returns them in upper case.
fn two_letters(input: Input<'_>) -> Option<([u8; 2], Input<'_>)> {
    let (letters, rest) = input.split_first_chunk::<2>()?;
    letters
        .iter()
        .all(u8::is_ascii_alphabetic)
        .then(|| (letters.map(|letter| letter.to_ascii_uppercase()), rest))
}

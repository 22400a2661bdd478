use super::{Grammar, Input, Parsed, Watch};
use crate::{
    ace::Ace,
    acl::{Acl, AclState},
    descriptor::{ACL_FLAGS, AclFlag, Control},
    sddl::{AclKind, ParseErrorKind, ViolationKind},
};
use alloc::vec::Vec;

/// The flag of a NULL ACL.
const NULL: &[u8] = b"NO_ACCESS_CONTROL";

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// An ACL after its letter: flags, which are added to the control bits, then entries.
    pub(super) fn acl(
        &mut self,
        list: AclKind,
        control: &mut Control,
        place: &mut AclState,
        input: Input<'t>,
    ) -> Parsed<'t, ()> {
        let (input, ()) = self.spaces(input)?;
        let (input, (flags, null)) = self.acl_flags(list, input)?;
        *control |= flags;
        let (entries, ()) = self.spaces(input)?;
        if !null {
            let mut aces = match entries {
                [b'(', ..] => self.watch.room(first_room(entries)),
                _ => Vec::new(),
            };
            let (input, ()) = self.entries(list, &mut aces, entries)?;
            *place = AclState::Present(aces.into());
            return Ok((input, ()));
        }
        if let [b'(', ..] = entries {
            return self.refuse_at(ParseErrorKind::AclNullWithEntries, entries);
        }
        *place = AclState::Null;
        Ok((entries, ()))
    }

    /// `P`, `AR`, `AI` and `NO_ACCESS_CONTROL`, in any order.
    fn acl_flags(&self, list: AclKind, mut input: Input<'t>) -> Parsed<'t, (Control, bool)> {
        let (mut control, mut null) = (Control::empty(), false);
        while let [b'N' | b'P' | b'A', ..] = input {
            let repeated;
            let rest;
            if let Some(after) = input.strip_prefix(NULL) {
                (rest, repeated) = (after, core::mem::replace(&mut null, true));
            } else if let Some((flag, after)) = acl_flag(input) {
                let bit = match list {
                    AclKind::Dacl => flag.dacl,
                    AclKind::Sacl => flag.sacl,
                };
                (rest, repeated) = (after, control.contains(bit));
                control |= bit;
            } else {
                break;
            }
            if repeated {
                self.tolerate(ViolationKind::AclFlagRepeated, input, rest)?;
            }
            input = rest;
        }
        match input {
            [] | [b'(' | b' ', ..] | [b'O' | b'G' | b'D' | b'S', b':', ..] => Ok((input, (control, null))),
            _ => self.refuse_word(ParseErrorKind::AclFlagUnknown { list }, input),
        }
    }

    /// Entries, with spaces between them.
    fn entries(&mut self, list: AclKind, aces: &mut Vec<Ace>, mut input: Input<'t>) -> Parsed<'t, ()> {
        let mut bytes = Acl::EMPTY_LEN;
        let limit = self.options.limits.acl_bytes;
        while let [b'(', ..] = input {
            if aces.len() == FIRST_RESERVE {
                aces.reserve_exact(usual_count(input).min(MOST_ENTRIES));
            }
            let (rest, length) = match self.ace(list, input, aces) {
                Ok(read) => read,
                Err(nom::Err::Failure(fault)) if self.watch.recover(fault) => {
                    (input, ()) = self.spaces(after_entry(input))?;
                    continue;
                }
                Err(error) => return Err(error),
            };
            bytes = bytes.saturating_add(length);
            if bytes > limit {
                return self.refuse(ParseErrorKind::AclTooLarge { list, limit }, input, rest);
            }
            self.watch.entry(list, self.span(input, rest));
            (input, ()) = self.spaces(rest)?;
        }
        Ok((input, ()))
    }
}

/// The most entries to reserve memory for before one was read: a text of parentheses alone must not take much memory.
const FIRST_RESERVE: usize = 64;
/// The number of the smallest entries that fit an ACL.
const MOST_ENTRIES: usize = 65_535 / 20;

/// This many entries take less than a kilobyte. Common allocators keep such blocks in their fastest lists; a larger block takes twice
/// as long to allocate.
const FEW: usize = 7;
const _: () = assert!(FEW * size_of::<Ace>() < 1024);

/// The number of entries to reserve memory for before one is read. For a short text it is the most entries that the text can have, for
/// a longer one an estimate.
const fn first_room(input: Input<'_>) -> usize {
    // The shortest entries of use have 12 bytes, those with a SID in full about 55.
    match (input.len() / 12, input.len() / 55) {
        (0, _) => 1,
        (most @ ..FEW, _) => most,
        (_, ..FEW) => FEW,
        _ if usual_count(input) < FIRST_RESERVE => usual_count(input),
        _ => FIRST_RESERVE,
    }
}

/// An estimate of the number of entries in a text.
const fn usual_count(input: Input<'_>) -> usize {
    input.len() / 24
}

fn acl_flag(input: Input<'_>) -> Option<(&'static AclFlag, Input<'_>)> {
    ACL_FLAGS
        .iter()
        .find_map(|flag| Some((flag, input.strip_prefix(flag.token.as_bytes())?)))
}

/// The text after a faulty entry: after the parenthesis that closes it, or the end. Parentheses in strings do not count.
fn after_entry(input: Input<'_>) -> Input<'_> {
    let (mut depth, mut quoted) = (0_usize, false);
    for (index, byte) in input.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'(' if !quoted => depth = depth.saturating_add(1),
            b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return input.get(index.saturating_add(1)..).unwrap_or_default();
        }
    }
    &[]
}

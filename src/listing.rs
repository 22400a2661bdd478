//! One question about many descriptors: which of a million requests may this caller read?
//!
//! Most of them repeat a few thousand distinct descriptors. These are told apart by their bytes, each is decided once, and what is kept
//! grows with them alone.
//!
//! **A descriptor without a DACL, or with a NULL one, grants everybody everything**, as in any check; so does an empty text. Where descriptors
//! may be cut off, as those of requests are, ask with [`refuse_unprotected`](Listing::refuse_unprotected), as `mim` does.
//!
//! ```
//! use sddl_authz::{AccessMask, Caller, check::Options, listing::Listing};
//! let requests = [(1, "D:(A;;RC;;;AU)"), (2, "D:(A;;RC;;;BA)"), (3, "D:(A;;RC;;;AU)"), (4, "no SDDL"), (5, "O:BA")];
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
//! let mut listing = Listing::new(&caller, AccessMask::READ_CONTROL, Options::default()).refuse_unprotected();
//! let readable = requests.into_iter().filter(|(_, descriptor)| listing.allows_text(descriptor));
//! assert!(readable.map(|(id, _)| id).eq([1, 3]));
//! assert_eq!(listing.distinct(), 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{
    caller::Caller,
    check::{AccessCheck, Decision, Options, Unprotected},
    mask::AccessMask,
};
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A question, and its answers so far.
#[derive(Clone, Debug)]
pub struct Listing<'c> {
    caller: &'c Caller,
    desired: AccessMask,
    options: Options,
    known: HashTable<Known>,
    // The descriptors of `known`, one behind the other.
    met: Vec<u8>,
}

/// In which form a descriptor is given: the bytes of one form can be a descriptor in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Bytes,
    Text,
}

/// A descriptor that was met, by its place, and the answer about it.
#[derive(Clone, Copy, Debug)]
struct Known {
    hash: u64,
    start: usize,
    end: usize,
    form: Form,
    answer: Option<Decision>,
}

impl<'c> Listing<'c> {
    /// The question whether `caller` may do all that is in `desired`, as [`AccessCheck`] asks it.
    #[must_use]
    pub const fn new(caller: &'c Caller, desired: AccessMask, options: Options) -> Self {
        Self {
            caller,
            desired,
            options,
            known: HashTable::new(),
            met: Vec::new(),
        }
    }

    /// The same question, to which a descriptor without a DACL, or with a NULL one, is refused.
    #[must_use]
    pub fn refuse_unprotected(mut self) -> Self {
        self.options.unprotected = Unprotected::Refuse;
        self.known.clear();
        self.met.clear();
        self
    }

    /// What is decided about a self-relative descriptor ([MS-DTYP] 2.4.6); `None` about one that can't be read, which grants nothing
    /// ([`binary::from_bytes`](crate::binary::from_bytes) says why).
    pub fn decide_bytes(&mut self, descriptor: &[u8]) -> Option<Decision> {
        self.decide(Form::Bytes, descriptor, |question| {
            question.asked().check_bytes(descriptor).ok()
        })
    }

    /// What is decided about a descriptor in SDDL; `None` about one that can't be read, which grants nothing
    /// (`parse` says why).
    pub fn decide_text(&mut self, descriptor: &str) -> Option<Decision> {
        self.decide(Form::Text, descriptor.as_bytes(), |question| {
            question.asked().check_text(descriptor).ok()
        })
    }

    /// Whether a self-relative descriptor can be read, and allows it.
    pub fn allows_bytes(&mut self, descriptor: &[u8]) -> bool {
        self.decide_bytes(descriptor)
            .is_some_and(|decision| decision.is_allowed())
    }

    /// Whether a descriptor in SDDL can be read, and allows it.
    pub fn allows_text(&mut self, descriptor: &str) -> bool {
        self.decide_text(descriptor)
            .is_some_and(|decision| decision.is_allowed())
    }

    /// How many distinct descriptors are kept.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.known.len()
    }

    fn asked(&self) -> AccessCheck<'c> {
        AccessCheck::new(self.caller, self.desired).options(self.options)
    }

    fn decide(
        &mut self,
        form: Form,
        descriptor: &[u8],
        ask: impl FnOnce(&Self) -> Option<Decision>,
    ) -> Option<Decision> {
        self.decide_hashed(hash(descriptor), form, descriptor, ask)
    }

    fn decide_hashed(
        &mut self,
        hash: u64,
        form: Form,
        descriptor: &[u8],
        ask: impl FnOnce(&Self) -> Option<Decision>,
    ) -> Option<Decision> {
        let mut others = 0_usize;
        for known in self.known.iter_hash(hash).filter(|known| known.hash == hash) {
            if known.form == form && self.met.get(known.start..known.end) == Some(descriptor) {
                return known.answer;
            }
            others = others.saturating_add(1);
        }
        let answer = ask(self);
        if others < MAX_SAME_HASH {
            let start = self.met.len();
            self.met.extend_from_slice(descriptor);
            let known = Known {
                hash,
                start,
                end: self.met.len(),
                form,
                answer,
            };
            self.known.insert_unique(hash, known, |known| known.hash);
        }
        answer
    }
}

/// How many descriptors of one hash are kept; others are decided each time. Whoever chooses descriptors whose hashes resemble each other
/// makes looking them up slower, and changes no answer.
const MAX_SAME_HASH: usize = 8;

/// The same in every run: an answer never depends on it, since what has the same hash is compared.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// The answers about many descriptors, in their order, found on all cores: part by part, of 32,768 or fewer, each of which meets the
/// distinct ones for itself. A descriptor without a DACL, or with a NULL one, grants everything here, as in any check.
///
/// `descriptor` says where an item has its self-relative descriptor ([MS-DTYP] 2.4.6). `None` about one that can't be read.
#[cfg(feature = "rayon")]
pub fn decide_all<'i, T: Sync>(
    items: &'i [T],
    descriptor: impl Fn(&T) -> &[u8] + Sync + Send + 'i,
    caller: &'i Caller,
    desired: AccessMask,
    options: Options,
) -> impl rayon::iter::ParallelIterator<Item = Option<Decision>> + 'i {
    use rayon::{iter::ParallelIterator, slice::ParallelSlice};
    /// So many that what a core has met is worth it.
    const PART: usize = 1 << 15;
    items.par_chunks(PART).flat_map_iter(move |part| {
        let mut listing = Listing::new(caller, desired, options);
        let answers: Vec<_> = part.iter().map(|item| listing.decide_bytes(descriptor(item))).collect();
        answers
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        caller::Caller,
        check::{Decision, Options},
        listing::{Form, Listing, MAX_SAME_HASH},
        mask::AccessMask,
    };
    use alloc::format;

    #[test]
    fn descriptors_of_one_hash_are_told_apart_and_few_are_kept() {
        let caller = Caller::anonymous();
        let mut listing = Listing::new(&caller, AccessMask::READ_CONTROL, Options::default());
        for round in 0..2 {
            for number in 0..40_u32 {
                let text = format!("{number}");
                let answer = (number % 2 == 0).then_some(Decision::Allowed {
                    granted: AccessMask::from_bits_retain(number),
                });
                let found = listing.decide_hashed(7, Form::Text, text.as_bytes(), |_| answer);
                assert_eq!(found, answer, "{number} in round {round}");
            }
        }
        assert_eq!(listing.distinct(), MAX_SAME_HASH);
    }

    #[test]
    fn the_forms_are_told_apart() {
        let caller = Caller::anonymous();
        let mut listing = Listing::new(&caller, AccessMask::READ_CONTROL, Options::default());
        assert!(listing.allows_text("D:NO_ACCESS_CONTROL"));
        assert!(!listing.allows_bytes(b"D:NO_ACCESS_CONTROL"));
        assert!(listing.allows_text("D:NO_ACCESS_CONTROL"));
        assert_eq!(listing.distinct(), 2);
    }
}

use super::groups::{StandIn, hash};
use crate::sid::Sid;

/// A Bloom filter of the caller's SIDs, by relative identifier, with two bits for each SID.
///
/// Most entries of a DACL are for other accounts, and the filter excludes nearly all of them without a lookup. "Not in the filter" is
/// certain; "in the filter" must be checked by a lookup. SIDs that were chosen to collide cost a lookup each and change no decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Filter([u64; WORDS]);

/// The filter has 4,096 bits. When it holds 200 SIDs, one or two of a hundred other SIDs pass it.
const WORDS: usize = 64;

impl Filter {
    /// A filter of the placeholders alone: an entry for one of them may be about any caller.
    pub(super) fn new() -> Self {
        let mut filter = Self([0; WORDS]);
        StandIn::SIDS.iter().for_each(|sid| filter.add(sid));
        filter
    }

    pub(super) fn add(&mut self, sid: &Sid) {
        let (word, bits) = place(sid.relative_id());
        if let Some(word) = self.0.get_mut(word) {
            *word |= bits;
        }
    }

    #[inline]
    pub(super) fn may_hold(&self, relative_id: u32) -> bool {
        let (word, bits) = place(relative_id);
        self.0.get(word).is_none_or(|word| word & bits == bits)
    }
}

/// The index of a word and the two bits in it for a relative identifier. SIDs of one domain differ in nothing else.
#[inline]
fn place(relative_id: u32) -> (usize, u64) {
    let [a, b, c, _] = hash(relative_id).to_be_bytes();
    (usize::from(a >> 2), 1 << (b & 63) | 1 << (c & 63))
}

use super::groups::{StandIn, mixed};
use crate::sid::Sid;

/// Tells quickly of most SIDs that an entry about them is none of the caller's business: a Bloom filter of two bits a SID, so that what is
/// not in it is certain, and what is in it has to be looked up. Whoever chooses SIDs to collide costs a look-up each, no more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Filter([u64; WORDS]);

/// 4,096 bits: of 200 SIDs, one or two in a hundred others pass.
const WORDS: usize = 64;

impl Filter {
    /// Of nobody's SIDs but those that stand for somebody else.
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

/// A word and two bits in it, mixed from the relative identifier of a SID, which is what tells those of a domain apart.
#[inline]
fn place(relative_id: u32) -> (usize, u64) {
    let [a, b, c, _] = mixed(relative_id).to_be_bytes();
    (usize::from(a >> 2), 1 << (b & 63) | 1 << (c & 63))
}

use super::{CallerError, Membership, app_container::is_container_sid};
use crate::sid::Sid;
use alloc::vec::Vec;

/// A group of a [`Caller`](super::Caller): an entry of the token's list of groups that is enabled or deny-only. Groups that are neither
/// match no entry, so a caller does not contain them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Group {
    /// The SID of the group.
    pub sid: Sid,
    /// Whether only Deny entries for the group match.
    #[doc(alias = "SE_GROUP_USE_FOR_DENY_ONLY")]
    pub deny_only: bool,
}

/// A set of groups, and the groups that are known not to be in it.
///
/// A lookup has two levels. A table of buckets, indexed by the high bits of the hashed relative identifier, holds the index of the first
/// group of each bucket: most lookups need only that one group. If it is another one, a binary search in the sorted list follows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Groups {
    /// Sorted by relative identifier, without repetitions.
    held: Vec<Group>,
    /// For each bucket, the index in `held` of its first group, or `EMPTY`. Has at least twice as many buckets as there are groups.
    buckets: Vec<u32>,
    /// The number of low bits of the hash that the index of a bucket leaves out.
    shift: u32,
    /// Sorted.
    ruled_out: Vec<Sid>,
}

impl Groups {
    pub(super) const NONE: Self = Self {
        held: Vec::new(),
        buckets: Vec::new(),
        shift: 0,
        ruled_out: Vec::new(),
    };

    /// Adds groups. Fails if one belongs to an app container, or if a group is then enabled and deny-only.
    pub(super) fn join(&mut self, groups: impl IntoIterator<Item = Sid>, deny_only: bool) -> Result<(), CallerError> {
        let before = self.held.len();
        self.held.extend(groups.into_iter().map(|sid| Group { sid, deny_only }));
        let mut joining = self.held.iter().skip(before);
        if let Some(group) = joining.find(|group| is_container_sid(&group.sid)) {
            return Err(CallerError::InAppContainer { sid: group.sid });
        }
        self.index();
        let neighbors = self.held.iter().zip(self.held.iter().skip(1));
        match neighbors.into_iter().find(|(one, next)| one.sid == next.sid) {
            Some((group, _)) => Err(CallerError::EnabledAndDenyOnly { sid: group.sid }),
            None => Ok(()),
        }
    }

    /// A set of restricting SIDs. The SIDs of packages and capabilities may be among them.
    pub(super) fn restricting(sids: impl IntoIterator<Item = Sid>) -> Self {
        let held = sids.into_iter().map(|sid| Group { sid, deny_only: false }).collect();
        let mut groups = Self { held, ..Self::NONE };
        groups.index();
        groups
    }

    /// Sorts the list, removes repetitions, and fills the buckets.
    fn index(&mut self) {
        self.held
            .sort_unstable_by_key(|group| (sort_key(&group.sid), group.deny_only));
        self.held.dedup();
        self.fill_buckets();
    }

    fn fill_buckets(&mut self) {
        self.buckets.clear();
        if self.held.is_empty() {
            return;
        }
        let bits = usize::BITS
            .wrapping_sub(self.held.len().leading_zeros())
            .clamp(1, 30)
            .wrapping_add(1);
        self.shift = u32::BITS.wrapping_sub(bits);
        self.buckets.resize(1 << bits, EMPTY);
        for (index, group) in (0..EMPTY).zip(&self.held) {
            let bucket = bucket(group.sid.relative_id(), self.shift);
            if let Some(first @ &mut EMPTY) = self.buckets.get_mut(bucket) {
                *first = index;
            }
        }
    }

    pub(super) fn rule_out(&mut self, groups: impl IntoIterator<Item = Sid>) {
        self.ruled_out.extend(groups);
        self.ruled_out.sort_unstable();
        self.ruled_out.dedup();
    }

    pub(super) fn iter(&self) -> core::slice::Iter<'_, Group> {
        self.held.iter()
    }

    pub(super) fn membership(&self, sid: &Sid, complete: bool) -> Membership {
        match self.find(sid) {
            _ if StandIn::of(sid).is_some() => Membership::NotHeld,
            Some(group) if group.deny_only => Membership::DenyOnly,
            Some(_) => Membership::Enabled,
            None if complete || self.ruled_out.binary_search(sid).is_ok() || is_container_sid(sid) => {
                Membership::NotHeld
            }
            None => Membership::Unknown,
        }
    }

    /// The group with this SID, placeholders included.
    #[expect(clippy::inline_always, reason = "the call would cost as much")]
    #[inline(always)]
    pub(super) fn find(&self, sid: &Sid) -> Option<&Group> {
        let first = *self.buckets.get(bucket(sid.relative_id(), self.shift))?;
        let first = self.held.get(usize::try_from(first).ok()?)?;
        if first.sid.fast_eq(sid) {
            Some(first)
        } else {
            self.search(sid)
        }
    }

    #[inline(never)]
    fn search(&self, sid: &Sid) -> Option<&Group> {
        let found = self
            .held
            .binary_search_by_key(&sort_key(sid), |group| sort_key(&group.sid));
        self.held.get(found.ok()?)
    }
}

/// The mark of a bucket without groups.
const EMPTY: u32 = u32::MAX;

/// The index of the bucket of a relative identifier: the high bits of its hash, without the lowest `shift` bits.
#[inline]
fn bucket(relative_id: u32, shift: u32) -> usize {
    usize::try_from(hash(relative_id).wrapping_shr(shift)).unwrap_or(usize::MAX)
}

/// The hash of a relative identifier, by Knuth's multiplicative method: identifiers of a domain are often consecutive, and this spreads
/// them over all buckets. Different identifiers have different hashes.
#[inline]
pub(super) const fn hash(relative_id: u32) -> u32 {
    relative_id.wrapping_mul(0x9e37_79b9)
}

/// The order of groups: by relative identifier, which differs between most SIDs, then by the whole SID.
fn sort_key(sid: &Sid) -> (u32, Sid) {
    (sid.relative_id(), *sid)
}

/// Well-known SIDs that are placeholders for other SIDs, so that no caller has them
/// ([\[MS-DTYP\] 2.4.2.4](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StandIn {
    CreatorOwner,
    CreatorGroup,
    OwnerRights,
    PrincipalSelf,
}

impl StandIn {
    pub(super) const SIDS: [Sid; 4] = [
        Sid::CREATOR_OWNER,
        Sid::CREATOR_GROUP,
        Sid::OWNER_RIGHTS,
        Sid::PRINCIPAL_SELF,
    ];

    /// The placeholder that `sid` is, if it is one.
    #[inline]
    pub(crate) fn of(sid: &Sid) -> Option<Self> {
        // All placeholders have one sub-authority, most other SIDs have more.
        if sid.has_one_sub_authority() {
            Self::of_short(sid)
        } else {
            None
        }
    }

    fn of_short(sid: &Sid) -> Option<Self> {
        match *sid {
            Sid::CREATOR_OWNER => Some(Self::CreatorOwner),
            Sid::CREATOR_GROUP => Some(Self::CreatorGroup),
            Sid::OWNER_RIGHTS => Some(Self::OwnerRights),
            Sid::PRINCIPAL_SELF => Some(Self::PrincipalSelf),
            _ => None,
        }
    }
}

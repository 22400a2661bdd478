use super::Membership;
use crate::sid::Sid;
use alloc::vec::Vec;

/// A group that a [`Caller`](super::Caller) is in ([MS-DTYP] 2.5.2, `SID_AND_ATTRIBUTES`).
///
/// A group that is neither enabled nor deny-only matches nothing, so no caller has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Group {
    /// Which group.
    pub sid: Sid,
    /// Whether it counts for Deny entries alone.
    #[doc(alias = "SE_GROUP_USE_FOR_DENY_ONLY")]
    pub deny_only: bool,
}

/// SIDs, sorted by relative identifier and each once, and those that are known not to be among them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Groups {
    held: Vec<Group>,
    /// By the first bits of the mixed relative identifier: the place of the first of those held. `NOWHERE` where there is none.
    firsts: Vec<u32>,
    /// How many bits of it come after these.
    shift: u32,
    ruled_out: Vec<Sid>,
}

impl Groups {
    pub(super) const NONE: Self = Self {
        held: Vec::new(),
        firsts: Vec::new(),
        shift: 0,
        ruled_out: Vec::new(),
    };

    pub(super) fn join(&mut self, groups: impl IntoIterator<Item = Sid>, deny_only: bool) {
        self.held.extend(groups.into_iter().map(|sid| Group { sid, deny_only }));
        // The enabled one of two comes first, and stays.
        self.held
            .sort_unstable_by_key(|group| (place(&group.sid), group.deny_only));
        self.held.dedup_by_key(|group| group.sid);
        self.note_firsts();
    }

    fn note_firsts(&mut self) {
        self.firsts.clear();
        if self.held.is_empty() {
            return;
        }
        // Twice as many as groups, or more: most groups are the first of theirs.
        let bits = usize::BITS
            .wrapping_sub(self.held.len().leading_zeros())
            .clamp(1, 30)
            .wrapping_add(1);
        self.shift = u32::BITS.wrapping_sub(bits);
        self.firsts.resize(1 << bits, NOWHERE);
        for (place, group) in (0..NOWHERE).zip(&self.held) {
            let first = bucket(group.sid.relative_id(), self.shift);
            if let Some(first @ &mut NOWHERE) = self.firsts.get_mut(first) {
                *first = place;
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
            None if complete || self.ruled_out.binary_search(sid).is_ok() => Membership::NotHeld,
            None => Membership::Unknown,
        }
    }

    /// The group with this SID, whatever it stands for.
    #[expect(clippy::inline_always, reason = "the call would cost as much")]
    #[inline(always)]
    pub(super) fn find(&self, sid: &Sid) -> Option<&Group> {
        let first = *self.firsts.get(bucket(sid.relative_id(), self.shift))?;
        let first = self.held.get(usize::try_from(first).ok()?)?;
        if first.sid.fast_eq(sid) {
            Some(first)
        } else {
            self.search(sid)
        }
    }

    #[inline(never)]
    fn search(&self, sid: &Sid) -> Option<&Group> {
        let found = self.held.binary_search_by_key(&place(sid), |group| place(&group.sid));
        self.held.get(found.ok()?)
    }
}

/// Beyond all places.
const NOWHERE: u32 = u32::MAX;

/// The first bits of a mixed relative identifier, those that `shift` leaves.
#[inline]
fn bucket(relative_id: u32, shift: u32) -> usize {
    usize::try_from(mixed(relative_id).wrapping_shr(shift)).unwrap_or(usize::MAX)
}

/// A relative identifier, spread over all bits: those of a domain often follow one another. No two become one.
#[inline]
pub(super) const fn mixed(relative_id: u32) -> u32 {
    relative_id.wrapping_mul(0x9e37_79b9)
}

/// The relative identifier comes first: it alone tells most SIDs apart.
fn place(sid: &Sid) -> (u32, Sid) {
    (sid.relative_id(), *sid)
}

/// SIDs that stand for somebody else, so that nobody holds them ([MS-DTYP] 2.4.2.4).
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

    /// What `sid` stands for, if it is one of them.
    #[inline]
    pub(crate) fn of(sid: &Sid) -> Option<Self> {
        // Most SIDs have more than one, and are no further looked at.
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

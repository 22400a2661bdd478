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

/// SIDs, sorted and each once, and those that are known not to be among them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Groups {
    held: Vec<Group>,
    ruled_out: Vec<Sid>,
}

impl Groups {
    pub(super) const NONE: Self = Self {
        held: Vec::new(),
        ruled_out: Vec::new(),
    };

    pub(super) fn join(&mut self, groups: impl IntoIterator<Item = Sid>, deny_only: bool) {
        self.held.extend(groups.into_iter().map(|sid| Group { sid, deny_only }));
        // The enabled one of two comes first, and stays.
        self.held.sort_unstable_by_key(|group| (group.sid, group.deny_only));
        self.held.dedup_by_key(|group| group.sid);
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
        if is_stand_in(sid) {
            return Membership::NotHeld;
        }
        let found = self.held.binary_search_by_key(sid, |group| group.sid);
        match found.ok().and_then(|index| self.held.get(index)) {
            Some(group) if group.deny_only => Membership::DenyOnly,
            Some(_) => Membership::Enabled,
            None if complete || self.ruled_out.binary_search(sid).is_ok() => Membership::NotHeld,
            None => Membership::Unknown,
        }
    }
}

/// SIDs that stand for somebody else, so that nobody holds them.
pub(super) const STAND_INS: [Sid; 4] = [
    Sid::CREATOR_OWNER,
    Sid::CREATOR_GROUP,
    Sid::OWNER_RIGHTS,
    Sid::PRINCIPAL_SELF,
];

pub(super) fn is_stand_in(sid: &Sid) -> bool {
    STAND_INS.contains(sid)
}

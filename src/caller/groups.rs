use super::Membership;
use crate::sid::Sid;
use alloc::vec::Vec;
use core::cmp::Ordering;

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
        self.held
            .sort_unstable_by_key(|group| (place(&group.sid), group.deny_only));
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
        if StandIn::of(sid).is_some() {
            return Membership::NotHeld;
        }
        let found = self.held.binary_search_by(|group| {
            // What is looked for is mostly found, and equality is quickly seen.
            let order = group.sid.relative_id().cmp(&sid.relative_id());
            order.then_with(|| {
                if group.sid == *sid {
                    Ordering::Equal
                } else {
                    group.sid.cmp(sid)
                }
            })
        });
        match found.ok().and_then(|index| self.held.get(index)) {
            Some(group) if group.deny_only => Membership::DenyOnly,
            Some(_) => Membership::Enabled,
            None if complete || self.ruled_out.binary_search(sid).is_ok() => Membership::NotHeld,
            None => Membership::Unknown,
        }
    }
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
        if sid.sub_authorities().len() > 1 {
            return None;
        }
        match *sid {
            Sid::CREATOR_OWNER => Some(Self::CreatorOwner),
            Sid::CREATOR_GROUP => Some(Self::CreatorGroup),
            Sid::OWNER_RIGHTS => Some(Self::OwnerRights),
            Sid::PRINCIPAL_SELF => Some(Self::PrincipalSelf),
            _ => None,
        }
    }
}

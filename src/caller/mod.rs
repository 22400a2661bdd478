//! Who asks: the SIDs that a check compares trustees with ([MS-DTYP] 2.5.2).

use crate::sid::Sid;
use alloc::vec::Vec;

/// The one who asks for access ([MS-DTYP] 2.5.2): a user, and the groups that it is in.
///
/// A snapshot: build one per request, for a stale list of groups decides as wrongly as a forged one. The order in which
/// groups are given does not matter, nor do repetitions.
///
/// A list of groups that may lack some must be marked by [`with_incomplete_groups`](Self::with_incomplete_groups): a group
/// left out silently turns a Deny into an Allow.
///
/// ```
/// use sddl_authz::{Caller, Sid};
/// let user = Sid::new(5, &[21, 1, 2, 3, 1104])?;
/// let managers = Sid::new(5, &[21, 1, 2, 3, 2001])?;
/// let caller = Caller::authenticated(user)?.with_groups([managers]);
/// assert_eq!(caller.groups().count(), 3); // Everyone and Authenticated Users are added
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "token")]
pub struct Caller {
    user: Sid,
    // Sorted by SID, one entry each.
    groups: Vec<Group>,
    groups_complete: bool,
    // Sorted. What is not in `groups` although that is incomplete.
    ruled_out: Vec<Sid>,
    principal_self: Option<Sid>,
}

/// A group that a [`Caller`] is in ([MS-DTYP] 2.5.2, `SID_AND_ATTRIBUTES`).
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

/// What a [`Caller`] is to a SID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Membership {
    /// It is the user, or a group that counts for Allow and Deny.
    Enabled,
    /// It is a group that counts for Deny alone.
    DenyOnly,
    /// It is not among the caller's SIDs.
    NotHeld,
    /// It is not among the SIDs that are known, and the list of groups may lack some.
    Unknown,
}

/// Why there is no such [`Caller`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallerError {
    /// The SID of an authenticated user is that of an account; this one never is.
    #[error("{user} is not the SID of an account")]
    UserNotAccount {
        /// The SID given.
        user: Sid,
    },
}

impl Caller {
    /// A user that has proved who it is. Adds Everyone and Authenticated Users, as a logon does.
    ///
    /// # Errors
    /// When `user` is never the SID of an account: Anonymous, Nobody, Everyone, Principal Self, Authenticated Users, or one of
    /// the creator and owner SIDs `S-1-3-…`. The SID of a group is not told from that of a user.
    pub fn authenticated(user: Sid) -> Result<Self, CallerError> {
        const CREATOR_AUTHORITY: u64 = 3;
        let never_accounts = [
            Sid::ANONYMOUS,
            Sid::NOBODY,
            Sid::EVERYONE,
            Sid::PRINCIPAL_SELF,
            Sid::AUTHENTICATED_USERS,
        ];
        if never_accounts.contains(&user) || user.authority() == CREATOR_AUTHORITY {
            return Err(CallerError::UserNotAccount { user });
        }
        Ok(Self::bare(user).with_groups([Sid::EVERYONE, Sid::AUTHENTICATED_USERS]))
    }

    /// Somebody who has not said who it is: `S-1-5-7`, and not Everyone, as on Windows by default.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::bare(Sid::ANONYMOUS)
    }

    /// A user and nothing else; what a logon would add, Everyone included, is to be given by
    /// [`with_groups`](Self::with_groups).
    #[must_use]
    pub const fn bare(user: Sid) -> Self {
        Self {
            user,
            groups: Vec::new(),
            groups_complete: true,
            ruled_out: Vec::new(),
            principal_self: None,
        }
    }

    /// The same caller, in these groups too.
    #[must_use]
    #[doc(alias = "SE_GROUP_ENABLED")]
    pub fn with_groups(self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.joined(groups, false)
    }

    /// The same caller, in these groups too, which count for Deny entries alone.
    ///
    /// A group that is given as enabled as well stays enabled, whichever was first: on Windows any enabled entry of the
    /// token's list matches. So does the user.
    #[must_use]
    pub fn with_deny_only_groups(self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.joined(groups, true)
    }

    fn joined(mut self, groups: impl IntoIterator<Item = Sid>, deny_only: bool) -> Self {
        self.groups
            .extend(groups.into_iter().map(|sid| Group { sid, deny_only }));
        // The enabled one of two comes first, and stays.
        self.groups.sort_unstable_by_key(|group| (group.sid, group.deny_only));
        self.groups.dedup_by_key(|group| group.sid);
        self
    }

    /// The same caller, whose groups are not all known. What a group left out could change is refused.
    #[must_use]
    pub const fn with_incomplete_groups(mut self) -> Self {
        self.groups_complete = false;
        self
    }

    /// The same caller, which is known not to be in these groups. This is how the answer to an
    /// undetermined check is completed: what a directory says yes to goes to
    /// [`with_groups`](Self::with_groups), what it says no to comes here. A group that is given to both is held.
    #[must_use]
    pub fn with_ruled_out_groups(mut self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.ruled_out.extend(groups);
        self.ruled_out.sort_unstable();
        self.ruled_out.dedup();
        self
    }

    /// The same caller, asking for an object that represents the principal `sid`: entries for Principal Self
    /// (`S-1-5-10`) are then about that principal. Without one they match nobody.
    #[must_use]
    #[doc(alias = "PrincipalSelfSid")]
    pub const fn with_principal_self(mut self, sid: Sid) -> Self {
        self.principal_self = Some(sid);
        self
    }

    /// The user.
    #[must_use]
    pub const fn user(&self) -> &Sid {
        &self.user
    }

    /// The groups, each once, sorted by SID.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.groups.iter()
    }

    /// Whether all groups are known.
    #[must_use]
    pub const fn groups_complete(&self) -> bool {
        self.groups_complete
    }

    /// The principal that the object represents, if it represents one.
    #[must_use]
    pub const fn principal_self(&self) -> Option<&Sid> {
        self.principal_self.as_ref()
    }

    /// What the caller is to `sid`.
    ///
    /// SIDs that stand for somebody else, Creator Owner, Creator Group, Owner Rights and Principal Self, are held by nobody,
    /// even if the caller was given them.
    #[must_use]
    pub fn membership(&self, sid: &Sid) -> Membership {
        const STAND_INS: [Sid; 4] = [
            Sid::CREATOR_OWNER,
            Sid::CREATOR_GROUP,
            Sid::OWNER_RIGHTS,
            Sid::PRINCIPAL_SELF,
        ];
        if STAND_INS.contains(sid) {
            return Membership::NotHeld;
        }
        if self.user == *sid {
            return Membership::Enabled;
        }
        let found = self.groups.binary_search_by_key(sid, |group| group.sid);
        match found.ok().and_then(|index| self.groups.get(index)) {
            Some(group) if group.deny_only => Membership::DenyOnly,
            Some(_) => Membership::Enabled,
            None if self.groups_complete || self.ruled_out.binary_search(sid).is_ok() => Membership::NotHeld,
            None => Membership::Unknown,
        }
    }
}

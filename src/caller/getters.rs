//! The parts of a caller, and questions about its SIDs.

use super::{AppContainer, Caller, Group, IntegrityLevel, Membership, Privileges, groups::StandIn};
use crate::sid::Sid;

impl Caller {
    /// The SID of the user.
    #[must_use]
    pub const fn user(&self) -> &Sid {
        &self.user
    }

    /// Whether only Deny entries for the user match ([`with_user_deny_only`](Self::with_user_deny_only)). It is `false` if that is unknown:
    /// ask [`is_user_deny_only_known`](Self::is_user_deny_only_known) as well.
    #[must_use]
    pub const fn is_user_deny_only(&self) -> bool {
        matches!(self.user_membership, Membership::DenyOnly)
    }

    /// Whether it is known how the user counts: `false` after
    /// [`with_user_deny_only_unknown`](Self::with_user_deny_only_unknown).
    #[must_use]
    pub const fn is_user_deny_only_known(&self) -> bool {
        !matches!(self.user_membership, Membership::Unknown)
    }

    /// The groups without repetitions, enabled and deny-only, sorted by relative identifier.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// let caller = Caller::bare(Sid::LOCAL_SYSTEM)?.with_deny_only_groups([Sid::ADMINISTRATORS])?;
    /// let group = caller.groups().next().unwrap();
    /// assert_eq!((group.sid, group.deny_only), (Sid::ADMINISTRATORS, true));
    /// # Ok::<(), sddl_authz::CallerError>(())
    /// ```
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.groups.iter()
    }

    /// Whether the lists of groups are complete, that of the device included.
    ///
    /// ```
    /// use sddl_authz::Caller;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// assert!(!caller.groups_complete());
    /// assert!(caller.with_no_groups().groups_complete());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn groups_complete(&self) -> bool {
        self.groups_complete
    }

    /// The enabled privileges.
    #[must_use]
    pub const fn privileges(&self) -> Privileges {
        self.privileges
    }

    /// The integrity level.
    #[must_use]
    pub const fn integrity(&self) -> IntegrityLevel {
        self.integrity
    }

    /// Whether the check compares the integrity levels of caller and object, which it does by default.
    #[must_use]
    pub const fn no_write_up(&self) -> bool {
        self.no_write_up
    }

    /// The restricting SIDs without repetitions, sorted by relative identifier. `None` for a caller that is not restricted.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// assert!(Caller::anonymous().restricting_sids().is_none());
    /// let restricted = Caller::anonymous().with_restricting_sids([Sid::EVERYONE]);
    /// assert!(restricted.restricting_sids().unwrap().eq([&Sid::EVERYONE]));
    /// ```
    pub fn restricting_sids(&self) -> Option<impl ExactSizeIterator<Item = &Sid>> {
        let restriction = self.restriction.as_ref()?;
        Some(restriction.sids.iter().map(|group| &group.sid))
    }

    /// Whether the caller is restricted in the rights of writing alone
    /// ([`with_write_restricting_sids`](Self::with_write_restricting_sids)).
    #[must_use]
    pub fn is_write_restricted(&self) -> bool {
        self.restriction
            .as_ref()
            .is_some_and(|restriction| restriction.writes_only)
    }

    /// The app container that the caller runs in, if it runs in one.
    #[must_use]
    pub fn app_container(&self) -> Option<&AppContainer> {
        self.app_container.as_deref()
    }

    /// The groups of the device without repetitions, sorted by relative identifier.
    pub fn device_groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.device_groups.iter()
    }

    /// Whether the caller is `sid`, or is in the group `sid`.
    ///
    /// Creator Owner, Creator Group, Owner Rights and Principal Self are placeholders for other SIDs. So no caller holds them, even if they
    /// were given to it.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid, caller::Membership};
    /// let caller = Caller::bare(Sid::LOCAL_SYSTEM)?.with_groups([Sid::OWNER_RIGHTS, Sid::EVERYONE])?;
    /// assert_eq!(caller.membership(&Sid::LOCAL_SYSTEM), Membership::Enabled);
    /// assert_eq!(caller.membership(&Sid::EVERYONE), Membership::Enabled);
    /// assert_eq!(caller.membership(&Sid::OWNER_RIGHTS), Membership::NotHeld);
    /// # Ok::<(), sddl_authz::CallerError>(())
    /// ```
    #[must_use]
    pub fn membership(&self, sid: &Sid) -> Membership {
        match self.groups.find(sid) {
            Some(group) if !group.deny_only && StandIn::of(sid).is_none() => Membership::Enabled,
            _ => self.uncommon_membership(sid),
        }
    }

    /// The membership in a SID that is not an enabled group.
    #[inline(never)]
    fn uncommon_membership(&self, sid: &Sid) -> Membership {
        if self.user == *sid && StandIn::of(sid).is_none() {
            return self.user_membership;
        }
        self.groups.membership(sid, self.groups_complete)
    }

    /// Whether the device of the caller is in the group `sid`. Groups of a device are never deny-only.
    #[must_use]
    pub fn device_membership(&self, sid: &Sid) -> Membership {
        self.device_groups.membership(sid, self.groups_complete)
    }

    /// Whether `sid` is a restricting SID. The list of them is always complete.
    pub(crate) fn restricting_membership(&self, sid: &Sid) -> Membership {
        self.restriction.as_ref().map_or(Membership::NotHeld, |restriction| {
            restriction.sids.membership(sid, true)
        })
    }

    /// Whether an entry for a SID with this relative identifier may match the caller, placeholders included. `false` is certain.
    #[inline]
    pub(crate) fn may_be_concerned(&self, relative_id: u32) -> bool {
        !self.groups_complete || self.filter.may_hold(relative_id)
    }

    /// Whether an entry for a SID with this relative identifier may match the restricting SIDs. `false` is certain.
    pub(crate) fn restricting_may_be_concerned(&self, relative_id: u32) -> bool {
        let restriction = self.restriction.as_ref();
        restriction.is_some_and(|restriction| restriction.filter.may_hold(relative_id))
    }

    pub(crate) const fn is_restricted(&self) -> bool {
        self.restriction.is_some()
    }
}

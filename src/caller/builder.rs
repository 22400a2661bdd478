//! The methods that complete a caller.

use super::{
    AppContainer, Caller, CallerError, IntegrityLevel, Membership, Privileges, Restriction, filter::Filter,
    groups::Groups,
};
use crate::sid::Sid;
use alloc::boxed::Box;

impl Caller {
    /// Adds groups. The list of groups then counts as complete, unless
    /// [`with_incomplete_groups`](Self::with_incomplete_groups) says otherwise, before or after.
    ///
    /// # Errors
    /// Fails if a SID belongs to an app container (`S-1-15-2-…` or `S-1-15-3-…`): such a SID is not a group, and
    /// [`with_app_container`](Self::with_app_container) takes it. Fails if a SID is already deny-only.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?
    ///     .with_groups(["S-1-5-21-1-2-3-513".parse()?, Sid::ADMINISTRATORS])?;
    /// assert_eq!(caller.groups().count(), 4); // with Everyone and Authenticated Users
    /// assert!(caller.groups_complete());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "SE_GROUP_ENABLED")]
    pub fn with_groups(self, groups: impl IntoIterator<Item = Sid>) -> Result<Self, CallerError> {
        Ok(self.joined(groups, false)?.with_no_groups())
    }

    /// States that the caller is in no other groups than those that were given. Everyone and Authenticated Users stay.
    ///
    /// [`with_incomplete_groups`](Self::with_incomplete_groups) overrides this, before or after.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid, caller::Membership};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// assert_eq!(caller.membership(&Sid::ADMINISTRATORS), Membership::Unknown);
    /// assert_eq!(caller.with_no_groups().membership(&Sid::ADMINISTRATORS), Membership::NotHeld);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_no_groups(mut self) -> Self {
        self.groups_complete = !self.groups_incomplete;
        self
    }

    /// Adds deny-only groups. Only Deny entries for them match. The user may be among them: it is then
    /// [deny-only](Self::with_user_deny_only).
    ///
    /// # Errors
    /// Fails if a SID belongs to an app container, as in [`with_groups`](Self::with_groups), or if a SID is already enabled.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Caller, SecurityDescriptor, Sid, check};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?
    ///     .with_no_groups()
    ///     .with_deny_only_groups([Sid::ADMINISTRATORS])?;
    /// let allow: SecurityDescriptor = "D:(A;;FR;;;BA)".parse()?;
    /// let deny: SecurityDescriptor = "D:(D;;FR;;;BA)(A;;FR;;;WD)".parse()?;
    /// let read: AccessMask = "FR".parse()?;
    /// assert!(!check(&allow, &caller, read).is_allowed());
    /// assert!(!check(&deny, &caller, read).is_allowed());
    /// assert!(caller.with_groups([Sid::ADMINISTRATORS]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "SE_GROUP_USE_FOR_DENY_ONLY")]
    pub fn with_deny_only_groups(self, groups: impl IntoIterator<Item = Sid>) -> Result<Self, CallerError> {
        self.joined(groups, true)
    }

    fn joined(mut self, groups: impl IntoIterator<Item = Sid>, deny_only: bool) -> Result<Self, CallerError> {
        self.groups.join(groups, deny_only)?;
        self.groups.iter().for_each(|group| self.filter.add(&group.sid));
        match self.groups.find(&self.user) {
            Some(group) if !group.deny_only && self.is_user_deny_only() => {
                Err(CallerError::EnabledAndDenyOnly { sid: self.user })
            }
            Some(group) => {
                self.user_membership = user_membership(group.deny_only);
                Ok(self)
            }
            None => Ok(self),
        }
    }

    /// Sets whether the user is deny-only, as in a token that `CreateRestrictedToken` made. Only Deny entries for the user then match, and
    /// the user has no rights as an owner.
    ///
    /// # Errors
    /// Fails if the user is among the groups with the other setting.
    ///
    /// ```
    /// use sddl_authz::{Caller, SecurityDescriptor, check};
    /// let user = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let allow: SecurityDescriptor = "D:(A;;FR;;;S-1-5-21-1-2-3-1104)".parse()?;
    /// let deny: SecurityDescriptor = "D:(D;;FR;;;S-1-5-21-1-2-3-1104)(A;;FR;;;AU)".parse()?;
    /// assert!(check(&allow, &user, "FR".parse()?).is_allowed());
    /// let deny_only = user.with_user_deny_only(true)?;
    /// assert!(!check(&allow, &deny_only, "FR".parse()?).is_allowed());
    /// assert!(!check(&deny, &deny_only, "FR".parse()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "SE_GROUP_USE_FOR_DENY_ONLY")]
    pub fn with_user_deny_only(mut self, deny_only: bool) -> Result<Self, CallerError> {
        match self.groups.find(&self.user) {
            Some(group) if group.deny_only != deny_only => Err(CallerError::EnabledAndDenyOnly { sid: self.user }),
            _ => {
                self.user_membership = user_membership(deny_only);
                Ok(self)
            }
        }
    }

    /// States that it is not known whether the user is [deny-only](Self::with_user_deny_only). The check then refuses whatever that could
    /// change, and [`Explanation::unresolved`](crate::Explanation) lists the user among the SIDs to look up.
    ///
    /// A later call of [`with_user_deny_only`](Self::with_user_deny_only) replaces this. If the user is also among the given groups, the
    /// state of that group counts.
    ///
    /// ```
    /// use sddl_authz::{Caller, SecurityDescriptor, check};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups().with_user_deny_only_unknown();
    /// let to_user: SecurityDescriptor = "D:(A;;FR;;;S-1-5-21-1-2-3-1104)".parse()?;
    /// let to_everyone: SecurityDescriptor = "D:(A;;FR;;;WD)".parse()?;
    /// assert!(!check(&to_user, &caller, "FR".parse()?).is_allowed());
    /// assert!(check(&to_everyone, &caller, "FR".parse()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_user_deny_only_unknown(mut self) -> Self {
        if self.groups.find(&self.user).is_none() {
            self.user_membership = Membership::Unknown;
        }
        self
    }

    /// Marks the groups of the user and of the device as incomplete: there may be more. The check then refuses whatever an unknown group
    /// could change, and [`Explanation::unresolved`](crate::Explanation) lists the groups to look up.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid, caller::Membership};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_incomplete_groups();
    /// assert_eq!(caller.membership(&Sid::ADMINISTRATORS), Membership::Unknown);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_incomplete_groups(mut self) -> Self {
        self.groups_complete = false;
        self.groups_incomplete = true;
        self
    }

    /// Adds groups that the caller is known not to be in, for a caller whose groups are incomplete.
    ///
    /// Use this to complete an undetermined check: look up each unresolved group, and pass the caller's groups to
    /// [`with_groups`](Self::with_groups) and the others to this method. A group given to both is held.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid, caller::Membership};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?
    ///     .with_incomplete_groups()
    ///     .with_ruled_out_groups([Sid::ADMINISTRATORS]);
    /// assert_eq!(caller.membership(&Sid::ADMINISTRATORS), Membership::NotHeld);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_ruled_out_groups(mut self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.groups.rule_out(groups);
        self
    }

    /// Sets the privileges that the caller has enabled
    /// ([\[MS-LSAD\] 3.1.1.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-lsad/1b5471ef-4c33-4a91-b079-dfcbb82f05cc)).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Caller, SecurityDescriptor, caller::Privileges, check};
    /// let user = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// let nobody: SecurityDescriptor = "D:".parse()?;
    /// assert!(!check(&nobody, &user, AccessMask::WRITE_OWNER).is_allowed());
    /// let privileged = user.with_privileges(Privileges::TAKE_OWNERSHIP);
    /// assert!(check(&nobody, &privileged, AccessMask::WRITE_OWNER).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_privileges(mut self, privileges: Privileges) -> Self {
        self.privileges = privileges;
        self
    }

    /// Sets the integrity level. By default it is [`MEDIUM`](IntegrityLevel::MEDIUM), and
    /// [`UNTRUSTED`](IntegrityLevel::UNTRUSTED) for [`Caller::anonymous`]. A caller in an [app container](Self::with_app_container) is at most at [`LOW`](IntegrityLevel::LOW).
    ///
    /// ```
    /// use sddl_authz::{Caller, caller::IntegrityLevel};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// assert_eq!(caller.integrity(), IntegrityLevel::MEDIUM);
    /// assert_eq!(caller.with_integrity(IntegrityLevel::HIGH).integrity(), IntegrityLevel::HIGH);
    /// assert_eq!(Caller::anonymous().integrity(), IntegrityLevel::UNTRUSTED);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[doc(alias = "TOKEN_MANDATORY_LABEL")]
    pub fn with_integrity(mut self, integrity: IntegrityLevel) -> Self {
        self.integrity = integrity;
        self.limit_integrity();
        self
    }

    /// Lets the check ignore integrity levels for this caller, as Windows does for a token with `TOKEN_MANDATORY_POLICY_OFF`.
    ///
    /// ```
    /// use sddl_authz::{Caller, SecurityDescriptor, caller::IntegrityLevel, check};
    /// let low = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_integrity(IntegrityLevel::LOW);
    /// let medium: SecurityDescriptor = "D:(A;;WD;;;WD)".parse()?;
    /// assert!(!check(&medium, &low, "WD".parse()?).is_allowed());
    /// assert!(check(&medium, &low.without_mandatory_policy(), "WD".parse()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[doc(alias = "TOKEN_MANDATORY_POLICY_OFF")]
    #[doc(alias = "TOKEN_MANDATORY_POLICY_NO_WRITE_UP")]
    pub const fn without_mandatory_policy(mut self) -> Self {
        self.no_write_up = false;
        self
    }

    /// Restricts the caller: the DACL must grant each right twice, to the caller and to these SIDs. An empty list restricts it, too: then
    /// only privileges and objects without a DACL grant anything.
    ///
    /// The SIDs of packages and capabilities are accepted here, unlike among the groups: Windows takes any SID as a restricting one, and
    /// sandboxes are built with capability SIDs. A restricting SID never grants a right by itself.
    ///
    /// The caller has the rights of the owner only if the owner is also one of these SIDs.
    ///
    /// Replaces an earlier restriction.
    ///
    /// ```
    /// use sddl_authz::{Caller, SecurityDescriptor, Sid, check};
    /// let user = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// let descriptor: SecurityDescriptor = "D:(A;;FR;;;AU)".parse()?;
    /// assert!(check(&descriptor, &user, "FR".parse()?).is_allowed());
    /// let restricted = user.with_restricting_sids([Sid::EVERYONE]);
    /// assert!(!check(&descriptor, &restricted, "FR".parse()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[doc(alias = "CreateRestrictedToken")]
    pub fn with_restricting_sids(self, sids: impl IntoIterator<Item = Sid>) -> Self {
        self.restricted(sids, false)
    }

    /// Restricts the caller in the rights of writing alone: only these must be granted to the SIDs as well. Which rights write depends on
    /// the kind of object, so the check needs a [generic mapping](crate::GenericMapping); without one it restricts every right.
    ///
    /// The caller has the rights of the owner only if the owner is also one of these SIDs, READ_CONTROL included.
    ///
    /// Replaces an earlier restriction.
    #[must_use]
    #[doc(alias = "WRITE_RESTRICTED")]
    pub fn with_write_restricting_sids(self, sids: impl IntoIterator<Item = Sid>) -> Self {
        self.restricted(sids, true)
    }

    fn restricted(mut self, restricting: impl IntoIterator<Item = Sid>, writes_only: bool) -> Self {
        let sids = Groups::restricting(restricting);
        let mut filter = Filter::new();
        sids.iter().for_each(|group| filter.add(&group.sid));
        self.restriction = Some(Box::new(Restriction {
            sids,
            filter,
            writes_only,
        }));
        self
    }

    /// Puts the caller into an app container: the DACL must grant each right twice, to the user or its groups and to the container. The
    /// integrity level is then at most [`LOW`](IntegrityLevel::LOW).
    ///
    /// Replaces an earlier container.
    ///
    /// ```
    /// use sddl_authz::{Caller, caller::{AppContainer, IntegrityLevel}};
    /// let container = AppContainer::new("S-1-15-2-11-12-13-14-15-16-17".parse()?)?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_app_container(container);
    /// assert!(caller.app_container().is_some());
    /// assert_eq!(caller.integrity(), IntegrityLevel::LOW);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[doc(alias = "CreateAppContainerToken")]
    pub fn with_app_container(mut self, container: AppContainer) -> Self {
        // The check then looks at the entries for the container, too.
        container.sids().for_each(|sid| self.filter.add(sid));
        self.app_container = Some(Box::new(container));
        self.limit_integrity();
        self
    }

    /// A caller in a container is at most at the integrity level Low.
    fn limit_integrity(&mut self) {
        if self.app_container.is_some() {
            self.integrity = self.integrity.min(IntegrityLevel::LOW);
        }
    }

    /// Adds groups of the device. Only conditions ask for them, by operators such as `Device_Member_of`.
    ///
    /// # Errors
    /// Fails if a SID belongs to an app container, as in [`with_groups`](Self::with_groups).
    ///
    /// ```
    /// use sddl_authz::{Caller, SecurityDescriptor, check};
    /// let servers = "S-1-5-21-1-2-3-3001".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_device_groups([servers])?;
    /// let descriptor: SecurityDescriptor = "D:(XA;;FR;;;WD;(Device_Member_of {SID(S-1-5-21-1-2-3-3001)}))".parse()?;
    /// assert!(check(&descriptor, &caller, "FR".parse()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_device_groups(mut self, groups: impl IntoIterator<Item = Sid>) -> Result<Self, CallerError> {
        self.device_groups.join(groups, false)?;
        Ok(self)
    }

    /// Adds groups that the device is known not to be in, for a caller whose groups are incomplete.
    #[must_use]
    pub fn with_ruled_out_device_groups(mut self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.device_groups.rule_out(groups);
        self
    }
}

/// The membership of a user whose deny-only state is known.
const fn user_membership(deny_only: bool) -> Membership {
    if deny_only {
        Membership::DenyOnly
    } else {
        Membership::Enabled
    }
}

//! Callers: the user, groups, privileges, integrity level and claims that an access check compares with a descriptor, as a token holds
//! them in Windows ([\[MS-DTYP\] 2.5.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)).
//!
//! A [`Caller`] starts with its user and is completed by the methods `with_…`:
//!
//! ```
//! use sddl_authz::{Caller, caller::{IntegrityLevel, Privileges}};
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?
//!     .with_groups(["S-1-5-21-1-2-3-513".parse()?])
//!     .with_privileges(Privileges::BACKUP)
//!     .with_integrity(IntegrityLevel::HIGH);
//! assert_eq!(caller.integrity().sid().to_string(), "S-1-16-12288");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod app_container;
mod claims;
mod error;
mod filter;
mod groups;
mod integrity;
mod membership;
mod privileges;

pub use app_container::AppContainer;
pub use error::CallerError;
pub use groups::Group;
pub use integrity::IntegrityLevel;
pub use membership::Membership;
pub use privileges::Privileges;

use crate::{
    claim::Claim,
    condition::{Lookup, Utf16},
    sid::Sid,
};
use alloc::{boxed::Box, string::String};
use claims::Claims;
use filter::Filter;
use groups::Groups;
pub(crate) use groups::StandIn;

/// The user who asks for access, with its groups, privileges, integrity level and claims: the counterpart of a token in Windows.
///
/// Start with one of three functions. There is no `Caller::new`, because it could not say which of them is meant:
///
/// - [`Caller::authenticated`]: a user who has logged on. Everyone and Authenticated Users are added.
/// - [`Caller::anonymous`]: nobody has logged on.
/// - [`Caller::bare`]: exactly the SIDs that you give.
///
/// **A user alone is not enough.** Pass all groups of the user to [`with_groups`](Self::with_groups), nested ones included. A missing group
/// can turn a denial into a grant, since a Deny entry for it no longer matches. If you cannot know all groups or claims, say so with
/// [`with_incomplete_groups`](Self::with_incomplete_groups) or [`with_incomplete_claims`](Self::with_incomplete_claims): the check then
/// refuses whatever an unknown group or claim could change.
///
/// Build a new caller for each request, because groups change. The order of groups and claims does not matter. A caller has no
/// privileges, medium integrity, no claims, no restricting SIDs and no device unless you add them.
///
/// ```
/// use sddl_authz::{Caller, Sid, caller::Membership};
/// let user = Sid::new(5, &[21, 1, 2, 3, 1104])?;
/// let managers = Sid::new(5, &[21, 1, 2, 3, 2001])?;
/// let caller = Caller::authenticated(user)?.with_groups([managers]);
/// assert_eq!(caller.membership(&managers), Membership::Enabled);
/// assert_eq!(caller.membership(&Sid::EVERYONE), Membership::Enabled);
/// assert_eq!(caller.membership(&Sid::ADMINISTRATORS), Membership::NotHeld);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "token")]
pub struct Caller {
    user: Sid,
    groups: Groups,
    /// Contains the user and the groups.
    filter: Filter,
    groups_complete: bool,
    privileges: Privileges,
    integrity: IntegrityLevel,
    no_write_up: bool,
    /// Boxed, because few callers have one and each `with_…` moves the caller.
    restriction: Option<Box<Restriction>>,
    /// Boxed, because few callers have one.
    app_container: Option<Box<AppContainer>>,
    user_claims: Claims,
    device_claims: Claims,
    claims_complete: bool,
    device_groups: Groups,
}

/// The restricting SIDs of a caller (`CreateRestrictedToken` in Win32).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Restriction {
    sids: Groups,
    filter: Filter,
    writes_only: bool,
}

impl Caller {
    /// A user who has logged on. Adds Everyone and Authenticated Users, as Windows does at a logon.
    ///
    /// # Errors
    /// Fails if no account can have the SID `user`: Anonymous, Nobody, Everyone, Principal Self, Authenticated Users, and the creator and
    /// owner SIDs `S-1-3-…`. The SID of a group is accepted, since a SID does not show what kind of account it is.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// assert_eq!(caller.groups().count(), 2); // Everyone, Authenticated Users
    /// assert!(Caller::authenticated(Sid::EVERYONE).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// A caller who has not logged on: Anonymous, `S-1-5-7`. It is not in Everyone, as on Windows by default.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// assert_eq!(Caller::anonymous().user(), &Sid::ANONYMOUS);
    /// assert_eq!(Caller::anonymous().groups().count(), 0);
    /// ```
    #[must_use]
    pub fn anonymous() -> Self {
        Self::bare(Sid::ANONYMOUS)
    }

    /// A user without any group. Add every group yourself with [`with_groups`](Self::with_groups), Everyone and Authenticated Users
    /// included: use this for a token whose groups you have in full.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// let caller = Caller::bare(Sid::LOCAL_SYSTEM).with_groups([Sid::EVERYONE, Sid::ADMINISTRATORS]);
    /// assert_eq!(caller.groups().count(), 2);
    /// ```
    #[must_use]
    pub fn bare(user: Sid) -> Self {
        let mut filter = Filter::new();
        filter.add(&user);
        Self {
            user,
            groups: Groups::NONE,
            filter,
            groups_complete: true,
            privileges: Privileges::empty(),
            integrity: IntegrityLevel::MEDIUM,
            no_write_up: true,
            restriction: None,
            app_container: None,
            user_claims: Claims::NONE,
            device_claims: Claims::NONE,
            claims_complete: true,
            device_groups: Groups::NONE,
        }
    }

    /// Adds groups.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?
    ///     .with_groups(["S-1-5-21-1-2-3-513".parse()?, Sid::ADMINISTRATORS]);
    /// assert_eq!(caller.groups().count(), 4); // with Everyone and Authenticated Users
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[doc(alias = "SE_GROUP_ENABLED")]
    pub fn with_groups(self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.joined(groups, false)
    }

    /// Adds deny-only groups. Only Deny entries for them match.
    ///
    /// A group that is also given as enabled stays enabled, whichever was given first: in Windows any enabled entry of the token's list
    /// matches. The user stays enabled, too.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Caller, SecurityDescriptor, Sid, check};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_deny_only_groups([Sid::ADMINISTRATORS]);
    /// let allow: SecurityDescriptor = "D:(A;;FR;;;BA)".parse()?;
    /// let deny: SecurityDescriptor = "D:(D;;FR;;;BA)(A;;FR;;;WD)".parse()?;
    /// let read: AccessMask = "FR".parse()?;
    /// assert!(!check(&allow, &caller, read).is_allowed());
    /// assert!(!check(&deny, &caller, read).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[doc(alias = "SE_GROUP_USE_FOR_DENY_ONLY")]
    pub fn with_deny_only_groups(self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.joined(groups, true)
    }

    fn joined(mut self, groups: impl IntoIterator<Item = Sid>, deny_only: bool) -> Self {
        self.groups.join(groups, deny_only);
        self.groups.iter().for_each(|group| self.filter.add(&group.sid));
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

    /// Sets the integrity level. It is [`MEDIUM`](IntegrityLevel::MEDIUM) by default, even for an anonymous caller, whom Windows gives
    /// the level Untrusted. A caller in an [app container](Self::with_app_container) is at most at [`LOW`](IntegrityLevel::LOW).
    ///
    /// ```
    /// use sddl_authz::{Caller, caller::IntegrityLevel};
    /// let caller = Caller::anonymous();
    /// assert_eq!(caller.integrity(), IntegrityLevel::MEDIUM);
    /// assert_eq!(caller.with_integrity(IntegrityLevel::UNTRUSTED).integrity(), IntegrityLevel::UNTRUSTED);
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
    /// Replaces an earlier restriction.
    #[must_use]
    #[doc(alias = "WRITE_RESTRICTED")]
    pub fn with_write_restricting_sids(self, sids: impl IntoIterator<Item = Sid>) -> Self {
        self.restricted(sids, true)
    }

    fn restricted(mut self, restricting: impl IntoIterator<Item = Sid>, writes_only: bool) -> Self {
        let mut sids = Groups::NONE;
        sids.join(restricting, false);
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

    /// Adds claims about the user. Conditions read them as `@User.Name`.
    ///
    /// # Errors
    /// Fails if two claims of the user have the same name, or a claim has the same value twice. Names and values are compared without
    /// case, values of a claim with [`CASE_SENSITIVE`](crate::claim::ClaimFlags::CASE_SENSITIVE) exactly.
    ///
    /// ```
    /// use sddl_authz::{Caller, Claim, SecurityDescriptor, check};
    /// let title = Claim::string("Title", "PM")?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_user_claims([title])?;
    /// let descriptor: SecurityDescriptor = r#"D:(XA;;FR;;;WD;(@User.Title == "PM"))"#.parse()?;
    /// assert!(check(&descriptor, &caller, "FR".parse()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_user_claims(mut self, claims: impl IntoIterator<Item = Claim>) -> Result<Self, CallerError> {
        self.user_claims.add(claims)?;
        Ok(self)
    }

    /// Adds claims about the device of the user. Conditions read them as `@Device.Name`.
    ///
    /// # Errors
    /// Fails if two claims of the device have the same name, or a claim has the same value twice, as with
    /// [`with_user_claims`](Self::with_user_claims).
    pub fn with_device_claims(mut self, claims: impl IntoIterator<Item = Claim>) -> Result<Self, CallerError> {
        self.device_claims.add(claims)?;
        Ok(self)
    }

    /// Marks the claims of the user and of the device as incomplete: there may be more. The check then refuses whatever an unknown claim
    /// could change.
    ///
    /// ```
    /// use sddl_authz::{Caller, condition::Lookup};
    /// let caller = Caller::anonymous();
    /// assert_eq!(caller.user_claim("Title"), Lookup::Absent);
    /// assert_eq!(caller.with_incomplete_claims().user_claim("Title"), Lookup::Unknown);
    /// ```
    #[must_use]
    pub const fn with_incomplete_claims(mut self) -> Self {
        self.claims_complete = false;
        self
    }

    /// Adds names of claims that the user is known not to have, for a caller whose claims are incomplete. A claim that was given stays.
    ///
    /// ```
    /// use sddl_authz::{Caller, condition::Lookup};
    /// let caller = Caller::anonymous().with_incomplete_claims().with_ruled_out_user_claims(["Title".into()]);
    /// assert_eq!(caller.user_claim("Title"), Lookup::Absent);
    /// ```
    #[must_use]
    pub fn with_ruled_out_user_claims(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.user_claims.rule_out(names);
        self
    }

    /// Adds names of claims that the device is known not to have, for a caller whose claims are incomplete.
    #[must_use]
    pub fn with_ruled_out_device_claims(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.device_claims.rule_out(names);
        self
    }

    /// Adds groups of the device. Only conditions ask for them, by operators such as `Device_Member_of`.
    ///
    /// ```
    /// use sddl_authz::{Caller, SecurityDescriptor, check};
    /// let servers = "S-1-5-21-1-2-3-3001".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_device_groups([servers]);
    /// let descriptor: SecurityDescriptor = "D:(XA;;FR;;;WD;(Device_Member_of {SID(S-1-5-21-1-2-3-3001)}))".parse()?;
    /// assert!(check(&descriptor, &caller, "FR".parse()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_device_groups(mut self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.device_groups.join(groups, false);
        self
    }

    /// Adds groups that the device is known not to be in, for a caller whose groups are incomplete.
    #[must_use]
    pub fn with_ruled_out_device_groups(mut self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.device_groups.rule_out(groups);
        self
    }

    /// The SID of the user.
    #[must_use]
    pub const fn user(&self) -> &Sid {
        &self.user
    }

    /// The groups without repetitions, enabled and deny-only, sorted by relative identifier.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// let caller = Caller::bare(Sid::LOCAL_SYSTEM).with_deny_only_groups([Sid::ADMINISTRATORS]);
    /// let group = caller.groups().next().unwrap();
    /// assert_eq!((group.sid, group.deny_only), (Sid::ADMINISTRATORS, true));
    /// ```
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.groups.iter()
    }

    /// Whether the lists of groups are complete, that of the device included.
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

    /// The claims about the user, sorted by name without case.
    #[must_use]
    pub fn user_claims(&self) -> &[Claim] {
        self.user_claims.as_slice()
    }

    /// The claims about the device, sorted by name without case.
    #[must_use]
    pub fn device_claims(&self) -> &[Claim] {
        self.device_claims.as_slice()
    }

    /// Whether the lists of claims are complete, that of the device included.
    #[must_use]
    pub const fn claims_complete(&self) -> bool {
        self.claims_complete
    }

    /// The groups of the device without repetitions, sorted by relative identifier.
    pub fn device_groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.device_groups.iter()
    }

    /// Whether the caller is `sid`, or is in the group `sid`.
    ///
    /// Nobody has the SIDs Creator Owner, Creator Group, Owner Rights and Principal Self, even if they were given to the caller: they are
    /// placeholders for others.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid, caller::Membership};
    /// let caller = Caller::bare(Sid::LOCAL_SYSTEM).with_groups([Sid::OWNER_RIGHTS, Sid::EVERYONE]);
    /// assert_eq!(caller.membership(&Sid::LOCAL_SYSTEM), Membership::Enabled);
    /// assert_eq!(caller.membership(&Sid::EVERYONE), Membership::Enabled);
    /// assert_eq!(caller.membership(&Sid::OWNER_RIGHTS), Membership::NotHeld);
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
            return Membership::Enabled;
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

    /// The claim about the user with this name, compared without case. Finds disabled and deny-only claims, too.
    ///
    /// ```
    /// use sddl_authz::{Caller, Claim, condition::Lookup};
    /// let level = Claim::int("Level", 3)?;
    /// let caller = Caller::anonymous().with_user_claims([level.clone()])?;
    /// assert_eq!(caller.user_claim("level"), Lookup::Value(&level));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn user_claim<'n>(&self, name: impl Into<Utf16<'n>>) -> Lookup<&Claim> {
        self.user_claims.find(name.into(), self.claims_complete)
    }

    /// The claim about the device with this name, compared without case. Finds disabled and deny-only claims, too.
    pub fn device_claim<'n>(&self, name: impl Into<Utf16<'n>>) -> Lookup<&Claim> {
        self.device_claims.find(name.into(), self.claims_complete)
    }
}

//! Who asks: what a check compares a descriptor with ([MS-DTYP] 2.5.2).

mod claims;
mod error;
mod filter;
mod groups;
mod integrity;
mod privileges;

pub use error::CallerError;
pub use groups::Group;
pub use integrity::IntegrityLevel;
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

/// The one who asks for access ([MS-DTYP] 2.5.2): a user, the groups that it is in, and what else a token says of it.
///
/// A snapshot: build one per request, for a stale list of groups decides as wrongly as a forged one. The order in which
/// groups and claims are given does not matter, nor do repetitions of groups.
///
/// A list of groups that may lack some must be marked by [`with_incomplete_groups`](Self::with_incomplete_groups), one of claims by
/// [`with_incomplete_claims`](Self::with_incomplete_claims): a group left out silently turns a Deny into an Allow.
///
/// Unless something else is said: no privileges, medium integrity with NO_WRITE_UP, no restricting SIDs, no claims, and no device.
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
    groups: Groups,
    // Of the user and the groups.
    filter: Filter,
    groups_complete: bool,
    privileges: Privileges,
    integrity: IntegrityLevel,
    no_write_up: bool,
    // Elsewhere: few callers have one, and every caller is moved about.
    restriction: Option<Box<Restriction>>,
    user_claims: Claims,
    device_claims: Claims,
    claims_complete: bool,
    device_groups: Groups,
}

/// The restricting SIDs of a caller ([MS-DTYP] 2.5.2, `CreateRestrictedToken`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Restriction {
    sids: Groups,
    filter: Filter,
    writes_only: bool,
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
            user_claims: Claims::NONE,
            device_claims: Claims::NONE,
            claims_complete: true,
            device_groups: Groups::NONE,
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
        self.groups.join(groups, deny_only);
        self.groups.iter().for_each(|group| self.filter.add(&group.sid));
        self
    }

    /// The same caller, whose groups, or those of whose device, are not all known. What a group left out could change is refused.
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
        self.groups.rule_out(groups);
        self
    }

    /// The same caller, with these privileges, and no others ([MS-LSAD] 3.1.1.2.1).
    #[must_use]
    pub const fn with_privileges(mut self, privileges: Privileges) -> Self {
        self.privileges = privileges;
        self
    }

    /// The same caller, of this integrity. A caller is of medium integrity unless something else is said; so is an anonymous one,
    /// which Windows calls untrusted.
    #[must_use]
    #[doc(alias = "TOKEN_MANDATORY_LABEL")]
    pub const fn with_integrity(mut self, integrity: IntegrityLevel) -> Self {
        self.integrity = integrity;
        self
    }

    /// The same caller, whose integrity limits what it may do, or not. It does unless something else is said.
    #[must_use]
    #[doc(alias = "TOKEN_MANDATORY_POLICY_NO_WRITE_UP")]
    pub const fn with_no_write_up(mut self, no_write_up: bool) -> Self {
        self.no_write_up = no_write_up;
        self
    }

    /// The same caller, restricted: what the DACL grants it, it must grant these SIDs too. None at all is a restriction as well, which
    /// leaves what an unprotected object grants, and what privileges do.
    ///
    /// Takes the place of any restriction before.
    #[must_use]
    #[doc(alias = "CreateRestrictedToken")]
    pub fn with_restricting_sids(self, sids: impl IntoIterator<Item = Sid>) -> Self {
        self.restricted(sids, false)
    }

    /// As [`with_restricting_sids`](Self::with_restricting_sids), for rights to write alone.
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

    /// The same caller, with these claims about the user too ([MS-DTYP] 2.4.10.1).
    ///
    /// # Errors
    /// When the caller then has two claims of one name, upper and lower case folded, or a claim has a value twice.
    pub fn with_user_claims(mut self, claims: impl IntoIterator<Item = Claim>) -> Result<Self, CallerError> {
        self.user_claims.add(claims)?;
        Ok(self)
    }

    /// The same caller, with these claims about its device too ([MS-DTYP] 2.4.10.1).
    ///
    /// # Errors
    /// When the device then has two claims of one name, upper and lower case folded, or a claim has a value twice.
    pub fn with_device_claims(mut self, claims: impl IntoIterator<Item = Claim>) -> Result<Self, CallerError> {
        self.device_claims.add(claims)?;
        Ok(self)
    }

    /// The same caller, whose claims, or those of whose device, are not all known. What a claim left out could change is refused.
    #[must_use]
    pub const fn with_incomplete_claims(mut self) -> Self {
        self.claims_complete = false;
        self
    }

    /// The same caller, of whose user it is known that it has no claims of these names. A claim that it was given stays.
    #[must_use]
    pub fn with_ruled_out_user_claims(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.user_claims.rule_out(names);
        self
    }

    /// As [`with_ruled_out_user_claims`](Self::with_ruled_out_user_claims), of the device.
    #[must_use]
    pub fn with_ruled_out_device_claims(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.device_claims.rule_out(names);
        self
    }

    /// The same caller, on a device in these groups too ([MS-DTYP] 2.5.2, `DeviceGroups`). Only conditions ask for them.
    #[must_use]
    pub fn with_device_groups(mut self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.device_groups.join(groups, false);
        self
    }

    /// As [`with_ruled_out_groups`](Self::with_ruled_out_groups), of the device.
    #[must_use]
    pub fn with_ruled_out_device_groups(mut self, groups: impl IntoIterator<Item = Sid>) -> Self {
        self.device_groups.rule_out(groups);
        self
    }

    /// The user.
    #[must_use]
    pub const fn user(&self) -> &Sid {
        &self.user
    }

    /// The groups, each once, sorted by relative identifier.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.groups.iter()
    }

    /// Whether all groups are known, those of the device included.
    #[must_use]
    pub const fn groups_complete(&self) -> bool {
        self.groups_complete
    }

    /// The privileges.
    #[must_use]
    pub const fn privileges(&self) -> Privileges {
        self.privileges
    }

    /// The integrity.
    #[must_use]
    pub const fn integrity(&self) -> IntegrityLevel {
        self.integrity
    }

    /// Whether its integrity limits what it may do.
    #[must_use]
    pub const fn no_write_up(&self) -> bool {
        self.no_write_up
    }

    /// The restricting SIDs, each once, sorted by relative identifier, if it is restricted.
    pub fn restricting_sids(&self) -> Option<impl ExactSizeIterator<Item = &Sid>> {
        let restriction = self.restriction.as_ref()?;
        Some(restriction.sids.iter().map(|group| &group.sid))
    }

    /// Whether it is restricted in what it writes alone.
    #[must_use]
    pub fn is_write_restricted(&self) -> bool {
        self.restriction
            .as_ref()
            .is_some_and(|restriction| restriction.writes_only)
    }

    /// The claims about the user, sorted by name, upper and lower case folded.
    #[must_use]
    pub fn user_claims(&self) -> &[Claim] {
        self.user_claims.as_slice()
    }

    /// The claims about the device, sorted by name, upper and lower case folded.
    #[must_use]
    pub fn device_claims(&self) -> &[Claim] {
        self.device_claims.as_slice()
    }

    /// Whether all claims are known.
    #[must_use]
    pub const fn claims_complete(&self) -> bool {
        self.claims_complete
    }

    /// The groups of the device, each once, sorted by relative identifier.
    pub fn device_groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.device_groups.iter()
    }

    /// What the caller is to `sid`.
    ///
    /// SIDs that stand for somebody else, Creator Owner, Creator Group, Owner Rights and Principal Self, are held by nobody,
    /// even if the caller was given them.
    #[must_use]
    pub fn membership(&self, sid: &Sid) -> Membership {
        match self.groups.find(sid) {
            Some(group) if !group.deny_only && StandIn::of(sid).is_none() => Membership::Enabled,
            _ => self.uncommon_membership(sid),
        }
    }

    /// The same where no enabled group is found.
    #[inline(never)]
    fn uncommon_membership(&self, sid: &Sid) -> Membership {
        if self.user == *sid && StandIn::of(sid).is_none() {
            return Membership::Enabled;
        }
        self.groups.membership(sid, self.groups_complete)
    }

    /// What the caller's device is to `sid`: never deny-only.
    #[must_use]
    pub fn device_membership(&self, sid: &Sid) -> Membership {
        self.device_groups.membership(sid, self.groups_complete)
    }

    /// What the restricting SIDs are to `sid`; all of them are known. A caller without any is not restricted.
    pub(crate) fn restricting_membership(&self, sid: &Sid) -> Membership {
        self.restriction.as_ref().map_or(Membership::NotHeld, |restriction| {
            restriction.sids.membership(sid, true)
        })
    }

    /// Whether an entry about a SID with this relative identifier may be about the caller, directly or by way of a stand-in. No is certain.
    #[inline]
    pub(crate) fn may_be_concerned(&self, relative_id: u32) -> bool {
        !self.groups_complete || self.filter.may_hold(relative_id)
    }

    /// As [`may_be_concerned`](Self::may_be_concerned), of the restricting SIDs.
    pub(crate) fn restricting_may_be_concerned(&self, relative_id: u32) -> bool {
        let restriction = self.restriction.as_ref();
        restriction.is_some_and(|restriction| restriction.filter.may_hold(relative_id))
    }

    pub(crate) const fn is_restricted(&self) -> bool {
        self.restriction.is_some()
    }

    /// The claim of this name about the user ([`compare_names`](crate::condition::compare_names)), whether it counts or not.
    pub fn user_claim<'n>(&self, name: impl Into<Utf16<'n>>) -> Lookup<&Claim> {
        self.user_claims.find(name.into(), self.claims_complete)
    }

    /// As [`user_claim`](Self::user_claim), about the device.
    pub fn device_claim<'n>(&self, name: impl Into<Utf16<'n>>) -> Lookup<&Claim> {
        self.device_claims.find(name.into(), self.claims_complete)
    }
}

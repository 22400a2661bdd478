//! Callers: the user, groups, privileges, integrity level and claims that an access check compares with a descriptor, as a token holds
//! them in Windows ([\[MS-DTYP\] 2.5.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)).
//!
//! A [`Caller`] starts with its user and is completed by the methods `with_…`:
//!
//! ```
//! use sddl_authz::{Caller, caller::{IntegrityLevel, Privileges}};
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?
//!     .with_groups(["S-1-5-21-1-2-3-513".parse()?])?
//!     .with_privileges(Privileges::BACKUP)
//!     .with_integrity(IntegrityLevel::HIGH);
//! assert_eq!(caller.integrity().sid().to_string(), "S-1-16-12288");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod app_container;
mod builder;
#[cfg(feature = "capability-names")]
mod capability;
mod claim_methods;
mod claims;
mod error;
mod filter;
mod getters;
mod groups;
mod integrity;
mod local;
mod membership;
mod privileges;

pub use app_container::AppContainer;
#[cfg(feature = "capability-names")]
pub use capability::capability_sid;
pub use error::CallerError;
pub use groups::Group;
pub use integrity::IntegrityLevel;
pub use membership::Membership;
pub use privileges::Privileges;

use crate::sid::Sid;
use alloc::boxed::Box;
use app_container::is_container_sid;
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
/// can turn a denial into a grant, since a Deny entry for it no longer matches. Until you call `with_groups` or
/// [`with_no_groups`](Self::with_no_groups), the groups of an authenticated user count as incomplete. If you cannot know all groups or
/// claims, say so with [`with_incomplete_groups`](Self::with_incomplete_groups) or
/// [`with_incomplete_claims`](Self::with_incomplete_claims): the check then refuses whatever an unknown group or claim could change.
///
/// Build a new caller for each request, because groups change. The order of groups and claims does not matter. A caller has no
/// privileges, medium integrity, no claims, no restricting SIDs, no app container and no device unless you add them.
///
/// ```
/// use sddl_authz::{Caller, Sid, caller::Membership};
/// let user = Sid::new(5, &[21, 1, 2, 3, 1104])?;
/// let managers = Sid::new(5, &[21, 1, 2, 3, 2001])?;
/// let caller = Caller::authenticated(user)?.with_groups([managers])?;
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
    /// Contains the user, the groups, and the SIDs of the app container.
    filter: Filter,
    /// How the user counts: enabled, deny-only, or unknown.
    user_membership: Membership,
    groups_complete: bool,
    /// Whether the groups were said to be incomplete. Groups that are added later do not complete them.
    groups_incomplete: bool,
    privileges: Privileges,
    integrity: IntegrityLevel,
    no_write_up: bool,
    /// Boxed, because few callers have one and each `with_…` moves the caller.
    restriction: Option<Box<Restriction>>,
    /// Boxed, because few callers have one.
    app_container: Option<Box<AppContainer>>,
    user_claims: Claims,
    device_claims: Claims,
    local_claims: Claims,
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
    /// The other groups are not known yet, and count as incomplete: complete them with [`with_groups`](Self::with_groups), or with
    /// [`with_no_groups`](Self::with_no_groups) for a user without other groups.
    ///
    /// # Errors
    /// Fails if no account can have the SID `user`: Anonymous, Nobody, Everyone, Principal Self, Authenticated Users, the creator and owner
    /// SIDs `S-1-3-…`, and the SIDs of app containers `S-1-15-2-…` and `S-1-15-3-…`. The SID of a group is accepted, since a SID does not
    /// show what kind of account it is.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
    /// assert_eq!(caller.groups().count(), 2); // Everyone, Authenticated Users
    /// assert!(!caller.groups_complete());
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
        let mut caller = Self::bare(user)?.with_groups([Sid::EVERYONE, Sid::AUTHENTICATED_USERS])?;
        caller.groups_complete = false;
        Ok(caller)
    }

    /// A caller who has not logged on: Anonymous, `S-1-5-7`. As on Windows by default, it is not in Everyone, and its integrity level is
    /// Untrusted.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid, caller::IntegrityLevel};
    /// let anonymous = Caller::anonymous();
    /// assert_eq!(anonymous.user(), &Sid::ANONYMOUS);
    /// assert_eq!(anonymous.groups().count(), 0);
    /// assert_eq!(anonymous.integrity(), IntegrityLevel::UNTRUSTED);
    /// ```
    #[must_use]
    pub fn anonymous() -> Self {
        Self::alone(Sid::ANONYMOUS).with_integrity(IntegrityLevel::UNTRUSTED)
    }

    /// A user without any group. Add every group yourself with [`with_groups`](Self::with_groups), Everyone and Authenticated Users
    /// included: use this for a token whose groups you have in full. The list of groups counts as complete.
    ///
    /// # Errors
    /// Fails if the SID belongs to an app container, `S-1-15-2-…` or `S-1-15-3-…`. Such a SID is not a user, and
    /// [`with_app_container`](Self::with_app_container) takes it.
    ///
    /// ```
    /// use sddl_authz::{Caller, Sid};
    /// let caller = Caller::bare(Sid::LOCAL_SYSTEM)?.with_groups([Sid::EVERYONE, Sid::ADMINISTRATORS])?;
    /// assert_eq!(caller.groups().count(), 2);
    /// # Ok::<(), sddl_authz::CallerError>(())
    /// ```
    pub fn bare(user: Sid) -> Result<Self, CallerError> {
        if is_container_sid(&user) {
            return Err(CallerError::InAppContainer { sid: user });
        }
        Ok(Self::alone(user))
    }

    fn alone(user: Sid) -> Self {
        let mut filter = Filter::new();
        filter.add(&user);
        Self {
            user,
            groups: Groups::NONE,
            filter,
            user_membership: Membership::Enabled,
            groups_complete: true,
            groups_incomplete: false,
            privileges: Privileges::empty(),
            integrity: IntegrityLevel::MEDIUM,
            no_write_up: true,
            restriction: None,
            app_container: None,
            user_claims: Claims::NONE,
            device_claims: Claims::NONE,
            local_claims: Claims::NONE,
            claims_complete: true,
            device_groups: Groups::NONE,
        }
    }
}

//! The claims of a caller.

use super::{Caller, CallerError};
use crate::{
    claim::Claim,
    condition::{Lookup, Utf16},
};
use alloc::string::String;

impl Caller {
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

    /// Marks the claims of the user and of the device and the local claims as incomplete: there may be more. The check then refuses
    /// whatever an unknown claim could change.
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

    /// Whether the lists of claims are complete: those of the user and of the device, and the local claims.
    #[must_use]
    pub const fn claims_complete(&self) -> bool {
        self.claims_complete
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

use super::{Caller, CallerError};
use crate::{
    claim::Claim,
    condition::{Lookup, Utf16},
};
use alloc::string::String;

/// The local claims of a caller.
impl Caller {
    /// Adds local claims, the `LocalClaims` of a token ([\[MS-DTYP\] 2.5.2][token]). Conditions read them without a prefix.
    ///
    /// # Errors
    /// Fails if two local claims have the same name, or a claim has the same value twice, as with
    /// [`with_user_claims`](Self::with_user_claims).
    ///
    /// ```
    /// use sddl_authz::{Caller, Claim, SecurityDescriptor, check};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_local_claims([Claim::int("Level", 3)?])?;
    /// let descriptor: SecurityDescriptor = "D:(XA;;FR;;;AU;(Level >= 3))".parse()?;
    /// assert!(check(&descriptor, &caller, "FR".parse()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [token]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
    pub fn with_local_claims(mut self, claims: impl IntoIterator<Item = Claim>) -> Result<Self, CallerError> {
        self.local_claims.add(claims)?;
        Ok(self)
    }

    /// Adds names of local claims that are known not to exist, for a caller whose claims are incomplete.
    ///
    /// ```
    /// use sddl_authz::{Caller, condition::Lookup};
    /// let caller = Caller::anonymous().with_incomplete_claims().with_ruled_out_local_claims(["Title".into()]);
    /// assert_eq!(caller.local_claim("Title"), Lookup::Absent);
    /// ```
    #[must_use]
    pub fn with_ruled_out_local_claims(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.local_claims.rule_out(names);
        self
    }

    /// The local claims, sorted by name without case.
    #[must_use]
    pub fn local_claims(&self) -> &[Claim] {
        self.local_claims.as_slice()
    }

    /// The local claim with this name, compared without case. Finds disabled and deny-only claims, too.
    pub fn local_claim<'n>(&self, name: impl Into<Utf16<'n>>) -> Lookup<&Claim> {
        self.local_claims.find(name.into(), self.claims_complete)
    }
}

use super::Sid;

/// The meaning of an alias: a SID, or an account of a domain that the alias does not name.
///
/// ```
/// use sddl_authz::sid::{AliasTarget, WellKnown};
/// let domain_admins = WellKnown::by_alias("DA").expect("SDDL has this alias");
/// assert_eq!(domain_admins.target, AliasTarget::Domain(512));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AliasTarget {
    /// A SID that is the same everywhere.
    Absolute(Sid),
    /// A relative identifier in the machine's own account domain.
    Machine(u32),
    /// A relative identifier in the primary domain.
    Domain(u32),
    /// A relative identifier in the root domain of the forest.
    Forest(u32),
}

/// The domains that aliases such as `DA` (Domain Admins) mean.
///
/// Windows takes them from the computer it runs on. Here they are inputs ([`sddl::Options`](crate::sddl::Options)), and an alias
/// whose domain is missing is an error.
///
/// ```
/// use sddl_authz::{DomainSids, sid::AliasTarget};
/// let domains = DomainSids::default().with_domain("S-1-5-21-1-2-3".parse()?);
/// assert_eq!(domains.resolve(AliasTarget::Domain(512)), Some("S-1-5-21-1-2-3-512".parse()?));
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DomainSids {
    /// The machine's own account domain: `LA`, `LG`.
    pub machine: Option<Sid>,
    /// The primary domain: `DA`, `DU`, `DC` and so on.
    pub domain: Option<Sid>,
    /// The root domain of the forest: `EA`, `SA`, `RO`, `EK`.
    pub forest: Option<Sid>,
}

impl DomainSids {
    /// With the SID of the machine's own account domain.
    ///
    /// ```
    /// use sddl_authz::{DomainSids, sid::AliasTarget};
    /// let domains = DomainSids::default().with_machine("S-1-5-21-7-8-9".parse()?);
    /// assert_eq!(domains.resolve(AliasTarget::Machine(500)), Some("S-1-5-21-7-8-9-500".parse()?));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_machine(mut self, machine: Sid) -> Self {
        self.machine = Some(machine);
        self
    }

    /// With the SID of the primary domain.
    ///
    /// ```
    /// use sddl_authz::DomainSids;
    /// let domains = DomainSids::default().with_domain("S-1-5-21-1-2-3".parse()?);
    /// assert_eq!(domains.domain, Some("S-1-5-21-1-2-3".parse()?));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_domain(mut self, domain: Sid) -> Self {
        self.domain = Some(domain);
        self
    }

    /// With the SID of the root domain of the forest.
    ///
    /// ```
    /// use sddl_authz::{DomainSids, sid::AliasTarget};
    /// let domains = DomainSids::default().with_forest("S-1-5-21-4-5-6".parse()?);
    /// assert_eq!(domains.resolve(AliasTarget::Forest(519)), Some("S-1-5-21-4-5-6-519".parse()?));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_forest(mut self, forest: Sid) -> Self {
        self.forest = Some(forest);
        self
    }

    /// The SID that an alias means, or `None` if its domain is missing.
    ///
    /// ```
    /// use sddl_authz::{DomainSids, Sid, sid::AliasTarget};
    /// let none = DomainSids::default();
    /// assert_eq!(none.resolve(AliasTarget::Absolute(Sid::EVERYONE)), Some(Sid::EVERYONE));
    /// assert_eq!(none.resolve(AliasTarget::Domain(512)), None);
    /// ```
    #[must_use]
    pub fn resolve(&self, target: AliasTarget) -> Option<Sid> {
        let (domain, relative_id) = match target {
            AliasTarget::Absolute(sid) => return Some(sid),
            AliasTarget::Machine(relative_id) => (self.machine, relative_id),
            AliasTarget::Domain(relative_id) => (self.domain, relative_id),
            AliasTarget::Forest(relative_id) => (self.forest, relative_id),
        };
        domain?.with_relative_id(relative_id).ok()
    }
}

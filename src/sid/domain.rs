use super::{Sid, well_known::AliasTarget};

/// The domains that relative aliases such as `DA` are completed with.
///
/// Windows takes them from the host it runs on; here they are inputs, and an alias whose domain is missing is an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DomainSids {
    /// The machine's own account domain: `LA`, `LG`.
    pub machine: Option<Sid>,
    /// The primary domain: `DA`, `DU` and their kin.
    pub domain: Option<Sid>,
    /// The root domain of the forest: `EA`, `SA`, `RO`, `EK`.
    pub forest: Option<Sid>,
}

impl DomainSids {
    /// The SID that `base` stands for, if the domain it is relative to is known.
    #[must_use]
    pub fn resolve(&self, base: AliasTarget) -> Option<Sid> {
        let (domain, relative_id) = match base {
            AliasTarget::Absolute(sid) => return Some(sid),
            AliasTarget::Machine(relative_id) => (self.machine, relative_id),
            AliasTarget::Domain(relative_id) => (self.domain, relative_id),
            AliasTarget::Forest(relative_id) => (self.forest, relative_id),
        };
        domain?.with_relative_id(relative_id).ok()
    }
}

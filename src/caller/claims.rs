use super::CallerError;
use crate::{
    claim::Claim,
    condition::{Lookup, Utf16, compare_names},
};
use alloc::{string::String, vec::Vec};

/// Claims of a user or a device, and names of claims that are known not to be among them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Claims {
    /// Sorted by name.
    held: Vec<Claim>,
    /// Sorted.
    ruled_out: Vec<String>,
}

impl Claims {
    pub(super) const NONE: Self = Self {
        held: Vec::new(),
        ruled_out: Vec::new(),
    };

    pub(super) fn add(&mut self, claims: impl IntoIterator<Item = Claim>) -> Result<(), CallerError> {
        for claim in claims {
            let name = || claim.name().into();
            if claim.has_duplicates() {
                return Err(CallerError::ClaimValueRepeated { name: name() });
            }
            match self.place(claim.name().into()) {
                Ok(_) => return Err(CallerError::ClaimRepeated { name: name() }),
                Err(place) => self.held.insert(place, claim),
            }
        }
        Ok(())
    }

    pub(super) fn rule_out(&mut self, names: impl IntoIterator<Item = String>) {
        self.ruled_out.extend(names);
        self.ruled_out.sort_unstable_by(|one, other| compare_names(one, other));
        self.ruled_out
            .dedup_by(|one, other| compare_names(&*one, &*other).is_eq());
    }

    pub(super) fn as_slice(&self) -> &[Claim] {
        &self.held
    }

    /// The claim with this name. `complete` tells whether a claim that is not here is absent.
    pub(super) fn find(&self, name: Utf16<'_>, complete: bool) -> Lookup<&Claim> {
        let ruled_out = || self.ruled_out.binary_search_by(|known| compare_names(known, name));
        match self.place(name).ok().and_then(|place| self.held.get(place)) {
            Some(claim) => Lookup::Value(claim),
            None if complete || ruled_out().is_ok() => Lookup::Absent,
            None => Lookup::Unknown,
        }
    }

    fn place(&self, name: Utf16<'_>) -> Result<usize, usize> {
        self.held.binary_search_by(|claim| compare_names(claim.name(), name))
    }
}

//! The faults of the store that the log has named already. Each is logged once, and not in every list.

use super::decisions::{Undecidable, locked};
use crate::store::DescriptorNumber;
use sddl_authz::{
    http::{CorrelationId, Reason},
    render::Escaped,
};
use std::{collections::HashSet, sync::Mutex};
use uuid::Uuid;

/// The most faults that are remembered, and so logged.
const MOST: usize = 10_000;

/// The faults that were logged.
#[derive(Debug, Default)]
pub(super) struct Noted(Mutex<HashSet<Fault>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Fault {
    Descriptor(DescriptorNumber),
    Request(Uuid),
    /// There are more of them than are remembered.
    Others,
}

impl Noted {
    /// Logs a descriptor about which nothing can be decided.
    pub(super) fn descriptor(&self, undecidable: &Undecidable, correlation: CorrelationId) {
        let DescriptorNumber(descriptor) = undecidable.descriptor;
        if self.is_new(Fault::Descriptor(undecidable.descriptor)) {
            let reason = Reason::from(&undecidable.failure);
            let failure = undecidable.failure.to_string();
            let detail = Escaped(&failure);
            tracing::error!(target: "sddl_authz::serve", %correlation, descriptor, %reason, %detail, "requests with this descriptor are not listed");
        }
    }

    /// Logs a row that can't be read, or that contradicts its id.
    pub(super) fn request(&self, id: Uuid, reason: Reason, correlation: CorrelationId) {
        if self.is_new(Fault::Request(id)) {
            tracing::error!(target: "sddl_authz::serve", %correlation, request = %id, %reason, "a request was not listed");
        }
    }

    fn is_new(&self, fault: Fault) -> bool {
        let mut noted = locked(&self.0);
        if noted.len() < MOST {
            return noted.insert(fault);
        }
        if !noted.contains(&fault) && noted.insert(Fault::Others) {
            drop(noted);
            tracing::error!(target: "sddl_authz::serve", "further requests are not listed, and will not be named here");
        }
        false
    }
}

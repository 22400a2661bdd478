//! Requests in memory, with the conditions of the server's own store.

use sddl_authz::{
    http::ResourceSource,
    mim::{CertificateRequest, DescriptorDigest, Property, StatusUpdate},
};
use sddl_authz_server::{
    audit::AuditEntry,
    store::{Applied, Filter, Store, StoreError},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

pub(super) type Rows = BTreeMap<Uuid, String>;

#[derive(Clone, Debug, Default)]
pub(super) struct Memory(Arc<Mutex<Rows>>);

impl Memory {
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Rows) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ResourceSource for Memory {
    type Id = Uuid;
    type Resource = String;
    type Error = StoreError;

    async fn load(&self, id: Uuid) -> Result<Option<String>, StoreError> {
        Ok(self.with(|rows| rows.get(&id).cloned()))
    }
}

impl Store for Memory {
    async fn apply(&self, update: StatusUpdate, _: AuditEntry) -> Result<Applied, StoreError> {
        self.with(|rows| {
            let Some(row) = rows.get_mut(&update.request) else {
                return Ok(Applied::Stale);
            };
            let mut request: CertificateRequest = serde_json::from_str(row)?;
            let text = request.security_descriptor.value();
            let digest = text.map(|text| DescriptorDigest::new(text));
            if (request.uuid, request.status, digest) != (update.request, update.from, Some(update.descriptor)) {
                return Ok(Applied::Stale);
            }
            request.status = update.to;
            if let Some(completed) = update.completed {
                request.completed = Property::Value(completed);
            }
            *row = serde_json::to_string(&request)?;
            Ok(Applied::Done(row.clone()))
        })
    }

    async fn page(&self, _: Filter, after: Option<Uuid>) -> Result<Vec<(Uuid, String)>, StoreError> {
        let rows = self.with(|rows| rows.clone());
        Ok(rows
            .into_iter()
            .filter(|(id, _)| after.is_none_or(|after| *id > after))
            .collect())
    }

    async fn record(&self, _: Vec<AuditEntry>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn import(&self, _: Vec<CertificateRequest>) -> Result<usize, StoreError> {
        Ok(0)
    }

    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

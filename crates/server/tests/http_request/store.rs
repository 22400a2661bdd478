//! Requests in memory, with the conditions of the server's own store.

use sddl_authz::{
    http::ResourceSource,
    mim::{CertificateRequest, DescriptorDigest, Property, RequestView, StatusUpdate},
};
use sddl_authz_server::{
    audit::{AuditEntry, RefusalEntry},
    store::{Applied, Batch, DescriptorNumber, Filter, Imported, Page, Row, Store, StoreError},
};
use std::{
    collections::{BTreeMap, BTreeSet},
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

/// The text of the descriptor in a row.
fn descriptor(row: &str) -> Option<String> {
    let view = RequestView::from_json(row.as_bytes()).ok()?;
    Some(view.security_descriptor?.into_owned())
}

impl Memory {
    /// The rows with the numbers of their descriptors.
    fn numbered(&self) -> Vec<(DescriptorNumber, Row)> {
        let rows = self.with(|rows| rows.clone());
        let row = |(number, (id, json)): (i64, (Uuid, String))| {
            let descriptor = match descriptor(&json) {
                Some(_) => DescriptorNumber(number),
                None => DescriptorNumber::NONE,
            };
            (descriptor, Row { id, descriptor, json })
        };
        (1_i64..).zip(rows).map(row).collect()
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

    async fn descriptors(
        &self,
        after: Option<DescriptorNumber>,
        _: usize,
    ) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        // Every row has a number of its own, so equal texts have several.
        let after = after.unwrap_or(DescriptorNumber::NONE);
        let texts = self
            .numbered()
            .into_iter()
            .filter_map(|(number, row)| Some((number, descriptor(&row.json)?)));
        Ok(texts.filter(|(number, _)| *number > after).collect())
    }

    async fn page(
        &self,
        _: Filter,
        readable: Arc<BTreeSet<DescriptorNumber>>,
        after: Option<Uuid>,
        _: usize,
    ) -> Result<Page, StoreError> {
        let rows = self.numbered().into_iter().map(|(_, row)| row);
        let rows = rows.filter(|row| readable.contains(&row.descriptor) && after.is_none_or(|after| row.id > after));
        Ok(Page {
            rows: rows.collect(),
            next: None,
        })
    }

    async fn record(&self, _: Vec<RefusalEntry>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn import(&self, _: Batch) -> Result<Imported, StoreError> {
        Ok(Imported::default())
    }

    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

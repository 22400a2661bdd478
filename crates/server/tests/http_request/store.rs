//! Requests in memory, with the conditions of the server's own store.

use sddl_authz::{
    http::ResourceSource,
    mim::{CertificateRequest, DescriptorDigest, Property, RequestView, StatusUpdate},
};
use sddl_authz_server::{
    audit::{AuditEntry, RefusalEntry},
    store::{
        Applied, Batch, DescriptorNumber, Filter, Found, Imported, ListSource, Readable, Store, StoreError, Walked,
    },
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

pub(super) type Rows = BTreeMap<Uuid, String>;

#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    rows: Arc<Mutex<Rows>>,
    /// Each text of a descriptor that was ever in a row. They remain, since their numbers must not be used again.
    texts: Arc<Mutex<Vec<String>>>,
}

impl Memory {
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Rows) -> T) -> T {
        work(&mut self.rows.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with_texts<T>(&self, work: impl FnOnce(&mut Vec<String>) -> T) -> T {
        work(&mut self.texts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The number of the descriptor in a row.
    fn number(&self, row: &str) -> DescriptorNumber {
        let Some(text) = RequestView::from_json(row.as_bytes())
            .ok()
            .and_then(|view| view.security_descriptor)
        else {
            return DescriptorNumber::NONE;
        };
        self.with_texts(|texts| {
            if !texts.iter().any(|known| *known == text) {
                texts.push(text.clone().into_owned());
            }
            let mut numbered = (1..).map(DescriptorNumber).zip(texts);
            let found = numbered.find(|(_, known)| **known == text);
            found.map_or(DescriptorNumber::NONE, |(number, _)| number)
        })
    }
}

/// Filters nothing.
impl ListSource for Memory {
    async fn walk(&self, _: Filter, after: Option<Uuid>, _: usize) -> Result<Walked, StoreError> {
        let rows = self.with(|rows| rows.clone());
        let rows = rows.iter().filter(|(id, _)| Some(**id) > after);
        Ok(Walked {
            found: rows.map(|(id, row)| (*id, self.number(row))).collect(),
            reached: None,
        })
    }

    async fn search(&self, _: Filter, _: Readable, _: Option<Uuid>, _: usize) -> Result<Found, StoreError> {
        Ok(Found::TooMany)
    }

    async fn descriptors(
        &self,
        after: Option<DescriptorNumber>,
        limit: usize,
    ) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        let texts = self.with_texts(|texts| texts.clone());
        let numbered = (1..).map(DescriptorNumber).zip(texts);
        Ok(numbered
            .filter(|(number, _)| Some(*number) > after)
            .take(limit)
            .collect())
    }

    async fn texts(&self, numbers: Vec<DescriptorNumber>) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        let none = (DescriptorNumber::NONE, String::new());
        let all = self.descriptors(None, usize::MAX).await?.into_iter().chain([none]);
        Ok(all.filter(|(number, _)| numbers.contains(number)).collect())
    }

    async fn rows(&self, ids: Arc<[Uuid]>, first: usize, _: usize) -> Result<Vec<Option<String>>, StoreError> {
        let ids = ids.iter().skip(first);
        Ok(self.with(|rows| ids.map(|id| rows.get(id).cloned()).collect()))
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

use sddl_authz::mim::CertificateRequest;
use uuid::Uuid;

/// Changes of a store that are made together.
#[derive(Clone, Debug, PartialEq)]
pub enum Batch {
    /// Adds the requests whose ids are not in the store.
    Insert(Vec<CertificateRequest>),
    /// Adds requests, and replaces those whose ids are in the store.
    Replace(Vec<CertificateRequest>),
    /// Removes the requests with these ids.
    Delete(Vec<Uuid>),
}

/// How many requests an import changed, and how many it did not.
///
/// ```
/// use sddl_authz_server::store::Imported;
/// let mut done = Imported { inserted: 2, ..Imported::default() };
/// done.add(Imported { skipped: 1, ..Imported::default() });
/// assert_eq!((done.inserted, done.skipped, done.total()), (2, 1, 3));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Requests that are new in the store.
    pub inserted: u64,
    /// Requests that replaced others.
    pub replaced: u64,
    /// Requests that were in the store with the same content.
    pub unchanged: u64,
    /// Requests that were removed.
    pub deleted: u64,
    /// Requests that were not added, as the store has another one with the id; or not removed, as it has none.
    pub skipped: u64,
}

impl Imported {
    /// Adds the counts of another batch.
    pub const fn add(&mut self, other: Self) {
        self.inserted = self.inserted.saturating_add(other.inserted);
        self.replaced = self.replaced.saturating_add(other.replaced);
        self.unchanged = self.unchanged.saturating_add(other.unchanged);
        self.deleted = self.deleted.saturating_add(other.deleted);
        self.skipped = self.skipped.saturating_add(other.skipped);
    }

    /// Returns the number of requests that were looked at.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.inserted
            .saturating_add(self.replaced)
            .saturating_add(self.unchanged)
            .saturating_add(self.deleted)
            .saturating_add(self.skipped)
    }
}

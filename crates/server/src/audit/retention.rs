use core::time::Duration;

/// How much of the audit is kept. The default keeps everything.
///
/// ```
/// use sddl_authz_server::audit::{Keep, Retention};
/// let mut retention = Retention::default();
/// retention.refusals = Keep { bytes: Some(256 << 20), ..Keep::default() };
/// assert_eq!(retention.changes, Keep::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// The bounds of changes.
    pub changes: Keep,
    /// The bounds of refusals.
    pub refusals: Keep,
}

/// The bounds of one kind of entries: entries beyond them are removed, the oldest first. The default keeps everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// The greatest age of an entry.
    pub age: Option<Duration>,
    /// The most bytes of all entries. Once there are more, a tenth of them makes room.
    pub bytes: Option<u64>,
}

/// Entries that were removed from the audit. This is recorded in the audit, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The kind of the entries: `changes` or `refusals`.
    pub entries: &'static str,
    /// The cause: `age` or `size`.
    pub cause: &'static str,
    /// The number of entries.
    pub count: i64,
    /// The number of the first entry of this kind that is kept.
    pub first_kept: i64,
}

//! One question about many descriptors: which of a million files may this caller read?
//!
//! Most of them repeat a few thousand distinct descriptors. A [`Batch`] decides about each distinct descriptor once. It tells them apart by
//! their bytes, and it keeps a copy of each, so its memory grows with the distinct ones alone.
//!
//! **An object without a DACL, or with a NULL one, is open to everybody**, as in any check; an empty text is such a descriptor. Where
//! descriptors may have been cut off, ask with [`AccessCheck::refuse_unprotected`].
//!
//! ```
//! use sddl_authz::{AccessCheck, AccessMask, Caller};
//! let rows = [(1, "D:(A;;RC;;;AU)"), (2, "D:(A;;RC;;;BA)"), (3, "D:(A;;RC;;;AU)"), (4, "no SDDL"), (5, "O:BA")];
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
//! let mut batch = AccessCheck::new(&caller, AccessMask::READ_CONTROL).refuse_unprotected().batch();
//! let readable = rows.iter().filter(|(_, descriptor)| batch.allows_text(descriptor));
//! assert!(readable.map(|(id, _)| *id).eq([1, 3]));
//! assert_eq!(batch.distinct(), 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{
    binary::DecodeError,
    caller::Caller,
    central_policy::CentralPolicies,
    check::{AccessCheck, Decision, Options},
    mask::AccessMask,
    sddl::ParseError,
};
use alloc::{sync::Arc, vec::Vec};
use core::hash::{BuildHasher, Hasher};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A question and the decisions so far, made by [`AccessCheck::batch`]. It owns a copy of the caller.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, Decision};
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let mut batch = AccessCheck::new(&caller, AccessMask::MAXIMUM_ALLOWED).batch();
/// drop(caller);
/// let granted = AccessMask::from_bits_retain(0x3);
/// assert_eq!(batch.check_text("D:(A;;0x3;;;AU)")?, Decision::Allowed { granted });
///
/// // The reason for one row: explain it.
/// let refused = "D:(A;;0x3;;;BA)";
/// assert!(!batch.check_text(refused)?.is_allowed());
/// assert_eq!(batch.question().explain(&refused.parse::<sddl_authz::SecurityDescriptor>()?).steps.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batch {
    caller: Arc<Caller>,
    desired: AccessMask,
    options: Options,
    policies: Option<Arc<CentralPolicies>>,
    known: HashTable<Known>,
    // The descriptors of `known`, one after the other.
    bytes: Vec<u8>,
}

/// The form of a descriptor: bytes of one form can be a descriptor in the other form too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Bytes,
    Text,
}

/// A descriptor that was decided about.
#[derive(Clone, Copy, Debug)]
struct Known {
    hash: u64,
    /// Its place in `Batch::bytes`.
    start: usize,
    end: usize,
    form: Form,
    /// `None` if it can't be read. Reading it again tells the error.
    decision: Option<Decision>,
}

impl AccessCheck<'_> {
    /// Prepares to ask this question about many descriptors. The [`batch`](crate::batch) module says more.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// assert!(batch.allows_text("D:(A;;RC;;;AN)"));
    /// assert!(!batch.allows_text("D:(A;;RC;;;AU)"));
    /// ```
    #[must_use]
    pub fn batch(&self) -> Batch {
        Batch {
            caller: Arc::new(self.caller.clone()),
            desired: self.desired,
            options: self.options,
            policies: self.policies.cloned().map(Arc::new),
            known: HashTable::new(),
            bytes: Vec::new(),
        }
    }
}

impl Batch {
    /// The question, for instance to [explain](AccessCheck::explain) the decision about one descriptor.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::Step};
    /// let batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// let nobody: SecurityDescriptor = "D:".parse()?;
    /// assert_eq!(batch.question().explain(&nobody).steps, [Step::DaclEmpty]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn question(&self) -> AccessCheck<'_> {
        let question = AccessCheck::new(&self.caller, self.desired).options(self.options);
        match &self.policies {
            Some(policies) => question.central_policies(policies),
            None => question,
        }
    }

    /// Decides about a self-relative descriptor
    /// ([\[MS-DTYP\] 2.4.6](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d)),
    /// as [`AccessCheck::check_bytes`] does.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, binary};
    /// let bytes = binary::to_bytes(&"D:(A;;RC;;;AN)".parse()?)?;
    /// let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// assert!(batch.check_bytes(&bytes)?.is_allowed());
    /// assert!(batch.check_bytes(&bytes[1..]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes are not a descriptor.
    pub fn check_bytes(&mut self, descriptor: &[u8]) -> Result<Decision, DecodeError> {
        self.check(Form::Bytes, descriptor, |question| question.check_bytes(descriptor))
    }

    /// Decides about a descriptor in SDDL, as [`AccessCheck::check_text`] does.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// assert!(batch.check_text("D:(A;;RC;;;AN)")?.is_allowed());
    /// assert!(batch.check_text("D:(A;;RC").is_err());
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the text is not SDDL.
    pub fn check_text(&mut self, descriptor: &str) -> Result<Decision, ParseError> {
        self.check(Form::Text, descriptor.as_bytes(), |question| {
            question.check_text(descriptor)
        })
    }

    /// Whether a self-relative descriptor can be read and allows the access.
    pub fn allows_bytes(&mut self, descriptor: &[u8]) -> bool {
        self.check_bytes(descriptor).is_ok_and(|decision| decision.is_allowed())
    }

    /// Whether a descriptor in SDDL can be read and allows the access.
    pub fn allows_text(&mut self, descriptor: &str) -> bool {
        self.check_text(descriptor).is_ok_and(|decision| decision.is_allowed())
    }

    /// Decides about the values of a dictionary-encoded column, self-relative descriptors: the rows then refer to the decisions by their
    /// keys, so that no row is hashed.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, binary};
    /// let values = ["D:(A;;RC;;;AN)", "D:(A;;RC;;;BA)"].map(|text| binary::to_bytes(&text.parse().unwrap()).unwrap());
    /// let keys = [0, 1, 1, 0, 2];
    /// let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// let decisions = batch.dictionary_bytes(&values);
    /// assert!(keys.iter().map(|&key| decisions.allows(key)).eq([true, false, false, true, false]));
    /// ```
    pub fn dictionary_bytes<V: AsRef<[u8]>>(&mut self, values: impl IntoIterator<Item = V>) -> Dictionary<DecodeError> {
        let decisions = values.into_iter().map(|value| self.check_bytes(value.as_ref()));
        Dictionary {
            decisions: decisions.collect(),
        }
    }

    /// Decides about the values of a dictionary-encoded column, descriptors in SDDL.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// let decisions = batch.dictionary_texts(["D:(A;;RC;;;AN)", "no SDDL"]);
    /// assert!(decisions.allows(0));
    /// assert!(decisions.get(1).is_some_and(|decision| decision.is_err()));
    /// ```
    pub fn dictionary_texts<V: AsRef<str>>(&mut self, values: impl IntoIterator<Item = V>) -> Dictionary<ParseError> {
        let decisions = values.into_iter().map(|value| self.check_text(value.as_ref()));
        Dictionary {
            decisions: decisions.collect(),
        }
    }

    /// Decides about the descriptors of many items, on all cores, in their order. `descriptor` returns the self-relative descriptor of an
    /// item. Each core keeps the distinct descriptors for itself; those that this batch has met already are not used.
    ///
    /// ```
    /// use rayon::iter::ParallelIterator;
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, binary};
    /// let rows: Vec<Vec<u8>> = ["D:(A;;RC;;;AN)", "D:(A;;RC;;;BA)"]
    ///     .map(|text| binary::to_bytes(&text.parse().unwrap()).unwrap())
    ///     .into();
    /// let batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// let decisions = batch.par_check_bytes(&rows, |row| row);
    /// assert_eq!(decisions.filter(|decision| decision.is_ok_and(|decision| decision.is_allowed())).count(), 1);
    /// ```
    #[cfg(feature = "rayon")]
    pub fn par_check_bytes<'i, T: Sync, F: Fn(&T) -> &[u8] + Sync + Send + 'i>(
        &self,
        items: &'i [T],
        descriptor: F,
    ) -> impl rayon::iter::IndexedParallelIterator<Item = Result<Decision, DecodeError>> + use<'i, T, F> {
        self.par_check(items, move |batch, item| batch.check_bytes(descriptor(item)))
    }

    /// Decides about the descriptors of many items in SDDL, on all cores, as [`par_check_bytes`](Self::par_check_bytes) does.
    ///
    /// ```
    /// use rayon::iter::ParallelIterator;
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let rows = ["D:(A;;RC;;;AN)", "D:(A;;RC;;;BA)", "no SDDL"];
    /// let batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// let decisions = batch.par_check_text(&rows, |row| row);
    /// assert_eq!(decisions.filter(|decision| decision.as_ref().is_ok_and(|decision| decision.is_allowed())).count(), 1);
    /// ```
    #[cfg(feature = "rayon")]
    pub fn par_check_text<'i, T: Sync, F: Fn(&T) -> &str + Sync + Send + 'i>(
        &self,
        items: &'i [T],
        descriptor: F,
    ) -> impl rayon::iter::IndexedParallelIterator<Item = Result<Decision, ParseError>> + use<'i, T, F> {
        self.par_check(items, move |batch, item| batch.check_text(descriptor(item)))
    }

    #[cfg(feature = "rayon")]
    fn par_check<'i, T: Sync, R: Send, C: Fn(&mut Self, &'i T) -> R + Sync + Send + 'i>(
        &self,
        items: &'i [T],
        check: C,
    ) -> impl rayon::iter::IndexedParallelIterator<Item = R> + use<'i, T, R, C> {
        use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator};
        /// The fewest items for which a core fills a table of its own.
        const PART: usize = 1 << 15;
        let empty = self.question().batch();
        let each = items.par_iter().with_min_len(PART);
        rayon::iter::ParallelIterator::map_init(each, move || empty.clone(), check)
    }

    /// The number of distinct descriptors that are kept.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    /// for descriptor in ["D:(A;;RC;;;AN)", "D:(A;;RC;;;BA)", "D:(A;;RC;;;AN)"] {
    ///     batch.allows_text(descriptor);
    /// }
    /// assert_eq!(batch.distinct(), 2);
    /// ```
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.known.len()
    }

    fn check<E>(
        &mut self,
        form: Form,
        descriptor: &[u8],
        read: impl FnOnce(&AccessCheck<'_>) -> Result<Decision, E>,
    ) -> Result<Decision, E> {
        self.check_hashed(hash(descriptor), form, descriptor, read)
    }

    fn check_hashed<E>(
        &mut self,
        hash: u64,
        form: Form,
        descriptor: &[u8],
        read: impl FnOnce(&AccessCheck<'_>) -> Result<Decision, E>,
    ) -> Result<Decision, E> {
        let mut others = 0_usize;
        for known in self.known.iter_hash(hash).filter(|known| known.hash == hash) {
            if known.form == form && self.bytes.get(known.start..known.end) == Some(descriptor) {
                return match known.decision {
                    Some(decision) => Ok(decision),
                    None => read(&self.question()),
                };
            }
            others = others.saturating_add(1);
        }
        let result = read(&self.question());
        if others < MAX_SAME_HASH {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(descriptor);
            let known = Known {
                hash,
                start,
                end: self.bytes.len(),
                form,
                decision: result.as_ref().ok().copied(),
            };
            self.known.insert_unique(hash, known, |known| known.hash);
        }
        result
    }
}

/// The decisions about the values of a dictionary-encoded column, by their keys; made by [`Batch::dictionary_bytes`] and
/// [`Batch::dictionary_texts`].
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller};
/// let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
/// let decisions = batch.dictionary_texts(["D:(A;;RC;;;AN)"]);
/// assert!(decisions.allows(0));
/// assert!(!decisions.allows(1)); // no such value
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictionary<E> {
    decisions: Vec<Result<Decision, E>>,
}

impl<E> Dictionary<E> {
    /// The decision about the value with this key, or the error if the value can't be read; `None` if there is no such value.
    #[must_use]
    pub fn get(&self, key: usize) -> Option<&Result<Decision, E>> {
        self.decisions.get(key)
    }

    /// Whether there is a value with this key, and it can be read and allows the access.
    #[must_use]
    pub fn allows(&self, key: usize) -> bool {
        matches!(self.get(key), Some(Ok(decision)) if decision.is_allowed())
    }
}

/// The most descriptors of one hash that are kept; others are decided about each time. Somebody who chooses descriptors whose hashes are
/// equal makes looking them up slower, and changes no answer.
const MAX_SAME_HASH: usize = 8;

/// Hashes with a fixed seed: no answer depends on it, since descriptors with equal hashes are compared.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use crate::{
        batch::{Form, MAX_SAME_HASH},
        caller::Caller,
        check::{AccessCheck, Decision},
        mask::AccessMask,
    };
    use alloc::format;

    #[test]
    fn descriptors_of_one_hash_are_told_apart_and_few_are_kept() {
        let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
        for round in 0..2 {
            for number in 0..40_u32 {
                let text = format!("{number}");
                let answer = (number % 2 == 0).then_some(Decision::Allowed {
                    granted: AccessMask::from_bits_retain(number),
                });
                let found = batch.check_hashed(7, Form::Text, text.as_bytes(), |_| answer.ok_or(number));
                assert_eq!(found, answer.ok_or(number), "{number} in round {round}");
            }
        }
        assert_eq!(batch.distinct(), MAX_SAME_HASH);
    }

    #[test]
    fn the_forms_are_told_apart() {
        let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
        assert!(batch.allows_text("D:NO_ACCESS_CONTROL"));
        assert!(!batch.allows_bytes(b"D:NO_ACCESS_CONTROL"));
        assert!(batch.allows_text("D:NO_ACCESS_CONTROL"));
        assert_eq!(batch.distinct(), 2);
    }
}

//! A cache of parsed callers and descriptors, by their text. The lines of a stream often repeat them.

use foldhash::fast::RandomState;
use std::{collections::HashMap, rc::Rc};

/// About how many bytes a cache may take. When it would take more, it is emptied.
const MOST_BYTES: usize = 32 << 20;
/// An estimate of the bytes of a parsed value: this many for each byte of its text, and a constant.
const BYTES_PER_BYTE: usize = 8;
const BYTES_PER_VALUE: usize = 1_024;

pub(super) struct Cache<T> {
    by_text: HashMap<Box<str>, Rc<T>, RandomState>,
    /// The estimated bytes of all values.
    bytes: usize,
    /// How many texts were parsed so far.
    pub(super) parsed: u64,
}

impl<T> Cache<T> {
    pub(super) fn new() -> Self {
        Self {
            by_text: HashMap::default(),
            bytes: 0,
            parsed: 0,
        }
    }

    /// Returns the value of a text, which `parse` makes if it is not in the cache. Errors are not kept.
    pub(super) fn get<E>(&mut self, text: &str, parse: impl FnOnce() -> Result<T, E>) -> Result<Rc<T>, E> {
        if let Some(known) = self.by_text.get(text) {
            return Ok(Rc::clone(known));
        }
        let value = Rc::new(parse()?);
        self.parsed = self.parsed.saturating_add(1);
        let bytes = text
            .len()
            .saturating_mul(BYTES_PER_BYTE)
            .saturating_add(BYTES_PER_VALUE);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_BYTES {
            self.by_text.clear();
            self.bytes = bytes;
        }
        self.by_text.insert(text.into(), Rc::clone(&value));
        Ok(value)
    }
}

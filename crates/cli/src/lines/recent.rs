//! What was read from a text lately, by that text: streams repeat their callers and descriptors.

use foldhash::fast::RandomState;
use std::{collections::HashMap, rc::Rc};

/// The most bytes that are remembered, about; what is beyond them makes room for itself by forgetting all the others.
const MOST_BYTES: usize = 32 << 20;
/// What is made of a text takes some times its bytes, and something even where the text is short.
const TIMES: usize = 8;
const LEAST: usize = 1_024;

pub(super) struct Recent<T> {
    by_text: HashMap<Box<str>, Rc<T>, RandomState>,
    /// Of what is remembered, about.
    bytes: usize,
    /// How many texts were read so far.
    pub(super) read: u64,
}

impl<T> Recent<T> {
    pub(super) fn new() -> Self {
        Self {
            by_text: HashMap::default(),
            bytes: 0,
            read: 0,
        }
    }

    /// What `read` makes of the text, if it is not remembered. What can't be read is not.
    pub(super) fn get<E>(&mut self, text: &str, read: impl FnOnce() -> Result<T, E>) -> Result<Rc<T>, E> {
        if let Some(known) = self.by_text.get(text) {
            return Ok(Rc::clone(known));
        }
        let value = Rc::new(read()?);
        self.read = self.read.saturating_add(1);
        let bytes = text.len().saturating_mul(TIMES).saturating_add(LEAST);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_BYTES {
            self.by_text.clear();
            self.bytes = bytes;
        }
        self.by_text.insert(text.into(), Rc::clone(&value));
        Ok(value)
    }
}

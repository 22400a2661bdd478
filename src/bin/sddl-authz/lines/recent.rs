//! What was read from a text lately, by that text: streams repeat their callers and descriptors.

use foldhash::fast::RandomState;
use std::{collections::HashMap, rc::Rc};

/// The most bytes of texts that are remembered; what is beyond them makes room for itself by forgetting all the others.
const MOST_BYTES: usize = 32 << 20;

pub(super) struct Recent<T> {
    by_text: HashMap<Box<str>, Rc<T>, RandomState>,
    /// Of the texts that are remembered.
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
        self.bytes = self.bytes.saturating_add(text.len());
        if self.bytes > MOST_BYTES {
            self.by_text.clear();
            self.bytes = text.len();
        }
        self.by_text.insert(text.into(), Rc::clone(&value));
        Ok(value)
    }
}

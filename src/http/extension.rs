//! A value in the extensions of a request, which must be `Clone`, that can be taken once.

extern crate std;

use alloc::sync::Arc;
use http::Extensions;
use std::sync::{Mutex, PoisonError};

struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Puts a value into the extensions.
#[cfg(feature = "tower")]
pub(crate) fn put<T: Send + 'static>(value: T, extensions: &mut Extensions) {
    extensions.insert(Slot(Arc::new(Mutex::new(Some(value)))));
}

/// Takes the value of this type from the extensions. Of several clones the first one gets it.
pub(crate) fn take<T: Send + 'static>(extensions: &mut Extensions) -> Option<T> {
    let slot: Slot<T> = extensions.remove()?;
    slot.0.lock().unwrap_or_else(PoisonError::into_inner).take()
}

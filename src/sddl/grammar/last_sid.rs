use super::Input;
use crate::sid::Sid;

/// The SID that was read last. The next one mostly has another relative identifier and is the same otherwise, so that only this number
/// needs to be read.
pub(super) struct LastSid<'t> {
    /// Its canonical text up to the last hyphen. Empty where the next SID is to be read whole.
    pub(super) text: Input<'t>,
    pub(super) sid: Sid,
}

impl Default for LastSid<'_> {
    fn default() -> Self {
        Self {
            text: &[],
            sid: Sid::NOBODY,
        }
    }
}

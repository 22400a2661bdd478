use crate::{ace::Ace, caller::IntegrityLevel, mask::AccessMask};

/// The integrity level of an object, and the policy for callers below that level
/// ([\[MS-DTYP\] 2.4.4.13](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)).
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub(super) level: IntegrityLevel,
    /// The mask of the mandatory label: [`NO_WRITE_UP`](Self::NO_WRITE_UP) and the other two.
    pub(super) policy: AccessMask,
    /// The index of the label in the SACL; `None` if the object has no label.
    pub(super) index: Option<usize>,
}

impl Label {
    pub(super) const NO_WRITE_UP: AccessMask = AccessMask::from_bits_retain(1);
    pub(super) const NO_READ_UP: AccessMask = AccessMask::from_bits_retain(2);
    pub(super) const NO_EXECUTE_UP: AccessMask = AccessMask::from_bits_retain(4);

    /// The label of an object that has none in its SACL.
    pub(super) const DEFAULT: Self = Self {
        level: IntegrityLevel::MEDIUM,
        policy: Self::NO_WRITE_UP,
        index: None,
    };

    pub(super) fn of(ace: &Ace, index: usize) -> Self {
        let level = ace.trustee().and_then(|&sid| IntegrityLevel::try_from(sid).ok());
        Self {
            // A label whose SID is not an integrity level is above every caller (inferred).
            level: level.unwrap_or(IntegrityLevel::HIGHEST),
            policy: ace.mask(),
            index: Some(index),
        }
    }
}

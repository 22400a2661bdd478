use crate::descriptors;
use arbitrary::Unstructured;
use sddl_authz::binary;

/// Any model. It can be written, and is read back as it was.
pub(crate) fn binary_model_roundtrip(data: &[u8]) {
    let Ok(model) = descriptors::descriptor(&mut Unstructured::new(data)) else {
        return;
    };
    let bytes = binary::to_bytes(&model).expect("a small descriptor can be written");
    assert_eq!(binary::from_bytes(&bytes), Ok(model));
}

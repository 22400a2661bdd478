use crate::descriptors;
use arbitrary::Unstructured;
use sddl_authz::binary;

/// The input is turned into a model. The model can be encoded, and decodes to itself.
pub(crate) fn binary_model_roundtrip(data: &[u8]) {
    let Ok(model) = descriptors::descriptor(&mut Unstructured::new(data)) else {
        return;
    };
    let bytes = binary::to_bytes(&model).expect("a small descriptor can be written");
    assert_eq!(binary::from_bytes(&bytes), Ok(model));
}

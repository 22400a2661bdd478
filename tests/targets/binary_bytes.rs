use super::expected::{domain_options, in_text};
use sddl_authz::{binary, sddl};

/// Any bytes. What is read can be written, and is read back as the same model; so it is from its text, where it has one.
pub(crate) fn binary_bytes(data: &[u8]) {
    let model = match binary::from_bytes(data) {
        Ok(model) => model,
        Err(error) => {
            assert!(error.offset() <= data.len(), "{error}");
            return;
        }
    };
    let bytes = binary::to_bytes(&model).expect("what was read can be written");
    assert_eq!(binary::from_bytes(&bytes).as_ref(), Ok(&model));
    for options in domain_options() {
        let Ok(text) = sddl::to_text(&model, &options) else {
            continue;
        };
        let read = sddl::parse_with(&text, &options).expect("what was printed can be read");
        assert_eq!(read, in_text(&model), "{text}");
        let bytes = binary::to_bytes(&read).expect("what was read can be written");
        assert_eq!(binary::from_bytes(&bytes), Ok(read), "{text}");
    }
}

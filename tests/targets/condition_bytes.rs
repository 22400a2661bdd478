use super::expected::{condition_in_text, domain_options};
use sddl_authz::{Condition, Limits, binary, sddl};

/// The input is any bytes after `artx`. A decoded condition is encoded as the same bytes, without the padding. Its text, where there is
/// one, is parsed as the same condition, except for the width of integers.
pub(crate) fn condition_bytes(data: &[u8]) {
    let bytes = [b"artx", data].concat();
    let condition = match binary::condition_from_bytes(&bytes, &Limits::DEFAULT) {
        Ok(condition) => condition,
        Err(error) => {
            assert!(error.offset() <= bytes.len(), "{error}");
            return;
        }
    };
    let written = binary::condition_to_bytes(&condition);
    assert!(bytes.starts_with(&written), "nothing but padding is left out");
    let read = binary::condition_from_bytes(&written, &Limits::DEFAULT);
    assert_eq!(read.as_ref(), Ok(&condition));
    // Reading tokens and decoding are two pieces of code.
    let made = Condition::from_postfix(condition.tokens(), &Limits::DEFAULT);
    assert_eq!(made.as_ref(), Ok(&condition));
    let [options, _] = domain_options();
    if let Some(text) = sddl::condition_to_text(&condition, &options) {
        let read: Condition = text.parse().expect("what was printed can be read");
        assert_eq!(read, condition_in_text(&condition), "{text}");
        assert_eq!(sddl::condition_to_text(&read, &options), Some(text));
    }
}

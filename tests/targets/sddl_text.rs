use super::expected::domain_options;
use sddl_authz::sddl;

/// Any text. What is accepted can be printed; what is printed is accepted, in the strict dialect too, as the same model.
pub(crate) fn sddl_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for options in domain_options() {
        let Ok(model) = sddl::parse_with(&text, &options) else {
            continue;
        };
        let printed = sddl::to_text(&model, &options).expect("what was read from text has a text");
        assert_eq!(sddl::parse_with(&printed, &options).as_ref(), Ok(&model), "{printed}");
        let mut strict = options;
        strict.dialect = sddl::Dialect::Strict;
        assert_eq!(sddl::parse_with(&printed, &strict).as_ref(), Ok(&model), "{printed}");
    }
}

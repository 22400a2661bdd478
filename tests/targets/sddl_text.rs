use super::expected::domain_options;
use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, Sid, encoded::TextChecker, sddl};

/// The input is any text. An accepted text can be printed. The printed text is accepted, in the strict dialect too, and gives the same
/// model. A checker that reuses its memory gives the same error or decision as a parsed model.
pub(crate) fn sddl_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut checker = TextChecker::default();
    let caller = Caller::bare(Sid::EVERYONE).expect("no SID of an app container");
    let question = AccessCheck::new(&caller, AccessMask::from_bits_retain(0x6_0001));
    for text in [
        "D:(A;;FA;;;SY)(D;;CC;;;WD)S:(AU;SA;CC;;;WD)",
        &text,
        "D:(A;;CCRCWD;;;WD)",
    ] {
        let model: Result<SecurityDescriptor, _> = text.parse();
        let decision = model.map(|model| question.check(&model));
        assert_eq!(checker.check(&question, text), decision, "{text}");
    }
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

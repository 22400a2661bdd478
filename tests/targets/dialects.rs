use super::expected::domain_options;
use sddl_authz::{
    SecurityDescriptor,
    sddl::{self, Dialect, Inspection, Options, ParseError},
};

/// The input is any text. The strict dialect accepts exactly those texts that the Windows dialect accepts without a violation. Lenient
/// numbers only add accepted texts. Inspecting and parsing give the same result. Each span is within the text, and messages are printable.
pub(crate) fn dialects(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let [_, windows] = domain_options();
    let (mut strict, mut lenient) = (windows, windows);
    strict.dialect = Dialect::Strict;
    lenient.lenient_numbers = true;
    let accepted = sddl::parse_with(&text, &windows);
    let Inspection { violations, .. } = inspected(&text, &windows, &accepted);
    let strictly = sddl::parse_with(&text, &strict);
    inspected(&text, &strict, &strictly);
    match &accepted {
        Ok(model) if violations.is_empty() => assert_eq!(strictly.as_ref(), Ok(model)),
        _ => assert!(strictly.is_err(), "{violations:?} in {text:?}"),
    }
    if accepted.is_ok() {
        assert_eq!(sddl::parse_with(&text, &lenient), accepted);
    }
}

/// Inspects a text, and compares the result with that of parsing it.
fn inspected(text: &str, options: &Options, parsed: &Result<SecurityDescriptor, ParseError>) -> Inspection {
    let inspection = sddl::inspect(text, options);
    let errors = inspection.result.as_ref().err().cloned().unwrap_or_default();
    assert_eq!(inspection.result.as_ref().ok(), parsed.as_ref().ok());
    assert_eq!(errors.first(), parsed.as_ref().err());
    for error in &errors {
        assert!(!error.to_string().chars().any(char::is_control), "{error:?}");
    }
    let spans = errors.iter().map(ParseError::span);
    let violations = inspection.violations.iter().map(|violation| violation.span);
    let entries = inspection.dacl_spans.iter().chain(&inspection.sacl_spans).copied();
    for span in spans.chain(violations).chain(entries) {
        assert!(text.get(span.range()).is_some(), "{span:?} is no part of the text");
    }
    inspection
}

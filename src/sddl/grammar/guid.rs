use super::{Grammar, Input, Parsed, Watch, after_spaces};
use crate::{ace::AceType, sddl::ParseErrorKind};
use uuid::Uuid;

/// Length of `bf967aba-0de6-11d0-a285-00aa003049e2`.
const GUID_LEN: usize = 36;

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// A GUID of an object entry, or an empty field, which may hold blanks.
    pub(super) fn guid(&self, ace_type: AceType, input: Input<'t>) -> Parsed<'t, Option<Uuid>> {
        if let [b';', ..] = after_spaces(input) {
            return self.blanks(input).map(|(rest, ())| (rest, None));
        }
        // `try_parse_ascii` knows other forms, none of them of this length.
        let guid = input
            .split_at_checked(GUID_LEN)
            .and_then(|(text, rest)| Some((Uuid::try_parse_ascii(text).ok()?, rest)));
        match guid {
            Some((_, rest)) if !ace_type.layout().has_objects() => {
                self.refuse(ParseErrorKind::GuidMisplaced, input, rest)
            }
            Some((guid, rest)) => Ok((rest, Some(guid))),
            None => {
                let end = input
                    .iter()
                    .position(|byte| matches!(byte, b';' | b')'))
                    .unwrap_or(input.len());
                self.refuse(
                    ParseErrorKind::GuidMalformed,
                    input,
                    input.get(end..).unwrap_or_default(),
                )
            }
        }
    }
}

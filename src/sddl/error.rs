use super::{AclKind, ViolationKind};
use crate::span::Span;
use alloc::string::String;
use core::fmt;

/// The reason why a text is refused, and the place in it.
///
/// Prints as one line, in which the quoted text is escaped. [`render::Excerpt`](crate::render::Excerpt) draws the line of the text with
/// the place marked.
///
/// ```
/// use sddl_authz::sddl::{self, ParseErrorKind};
/// let error = sddl::parse("D:(A;;FA;;;XX)").unwrap_err();
/// assert_eq!(error.kind(), ParseErrorKind::SidAliasUnknown);
/// assert_eq!(error.kind().code(), "sid_alias_unknown");
/// assert_eq!((error.span().range(), error.found()), (11..13, "XX"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}{}", self.found_suffix())]
pub struct ParseError {
    kind: ParseErrorKind,
    span: Span,
    found: String,
}

/// A fault in the text. [`ParseError::new`] makes the public error of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) kind: ParseErrorKind,
    /// The faulty part of the text. It is empty where something is missing.
    pub(super) span: Span,
}

/// The most characters of the text that an error quotes.
const FOUND_CHARS: usize = 24;

impl ParseError {
    #[cold]
    pub(super) fn new(fault: Fault, text: &str) -> Self {
        let Span { start, end } = fault.span;
        let rest = text.get(start..).unwrap_or_default();
        // Something is missing at `start`: quotes the character there, unless the text ends or its suffix of NULs begins there.
        let end = if end > start {
            end
        } else {
            let character = rest.chars().next().filter(|&character| character != '\0');
            start.saturating_add(character.map_or(0, char::len_utf8))
        };
        let quoted = text.get(start..end).unwrap_or_default();
        let mut found = String::new();
        for character in quoted.chars().take(FOUND_CHARS) {
            match character {
                // The message quotes with backticks, so these two need no escape.
                '"' | '\'' => found.push(character),
                _ => found.extend(character.escape_debug()),
            }
        }
        if quoted.chars().nth(FOUND_CHARS).is_some() {
            found.push('…');
        }
        Self {
            kind: fault.kind,
            span: Span { start, end },
            found,
        }
    }

    /// The kind of fault.
    ///
    /// ```
    /// use sddl_authz::{Sid, sddl::ParseErrorKind};
    /// let error = "S-1-".parse::<Sid>().unwrap_err();
    /// assert_eq!(error.kind(), ParseErrorKind::SidNumberMalformed);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> ParseErrorKind {
        self.kind
    }

    /// A stable code for programs: that of its [`kind`](Self::kind).
    ///
    /// ```
    /// let error = sddl_authz::sddl::parse("D:(A;;ZZ;;;WD)").unwrap_err();
    /// assert_eq!(error.code(), error.kind().code());
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The place of the fault, in bytes of the text.
    ///
    /// ```
    /// let error = sddl_authz::sddl::parse("D:(A;;ZZ;;;WD)").unwrap_err();
    /// assert_eq!(error.span().range(), 6..8);
    /// ```
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// The part of the message that quotes the text, unless the kind of fault says all.
    fn found_suffix(&self) -> String {
        let told = matches!(
            self.kind,
            ParseErrorKind::TextTooLong { .. }
                | ParseErrorKind::AclTooLarge { .. }
                | ParseErrorKind::ConditionTooLarge { .. }
                | ParseErrorKind::ConditionTooDeep { .. }
                | ParseErrorKind::ConditionMalformed
                | ParseErrorKind::NulInside
                | ParseErrorKind::DescriptorEmpty
                | ParseErrorKind::SidAliasUnresolved { .. }
        );
        match (told, self.found.as_str()) {
            (true, _) => String::new(),
            (false, "") => String::from(", found the end"),
            (false, found) => alloc::format!(", found `{found}`"),
        }
    }

    /// The text at the place of the fault, escaped and cut to 24 characters. Empty at the end of the text.
    ///
    /// ```
    /// let error = sddl_authz::sddl::parse("D:(A;;ZZ;;;WD)").unwrap_err();
    /// assert_eq!(error.found(), "ZZ");
    /// ```
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

/// The kinds of faults in a text. Each prints what was expected.
///
/// ```
/// use sddl_authz::sddl::{self, AliasDomain, ParseErrorKind};
/// let error = sddl::parse("D:(A;;FA;;;DA)").unwrap_err();
/// let domain = AliasDomain::Domain;
/// assert_eq!(error.kind(), ParseErrorKind::SidAliasUnresolved { alias: "DA", domain });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// More than [`Limits::text_bytes`](crate::Limits::text_bytes).
    #[error("the text is longer than {limit} bytes")]
    TextTooLong {
        /// The limit.
        limit: usize,
    },
    /// A NUL that is not part of the suffix.
    #[error("a NUL inside the text, where only a suffix of NULs is cut")]
    NulInside,
    /// Windows accepts this, but the documented grammar does not.
    #[error("not in the strict dialect: {kind}")]
    NotStrict {
        /// The deviation that Windows accepts.
        kind: ViolationKind,
    },
    /// A text without any part, refused because of [`Options::refuse_empty`](super::Options::refuse_empty).
    #[error("the text has no part of a descriptor: `O:`, `G:`, `D:` or `S:`")]
    DescriptorEmpty,
    /// Neither a part of a descriptor nor the end.
    #[error("expected a part of a descriptor: `O:`, `G:`, `D:` or `S:`, in upper case")]
    SectionUnknown,
    /// A part appears twice.
    #[error("`O:`, `G:`, `D:` and `S:` appear once each; this is the second one")]
    SectionDuplicate,
    /// No SID where one must be.
    #[error("expected a SID: `S-1-…`, or an alias of two letters such as `BA`")]
    SidMissing,
    /// A word that is no alias.
    #[error("no SID has this alias; expected `S-1-…`, or an alias such as `BA` (SDDL has no names of accounts)")]
    SidAliasUnknown,
    /// An alias relative to a domain that is not known.
    #[error("the SID of `{alias}` depends on the {domain}, whose SID was not given; give it, or write the SID in full")]
    SidAliasUnresolved {
        /// The alias.
        alias: &'static str,
        /// The domain whose SID is missing.
        domain: AliasDomain,
    },
    /// A number of a SID is missing or not a number.
    #[error("expected a number of the SID, as in S-1-5-32-544")]
    SidNumberMalformed,
    /// A revision other than 1.
    #[error("the revision of a SID is 1, as in S-1-5-32-544")]
    SidRevisionUnsupported,
    /// A hexadecimal revision, after which Windows reads every number as hexadecimal.
    #[error("after a hexadecimal revision Windows reads every number as hexadecimal; write the SID in decimal")]
    SidRevisionHexadecimal,
    /// An authority over 48 bits.
    #[error("the authority of a SID has at most 48 bits")]
    SidAuthorityOutOfRange,
    /// No sub-authority.
    #[error("expected `-` and a sub-authority: a SID has at least one")]
    SidSubAuthorityMissing,
    /// A sub-authority over 32 bits, which Windows would change.
    #[error("a sub-authority is at most 4294967295; Windows would change this one silently")]
    SidSubAuthorityOutOfRange,
    /// More than 15 sub-authorities.
    #[error("a SID has at most 15 sub-authorities")]
    SidSubAuthorityTooMany,
    /// Text after the flags of a list that is neither an entry nor the next part.
    #[error("expected an entry `(…)`, a flag of the {list} (`P`, `AR`, `AI`, `NO_ACCESS_CONTROL`) or the next part")]
    AclFlagUnknown {
        /// The list.
        list: AclKind,
    },
    /// Entries in a NULL list.
    #[error("a list with NO_ACCESS_CONTROL has no entries")]
    AclNullWithEntries,
    /// More than [`Limits::acl_bytes`](crate::Limits::acl_bytes) when encoded.
    #[error("with this entry the {list} is longer than {limit} bytes in its binary form")]
    AclTooLarge {
        /// The list.
        list: AclKind,
        /// The limit.
        limit: usize,
    },
    /// No entry where one must be.
    #[error("expected an entry: `(type;flags;rights;object GUID;inherited object GUID;SID)`")]
    AceMissing,
    /// An unknown type of entry.
    #[error("no entry has this type; the usual ones are `A` (allow), `D` (deny) and `AU` (audit)")]
    AceTypeUnknown,
    /// A type that belongs in the other list.
    #[error("an entry of this type belongs in a {}, not in a {list}", .list.other())]
    AceTypeNotAllowed {
        /// The list it was found in.
        list: AclKind,
    },
    /// An unknown flag of an entry.
    #[error(
        "no entry has this flag; they are `OI`, `CI`, `NP`, `IO`, `ID`, `CR`, `SA` and `FA`, with nothing between them"
    )]
    AceFlagUnknown,
    /// A field is not closed.
    #[error("expected `;`: an entry is `(type;flags;rights;object GUID;inherited object GUID;SID)`")]
    AceFieldMissing,
    /// More fields than the type has.
    #[error("expected `)`: an entry of this type has no more fields")]
    AceFieldExtra,
    /// An entry is not closed.
    #[error("expected the `)` that closes the entry")]
    AceUnclosed,
    /// An unknown token for rights.
    #[error("no right has this token; expected tokens such as `GA`, `FR` or `RPWP`, or a number such as 0x1f01ff")]
    RightUnknown,
    /// A space after the rights, which Windows refuses.
    #[error("expected `;` directly after the rights, without the space")]
    RightsTrailingSpace,
    /// A mask that is no number.
    #[error("expected rights: tokens such as `GA`, `FR` or `RPWP`, or a number such as 0x1f01ff")]
    MaskMalformed,
    /// A mask over 32 bits, which Windows would change.
    #[error("rights are at most 0xffffffff; Windows would change this number silently")]
    MaskOutOfRange,
    /// A negative mask, which Windows would change.
    #[error("rights are not negative; Windows would change this number silently")]
    MaskNegative,
    /// Not a GUID.
    #[error(
        "expected nothing or a GUID such as bf967aba-0de6-11d0-a285-00aa003049e2: an entry is `(type;flags;rights;object GUID;inherited object GUID;SID)`"
    )]
    GuidMalformed,
    /// A GUID in an entry that has none.
    #[error("only object entries have GUIDs: their types are `OA`, `OD`, `OU`, `OL` and `ZA`")]
    GuidNotAllowed,
    /// A type that carries a condition, without one.
    #[error("expected a condition in parentheses, as in `(XA;;FR;;;WD;(@User.Title == \"PM\"))`")]
    ConditionMissing,
    /// A condition whose parentheses do not match.
    #[error("expected the `)` that closes the condition")]
    ConditionUnclosed,
    /// More nesting than [`Limits::condition_depth`](crate::Limits::condition_depth).
    #[error("the condition is nested deeper than {limit}")]
    ConditionTooDeep {
        /// The limit.
        limit: usize,
    },
    /// More than [`Limits::condition_bytes`](crate::Limits::condition_bytes) when encoded.
    #[error("the condition is longer than {limit} bytes in its binary form")]
    ConditionTooLarge {
        /// The limit.
        limit: usize,
    },
    /// A condition that can't be evaluated.
    #[error("the condition can't be evaluated")]
    ConditionMalformed,
    /// No test where one must be.
    #[error("expected a test: an attribute such as `@User.Title`, `Member_of`, `Exists`, `!(` or `(`")]
    ConditionOperandMissing,
    /// A word after a test that is not `&&`, `||` or `)`.
    #[error("expected `&&`, `||` or `)` after the test")]
    ConditionJunctionMissing,
    /// A word after an attribute that is no operator.
    #[error(
        "expected an operator after the attribute: `==`, `!=`, `<`, `<=`, `>`, `>=`, `Contains`, `Any_of`, `&&` or `||`"
    )]
    ConditionComparisonUnknown,
    /// A value where a test begins. On the left of an operator must be an attribute.
    #[error("expected an attribute such as `@User.Title`: a value can only be on the right of an operator")]
    ConditionLiteralOnLeft,
    /// A `!` without parentheses or a single attribute after it.
    #[error("expected parentheses after `!`, as in `!(@User.Title == \"PM\")`, or an attribute alone")]
    ConditionNegationUnbracketed,
    /// No value on the right of an operator.
    #[error(
        "expected a value: a number, a string in double quotes, `#` and octets, `SID(…)`, `{{…}}`, or an attribute with `@User.`, `@Device.` or `@Resource.`"
    )]
    ConditionValueMissing,
    /// No groups after a membership operator.
    #[error("expected the groups: `SID(…)` or `{{SID(…), …}}`")]
    ConditionGroupsMissing,
    /// A composite that is not closed.
    #[error("expected `,` or `}}` after the value")]
    ConditionCompositeUnclosed,
    /// A SID that is not closed.
    #[error("expected `)` after the SID")]
    ConditionSidUnclosed,
    /// An attribute with an unknown prefix.
    #[error("expected `@User.`, `@Device.` or `@Resource.`")]
    ConditionAttributeClassUnknown,
    /// `@Token.`, whose binary form is published nowhere.
    #[error("attributes with `@Token.` are not supported: their binary form is published nowhere")]
    ConditionTokenAttribute,
    /// A string without its second quote.
    #[error("expected a `\"` that closes the string")]
    StringUnclosed,
    /// No string where a claim needs one.
    #[error("expected a string in quotes")]
    StringMissing,
    /// Not an integer.
    #[error("expected an integer")]
    IntegerMalformed,
    /// An integer beyond what its field holds.
    #[error("the number is out of range")]
    IntegerOutOfRange,
    /// No name.
    #[error("expected a name")]
    NameMissing,
    /// A name in quotes with something in it that must be escaped, or without its second quote.
    #[error("expected a `\"` that closes the name; other characters are written as `%` and four hexadecimal digits")]
    NameUnclosed,
    /// Half of a surrogate pair.
    #[error("the name has half of a surrogate pair")]
    NameSurrogateUnpaired,
    /// A `%` without four digits.
    #[error("expected four hexadecimal digits after `%`")]
    EscapeMalformed,
    /// An escape of what must be written itself, or of U+0000.
    #[error("this character is not escaped in a name")]
    EscapeNotAllowed,
    /// A type that carries a claim, without one.
    #[error("expected a claim: `(\"name\",TYPE,flags,values…)`")]
    ClaimMissing,
    /// An unknown type of claim.
    #[error("the type of a claim is TI, TU, TS, TD, TX or TB")]
    ClaimTypeUnknown,
    /// A field is not closed.
    #[error("expected `,` or `)` in the claim")]
    ClaimFieldMissing,
    /// A resource attribute whose SID is not Everyone.
    #[error("the SID of a resource attribute is Everyone (`WD`)")]
    ClaimTrusteeNotAllowed,
    /// A character where the SID, or the rights, should have ended.
    #[error("expected the end of the text")]
    TrailingText,
}

impl ParseErrorKind {
    /// A stable word for logs and programs, such as `sid_alias_unknown`. It changes only with a new major version.
    ///
    /// ```
    /// use sddl_authz::sddl::ParseErrorKind;
    /// assert_eq!(ParseErrorKind::GuidMalformed.code(), "guid_malformed");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TextTooLong { .. } => "text_too_long",
            Self::NulInside => "nul_inside",
            Self::NotStrict { .. } => "not_strict",
            Self::DescriptorEmpty => "descriptor_empty",
            Self::SectionUnknown => "section_unknown",
            Self::SectionDuplicate => "section_duplicate",
            Self::SidMissing => "sid_missing",
            Self::SidAliasUnknown => "sid_alias_unknown",
            Self::SidAliasUnresolved { .. } => "sid_alias_unresolved",
            Self::SidNumberMalformed => "sid_number_malformed",
            Self::SidRevisionUnsupported => "sid_revision_unsupported",
            Self::SidRevisionHexadecimal => "sid_revision_hexadecimal",
            Self::SidAuthorityOutOfRange => "sid_authority_out_of_range",
            Self::SidSubAuthorityMissing => "sid_sub_authority_missing",
            Self::SidSubAuthorityOutOfRange => "sid_sub_authority_out_of_range",
            Self::SidSubAuthorityTooMany => "sid_sub_authority_too_many",
            Self::AclFlagUnknown { .. } => "acl_flag_unknown",
            Self::AclNullWithEntries => "acl_null_with_entries",
            Self::AclTooLarge { .. } => "acl_too_large",
            Self::AceMissing => "ace_missing",
            Self::AceTypeUnknown => "ace_type_unknown",
            Self::AceTypeNotAllowed { .. } => "ace_type_misplaced",
            Self::AceFlagUnknown => "ace_flag_unknown",
            Self::AceFieldMissing => "ace_field_missing",
            Self::AceFieldExtra => "ace_field_extra",
            Self::AceUnclosed => "ace_unclosed",
            Self::RightUnknown => "right_unknown",
            Self::RightsTrailingSpace => "rights_blank_trailing",
            Self::MaskMalformed => "mask_malformed",
            Self::MaskOutOfRange => "mask_out_of_range",
            Self::MaskNegative => "mask_negative",
            Self::GuidMalformed => "guid_malformed",
            Self::GuidNotAllowed => "guid_misplaced",
            Self::ConditionMissing => "condition_missing",
            Self::ConditionUnclosed => "condition_unclosed",
            Self::ConditionTooDeep { .. } => "condition_too_deep",
            Self::ConditionTooLarge { .. } => "condition_too_large",
            Self::ConditionMalformed => "condition_malformed",
            Self::ConditionOperandMissing => "condition_operand_missing",
            Self::ConditionJunctionMissing => "condition_junction_missing",
            Self::ConditionLiteralOnLeft => "condition_literal_on_left",
            Self::ConditionComparisonUnknown => "condition_comparison_unknown",
            Self::ConditionNegationUnbracketed => "condition_negation_unbracketed",
            Self::ConditionValueMissing => "condition_value_missing",
            Self::ConditionGroupsMissing => "condition_groups_missing",
            Self::ConditionCompositeUnclosed => "condition_composite_unclosed",
            Self::ConditionSidUnclosed => "condition_sid_unclosed",
            Self::ConditionAttributeClassUnknown => "condition_attribute_class_unknown",
            Self::ConditionTokenAttribute => "condition_token_attribute",
            Self::StringUnclosed => "string_unclosed",
            Self::StringMissing => "string_missing",
            Self::IntegerMalformed => "integer_malformed",
            Self::IntegerOutOfRange => "integer_out_of_range",
            Self::NameMissing => "name_missing",
            Self::NameUnclosed => "name_unclosed",
            Self::NameSurrogateUnpaired => "name_surrogate_unpaired",
            Self::EscapeMalformed => "escape_malformed",
            Self::EscapeNotAllowed => "escape_needless",
            Self::ClaimMissing => "claim_missing",
            Self::ClaimTypeUnknown => "claim_type_unknown",
            Self::ClaimFieldMissing => "claim_field_missing",
            Self::ClaimTrusteeNotAllowed => "claim_trustee_unfit",
            Self::TrailingText => "trailing_text",
        }
    }
}

/// The domain that a relative alias such as `DA` depends on. [`DomainSids`](crate::DomainSids) has a field for each.
///
/// ```
/// use sddl_authz::sddl::{self, AliasDomain, ParseErrorKind};
/// let error = sddl::parse("O:LA").unwrap_err();
/// let ParseErrorKind::SidAliasUnresolved { domain, .. } = error.kind() else { panic!() };
/// assert_eq!(domain, AliasDomain::Machine);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum AliasDomain {
    /// The machine's own account domain: of `LA` and `LG`. Give [`DomainSids::machine`](crate::DomainSids::machine).
    Machine,
    /// The primary domain: of `DA`, `DU` and others. Give [`DomainSids::domain`](crate::DomainSids::domain).
    Domain,
    /// The root domain of the forest: of `EA`, `SA` and others. Give [`DomainSids::forest`](crate::DomainSids::forest).
    Forest,
}

impl fmt::Display for AliasDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Machine => "machine",
            Self::Domain => "domain",
            Self::Forest => "forest's root domain",
        })
    }
}

/// The reason why a descriptor has no text.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, AceType, AclState, SecurityDescriptor, ace::AceFlags, sddl};
/// let ace = Ace::opaque(AceType::from_code(0x63), AceFlags::empty(), vec![0; 8])?;
/// let mut descriptor = SecurityDescriptor::default();
/// descriptor.dacl = AclState::Present(vec![ace].into());
/// let error = sddl::to_text(&descriptor, &sddl::Options::default()).unwrap_err();
/// assert_eq!(error.to_string(), "entry 0 of the DACL, of type 0x63, has no form in SDDL");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// An entry that SDDL can't express. It is never left out silently.
    #[error("entry {entry} of the {list}, of type {type_code:#04x}, has no form in SDDL")]
    NoTextForm {
        /// Which list.
        list: AclKind,
        /// Which entry, counted from 0.
        entry: usize,
        /// The code of its type.
        type_code: u8,
    },
}

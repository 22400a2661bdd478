use crate::{limits::Limits, sid::DomainSids};

/// Options of reading and writing SDDL.
///
/// ```
/// use sddl_authz::sddl::{self, Dialect, Options};
/// let mut options = Options::default();
/// options.domains.domain = Some("S-1-5-21-1-2-3".parse()?);
/// let descriptor = sddl::parse_with("O:DA", &options)?;
/// assert_eq!(descriptor.owner.map(|owner| owner.to_string()).as_deref(), Some("S-1-5-21-1-2-3-512"));
/// options.dialect = Dialect::Strict;
/// assert!(sddl::parse_with("o:DA", &options).is_err());
/// # Ok::<(), sddl::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Options {
    /// The dialect that is accepted.
    pub dialect: Dialect,
    /// Whether numbers that do not fit are changed silently, as Windows does. Off by default, since the check would then decide by other
    /// numbers than the text has.
    pub lenient_numbers: bool,
    /// Whether a text without any part, such as an empty one, is an error. Windows reads it as a descriptor without a DACL, which is open to
    /// everybody. Turn this on where a missing text must not open an object: a variable that is not set, or an empty file.
    ///
    /// ```
    /// use sddl_authz::sddl::{self, Options, ParseErrorKind};
    /// let mut options = Options::default();
    /// assert!(sddl::parse_with("", &options).is_ok());
    /// options.refuse_empty = true;
    /// assert_eq!(sddl::parse_with("", &options).unwrap_err().kind(), ParseErrorKind::DescriptorEmpty);
    /// assert!(sddl::parse_with("D:NO_ACCESS_CONTROL", &options).is_ok());
    /// ```
    #[cfg_attr(feature = "serde", serde(default))]
    pub refuse_empty: bool,
    /// The domains that complete relative aliases such as `DA`.
    pub domains: DomainSids,
    /// Limits on the size of what is read.
    pub limits: Limits,
}

/// The texts that are accepted.
///
/// ```
/// use sddl_authz::sddl::{self, Dialect, Options};
/// let mut options = Options::default();
/// assert!(sddl::parse_with("D: (A;;FA;;;WD)", &options).is_ok());
/// options.dialect = Dialect::Strict;
/// assert!(sddl::parse_with("D: (A;;FA;;;WD)", &options).is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Dialect {
    /// Every text that Windows accepts.
    #[default]
    Windows,
    /// Only texts of the documented grammar ([\[MS-DTYP\] 2.5.1.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f4296d69-1c0f-491f-9587-a960b292d070)),
    /// and those that Windows itself writes.
    Strict,
}

use crate::mask::AccessMask;
use core::{fmt, str::FromStr};

/// The action of an open request if the file exists, and if it does not
/// (`CreateDisposition` of [`NtCreateFile`](https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntcreatefile)).
///
/// Reads the names of Windows, in any case, with or without `FILE_`: `FILE_OVERWRITE_IF`, `overwrite_if`.
///
/// ```
/// use sddl_authz::layers::Disposition;
/// assert_eq!("FILE_OVERWRITE_IF".parse(), Ok(Disposition::OverwriteIf));
/// assert_eq!("create".parse(), Ok(Disposition::Create));
/// assert!("truncate".parse::<Disposition>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[doc(alias = "CreateDisposition")]
pub enum Disposition {
    /// Opens the file. Fails if there is none.
    #[default]
    #[doc(alias = "FILE_OPEN")]
    #[doc(alias = "OPEN_EXISTING")]
    Open,
    /// Creates the file. Fails if there is one.
    #[doc(alias = "FILE_CREATE")]
    #[doc(alias = "CREATE_NEW")]
    Create,
    /// Opens the file, or creates it.
    #[doc(alias = "FILE_OPEN_IF")]
    #[doc(alias = "OPEN_ALWAYS")]
    OpenIf,
    /// Opens the file and replaces its contents. Fails if there is none.
    #[doc(alias = "FILE_OVERWRITE")]
    #[doc(alias = "TRUNCATE_EXISTING")]
    Overwrite,
    /// Opens the file and replaces its contents, or creates it.
    #[doc(alias = "FILE_OVERWRITE_IF")]
    #[doc(alias = "CREATE_ALWAYS")]
    OverwriteIf,
    /// Replaces the file by a new one, or creates it.
    #[doc(alias = "FILE_SUPERSEDE")]
    Supersede,
}

/// A text is not the name of a disposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DispositionError(());

const NAMES: [(&str, Disposition); 6] = [
    ("open", Disposition::Open),
    ("create", Disposition::Create),
    ("open_if", Disposition::OpenIf),
    ("overwrite", Disposition::Overwrite),
    ("overwrite_if", Disposition::OverwriteIf),
    ("supersede", Disposition::Supersede),
];

const PREFIX: &str = "file_";

impl Disposition {
    /// Whether it opens a file that exists.
    pub(super) const fn opens(self) -> bool {
        !matches!(self, Self::Create)
    }

    /// Whether it creates a file that does not exist.
    pub(super) const fn creates(self) -> bool {
        !matches!(self, Self::Open | Self::Overwrite)
    }

    /// Whether it replaces the contents of a file that exists.
    pub(super) const fn replaces(self) -> bool {
        matches!(self, Self::Overwrite | Self::OverwriteIf | Self::Supersede)
    }

    /// Whether SeBackupPrivilege counts for such a request (phase 4 of [MS-FSA] 2.1.5.1).
    pub(super) const fn can_back_up(self) -> bool {
        matches!(self, Self::Open | Self::OpenIf | Self::OverwriteIf)
    }

    /// The rights on a file that exists, on top of the desired ones.
    pub(super) const fn needs(self) -> AccessMask {
        let replacing = AccessMask::FILE_WRITE_EA.union(AccessMask::FILE_WRITE_ATTRIBUTES);
        match self {
            Self::Open | Self::OpenIf | Self::Create => AccessMask::empty(),
            Self::Overwrite | Self::OverwriteIf => replacing.union(AccessMask::FILE_WRITE_DATA),
            Self::Supersede => replacing.union(AccessMask::DELETE),
        }
    }
}

impl FromStr for Disposition {
    type Err = DispositionError;

    fn from_str(text: &str) -> Result<Self, DispositionError> {
        let name = match text.split_at_checked(PREFIX.len()) {
            Some((prefix, name)) if prefix.eq_ignore_ascii_case(PREFIX) => name,
            _ => text,
        };
        let known = NAMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, disposition)| disposition).ok_or(DispositionError(()))
    }
}

impl fmt::Display for DispositionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not a disposition: open, create, open_if, overwrite, overwrite_if or supersede")
    }
}

impl core::error::Error for DispositionError {}

//! Claims: named, typed values that say something about a user, a device or an object. Conditions compare them.
//!
//! The claims of an object are in its SACL, one resource attribute each ([\[MS-DTYP\] 2.4.10.1][start]); those of a user and a device come
//! with the [`Caller`](crate::Caller).
//!
//! [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/21f2b5f0-7376-45bb-bc31-eaa60841dbe9

mod values;

pub use values::{ClaimFlags, ClaimType, ClaimValues};

use crate::sid::Sid;
use alloc::{string::String, vec};
use values::{sum, terminated_len};

/// A claim: a name, flags, and values of one type ([\[MS-DTYP\] 2.4.10.1][start]).
///
/// A claim about an object is a resource attribute ([`Ace::resource_attribute`](crate::Ace::resource_attribute)), and conditions
/// call it `@Resource.name`. Claims about a user and a device belong to a [`Caller`](crate::Caller): `@User.name`, `@Device.name`.
/// A claim parses from its form in SDDL: `("Title",TS,0x0,"PM")`.
///
/// ```
/// use sddl_authz::Claim;
/// let claim = Claim::string("Title", "PM")?;
/// assert_eq!(claim.name(), "Title");
/// assert_eq!(claim, r#"("Title",TS,0x0,"PM")"#.parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/21f2b5f0-7376-45bb-bc31-eaa60841dbe9
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1")]
pub struct Claim {
    name: String,
    flags: ClaimFlags,
    values: ClaimValues,
}

/// The reason why parts do not make a [`Claim`].
///
/// ```
/// use sddl_authz::{Claim, claim::ClaimError};
/// assert_eq!(Claim::string("", "PM"), Err(ClaimError::NameEmpty));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// The name is empty.
    #[error("the name of a claim is empty")]
    NameEmpty,
    /// The name contains U+0000, which ends it in the binary form.
    #[error("the name of a claim contains U+0000")]
    NameHasNul,
    /// A string contains U+0000, which ends it in the binary form.
    #[error("the value {index} of a claim contains U+0000")]
    StringHasNul {
        /// The index of the value, counted from 0.
        index: usize,
    },
}

impl ClaimError {
    /// A stable code for programs: the name of the variant in `snake_case`.
    ///
    /// ```
    /// use sddl_authz::claim::ClaimError;
    /// assert_eq!(ClaimError::StringHasNul { index: 0 }.code(), "string_has_nul");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NameEmpty => "name_empty",
            Self::NameHasNul => "name_has_nul",
            Self::StringHasNul { .. } => "string_has_nul",
        }
    }
}

impl Claim {
    /// A claim of these parts. For one value, [`string`](Self::string), [`int`](Self::int) and so on are shorter.
    ///
    /// # Errors
    /// Fails if the name is empty, or if the name or a string contains U+0000.
    ///
    /// ```
    /// use sddl_authz::{Claim, claim::{ClaimFlags, ClaimValues}};
    /// let claim = Claim::new("Levels", ClaimFlags::empty(), ClaimValues::Int(vec![1, 2]))?;
    /// assert_eq!(claim, r#"("Levels",TI,0x0,1,2)"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(name: impl Into<String>, flags: ClaimFlags, values: ClaimValues) -> Result<Self, ClaimError> {
        let name = name.into();
        if name.is_empty() {
            return Err(ClaimError::NameEmpty);
        }
        if name.contains('\0') {
            return Err(ClaimError::NameHasNul);
        }
        if let ClaimValues::String(strings) = &values
            && let Some(index) = strings.iter().position(|value| value.contains('\0'))
        {
            return Err(ClaimError::StringHasNul { index });
        }
        Ok(Self { name, flags, values })
    }

    /// A claim with one string, without flags. Conditions compare it without regard to case, unless
    /// [`ClaimFlags::CASE_SENSITIVE`] is set.
    ///
    /// # Errors
    /// Fails if the name is empty, or if the name or the string contains U+0000.
    ///
    /// ```
    /// use sddl_authz::Claim;
    /// assert_eq!(Claim::string("Title", "PM")?, r#"("Title",TS,0x0,"PM")"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn string(name: impl Into<String>, value: impl Into<String>) -> Result<Self, ClaimError> {
        Self::new(name, ClaimFlags::empty(), ClaimValues::String(vec![value.into()]))
    }

    /// A claim with one signed integer, without flags.
    ///
    /// # Errors
    /// Fails if the name is empty or contains U+0000.
    ///
    /// ```
    /// use sddl_authz::Claim;
    /// assert_eq!(Claim::int("Level", -1)?, r#"("Level",TI,0x0,-1)"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn int(name: impl Into<String>, value: i64) -> Result<Self, ClaimError> {
        Self::new(name, ClaimFlags::empty(), ClaimValues::Int(vec![value]))
    }

    /// A claim with one unsigned integer, without flags.
    ///
    /// # Errors
    /// Fails if the name is empty or contains U+0000.
    ///
    /// ```
    /// use sddl_authz::Claim;
    /// assert_eq!(Claim::uint("Level", 3)?, r#"("Level",TU,0x0,3)"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn uint(name: impl Into<String>, value: u64) -> Result<Self, ClaimError> {
        Self::new(name, ClaimFlags::empty(), ClaimValues::Uint(vec![value]))
    }

    /// A claim with one truth value, without flags.
    ///
    /// # Errors
    /// Fails if the name is empty or contains U+0000.
    ///
    /// ```
    /// use sddl_authz::Claim;
    /// assert_eq!(Claim::bool("Managed", true)?, r#"("Managed",TB,0x0,1)"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bool(name: impl Into<String>, value: bool) -> Result<Self, ClaimError> {
        Self::new(name, ClaimFlags::empty(), ClaimValues::Bool(vec![value]))
    }

    /// A claim with one SID, without flags.
    ///
    /// # Errors
    /// Fails if the name is empty or contains U+0000.
    ///
    /// ```
    /// use sddl_authz::{Claim, Sid};
    /// assert_eq!(Claim::sid("Owner", Sid::ADMINISTRATORS)?, r#"("Owner",TD,0x0,SID(BA))"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sid(name: impl Into<String>, value: Sid) -> Result<Self, ClaimError> {
        Self::new(name, ClaimFlags::empty(), ClaimValues::Sid(vec![value]))
    }

    /// This claim with these flags instead of its own.
    ///
    /// ```
    /// use sddl_authz::{Claim, claim::ClaimFlags};
    /// let claim = Claim::int("Level", 3)?.with_flags(ClaimFlags::NON_INHERITABLE);
    /// assert_eq!(claim, r#"("Level",TI,0x1,3)"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_flags(mut self, flags: ClaimFlags) -> Self {
        self.flags = flags;
        self
    }

    /// The name. It is never empty.
    ///
    /// ```
    /// use sddl_authz::Claim;
    /// let claim: Claim = r#"("Title",TS,0x0,"PM")"#.parse()?;
    /// assert_eq!(claim.name(), "Title");
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The flags.
    ///
    /// ```
    /// use sddl_authz::{Claim, claim::ClaimFlags};
    /// let claim: Claim = r#"("Title",TS,0x2,"PM")"#.parse()?;
    /// assert_eq!(claim.flags(), ClaimFlags::CASE_SENSITIVE);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn flags(&self) -> ClaimFlags {
        self.flags
    }

    /// The values.
    ///
    /// ```
    /// use sddl_authz::{Claim, claim::ClaimValues};
    /// let claim: Claim = r#"("Level",TI,0x0,1,2)"#.parse()?;
    /// assert_eq!(claim.values(), &ClaimValues::Int(vec![1, 2]));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn values(&self) -> &ClaimValues {
        &self.values
    }

    /// Whether conditions of entries that allow see the claim: it is neither disabled nor for entries that deny only.
    ///
    /// A claim that is disabled by default counts as disabled, since nothing here enables it (inferred: Microsoft does not document
    /// how Windows treats such a claim).
    ///
    /// ```
    /// use sddl_authz::{Claim, claim::ClaimFlags};
    /// let claim = Claim::bool("Managed", true)?.with_flags(ClaimFlags::DENY_ONLY);
    /// assert!(!claim.counts_for_allow() && claim.counts_for_deny());
    /// # Ok::<(), sddl_authz::claim::ClaimError>(())
    /// ```
    #[must_use]
    pub const fn counts_for_allow(&self) -> bool {
        self.counts_for_deny() && !self.flags.intersects(ClaimFlags::DENY_ONLY)
    }

    /// Whether conditions of entries that deny or audit see the claim: it is not disabled.
    ///
    /// ```
    /// use sddl_authz::{Claim, claim::ClaimFlags};
    /// let claim = Claim::bool("Managed", true)?.with_flags(ClaimFlags::DISABLED);
    /// assert!(!claim.counts_for_deny());
    /// # Ok::<(), sddl_authz::claim::ClaimError>(())
    /// ```
    #[must_use]
    pub const fn counts_for_deny(&self) -> bool {
        let disabled = ClaimFlags::DISABLED.union(ClaimFlags::DISABLED_BY_DEFAULT);
        !self.flags.intersects(disabled)
    }

    /// The size of the binary form in bytes, without padding.
    ///
    /// ```
    /// use sddl_authz::Claim;
    /// // A header of 16 bytes, an offset of 4, the name in UTF-16 with its end, and a value of 8.
    /// assert_eq!(Claim::int("a", 1)?.encoded_len(), 16 + 4 + 4 + 8);
    /// # Ok::<(), sddl_authz::claim::ClaimError>(())
    /// ```
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        sum([
            16,
            self.values.len().saturating_mul(4),
            terminated_len(&self.name),
            self.values.encoded_len(),
        ])
    }
}

use super::account::{account, parse_sid, parse_sids};
use crate::{
    caller::{Caller, CallerError},
    sid::Sid,
};
use alloc::vec::Vec;
use core::str::FromStr;
use uuid::Uuid;

/// The caller that a trusted proxy names in one header, `X-Caller`.
///
/// ```text
/// X-Caller: user=S-1-5-21-1-2-3-1104; groups=S-1-5-21-1-2-3-513,S-1-5-32-545; deny-only=none; incomplete=false
/// ```
///
/// The last field must be `incomplete` or `uuid`. So a header that was cut off at its end is an error, or lacks `uuid` alone: it never
/// names fewer groups than the whole.
///
/// | field | value |
/// | --- | --- |
/// | `user` | the SID of the user, which must be [an account](super::parse_account) |
/// | `groups` | the SIDs of its groups, nested ones included, separated by commas; `none` for no group |
/// | `deny-only` | the SIDs of groups that count for Deny entries only, or `none` |
/// | `incomplete` | `true` if the user may be in further groups, `false` if not |
/// | `uuid` | the GUID of the user in the directory; the only field that may be left out |
///
/// The other fields may come in any order, with spaces around `;` and `,`. No field but `uuid` may be left out: a header without one of
/// the others is an error, so that leaving out a field never grants more.
///
/// ```
/// use sddl_authz::http::{CallerHeader, CallerHeaderError};
/// let header: CallerHeader = "user=S-1-5-21-1-2-3-1104; groups=S-1-5-21-1-2-3-513; deny-only=none; incomplete=false".parse()?;
/// assert_eq!(header.caller.user().to_string(), "S-1-5-21-1-2-3-1104");
/// assert!(header.caller.groups_complete());
///
/// let error = "user=S-1-5-21-1-2-3-1104; groups=none; incomplete=false".parse::<CallerHeader>().unwrap_err();
/// assert_eq!(error, CallerHeaderError::FieldMissing { field: "deny-only" });
/// # Ok::<(), CallerHeaderError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallerHeader {
    /// The caller.
    pub caller: Caller,
    /// The GUID of the user in the directory.
    pub uuid: Option<Uuid>,
}

impl CallerHeader {
    /// The name of the header, in lower case.
    pub const NAME: &'static str = "x-caller";
}

/// The reason why a header does not describe a caller.
///
/// ```
/// use sddl_authz::http::{CallerHeader, CallerHeaderError};
/// let error = "user=Administrator".parse::<CallerHeader>().unwrap_err();
/// assert_eq!(error, CallerHeaderError::NotSid { field: "user" });
/// assert_eq!(error.to_string(), "the field `user` holds something that is not a SID");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallerHeaderError {
    /// A field is missing.
    #[error("the field `{field}` is missing")]
    FieldMissing {
        /// The name of the field.
        field: &'static str,
    },
    /// A field is there twice.
    #[error("the field `{field}` is there twice")]
    FieldRepeated {
        /// The name of the field.
        field: &'static str,
    },
    /// A part is empty, or its name is not one of the fields.
    #[error("a part is not one of the fields user, groups, deny-only, incomplete and uuid")]
    FieldUnknown,
    /// A field holds a value that is not a SID, such as a name, an alias or nothing.
    #[error("the field `{field}` holds something that is not a SID")]
    NotSid {
        /// The name of the field.
        field: &'static str,
    },
    /// The last field is neither `incomplete` nor `uuid`, so the end of the header may be missing.
    #[error("the last field is neither incomplete nor uuid")]
    LastField,
    /// The field `incomplete` is neither `true` nor `false`.
    #[error("the field `incomplete` is neither true nor false")]
    NotBoolean,
    /// The field `uuid` is not a GUID.
    #[error("the field `uuid` is not a GUID")]
    NotUuid,
    /// The user is not an account, a SID belongs to an app container, or a SID is enabled and deny-only.
    #[error(transparent)]
    Caller(#[from] CallerError),
}

impl CallerHeaderError {
    /// A stable name of the kind of error, for programs. For a [`CallerError`] it is [`CallerError::code`].
    ///
    /// ```
    /// use sddl_authz::http::CallerHeader;
    /// let error = "user=S-1-5-21-1-2-3-1104".parse::<CallerHeader>().unwrap_err();
    /// assert_eq!(error.code(), "field_missing");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FieldMissing { .. } => "field_missing",
            Self::FieldRepeated { .. } => "field_repeated",
            Self::FieldUnknown => "field_unknown",
            Self::LastField => "last_field",
            Self::NotSid { .. } => "not_sid",
            Self::NotBoolean => "not_boolean",
            Self::NotUuid => "not_uuid",
            Self::Caller(error) => error.code(),
        }
    }
}

impl FromStr for CallerHeader {
    type Err = CallerHeaderError;

    fn from_str(text: &str) -> Result<Self, CallerHeaderError> {
        let fields = Fields::read(text)?;
        let user = required("user", fields.user)?;
        let user = parse_sid(user).ok_or(CallerHeaderError::NotSid { field: "user" })?;
        let groups = sids("groups", required("groups", fields.groups)?)?;
        let deny_only = sids("deny-only", required("deny-only", fields.deny_only)?)?;
        let incomplete = match required("incomplete", fields.incomplete)? {
            "true" => true,
            "false" => false,
            _ => return Err(CallerHeaderError::NotBoolean),
        };
        let uuid = fields.uuid.map(Uuid::try_parse).transpose();
        let uuid = uuid.map_err(|_| CallerHeaderError::NotUuid)?;
        // A part of a list of SIDs is a list, and the start of a SID can be a SID.
        if !matches!(fields.last, "incomplete" | "uuid") {
            return Err(CallerHeaderError::LastField);
        }
        let caller = account(user)?;
        if deny_only.contains(&user) {
            return Err(CallerError::EnabledAndDenyOnly { sid: user }.into());
        }
        let caller = caller.with_groups(groups)?.with_deny_only_groups(deny_only)?;
        let caller = if incomplete {
            caller.with_incomplete_groups()
        } else {
            caller
        };
        Ok(Self { caller, uuid })
    }
}

/// The values of the fields.
#[derive(Default)]
struct Fields<'a> {
    user: Option<&'a str>,
    groups: Option<&'a str>,
    deny_only: Option<&'a str>,
    incomplete: Option<&'a str>,
    uuid: Option<&'a str>,
    /// The name of the last one.
    last: &'static str,
}

impl<'a> Fields<'a> {
    fn read(text: &'a str) -> Result<Self, CallerHeaderError> {
        let mut fields = Self::default();
        for part in text.split(';') {
            let (name, value) = part.trim().split_once('=').ok_or(CallerHeaderError::FieldUnknown)?;
            let (field, slot) = match name {
                "user" => ("user", &mut fields.user),
                "groups" => ("groups", &mut fields.groups),
                "deny-only" => ("deny-only", &mut fields.deny_only),
                "incomplete" => ("incomplete", &mut fields.incomplete),
                "uuid" => ("uuid", &mut fields.uuid),
                _ => return Err(CallerHeaderError::FieldUnknown),
            };
            if slot.replace(value).is_some() {
                return Err(CallerHeaderError::FieldRepeated { field });
            }
            fields.last = field;
        }
        Ok(fields)
    }
}

fn required<'a>(field: &'static str, value: Option<&'a str>) -> Result<&'a str, CallerHeaderError> {
    value.ok_or(CallerHeaderError::FieldMissing { field })
}

/// Reads SIDs separated by commas. An empty list is the word `none`.
fn sids(field: &'static str, list: &str) -> Result<Vec<Sid>, CallerHeaderError> {
    if list == "none" {
        return Ok(Vec::new());
    }
    parse_sids(list).ok_or(CallerHeaderError::NotSid { field })
}

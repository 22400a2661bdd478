use crate::{
    caller::{Caller, CallerError},
    sid::Sid,
};
use alloc::vec::Vec;

/// Parses a SID in the form `S-1-…`, as identity providers write it. Returns `None` for every other text.
///
/// It refuses the aliases of SDDL. Some of them name another SID in every domain, so an alias is not an identity.
///
/// It takes numbers as
/// [\[MS-DTYP\] 2.4.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861) writes them:
/// an authority of 2^32 or more is hexadecimal, and every other number is decimal, without a leading zero, a sign or a space.
///
/// ```
/// use sddl_authz::{Sid, http::parse_sid};
/// assert_eq!(parse_sid("S-1-5-11"), Some(Sid::AUTHENTICATED_USERS));
/// assert_eq!(parse_sid("AU"), None);
/// assert_eq!(parse_sid("S-1-5-0x0b"), None);
/// ```
#[must_use]
pub fn parse_sid(text: &str) -> Option<Sid> {
    let mut numbers = text.strip_prefix("S-1-")?.split('-');
    let authority = numbers.next()?;
    let hexadecimal = authority.strip_prefix("0x").is_some_and(is_hexadecimal);
    if !(hexadecimal || is_decimal(authority)) || !numbers.all(is_decimal) {
        return None;
    }
    let sid: Sid = text.parse().ok()?;
    (hexadecimal == (sid.authority() > u64::from(u32::MAX))).then_some(sid)
}

/// Whether these are decimal digits without leading zeros.
fn is_decimal(digits: &str) -> bool {
    digits.bytes().all(|digit| digit.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'))
}

fn is_hexadecimal(digits: &str) -> bool {
    digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Parses SIDs separated by commas, with or without spaces around them. Returns `None` if the list or one of its parts is empty, and
/// if [`parse_sid`] refuses a part.
///
/// ```
/// use sddl_authz::{Sid, http::parse_sids};
/// assert_eq!(parse_sids("S-1-5-11, S-1-1-0"), Some(vec![Sid::AUTHENTICATED_USERS, Sid::EVERYONE]));
/// assert_eq!(parse_sids("S-1-5-11,"), None);
/// assert_eq!(parse_sids("S-1-5-11,BA"), None);
/// assert_eq!(parse_sids(""), None);
/// ```
#[must_use]
pub fn parse_sids(list: &str) -> Option<Vec<Sid>> {
    list.split(',').map(|text| parse_sid(text.trim())).collect()
}

/// Parses the SID of an account that can log on. Returns `None` for every other text, like [`parse_sid`], and for a SID that no account
/// can have: groups such as `S-1-5-32-544` or a domain's `-513`, logon types such as `S-1-5-2`, integrity levels, and the SID of a domain
/// itself.
///
/// These are accounts ([\[MS-DTYP\]
/// 2.4.2.4](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/81d92bba-d22b-4a8c-908a-554ab29148ab)): `S-1-5-21-` and four
/// numbers, those of Entra ID (`S-1-12-1-` and four numbers), LocalSystem, LocalService and NetworkService, and accounts of services and
/// application pools (`S-1-5-80-…`, `S-1-5-82-…`).
///
/// The relative identifier of an account in a domain, the last of its numbers, is 500 or more.
///
/// ```
/// use sddl_authz::http::parse_account;
/// assert!(parse_account("S-1-5-21-1-2-3-1104").is_some());
/// assert!(parse_account("S-1-5-18").is_some());
/// for not_an_account in ["S-1-5-32-544", "S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-499", "S-1-5-21-1-2-3", "S-1-5-2", "S-1-16-12288", "BA"] {
///     assert_eq!(parse_account(not_an_account), None);
/// }
/// ```
#[must_use]
pub fn parse_account(text: &str) -> Option<Sid> {
    parse_sid(text).filter(is_account)
}

/// Returns a caller who has logged on, if the user is an account.
pub(super) fn account(user: Sid) -> Result<Caller, CallerError> {
    let caller = Caller::authenticated(user)?;
    if is_account(&user) {
        Ok(caller)
    } else {
        Err(CallerError::UserNotAccount { user })
    }
}

/// Whether an account can have this SID.
fn is_account(sid: &Sid) -> bool {
    const NT: u64 = 5;
    const ENTRA: u64 = 12;
    /// The relative identifier of the Administrator, the smallest one of an account.
    const FIRST_ACCOUNT: u32 = 500;
    match (sid.authority(), sid.sub_authorities()) {
        (NT, [21, _, _, _, relative_id]) => *relative_id >= FIRST_ACCOUNT && !is_group(*relative_id),
        // LocalSystem, LocalService, NetworkService.
        (NT, [18..=20]) => true,
        // Virtual accounts: services, application pools. `S-1-5-80-0` is the group of all services.
        (NT, [80 | 82, hash @ ..]) => hash.len() == 5,
        (ENTRA, [1, _, _, _, _]) => true,
        _ => false,
    }
}

/// Whether this is the relative identifier of a group in every domain.
const fn is_group(relative_id: u32) -> bool {
    matches!(relative_id, 512..=522 | 525..=527 | 553 | 571 | 572)
}

/// The answer of [`Caller::membership`](super::Caller::membership).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Membership {
    /// The SID is the user, or an enabled group. Allow and Deny entries for it match.
    Enabled,
    /// The SID is a deny-only group, or a user who is deny-only. Only Deny entries for it match.
    DenyOnly,
    /// The caller does not have the SID.
    NotHeld,
    /// The caller may have the SID, or only as a deny-only one: its list of groups is incomplete, or it is not known how the user counts.
    Unknown,
}

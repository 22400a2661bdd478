/// The answer of [`Caller::membership`](super::Caller::membership).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Membership {
    /// The SID is the user, or an enabled group. Allow and Deny entries for it match.
    Enabled,
    /// The SID is a deny-only group, or a user who is deny-only. Only Deny entries for it match.
    DenyOnly,
    /// The caller does not have the SID.
    NotHeld,
    /// It is unknown whether the caller has the SID, or whether the SID is deny-only: the list of groups is incomplete, or the deny-only
    /// state of the user is unknown.
    Unknown,
}

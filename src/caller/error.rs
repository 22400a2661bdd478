use crate::sid::Sid;
use alloc::string::String;

/// Why there is no such [`Caller`](super::Caller).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallerError {
    /// The SID of an authenticated user is that of an account; this one never is.
    #[error("{user} is not the SID of an account")]
    UserNotAccount {
        /// The SID given.
        user: Sid,
    },
    /// The SID of an integrity level is `S-1-16-` and one number.
    #[error("{sid} is not the SID of an integrity level")]
    IntegrityNotLabel {
        /// The SID given.
        sid: Sid,
    },
    /// Two claims have one name, upper and lower case folded.
    #[error("two claims have the name `{}`", .name.escape_debug())]
    ClaimRepeated {
        /// The name, as the second one has it.
        name: String,
    },
    /// A claim has one value twice; strings are folded unless the claim says that case counts.
    #[error("the claim `{}` has a value twice", .name.escape_debug())]
    ClaimValueRepeated {
        /// The name of the claim.
        name: String,
    },
}

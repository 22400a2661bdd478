use crate::mask::AccessMask;

/// An action on a resource, with the rights that it needs. Implement it for an enum of your own.
///
/// ```
/// use sddl_authz::{AccessMask, http::Action};
/// enum Access { Read, Delete }
/// impl Action for Access {
///     fn desired(&self) -> AccessMask {
///         match self {
///             Self::Read => AccessMask::from_bits_retain(0x1), // FILE_READ_DATA
///             Self::Delete => AccessMask::DELETE,
///         }
///     }
///     fn name(&self) -> &'static str {
///         match self {
///             Self::Read => "read",
///             Self::Delete => "delete",
///         }
///     }
/// }
/// assert_eq!(Access::Read.name(), "read");
/// assert_eq!(Access::Delete.desired(), AccessMask::DELETE);
/// ```
pub trait Action: Send + Sync {
    /// Returns the rights that the action needs. The descriptor must grant all of them.
    ///
    /// Generic rights need a [mapping](super::Guard::mapping). An empty mask and
    /// [`MAXIMUM_ALLOWED`](AccessMask::MAXIMUM_ALLOWED) name no right, so the guard answers 500.
    fn desired(&self) -> AccessMask;

    /// Returns a stable name for logs and metrics.
    fn name(&self) -> &'static str;
}

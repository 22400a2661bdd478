use core::fmt;
use http::StatusCode;

/// The reason for an answer: an HTTP status, a stable code for logs and metrics, and a message for the client.
///
/// A reason that depends on the resource is for [readers](super::Guard::readers) alone. Everybody else gets the status and message of
/// [`concealed_as`](Self::concealed_as), and never the code. This keeps a client from finding out which resources exist.
///
/// ```
/// use http::StatusCode;
/// use sddl_authz::http::Reason;
/// const ARCHIVED: Reason = Reason::new(StatusCode::GONE, "archived", "The document is archived.");
/// assert_eq!((ARCHIVED.status(), ARCHIVED.code()), (StatusCode::GONE, "archived"));
/// assert_eq!(Reason::NO_RIGHT.status(), StatusCode::FORBIDDEN);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reason {
    code: &'static str,
    plain: Statement,
    concealed: Option<Statement>,
}

/// The part of a reason that a client sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Statement {
    pub(super) status: StatusCode,
    pub(super) message: &'static str,
}

impl Reason {
    /// 200: the caller may do it.
    pub const PERMITTED: Self = Self::new(StatusCode::OK, "permitted", "Access is granted.");
    /// 400: the request names its caller in a form that can't be read, or its sender may not name one.
    pub const CALLER_UNREADABLE: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "caller_unreadable",
        "The identity of the caller is unreadable or not to be given here.",
    );
    /// 401: the request names no caller.
    pub const UNAUTHENTICATED: Self = Self::new(
        StatusCode::UNAUTHORIZED,
        "unauthenticated",
        "Authorization has been denied for this request.",
    );
    /// 401: the credentials of the request are invalid.
    pub const CREDENTIALS_INVALID: Self = Self::new(
        StatusCode::UNAUTHORIZED,
        "credentials_invalid",
        "Authorization has been denied for this request.",
    );
    /// 403, or 404 unless the caller is a reader: the descriptor does not grant the rights that the action needs.
    pub const NO_RIGHT: Self = Self::new(
        StatusCode::FORBIDDEN,
        "no_right",
        "Access is denied: the security descriptor does not grant what this needs.",
    )
    .concealed_as(StatusCode::NOT_FOUND, NOT_FOUND);
    /// 403, or 404 unless the caller is a reader: the decision depends on groups or claims of the caller that are not known.
    pub const UNDETERMINED: Self = Self::new(
        StatusCode::FORBIDDEN,
        "undetermined",
        "Access is denied: it depends on groups of the caller that are not known.",
    )
    .concealed_as(StatusCode::NOT_FOUND, NOT_FOUND);
    /// 404: there is no such resource.
    pub const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, "not_found", NOT_FOUND);
    /// 503: the caller can't be found out yet.
    pub const CALLER_NOT_READY: Self = Self::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "caller_not_ready",
        "The service can't verify callers at the moment.",
    );
    /// 500: the caller could not be found out.
    pub const CALLER_UNAVAILABLE: Self = Self::internal("caller_unavailable");
    /// 500: the resource has no descriptor, or one that can't be read.
    pub const DESCRIPTOR_UNREADABLE: Self = Self::internal("descriptor_unreadable");
    /// 500: the descriptor has no DACL, or a NULL DACL, so it protects nothing.
    pub const UNPROTECTED: Self = Self::internal("unprotected");
    /// 500: the action needs no right at all, or asks for the maximum.
    pub const ACTION_UNUSABLE: Self = Self::internal("action_unusable");
    /// 500: the store failed.
    pub const STORE: Self = Self::internal("store");
    /// 500: access was granted, but the service answered with an error. An [event](super::Event) has the status of that answer.
    pub const NOT_DONE: Self = Self::internal("not_done");
    /// 500: access was granted, and nobody reported whether the action was done, for example because the client went away.
    pub const ABANDONED: Self = Self::internal("abandoned");
    /// 500: no guard is in front of the route.
    pub const UNGUARDED: Self = Self::internal("unguarded");

    /// Returns a reason with this status, code and message, which every client may see.
    #[must_use]
    pub const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self {
            code,
            plain: Statement { status, message },
            concealed: None,
        }
    }

    /// Returns a reason with status 500. The client learns nothing but that.
    #[must_use]
    pub const fn internal(code: &'static str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, "An error has occurred.")
    }

    /// Returns this reason for readers alone. Everybody else gets this status and message.
    ///
    /// ```
    /// use http::StatusCode;
    /// use sddl_authz::http::Reason;
    /// // Answers 403 to everybody.
    /// const DENIED: Reason = Reason::NO_RIGHT.concealed_as(StatusCode::FORBIDDEN, "Access is denied.");
    /// assert_eq!(DENIED.code(), "no_right");
    /// ```
    #[must_use]
    pub const fn concealed_as(mut self, status: StatusCode, message: &'static str) -> Self {
        self.concealed = Some(Statement { status, message });
        self
    }

    /// Returns the stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the status for those who may know the reason.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.plain.status
    }

    /// Returns the status and message for a reader or for somebody else.
    pub(super) const fn statement(&self, reader: bool) -> Statement {
        match self.concealed {
            Some(concealed) if !reader => concealed,
            Some(_) | None => self.plain,
        }
    }

    /// Returns whether the reason is for readers alone.
    pub(super) const fn is_secret(&self) -> bool {
        self.concealed.is_some()
    }
}

const NOT_FOUND: &str = "There is no such resource, or access to it is denied.";

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

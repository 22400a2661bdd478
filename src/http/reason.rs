use crate::mim::{DecisionError, ForbiddenReason};
use core::fmt;
use http::StatusCode;

/// Why an answer is what it is: a stable code for logs and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// 200: the caller may.
    Permitted,
    /// 204: the request has that status already.
    Unchanged,
    /// 400: what says who calls is unreadable, or comes from somebody who may not say it.
    CallerUnreadable,
    /// 400: the body is no change of status.
    BodyUnreadable,
    /// 400: the query is not one that the route knows.
    QueryUnreadable,
    /// 401: nothing says who calls.
    Unauthenticated,
    /// 403: the descriptor does not grant what is needed.
    NoRight,
    /// 403: it does, but the request's status does not allow it.
    WrongState,
    /// 403: it depends on what is not known of the caller.
    Undetermined,
    /// 403: none of the changes is possible, each for a reason of its own.
    NothingPermitted,
    /// 403: there is no such request.
    UnknownRequest,
    /// 404: there is nothing at that path.
    NotFound,
    /// 405: not with that method.
    MethodNotAllowed,
    /// 413: the body is too large.
    BodyTooLarge,
    /// 415: the body is not declared to be JSON.
    MediaTypeUnsupported,
    /// 500: who calls could not be found out.
    CallerUnavailable,
    /// 500: the stored row is no request.
    RequestUnreadable,
    /// 500: the request has no descriptor, or one that is no SDDL.
    DescriptorUnreadable,
    /// 500: the descriptor protects nothing.
    Unprotected,
    /// 500: the policy is unusable.
    Policy,
    /// 500: the store gave another request than the one asked for.
    WrongRequest,
    /// 500: the store failed.
    Store,
    /// 500: the route is not guarded.
    Unguarded,
}

impl Reason {
    /// The code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.entry().1
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        self.entry().0
    }

    /// Every reason with its status, its code, and what it says to those who may be told.
    const fn entry(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        const ERROR: &str = "An error has occurred.";
        match self {
            Self::Permitted => (S::OK, "permitted", "The request may be changed."),
            Self::Unchanged => (S::NO_CONTENT, "unchanged", "The request has that status already."),
            Self::CallerUnreadable => (
                S::BAD_REQUEST,
                "caller_unreadable",
                "The identity of the caller is unreadable or not to be given here.",
            ),
            Self::BodyUnreadable => (
                S::BAD_REQUEST,
                "body_unreadable",
                "The body is not {\"status\":\"Completed\"}, \"Canceled\" or \"Abandoned\", in straight quotes.",
            ),
            Self::QueryUnreadable => (
                S::BAD_REQUEST,
                "query_unreadable",
                "The query is not one of targetuser=current and status=…, names of statuses.",
            ),
            Self::Unauthenticated => (
                S::UNAUTHORIZED,
                "unauthenticated",
                "Authorization has been denied for this request.",
            ),
            Self::NoRight => (
                S::FORBIDDEN,
                "no_right",
                "Access is denied: the security descriptor of the request does not grant what this needs.",
            ),
            Self::WrongState => (
                S::FORBIDDEN,
                "wrong_state",
                "Access is denied: the status of the request does not allow this.",
            ),
            Self::Undetermined => (
                S::FORBIDDEN,
                "undetermined",
                "Access is denied: it depends on groups of the caller that are not known.",
            ),
            Self::NothingPermitted => (
                S::FORBIDDEN,
                "nothing_permitted",
                "Access is denied: rights or the status of the request rule out every change.",
            ),
            Self::UnknownRequest => (S::FORBIDDEN, "unknown_request", DENIED),
            Self::NotFound => (S::NOT_FOUND, "not_found", "There is nothing at this address."),
            Self::MethodNotAllowed => (
                S::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "The method is not allowed here.",
            ),
            Self::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large."),
            Self::MediaTypeUnsupported => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "media_type_unsupported",
                "The body must be declared as application/json.",
            ),
            Self::CallerUnavailable => (S::INTERNAL_SERVER_ERROR, "caller_unavailable", ERROR),
            Self::RequestUnreadable => (S::INTERNAL_SERVER_ERROR, "request_unreadable", ERROR),
            Self::DescriptorUnreadable => (S::INTERNAL_SERVER_ERROR, "descriptor_unreadable", ERROR),
            Self::Unprotected => (S::INTERNAL_SERVER_ERROR, "unprotected", ERROR),
            Self::Policy => (S::INTERNAL_SERVER_ERROR, "policy", ERROR),
            Self::WrongRequest => (S::INTERNAL_SERVER_ERROR, "wrong_request", ERROR),
            Self::Store => (S::INTERNAL_SERVER_ERROR, "store", ERROR),
            Self::Unguarded => (S::INTERNAL_SERVER_ERROR, "unguarded", ERROR),
        }
    }

    /// What the body says: the reason, or for a 403 to whom may not read the request what says nothing.
    pub(super) const fn message(self, told: bool) -> &'static str {
        if self.is_secret() && !told {
            DENIED
        } else {
            self.entry().2
        }
    }

    /// Whether the reason is only for those who may read the request.
    pub(super) const fn is_secret(self) -> bool {
        self.status().as_u16() == 403
    }
}

const DENIED: &str = "Access is denied, or there is no such request.";

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl From<ForbiddenReason> for Reason {
    fn from(reason: ForbiddenReason) -> Self {
        match reason {
            ForbiddenReason::NoRight => Self::NoRight,
            ForbiddenReason::WrongState => Self::WrongState,
            ForbiddenReason::Undetermined => Self::Undetermined,
        }
    }
}

impl From<&DecisionError> for Reason {
    fn from(failure: &DecisionError) -> Self {
        match failure {
            DecisionError::RequestUnreadable { .. } => Self::RequestUnreadable,
            DecisionError::DescriptorMissing | DecisionError::DescriptorUnreadable(_) => Self::DescriptorUnreadable,
            DecisionError::Unprotected => Self::Unprotected,
            DecisionError::Policy(_) => Self::Policy,
        }
    }
}

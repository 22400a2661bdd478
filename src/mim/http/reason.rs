//! The reasons for answers about certificate requests, besides those of [`Reason`].

use crate::{
    http::Reason,
    mim::{DecisionError, ForbiddenReason},
};
use http::StatusCode;

/// 204: the caller may make the change, and may not read the request.
pub const PERMITTED_WITHOUT_CONTENT: Reason = Reason::new(StatusCode::NO_CONTENT, "permitted", "Access is granted.");
/// 204: the request has that status already.
pub const UNCHANGED: Reason = Reason::new(
    StatusCode::NO_CONTENT,
    "unchanged",
    "The request has that status already.",
);
/// 400: the body is not a change of status.
pub const BODY_UNREADABLE: Reason = Reason::new(
    StatusCode::BAD_REQUEST,
    "body_unreadable",
    "The body is not {\"status\":\"Completed\"}, \"Canceled\" or \"Abandoned\", in straight quotes.",
);
/// 400: the query is not one that the route knows.
pub const QUERY_UNREADABLE: Reason = Reason::new(
    StatusCode::BAD_REQUEST,
    "query_unreadable",
    "The query is not one of targetuser=current, status=… (names of statuses), limit=1 to 1000 and cursor=… (from a link).",
);
/// 403: the descriptor does not grant the rights that the change needs.
pub const NO_RIGHT: Reason = denied(
    "no_right",
    "Access is denied: the security descriptor of the request does not grant what this needs.",
);
/// 403: the descriptor grants the rights, but the change does not start from the status of the request.
pub const WRONG_STATE: Reason = denied(
    "wrong_state",
    "Access is denied: the status of the request does not allow this.",
);
/// 403: the decision depends on groups or claims of the caller that are not known.
pub const UNDETERMINED: Reason = Reason::UNDETERMINED.concealed_as(StatusCode::FORBIDDEN, DENIED);
/// 403: no change is possible, each one for its own reason.
pub const NOTHING_PERMITTED: Reason = denied(
    "nothing_permitted",
    "Access is denied: rights or the status of the request rule out every change.",
);
/// 403: there is no such request.
pub const UNKNOWN_REQUEST: Reason = denied("unknown_request", DENIED);
/// 404: there is nothing at this path.
pub const NOT_FOUND: Reason = Reason::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.");
/// 405: the path has no such method.
pub const METHOD_NOT_ALLOWED: Reason = Reason::new(
    StatusCode::METHOD_NOT_ALLOWED,
    "method_not_allowed",
    "The method is not allowed here.",
);
/// 412: the HTTP request has a condition, such as `If-Match`, of which it is not known that it holds.
pub const PRECONDITION_FAILED: Reason = Reason::new(
    StatusCode::PRECONDITION_FAILED,
    "precondition_failed",
    "The condition of the request is not known to hold: there are no entity tags and no dates of modification.",
);
/// 413: the body is too large.
pub const BODY_TOO_LARGE: Reason = Reason::new(
    StatusCode::PAYLOAD_TOO_LARGE,
    "body_too_large",
    "The body is too large.",
);
/// 415: the body is not declared as JSON in UTF-8.
pub const MEDIA_TYPE_UNSUPPORTED: Reason = Reason::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "media_type_unsupported",
    "The body must be declared as application/json, in UTF-8 and without a content coding.",
);
/// 500: the stored row is not a request.
pub const REQUEST_UNREADABLE: Reason = Reason::internal("request_unreadable");
/// 500: the policy can't be used.
pub const POLICY: Reason = Reason::internal("policy");
/// 500: the store returned another request than the one that was asked for.
pub const WRONG_REQUEST: Reason = Reason::internal("wrong_request");

const DENIED: &str = "Access is denied, or there is no such request.";

/// Returns a 403 whose reason is for those who may read the request. Everybody else gets a 403 that says nothing.
const fn denied(code: &'static str, message: &'static str) -> Reason {
    Reason::new(StatusCode::FORBIDDEN, code, message).concealed_as(StatusCode::FORBIDDEN, DENIED)
}

impl From<ForbiddenReason> for Reason {
    fn from(reason: ForbiddenReason) -> Self {
        match reason {
            ForbiddenReason::NoRight => NO_RIGHT,
            ForbiddenReason::WrongState => WRONG_STATE,
            ForbiddenReason::Undetermined => UNDETERMINED,
        }
    }
}

impl From<&DecisionError> for Reason {
    fn from(error: &DecisionError) -> Self {
        match error {
            DecisionError::RequestUnreadable { .. } => REQUEST_UNREADABLE,
            DecisionError::DescriptorMissing | DecisionError::DescriptorUnreadable(_) => Self::DESCRIPTOR_UNREADABLE,
            DecisionError::Unprotected => Self::UNPROTECTED,
            DecisionError::Policy(_) => POLICY,
        }
    }
}

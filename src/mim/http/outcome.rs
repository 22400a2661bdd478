use crate::{
    http::{Rejection, ResponseContext},
    mim::{DecisionError, Forbidden, Outcome, Permit},
};
use alloc::vec::Vec;
use http::{Response, StatusCode};

impl Outcome {
    /// Returns the permit of a permitted change, or the HTTP response for every other outcome: 204, 403 or 500.
    ///
    /// For services that decide without a [`Guard`](super::Guard).
    ///
    /// # Errors
    /// Fails if there is no permit. The error is the response.
    ///
    /// ```
    /// use sddl_authz::{Caller, http::ResponseContext, mim::{StatusChange, StatusChangePolicy}};
    /// let (parts, ()) = http::Request::new(()).into_parts();
    /// let outcome = StatusChangePolicy::inferred().decide_json("{}", &Caller::anonymous(), StatusChange::Complete);
    /// let response = outcome.permit_or_response::<Vec<u8>>(ResponseContext::new(&parts)).unwrap_err();
    /// assert_eq!(response.status(), 500);
    /// ```
    pub fn permit_or_response<B: From<Vec<u8>>>(self, context: ResponseContext) -> Result<Permit, Response<B>> {
        let rejection = match self {
            Self::Permitted(permit) => return Ok(permit),
            Self::Unchanged(_) => {
                let mut response = Response::new(B::from(Vec::new()));
                *response.status_mut() = StatusCode::NO_CONTENT;
                return Err(response);
            }
            Self::Forbidden(why) => forbidden(why, context),
            Self::Failed(error) => failed(&error, context),
        };
        Err(rejection.into_response())
    }
}

pub(super) fn forbidden(why: Forbidden, context: ResponseContext) -> Rejection {
    Rejection::new(why.reason, context)
        .for_reader(why.reader)
        .with_missing(why.missing)
        .with_unresolved(why.resolve)
}

pub(super) fn failed(error: &DecisionError, context: ResponseContext) -> Rejection {
    Rejection::new(error, context).with_detail(error)
}

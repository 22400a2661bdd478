use super::{Exchange, Refusal};
use crate::mim::{Outcome, Permit};
use alloc::vec::Vec;
use http::{Response, StatusCode};

/// An outcome in terms of HTTP, for those who decide by themselves: a permit, to be used before 200 is answered, or an answer, which
/// is 204, 403 or 500.
///
/// # Errors
/// The answer, where there is no permit.
///
/// ```
/// use sddl_authz::{Caller, http, mim::{StatusChange, StatusChangePolicy}};
/// let (parts, ()) = ::http::Request::new(()).into_parts();
/// let outcome = StatusChangePolicy::inferred().decide_json("{}", &Caller::anonymous(), StatusChange::Complete);
/// let answer = http::settle::<Vec<u8>>(outcome, http::Exchange::of(&parts)).unwrap_err();
/// assert_eq!(answer.status(), 500);
/// ```
pub fn settle<B: From<Vec<u8>>>(outcome: Outcome, exchange: Exchange) -> Result<Permit, Response<B>> {
    let refusal = match outcome {
        Outcome::Permitted(permit) => return Ok(permit),
        Outcome::Unchanged(_) => {
            let mut response = Response::new(B::from(Vec::new()));
            *response.status_mut() = StatusCode::NO_CONTENT;
            return Err(response);
        }
        Outcome::Forbidden(why) => Refusal::new(why.reason.into(), exchange).to_reader(why.reader),
        Outcome::Failed(failure) => Refusal::failed(&failure, exchange),
    };
    Err(refusal.into_response())
}

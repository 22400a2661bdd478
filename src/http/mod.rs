//! The check in front of an HTTP service: who asks, for which request, and the answer where it is no.
//!
//! Adapters only: [`mim`](crate::mim) decides. A [`Guard`] takes the caller from a [`CallerSource`], loads the request from a
//! [`RequestSource`], and gives an [`Authorized`] or a [`Rejection`]. An [`Authorized`] is the only thing that turns into a
//! [`Change`]. The feature `tower` adds the layer that does this in front of any service, the feature `axum` an extractor and
//! answers; `examples/axum_route.rs` is a whole server in 40 lines.
//!
//! # Answers
//!
//! | status | when |
//! | --- | --- |
//! | 200, 204 | yours to give, by what a [`Change`] says |
//! | 400 | what says who calls is unreadable, or comes from somebody who may not say it |
//! | 401 | nothing says who calls |
//! | 403 | no such request, no right, or the wrong status: to whom may not read the request the same bytes, the correlation id apart |
//! | 500 | it could not be decided, so nothing is granted; the body has a correlation id and no reason |
//!
//! The body is `{"Message":…,"CorrelationId":…}`, and for readers `"Reason"`. The API documents no error body; this shape is
//! inferred from the framework that it is built on. To those who ask for `application/problem+json` it is one of RFC 9457.
//!
//! # Events
//!
//! Every decision is one [`Event`], handed to the guard's observer, and with the feature `tracing` recorded under the target
//! `sddl_authz::decision`: permitted and unchanged at `INFO`, refusals at `WARN`, failures at `ERROR`.
//!
//! | field | holds | a metric's label? |
//! | --- | --- | --- |
//! | `action` | `Completed`, `Canceled`, `Abandoned`, `read`, or `change` where the body was not read | yes |
//! | `status` | 200, 204, 400, 401, 403 or 500 | yes |
//! | `reason` | a [`Reason`]'s code | yes |
//! | `correlation` | the id that the answer carries | no |
//! | `request` | the request's id, where the path has one | no |
//! | `caller` | the user's SID, where there is one | no, a SID is personal |
//! | `missing` | for each mask that would be enough, what of it is missing | no |
//! | `resolve` | the groups and claims that must be known to decide | no |
//! | `detail` | what failed, escaped | no |

mod authorized;
#[cfg(feature = "axum")]
mod axum;
mod claims;
mod context;
mod event;
mod guard;
#[cfg(feature = "tower")]
mod layer;
mod outcome;
mod reason;
mod rejection;
mod source;

pub use authorized::{Authorized, Change, PermittedChange, ReadableRequest};
pub use claims::{ClaimNames, ClaimsError};
pub use context::{CorrelationId, ErrorFormat, ResponseContext};
pub use event::{Action, Event};
pub use guard::Guard;
#[cfg(feature = "tower")]
pub use layer::{Authorize, AuthorizeFuture, AuthorizeLayer};
pub use reason::Reason;
pub use rejection::Rejection;
pub use source::{CallerSource, CallerSourceError, RequestSource, StoredRequest, request_id};

//! The [guard](crate::http) for HTTP services of MIM CM: who may change the status of a certificate request.
//!
//! A [`Guard`] decides by a [`StatusChangePolicy`](super::StatusChangePolicy): a change needs rights and a status that it starts from. It
//! returns an [`Authorized`] request before the body is read. With the status in the body, [`Authorized::into_change`] returns the
//! [`Change`]. The example `examples/mim_cm.rs` is a whole server.
//!
//! # Answers
//!
//! | status | reason |
//! | --- | --- |
//! | 200, 204 | the service answers by itself, as the [`Change`] says; only a [reader](PermittedChange::reader) gets the request |
//! | 400 | the request names its caller in a form that can't be read, or its sender may not name one |
//! | 401 | the request names no caller |
//! | 403 | there is no such certificate request, a right is missing, or its status does not allow the change; callers who may not read it get the same bytes for all three, apart from the correlation id |
//! | 500 | it could not be decided, so nothing is granted; the body has a correlation id and no reason |
//!
//! The API documents no body of an error. The body of this crate, `{"Message":…,"CorrelationId":…}`, is inferred from ASP.NET Web API,
//! on which the API is built.
//!
//! The `action` of an [`Event`](crate::http::Event) is `Completed`, `Canceled`, `Abandoned`, `read`, or `change` if the body was not read.

mod authorized;
#[cfg(feature = "axum")]
mod axum;
mod guard;
#[cfg(feature = "tower")]
mod layer;
mod outcome;
pub mod reason;
mod stored_request;

pub use authorized::{Authorized, Change, PermittedChange};
pub use guard::{Guard, ReadableRequest};
pub use stored_request::{StoredRequest, request_id};

/// The name of reading a request in events.
pub const READ: &str = "read";

/// The name of a change in events, if the body was not read.
pub const CHANGE: &str = "change";

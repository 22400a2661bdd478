//! A guard for HTTP services: it finds out who calls, loads the resource, and decides by the security descriptor of the resource.
//!
//! The resources and the actions are your own. A resource implements [`Protected`]: it returns its descriptor, as a model, as SDDL text or
//! as bytes. An action implements [`Action`]: it names the rights that it needs. A [`Guard`] joins a [`CallerSource`] with a
//! [`ResourceSource`], and returns a [`Granted`] resource or a [`Rejection`].
//!
//! The feature `tower` adds a layer that does this in front of any service. The feature `axum` makes [`Granted`] an extractor and
//! [`Rejection`] a response. The example `examples/axum_service.rs` is a whole server in fewer than 50 lines.
//!
//! This module has the name of the crate `http`, whose types it uses. Import its items, or write `::http` for the crate.
//!
//! # Answers
//!
//! | status | reason |
//! | --- | --- |
//! | 400 | the caller or the credentials can't be read, or the sender may not name a caller |
//! | 401 | the request names no caller, or has invalid credentials |
//! | 403 | the action is not granted, and the caller is one of the [readers](Guard::readers) |
//! | 404 | the action is not granted, or there is no such resource; both answers are the same, apart from the correlation id |
//! | 500 | it could not be decided, so nothing is granted; the body has a correlation id and no reason |
//! | 503 | credentials can't be verified yet |
//!
//! The body is `{"Message":…,"CorrelationId":…}`, for readers with `"Reason"`. Clients that accept `application/problem+json` get the
//! format of [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457). A service replaces any of these responses with [`Guard::responses`].
//!
//! # Callers
//!
//! A [`CallerSource`] finds the caller of a request. [`ClaimNames`] reads the claims of a verified token. [`CallerHeader`] reads one
//! header, in which a trusted proxy states every fact about the caller. A client can make some proxies drop headers by naming them in
//! `Connection`. So the absence of a header must never grant more.
//!
//! # Events
//!
//! Every decision is one [`Event`]. The guard hands it to its [observer](Guard::observer) once the outcome is known: a rejection at once,
//! and a permitted action when its [`Report`] says whether it was done. Behind a layer the answer says so. With the feature `tracing` the
//! event is also recorded, with the target `sddl_authz::decision`: success at `INFO`, status 400 to 499 and what was abandoned at `WARN`,
//! other failures at `ERROR`. Long details are cut there.
//!
//! | field | content | label of a metric? |
//! | --- | --- | --- |
//! | `action` | [`Action::name`] | yes |
//! | `status` | the status of the answer | yes |
//! | `reason` | [`Reason::code`] | yes |
//! | `correlation` | the id that the answer carries | no |
//! | `resource` | the identifier of the resource, if the request has one | no |
//! | `caller` | the SID of the user, if it is known | no, a SID is personal data |
//! | `missing` | the rights that are missing: for each mask that would be enough, its missing part | no |
//! | `resolve` | the groups and claims that must be known to decide | no |
//! | `detail` | a detail of a failure, escaped | no |
//! | `count` | the number of resources in a list | no |

mod account;
mod action;
#[cfg(feature = "axum")]
mod axum;
mod caller_header;
mod caller_source;
mod claims;
mod context;
mod event;
pub(crate) mod extension;
mod granted;
mod guard;
#[cfg(feature = "tower")]
mod layer;
mod loaded;
mod reason;
mod rejection;
mod report;
mod resource;
pub(crate) mod route;
mod settings;

pub use account::{parse_account, parse_sid, parse_sids};
pub use action::Action;
pub use caller_header::{CallerHeader, CallerHeaderError};
pub use caller_source::{CallerSource, CallerSourceError};
pub use claims::{ClaimNames, ClaimsError};
pub use context::{CorrelationId, ErrorFormat, ResponseContext};
pub use event::Event;
pub use granted::Granted;
pub use guard::Guard;
#[cfg(feature = "tower")]
pub use layer::{ActionGuard, Authorize, AuthorizeFuture, AuthorizeLayer, Authorizer};
pub use loaded::Loaded;
pub use reason::Reason;
pub use rejection::Rejection;
pub use report::Report;
pub use resource::{FromFn, Protected, ResourceSource, StoredDescriptor, from_fn, last_segment};

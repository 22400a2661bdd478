//! Certificate requests of Microsoft Identity Manager Certificate Management (MIM CM): who may set one to Completed, Canceled or
//! Abandoned.
//!
//! The operation is `PUT /CertificateManagement/api/v1.0/requests/{id}`, which answers 200, 204, 403 or 500. Its documentation does not say
//! which right a change needs. That is configuration, a [`StatusChangePolicy`].
//!
//! ```
//! use sddl_authz::{Caller, mim::{Outcome, StatusChange, StatusChangePolicy}};
//! let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,
//!               "SecurityDescriptor":"D:(D;;DC;;;S-1-5-21-1-2-3-7)(A;;CCDC;;;AU)\u0000"}"#;
//! let policy = StatusChangePolicy::inferred();
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-7".parse()?)?.with_no_groups();
//! match policy.decide_json(row, &caller, StatusChange::Complete) {
//!     Outcome::Permitted(permit) => assert_eq!(permit.new_status().name(), Some("Completed")), // 200
//!     Outcome::Unchanged(_) => {}                                                      // 204
//!     Outcome::Forbidden(_) => {}                                                      // 403
//!     Outcome::Failed(_) => {}                                                         // 500
//! }
//! assert_eq!(policy.decide_json(row, &caller, StatusChange::Cancel).http_status(), 403);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decide;
mod error;
#[cfg(feature = "http")]
pub mod http;
mod outcome;
mod parsed_request;
mod permit;
mod policy;
mod request;
mod status;
mod view;

pub use decide::{Preview, Previews};
pub use error::DecisionError;
pub use outcome::{Forbidden, ForbiddenReason, Outcome, Unchanged};
pub use parsed_request::ParsedRequest;
pub use permit::{DescriptorDigest, Permit, PermitError, StatusUpdate};
#[cfg(feature = "toml")]
pub use policy::PolicyTextError;
pub use policy::{POLICY_VERSION, PolicyError, PolicyRules, Rule, StatusChangePolicy};
pub use request::{CertificateRequest, DataItem, Property};
pub use status::{ParseStatusChangeError, RequestStatus, RequestType, StatusChange};
pub use view::RequestView;

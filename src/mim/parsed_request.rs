use super::{DecisionError, RequestStatus, RequestView};
use crate::{descriptor::SecurityDescriptor, sddl, sid::Sid};
use alloc::borrow::Cow;
use uuid::Uuid;

/// A request whose security descriptor is parsed, for more than one decision.
///
/// The methods of [`StatusChangePolicy`](super::StatusChangePolicy) parse the descriptor each time. An HTTP server that decides before
/// and after it reads the body parses the request once, and calls [`preview`](Self::preview) and [`decide`](Self::decide).
///
/// ```
/// use sddl_authz::{Caller, mim::{ParsedRequest, RequestView, StatusChange, StatusChangePolicy}};
/// let row = br#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"D:(A;;CC;;;AU)"}"#;
/// let request = ParsedRequest::new(RequestView::from_json(row)?)?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-7".parse()?)?.with_no_groups();
/// let policy = StatusChangePolicy::inferred();
/// assert!(!request.preview(&policy, &caller)?.read);
/// assert_eq!(request.decide(&policy, &caller, StatusChange::Complete).http_status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedRequest<'a> {
    uuid: Uuid,
    status: RequestStatus,
    // As stored: a permit holds its digest.
    text: Cow<'a, str>,
    descriptor: SecurityDescriptor,
    principal_self: Option<Sid>,
}

impl<'a> ParsedRequest<'a> {
    /// Parses the security descriptor of a request.
    ///
    /// # Errors
    /// Fails if the request has no descriptor, or one that is not SDDL.
    pub fn new(request: impl Into<RequestView<'a>>) -> Result<Self, DecisionError> {
        Self::with_options(request, &sddl::Options::default())
    }

    /// Reads a request whose descriptor has aliases of a domain, such as `DA`, or the strict grammar: see [`sddl::Options`].
    ///
    /// # Errors
    /// Fails if the descriptor is missing or can't be parsed.
    pub fn with_options(request: impl Into<RequestView<'a>>, options: &sddl::Options) -> Result<Self, DecisionError> {
        let view = request.into();
        let text = view.security_descriptor.unwrap_or_default();
        if text.trim_end_matches('\0').trim_matches(' ').is_empty() {
            return Err(DecisionError::DescriptorMissing);
        }
        let descriptor = sddl::parse_with(&text, options).map_err(DecisionError::DescriptorUnreadable)?;
        Ok(Self {
            uuid: view.uuid,
            status: view.status,
            text,
            descriptor,
            principal_self: None,
        })
    }

    /// Sets the principal that the request represents. Entries for Principal Self (`PS`) are for it.
    #[must_use]
    pub const fn with_principal_self(mut self, sid: Sid) -> Self {
        self.principal_self = Some(sid);
        self
    }

    /// Returns this request with the text of its descriptor copied, so that it borrows nothing.
    #[must_use]
    pub fn into_owned(self) -> ParsedRequest<'static> {
        ParsedRequest {
            uuid: self.uuid,
            status: self.status,
            text: Cow::Owned(self.text.into_owned()),
            descriptor: self.descriptor,
            principal_self: self.principal_self,
        }
    }

    /// Returns the id of the request.
    #[must_use]
    pub const fn uuid(&self) -> Uuid {
        self.uuid
    }

    /// Returns the status of the request.
    #[must_use]
    pub const fn status(&self) -> RequestStatus {
        self.status
    }

    /// Returns the security descriptor of the request.
    #[must_use]
    pub const fn descriptor(&self) -> &SecurityDescriptor {
        &self.descriptor
    }

    /// Returns the text of the descriptor, as stored.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn principal_self(&self) -> Option<Sid> {
        self.principal_self
    }
}

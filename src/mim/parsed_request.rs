use super::{DecisionError, RequestStatus, RequestView};
use crate::{descriptor::SecurityDescriptor, sddl, sid::Sid};
use alloc::borrow::Cow;
use uuid::Uuid;

/// A request read once for all that is asked about it: what [`RequestView`] shows, its descriptor parsed.
///
/// [`decide`](super::StatusChangePolicy::decide) and its like read the descriptor anew each time; who asks twice, such as before and after
/// the body of an HTTP request, reads a `ParsedRequest` once and asks [`preview`](Self::preview) and [`decide`](Self::decide).
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
    /// Reads what is to be decided on.
    ///
    /// # Errors
    /// [`DecisionError::DescriptorMissing`] and [`DecisionError::DescriptorUnreadable`].
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

    /// The same request, with the principal that it represents: entries for Principal Self (`PS`) are for it.
    #[must_use]
    pub const fn with_principal_self(mut self, sid: Sid) -> Self {
        self.principal_self = Some(sid);
        self
    }

    /// The same, which borrows nothing.
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

    /// The identifier of the request.
    #[must_use]
    pub const fn uuid(&self) -> Uuid {
        self.uuid
    }

    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> RequestStatus {
        self.status
    }

    /// Who may do what with it.
    #[must_use]
    pub const fn descriptor(&self) -> &SecurityDescriptor {
        &self.descriptor
    }

    /// The text that the descriptor was read from.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn principal_self(&self) -> Option<Sid> {
        self.principal_self
    }
}

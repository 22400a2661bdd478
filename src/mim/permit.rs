use super::{CertificateRequest, ParsedRequest, Property, RequestStatus, StatusChange};
use alloc::string::String;
use core::fmt;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The permission to make one change to one request.
///
/// Only a decision makes a permit, and using it consumes it. It can't be copied, stored or forged. It is valid only as long as the request
/// has the status and the descriptor that were decided on.
///
/// ```
/// use sddl_authz::{Caller, mim::{Outcome, RequestStatus, StatusChange, StatusChangePolicy}};
/// let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"D:(A;;CC;;;AU)"}"#;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-7".parse()?)?.with_no_groups();
/// let outcome = StatusChangePolicy::inferred().decide_json(row, &caller, StatusChange::Complete);
/// let Outcome::Permitted(permit) = outcome else { unreachable!() };
/// assert_eq!(permit.found_status(), RequestStatus::APPROVED);
///
/// let update = permit.into_update("2015-07-07T23:37:37.767Z");
/// assert_eq!(update.to, RequestStatus::COMPLETED);
/// assert_eq!(update.completed.as_deref(), Some("2015-07-07T23:37:37.767Z"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    request: Uuid,
    change: StatusChange,
    from: RequestStatus,
    descriptor: DescriptorDigest,
}

impl Permit {
    pub(super) fn new(parsed: &ParsedRequest<'_>, change: StatusChange) -> Self {
        Self {
            request: parsed.uuid(),
            change,
            from: parsed.status(),
            descriptor: DescriptorDigest::new(parsed.text()),
        }
    }

    /// Returns the id of the request.
    #[must_use]
    pub const fn request(&self) -> Uuid {
        self.request
    }

    /// Returns the change.
    #[must_use]
    pub const fn change(&self) -> StatusChange {
        self.change
    }

    /// Returns the status that the request had when the change was decided.
    #[must_use]
    pub const fn found_status(&self) -> RequestStatus {
        self.from
    }

    /// Returns the status to write.
    #[must_use]
    pub const fn new_status(&self) -> RequestStatus {
        self.change.target()
    }

    /// Returns the change as a conditional update for a store.
    ///
    /// `now` is the completion time, in the form of the API. It is written only if the change completes the request. That no other change
    /// sets it is inferred.
    #[must_use]
    pub fn into_update(self, now: impl Into<String>) -> StatusUpdate {
        let completed = match self.change {
            StatusChange::Complete => Some(now.into()),
            StatusChange::Cancel | StatusChange::Abandon => None,
        };
        StatusUpdate {
            request: self.request,
            from: self.from,
            to: self.new_status(),
            descriptor: self.descriptor,
            completed,
        }
    }

    /// Makes the change to a request in memory. `now` is the completion time, as for [`into_update`](Self::into_update).
    ///
    /// # Errors
    /// Fails if it is another request, or if its status or descriptor is not the one that was decided on. The request is then not changed.
    pub fn apply(self, request: &mut CertificateRequest, now: impl Into<String>) -> Result<(), PermitError> {
        let update = self.into_update(now);
        if request.uuid != update.request {
            return Err(PermitError::RequestDiffers);
        }
        if request.status != update.from {
            return Err(PermitError::StatusDiffers);
        }
        let descriptor = request
            .security_descriptor
            .value()
            .map(|text| DescriptorDigest::new(text));
        if descriptor != Some(update.descriptor) {
            return Err(PermitError::DescriptorDiffers);
        }
        request.status = update.to;
        if let Some(completed) = update.completed {
            request.completed = Property::Value(completed);
        }
        Ok(())
    }
}

/// The reason why a permit is not valid for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PermitError {
    /// The permit is for another request.
    #[error("the permit is for another request")]
    RequestDiffers,
    /// The status of the request has changed since the decision.
    #[error("the status of the request has changed since the decision")]
    StatusDiffers,
    /// The descriptor of the request has changed since the decision.
    #[error("the security descriptor of the request has changed since the decision")]
    DescriptorDiffers,
}

impl PermitError {
    /// Returns a stable code for logs: `request_differs`, `status_differs` or `descriptor_differs`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RequestDiffers => "request_differs",
            Self::StatusDiffers => "status_differs",
            Self::DescriptorDiffers => "descriptor_differs",
        }
    }
}

/// A conditional update for a store. It writes `to` and `completed`, if the request still has the id, the status and the descriptor of the
/// decision. If the request was changed meanwhile, decide again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusUpdate {
    /// The id of the request.
    pub request: Uuid,
    /// The status it must still have.
    pub from: RequestStatus,
    /// The status to write.
    pub to: RequestStatus,
    /// The digest that its descriptor must still have.
    pub descriptor: DescriptorDigest,
    /// The completion time to write, or `None` to leave it as it is.
    pub completed: Option<String>,
}

/// The SHA-256 digest of the text of a security descriptor, exactly as stored, trailing NULs included. `Display` and `Debug` print 64
/// hexadecimal digits.
///
/// ```
/// use sddl_authz::mim::DescriptorDigest;
/// // The digest of "abc", from FIPS 180-2.
/// let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
/// assert_eq!(DescriptorDigest::new("abc").to_string(), expected);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DescriptorDigest([u8; 32]);

impl DescriptorDigest {
    /// Returns the digest of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Returns the bytes of the digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for DescriptorDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DescriptorDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

use super::{CertificateRequest, ParsedRequest, Property, RequestStatus, StatusChange};
use alloc::string::String;
use core::fmt;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The right to make one change to one request, as it was found.
///
/// Only a decision makes one, and using it consumes it; it can't be copied, stored or forged. It says under which conditions the change
/// may still be made: the request has the same status and the same descriptor.
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

    /// The request.
    #[must_use]
    pub const fn request(&self) -> Uuid {
        self.request
    }

    /// The change.
    #[must_use]
    pub const fn change(&self) -> StatusChange {
        self.change
    }

    /// The status that the request was found in.
    #[must_use]
    pub const fn found_status(&self) -> RequestStatus {
        self.from
    }

    /// The status to write.
    #[must_use]
    pub const fn new_status(&self) -> RequestStatus {
        self.change.target()
    }

    /// The change as a conditional update for a store. `now` is written as the completion time, in the API's form, where the
    /// change completes the request (inferred: no other change sets it).
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

    /// Makes the change to a request held in memory; `now` as in [`into_update`](Self::into_update).
    ///
    /// # Errors
    /// When it is another request, or its status or descriptor is not the one decided on. The request is then left as it was.
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

/// Why a permit does not fit a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PermitError {
    /// It is for another one.
    #[error("the permit is for another request")]
    RequestDiffers,
    /// The status has changed since.
    #[error("the status of the request has changed since the decision")]
    StatusDiffers,
    /// The descriptor has changed since.
    #[error("the security descriptor of the request has changed since the decision")]
    DescriptorDiffers,
}

/// What a store writes, and on which conditions: `id`, status and descriptor as found. Losing the race is no error of the caller's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusUpdate {
    /// The request.
    pub request: Uuid,
    /// The status it must still have.
    pub from: RequestStatus,
    /// The status to write.
    pub to: RequestStatus,
    /// The digest that its descriptor must still have.
    pub descriptor: DescriptorDigest,
    /// The completion time to write, if one is to be written.
    pub completed: Option<String>,
}

/// The SHA-256 of a security descriptor's text exactly as stored, NUL and all. Prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DescriptorDigest([u8; 32]);

impl DescriptorDigest {
    /// The digest of a text as stored.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Its bytes.
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

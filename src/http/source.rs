use crate::{
    caller::Caller,
    mim::{CertificateRequest, DecisionError, RequestView},
};
use alloc::{string::String, vec::Vec};
use core::fmt::Display;
use http::{HeaderValue, request::Parts};
use uuid::Uuid;

/// Says who calls. Verifying a token or a header is its work.
///
/// A function from the request's head to a result is one.
pub trait CallerSource: Send + Sync + 'static {
    /// Who sent this request.
    ///
    /// # Errors
    /// Why that is not known.
    fn caller(&self, parts: &Parts) -> impl Future<Output = Result<Caller, CallerSourceError>> + Send;
}

impl<F> CallerSource for F
where
    F: Fn(&Parts) -> Result<Caller, CallerSourceError> + Send + Sync + 'static,
{
    async fn caller(&self, parts: &Parts) -> Result<Caller, CallerSourceError> {
        self(parts)
    }
}

/// Why it is not known who calls. The details are for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallerSourceError {
    /// 401: nothing says so. The challenge is sent as `WWW-Authenticate`, which a 401 must have.
    Missing {
        /// Such as `Negotiate` or `Bearer`.
        challenge: HeaderValue,
    },
    /// 400: what says so is unreadable, or comes from somebody who may not say it.
    Unreadable {
        /// What is wrong with it.
        detail: String,
    },
    /// 500: it could not be found out.
    Unavailable {
        /// What failed.
        detail: String,
    },
}

/// Loads requests by their id.
pub trait RequestSource: Send + Sync + 'static {
    /// A request as it is stored.
    type Request: StoredRequest;
    /// Why it could not be loaded.
    type Error: Display + Send;

    /// The request with this id; none where there is none.
    ///
    /// # Errors
    /// When the store failed.
    fn load(&self, id: Uuid) -> impl Future<Output = Result<Option<Self::Request>, Self::Error>> + Send;
}

/// A request as a store keeps it.
pub trait StoredRequest: Send + Sync + 'static {
    /// What a decision needs of it.
    ///
    /// # Errors
    /// When it is no request.
    fn view(&self) -> Result<RequestView<'_>, DecisionError>;
}

impl StoredRequest for CertificateRequest {
    fn view(&self) -> Result<RequestView<'_>, DecisionError> {
        Ok(self.into())
    }
}

/// JSON as the REST API prints it.
impl StoredRequest for String {
    fn view(&self) -> Result<RequestView<'_>, DecisionError> {
        RequestView::from_json(self.as_bytes())
    }
}

/// JSON as the REST API prints it.
impl StoredRequest for Vec<u8> {
    fn view(&self) -> Result<RequestView<'_>, DecisionError> {
        RequestView::from_json(self)
    }
}

/// The request that a path is about: its last segment, where that is a GUID with hyphens, in any case.
#[must_use]
pub fn request_id(path: &str) -> Option<Uuid> {
    const HYPHENATED: usize = 36;
    let (_, segment) = path.rsplit_once('/')?;
    let id = (segment.len() == HYPHENATED).then_some(segment)?;
    Uuid::try_parse(id).ok()
}

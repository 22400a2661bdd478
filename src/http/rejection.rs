use super::{CallerSourceError, ErrorFormat, Reason, ResponseContext, reason::Statement};
use crate::{check::Unresolved, mask::AccessMask, render::Escaped};
use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::{self, Display};
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use serde::Serialize;

/// An HTTP answer that rejects a request, with details for the log that the client never sees.
///
/// ```
/// use sddl_authz::http::{Reason, Rejection, ResponseContext};
/// let (parts, ()) = http::Request::new(()).into_parts();
/// let rejection = Rejection::new(Reason::STORE, ResponseContext::new(&parts)).with_detail("the disk is full");
/// assert_eq!(rejection.detail(), Some("the disk is full"));
///
/// let response = rejection.into_response::<Vec<u8>>();
/// assert_eq!(response.status(), 500);
/// assert!(response.body().starts_with(br#"{"Message":"An error has occurred.","CorrelationId":""#));
/// ```
#[derive(Clone, Debug)]
pub struct Rejection(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    reason: Reason,
    context: ResponseContext,
    reader: bool,
    detail: Option<String>,
    missing: Vec<AccessMask>,
    resolve: Vec<Unresolved>,
    challenge: Option<HeaderValue>,
    own: Option<Response<Vec<u8>>>,
}

impl Rejection {
    /// Returns a rejection for somebody who is not a reader of the resource; see [`for_reader`](Self::for_reader).
    #[must_use]
    pub fn new(reason: impl Into<Reason>, context: ResponseContext) -> Self {
        Self(Box::new(Parts {
            reason: reason.into(),
            context,
            reader: false,
            detail: None,
            missing: Vec::new(),
            resolve: Vec::new(),
            challenge: None,
            own: None,
        }))
    }

    /// Returns the rejection of a request whose caller is not known.
    #[must_use]
    pub fn without_caller(error: CallerSourceError, context: ResponseContext) -> Self {
        match error {
            CallerSourceError::Missing { challenge } => {
                Self::new(Reason::UNAUTHENTICATED, context).with_challenge(challenge)
            }
            CallerSourceError::Unreadable { detail } => {
                Self::new(Reason::CALLER_UNREADABLE, context).with_detail(detail)
            }
            CallerSourceError::Invalid { challenge, detail } => Self::new(Reason::CREDENTIALS_INVALID, context)
                .with_detail(detail)
                .with_challenge(challenge),
            CallerSourceError::Malformed { challenge, detail } => Self::new(Reason::CALLER_UNREADABLE, context)
                .with_detail(detail)
                .with_challenge(challenge),
            CallerSourceError::NotReady { detail } => Self::new(Reason::CALLER_NOT_READY, context).with_detail(detail),
            CallerSourceError::Unavailable { detail } => {
                Self::new(Reason::CALLER_UNAVAILABLE, context).with_detail(detail)
            }
        }
    }

    /// Sets whether the caller may read the resource, and so may learn the reason.
    #[must_use]
    pub fn for_reader(mut self, reader: bool) -> Self {
        self.0.reader = reader;
        self
    }

    /// Adds a detail for the log. It is escaped.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Display) -> Self {
        self.0.detail = Some(Escaped(&detail.to_string()).to_string());
        self
    }

    /// Adds the rights that are missing, for the log: for each mask that would be enough, its missing part.
    #[must_use]
    pub fn with_missing(mut self, missing: Vec<AccessMask>) -> Self {
        self.0.missing = missing;
        self
    }

    /// Adds the groups and claims that must be known to decide, for the log.
    #[must_use]
    pub fn with_unresolved(mut self, unresolved: Vec<Unresolved>) -> Self {
        self.0.resolve = unresolved;
        self
    }

    /// Adds the value of the header `WWW-Authenticate`.
    fn with_challenge(mut self, challenge: HeaderValue) -> Self {
        self.0.challenge = Some(challenge);
        self
    }

    /// Replaces the whole HTTP response.
    ///
    /// ```
    /// use sddl_authz::http::{Reason, Rejection, ResponseContext};
    /// let (parts, ()) = http::Request::new(()).into_parts();
    /// let own = http::Response::builder().status(404).body(b"Nothing here".to_vec())?;
    /// let rejection = Rejection::new(Reason::NO_RIGHT, ResponseContext::new(&parts)).with_response(own);
    /// assert_eq!((rejection.status().as_u16(), rejection.reason()), (404, Reason::NO_RIGHT));
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn with_response(mut self, response: Response<Vec<u8>>) -> Self {
        self.0.own = Some(response);
        self
    }

    /// Returns the reason.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.0.reason
    }

    /// Returns the status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match &self.0.own {
            Some(response) => response.status(),
            None => self.statement().status,
        }
    }

    /// Returns the context of the answer.
    #[must_use]
    pub const fn context(&self) -> ResponseContext {
        self.0.context
    }

    /// Returns whether the caller may read the resource, and so learns the reason.
    #[must_use]
    pub const fn is_for_reader(&self) -> bool {
        self.0.reader
    }

    /// Returns the detail for the log. Never send it to the client.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// Returns the rights that are missing, for the log.
    #[must_use]
    pub fn missing(&self) -> &[AccessMask] {
        &self.0.missing
    }

    /// Returns the groups and claims that must be known to decide, for the log.
    #[must_use]
    pub fn unresolved(&self) -> &[Unresolved] {
        &self.0.resolve
    }

    /// Returns the HTTP response. The [`Reason`] is in its extensions, for a layer that logs or counts answers.
    #[must_use]
    pub fn into_response<B: From<Vec<u8>>>(self) -> Response<B> {
        let reason = self.reason();
        let mut response = self.response();
        response.extensions_mut().insert(reason);
        response
    }

    fn response<B: From<Vec<u8>>>(self) -> Response<B> {
        if let Some(own) = self.0.own {
            return own.map(B::from);
        }
        let mut response = Response::new(B::from(self.body()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        let media_type = self.0.context.format.media_type();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        if let Some(challenge) = self.0.challenge {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }

    fn statement(&self) -> Statement {
        self.0.reason.statement(self.0.reader)
    }

    fn body(&self) -> Vec<u8> {
        let Parts {
            reason,
            context,
            reader,
            ..
        } = &*self.0;
        let Statement { status, message } = self.statement();
        let reason = (*reader && reason.is_secret()).then(|| reason.code());
        let correlation = context.correlation.to_string();
        let written = match context.format {
            ErrorFormat::Json => serde_json::to_vec(&Json {
                message,
                reason,
                correlation_id: &correlation,
            }),
            ErrorFormat::Problem => serde_json::to_vec(&Problem {
                kind: "about:blank",
                title: status.canonical_reason(),
                status: status.as_u16(),
                detail: message,
                reason,
                correlation_id: &correlation,
            }),
        };
        // Strings and numbers can always be written.
        written.unwrap_or_default()
    }
}

/// For the log: status, reason, correlation id and detail.
impl Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { reason, context, .. } = &*self.0;
        write!(
            f,
            "{} {reason}, correlation id {}",
            self.status().as_u16(),
            context.correlation
        )?;
        match self.detail() {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Rejection {}

/// The properties of [`ErrorFormat::Json`].
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Json<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    correlation_id: &'a str,
}

/// The properties of [`ErrorFormat::Problem`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: Option<&'a str>,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    correlation_id: &'a str,
}

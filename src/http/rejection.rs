use super::{CallerSourceError, ErrorFormat, Reason, ResponseContext};
use crate::{mim::DecisionError, render::Escaped};
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

/// An answer that is no: what the client is told, and what only the log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection(Box<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    reason: Reason,
    context: ResponseContext,
    told: bool,
    detail: Option<String>,
    challenge: Option<HeaderValue>,
}

impl Rejection {
    /// A rejection for this reason. What a 403 is about stays untold; see [`for_reader`](Self::for_reader).
    #[must_use]
    pub fn new(reason: Reason, context: ResponseContext) -> Self {
        Self(Box::new(Parts {
            reason,
            context,
            told: false,
            detail: None,
            challenge: None,
        }))
    }

    /// What could not be decided.
    #[must_use]
    pub fn failed(failure: &DecisionError, context: ResponseContext) -> Self {
        Self::new(failure.into(), context).with_detail(failure)
    }

    pub(super) fn without_caller(why: CallerSourceError, context: ResponseContext) -> Self {
        match why {
            CallerSourceError::Missing { challenge } => {
                let mut rejection = Self::new(Reason::Unauthenticated, context);
                rejection.0.challenge = Some(challenge);
                rejection
            }
            CallerSourceError::Unreadable { detail } => {
                Self::new(Reason::CallerUnreadable, context).with_detail(detail)
            }
            CallerSourceError::Unavailable { detail } => {
                Self::new(Reason::CallerUnavailable, context).with_detail(detail)
            }
        }
    }

    /// The same to somebody who may read the request, and so be told the reason.
    #[must_use]
    pub fn for_reader(mut self, reader: bool) -> Self {
        self.0.told = reader;
        self
    }

    /// The same with what the log is told besides, escaped.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Display) -> Self {
        self.0.detail = Some(Escaped(&detail.to_string()).to_string());
        self
    }

    /// Why.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.0.reason
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.0.reason.status()
    }

    /// What it answers to.
    #[must_use]
    pub const fn context(&self) -> ResponseContext {
        self.0.context
    }

    /// What the log is told besides; never for the client.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// The answer.
    #[must_use]
    pub fn into_response<B: From<Vec<u8>>>(self) -> Response<B> {
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

    fn body(&self) -> Vec<u8> {
        let Parts {
            reason, context, told, ..
        } = &*self.0;
        let message = reason.message(*told);
        let reason = (*told && reason.is_secret()).then(|| reason.code());
        let correlation = context.correlation.to_string();
        let written = match context.format {
            ErrorFormat::Api => serde_json::to_vec(&Api {
                message,
                reason,
                correlation_id: &correlation,
            }),
            ErrorFormat::Problem => serde_json::to_vec(&Problem {
                kind: "about:blank",
                title: self.status().canonical_reason(),
                status: self.status().as_u16(),
                detail: message,
                reason,
                correlation_id: &correlation,
            }),
        };
        // Strings and numbers can always be written.
        written.unwrap_or_default()
    }
}

/// For the log.
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

/// The API's own shape: inferred, since no error body is documented.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Api<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    correlation_id: &'a str,
}

/// RFC 9457.
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

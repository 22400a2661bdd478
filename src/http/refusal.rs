use super::{ErrorFormat, Exchange, NoCaller, Reason};
use crate::{mim::Failure, render::Escaped};
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
pub struct Refusal(Box<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    reason: Reason,
    exchange: Exchange,
    told: bool,
    detail: Option<String>,
    challenge: Option<HeaderValue>,
}

impl Refusal {
    /// A refusal for this reason. What a 403 is about stays untold; see [`to_reader`](Self::to_reader).
    #[must_use]
    pub fn new(reason: Reason, exchange: Exchange) -> Self {
        Self(Box::new(Parts {
            reason,
            exchange,
            told: false,
            detail: None,
            challenge: None,
        }))
    }

    /// What could not be decided.
    #[must_use]
    pub fn failed(failure: &Failure, exchange: Exchange) -> Self {
        Self::new(failure.into(), exchange).with_detail(failure)
    }

    pub(super) fn no_caller(why: NoCaller, exchange: Exchange) -> Self {
        match why {
            NoCaller::Missing { challenge } => {
                let mut refusal = Self::new(Reason::Unauthenticated, exchange);
                refusal.0.challenge = Some(challenge);
                refusal
            }
            NoCaller::Unreadable { detail } => Self::new(Reason::CallerUnreadable, exchange).with_detail(detail),
            NoCaller::Unavailable { detail } => Self::new(Reason::CallerUnavailable, exchange).with_detail(detail),
        }
    }

    /// The same to somebody who may read the request, and so be told the reason.
    #[must_use]
    pub fn to_reader(mut self, reader: bool) -> Self {
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
    pub const fn exchange(&self) -> Exchange {
        self.0.exchange
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
        let media_type = self.0.exchange.format.media_type();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        if let Some(challenge) = self.0.challenge {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }

    fn body(&self) -> Vec<u8> {
        let Parts {
            reason, exchange, told, ..
        } = &*self.0;
        let message = reason.message(*told);
        let reason = (*told && reason.is_secret()).then(|| reason.code());
        let correlation = exchange.correlation.to_string();
        let written = match exchange.format {
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
impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { reason, exchange, .. } = &*self.0;
        write!(
            f,
            "{} {reason}, correlation id {}",
            self.status().as_u16(),
            exchange.correlation
        )?;
        match self.detail() {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Refusal {}

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

use super::{CorrelationId, Reason, Rejection, ResponseContext};
#[cfg(feature = "tracing")]
use crate::render::Escaped;
use crate::{caller::Caller, check::Unresolved, mask::AccessMask};
#[cfg(feature = "tracing")]
use alloc::string::ToString;
#[cfg(feature = "tracing")]
use core::fmt;
use http::StatusCode;

/// A decision and its outcome, for logs, metrics and audits. The [module](super#events) says which fields may be labels of metrics.
///
/// ```
/// use sddl_authz::http::Event;
/// fn log_line(event: &Event<'_>) -> String {
///     format!("{} {} {}", event.action, event.status.as_u16(), event.reason)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The name of the action.
    pub action: &'static str,
    /// The reason for the answer.
    pub reason: Reason,
    /// The status of the answer.
    pub status: StatusCode,
    /// The id that the answer carries.
    pub correlation: CorrelationId,
    /// The identifier of the resource, if the request has one.
    pub resource: Option<&'a str>,
    /// The caller, if it is known.
    pub caller: Option<&'a Caller>,
    /// The rights that are missing: for each mask that would be enough, its missing part.
    pub missing: &'a [AccessMask],
    /// The groups and claims that must be known to decide.
    pub resolve: &'a [Unresolved],
    /// A detail of a failure, escaped.
    pub detail: Option<&'a str>,
    /// The number of resources in the answer, if it is a list.
    pub count: Option<usize>,
}

impl<'a> Event<'a> {
    pub(super) const fn success(action: &'static str, reason: Reason, context: ResponseContext) -> Self {
        Self {
            action,
            reason,
            status: reason.status(),
            correlation: context.correlation,
            resource: None,
            caller: None,
            missing: &[],
            resolve: &[],
            detail: None,
            count: None,
        }
    }

    pub(super) fn rejection(action: &'static str, rejection: &'a Rejection) -> Self {
        Self {
            status: rejection.status(),
            missing: rejection.missing(),
            resolve: rejection.unresolved(),
            detail: rejection.detail(),
            ..Self::success(action, rejection.reason(), rejection.context())
        }
    }

    pub(super) const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub(super) const fn with_detail(mut self, detail: &'a str) -> Self {
        self.detail = Some(detail);
        self
    }

    pub(super) const fn with_count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }

    pub(super) const fn about(mut self, resource: Option<&'a str>, caller: Option<&'a Caller>) -> Self {
        self.resource = resource;
        self.caller = caller;
        self
    }

    #[cfg(feature = "tracing")]
    pub(super) fn record(&self) {
        macro_rules! event {
            ($level:ident) => {
                tracing::event!(
                    target: "sddl_authz::decision",
                    tracing::Level::$level,
                    action = self.action,
                    status = self.status.as_u16(),
                    reason = self.reason.code(),
                    correlation = %self.correlation,
                    resource = self.resource.map(|id| tracing::field::display(Escaped(id))),
                    caller = self.caller.map(|caller| tracing::field::display(caller.user())),
                    missing = (!self.missing.is_empty()).then(|| tracing::field::display(List(self.missing))),
                    resolve = (!self.resolve.is_empty()).then(|| tracing::field::display(List(self.resolve))),
                    detail = self.detail.map(Start).map(tracing::field::display),
                    count = self.count,
                )
            };
        }
        match self.status.as_u16() {
            // Clients go away often.
            _ if self.reason == Reason::ABANDONED => event!(WARN),
            200..=399 => event!(INFO),
            400..=499 => event!(WARN),
            _ => event!(ERROR),
        }
    }

    #[cfg(not(feature = "tracing"))]
    #[expect(clippy::unused_self, reason = "the feature `tracing` uses it")]
    pub(super) const fn record(&self) {}
}

/// The start of a detail, so that nobody fills the log.
#[cfg(feature = "tracing")]
struct Start<'a>(&'a str);

#[cfg(feature = "tracing")]
impl fmt::Display for Start<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 1024;
        match self.0.char_indices().nth(MOST) {
            Some((end, _)) => write!(f, "{}…", self.0.get(..end).unwrap_or_default()),
            None => f.write_str(self.0),
        }
    }
}

/// Items separated by commas. A long list is cut.
#[cfg(feature = "tracing")]
struct List<'a, T>(&'a [T]);

#[cfg(feature = "tracing")]
impl<T: fmt::Display> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 32;
        for (index, item) in self.0.iter().take(MOST).enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            // The names of claims come from input.
            let text = item.to_string();
            write!(f, "{}", Start(&Escaped(&text).to_string()))?;
        }
        match self.0.len().checked_sub(MOST) {
            Some(more @ 1..) => write!(f, " and {more} more"),
            Some(0) | None => Ok(()),
        }
    }
}

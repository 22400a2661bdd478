use super::{CorrelationId, Reason, Rejection};
#[cfg(feature = "tracing")]
use crate::render::Escaped;
use crate::{
    caller::Caller,
    check::Unresolved,
    mask::AccessMask,
    mim::{Forbidden, StatusChange},
};
#[cfg(feature = "tracing")]
use alloc::string::ToString;
#[cfg(feature = "tracing")]
use core::fmt;
use uuid::Uuid;

/// One decision, for logs, metrics and audits. The module's table says what may be a metric's label.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// What was wanted.
    pub action: Action,
    /// Why it was answered so; the status of the answer with it.
    pub reason: Reason,
    /// The id that the answer carries.
    pub correlation: CorrelationId,
    /// The request, where the path has an id.
    pub request: Option<Uuid>,
    /// Who asked, where that is known.
    pub caller: Option<&'a Caller>,
    /// For each mask that would have been enough, what of it is missing.
    pub missing: &'a [AccessMask],
    /// The SIDs whose membership must be known to decide.
    pub resolve: &'a [Unresolved],
    /// What failed, escaped.
    pub detail: Option<&'a str>,
}

/// What was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// To read the request.
    Read,
    /// Some change: which one was not looked at.
    AnyChange,
    /// This change.
    Change(StatusChange),
}

impl Action {
    /// A stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::AnyChange => "change",
            Self::Change(change) => change.word(),
        }
    }
}

impl<'a> Event<'a> {
    pub(super) const fn new(action: Action, reason: Reason, correlation: CorrelationId) -> Self {
        Self {
            action,
            reason,
            correlation,
            request: None,
            caller: None,
            missing: &[],
            resolve: &[],
            detail: None,
        }
    }

    pub(super) fn of(action: Action, rejection: &'a Rejection) -> Self {
        Self {
            detail: rejection.detail(),
            ..Self::new(action, rejection.reason(), rejection.context().correlation)
        }
    }

    pub(super) const fn about(mut self, request: Option<Uuid>, caller: Option<&'a Caller>) -> Self {
        self.request = request;
        self.caller = caller;
        self
    }

    pub(super) fn because(mut self, why: &'a Forbidden) -> Self {
        self.missing = &why.missing;
        self.resolve = &why.resolve;
        self
    }

    #[cfg(feature = "tracing")]
    pub(super) fn record(&self) {
        macro_rules! event {
            ($level:ident) => {
                tracing::event!(
                    target: "sddl_authz::decision",
                    tracing::Level::$level,
                    action = self.action.code(),
                    status = self.reason.status().as_u16(),
                    reason = self.reason.code(),
                    correlation = %self.correlation,
                    request = self.request.as_ref().map(tracing::field::display),
                    caller = self.caller.map(|caller| tracing::field::display(caller.user())),
                    missing = (!self.missing.is_empty()).then(|| tracing::field::display(List(self.missing))),
                    resolve = (!self.resolve.is_empty()).then(|| tracing::field::display(List(self.resolve))),
                    detail = self.detail,
                )
            };
        }
        match self.reason.status().as_u16() {
            200..=299 => event!(INFO),
            400..=499 => event!(WARN),
            _ => event!(ERROR),
        }
    }

    #[cfg(not(feature = "tracing"))]
    #[expect(clippy::unused_self, reason = "what the feature `tracing` records")]
    pub(super) const fn record(&self) {}
}

/// Separated by commas.
#[cfg(feature = "tracing")]
struct List<'a, T>(&'a [T]);

#[cfg(feature = "tracing")]
impl<T: fmt::Display> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            // The names of claims come from input.
            write!(f, "{}", Escaped(&item.to_string()))?;
        }
        Ok(())
    }
}

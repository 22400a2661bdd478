use super::{
    DecisionError, Forbidden, ForbiddenReason, Outcome, ParsedRequest, Permit, RequestStatus, RequestView,
    StatusChange, StatusChangePolicy, Unchanged,
};
use crate::{
    caller::Caller,
    check::{AccessCheck, Decision, DenialReason, Explanation, Options, Unprotected, Unresolved, UnresolvedSet},
    mask::AccessMask,
};
use alloc::vec::Vec;

/// Every kind of access to a request, answered at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Previews {
    /// Whether the caller may read the request.
    pub read: bool,
    /// Whether it may be completed.
    pub complete: Preview,
    /// Whether it may be canceled.
    pub cancel: Preview,
    /// Whether it may be abandoned.
    pub abandon: Preview,
}

/// What [`decide`](StatusChangePolicy::decide) would say, without the means to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// It would be permitted.
    Permitted,
    /// The request has that status already.
    Unchanged,
    /// It would be refused.
    Forbidden(ForbiddenReason),
}

impl StatusChangePolicy {
    /// Decides on a stored row, JSON as the REST API prints it. Total: what can't be read is [`Outcome::Failed`].
    pub fn decide_json(&self, row: impl AsRef<[u8]>, caller: &Caller, change: StatusChange) -> Outcome {
        match RequestView::from_json(row.as_ref()) {
            Ok(request) => self.decide(request, caller, change),
            Err(failure) => Outcome::Failed(failure),
        }
    }

    /// [`ParsedRequest::decide`] on a request that nothing else is asked about.
    pub fn decide<'a>(&self, request: impl Into<RequestView<'a>>, caller: &Caller, change: StatusChange) -> Outcome {
        match ParsedRequest::new(request) {
            Ok(request) => request.decide(self, caller, change),
            Err(failure) => Outcome::Failed(failure),
        }
    }

    /// [`ParsedRequest::preview`] for a request that nothing else is asked about.
    ///
    /// # Errors
    /// What would make each of them [`Outcome::Failed`].
    pub fn preview<'a>(&self, request: impl Into<RequestView<'a>>, caller: &Caller) -> Result<Previews, DecisionError> {
        ParsedRequest::new(request)?.preview(self, caller)
    }

    /// [`ParsedRequest::explain`] for a request that nothing else is asked about.
    ///
    /// # Errors
    /// What makes the decision [`Outcome::Failed`].
    pub fn explain<'a>(
        &self,
        request: impl Into<RequestView<'a>>,
        caller: &Caller,
        change: StatusChange,
    ) -> Result<Vec<Explanation>, DecisionError> {
        ParsedRequest::new(request)?.explain(self, caller, change)
    }

    /// What the status says, to those who have the right.
    fn state(&self, status: RequestStatus, change: StatusChange) -> Preview {
        if status == change.target() {
            Preview::Unchanged
        } else if self.rules().rule(change).start.contains(&status) {
            Preview::Permitted
        } else {
            Preview::Forbidden(ForbiddenReason::WrongState)
        }
    }
}

impl ParsedRequest<'_> {
    /// Decides whether `caller` may make `change`. Rights come before state: who has no right is not told the status.
    pub fn decide(&self, policy: &StatusChangePolicy, caller: &Caller, change: StatusChange) -> Outcome {
        let subject = match Subject::of(self, policy, caller) {
            Ok(subject) => subject,
            Err(failure) => return Outcome::Failed(failure),
        };
        let forbidden = |reason, missing, resolve| {
            Outcome::Forbidden(Forbidden {
                request: self.uuid(),
                change,
                reason,
                missing,
                resolve,
                reader: subject.grants_any(&policy.rules().read),
            })
        };
        let masks = &policy.rules().rule(change).masks;
        if !subject.grants_any(masks) {
            let (reason, resolve) = subject.refusal(masks);
            return forbidden(reason, subject.missing(masks), resolve);
        }
        match policy.state(self.status(), change) {
            Preview::Permitted => Outcome::Permitted(Permit::new(self, change)),
            Preview::Unchanged => Outcome::Unchanged(Unchanged {
                request: self.uuid(),
                change,
                status: self.status(),
            }),
            Preview::Forbidden(reason) => forbidden(reason, Vec::new(), Vec::new()),
        }
    }

    /// Answers for reading and all three changes, by one walk over the descriptor where all of the caller's groups are known.
    ///
    /// # Errors
    /// What would make each of them [`Outcome::Failed`].
    pub fn preview(&self, policy: &StatusChangePolicy, caller: &Caller) -> Result<Previews, DecisionError> {
        let subject = Subject::of(self, policy, caller)?;
        let granted = subject.check(AccessMask::MAXIMUM_ALLOWED).granted();
        let within = |masks: &[AccessMask]| masks.iter().any(|&mask| granted.contains(mask));
        let preview = |change| {
            let masks = &policy.rules().rule(change).masks;
            if within(masks) {
                policy.state(self.status(), change)
            } else {
                Preview::Forbidden(subject.refusal(masks).0)
            }
        };
        Ok(Previews {
            read: within(&policy.rules().read),
            complete: preview(StatusChange::Complete),
            cancel: preview(StatusChange::Cancel),
            abandon: preview(StatusChange::Abandon),
        })
    }

    /// How the rights for a change were looked for: an explanation for each mask of its rule, in the policy's order, up to the first
    /// that is granted. None where the rule has no mask, which nobody can meet.
    ///
    /// # Errors
    /// What makes the decision [`Outcome::Failed`].
    pub fn explain(
        &self,
        policy: &StatusChangePolicy,
        caller: &Caller,
        change: StatusChange,
    ) -> Result<Vec<Explanation>, DecisionError> {
        let subject = Subject::of(self, policy, caller)?;
        let mut explanations = Vec::new();
        for &mask in &policy.rules().rule(change).masks {
            let explanation = subject.question(mask).explain(self.descriptor());
            let allowed = explanation.decision.is_allowed();
            explanations.push(explanation);
            if allowed {
                break;
            }
        }
        Ok(explanations)
    }
}

/// Who asks about which descriptor, by which policy.
#[derive(Clone, Copy)]
struct Subject<'a> {
    request: &'a ParsedRequest<'a>,
    policy: &'a StatusChangePolicy,
    caller: &'a Caller,
}

impl<'a> Subject<'a> {
    /// Fails where the descriptor protects nothing, unless the policy grants that.
    fn of(
        request: &'a ParsedRequest<'_>,
        policy: &'a StatusChangePolicy,
        caller: &'a Caller,
    ) -> Result<Self, DecisionError> {
        match policy.rules().unprotected {
            Unprotected::Refuse if request.descriptor().dacl.acl().is_none() => Err(DecisionError::Unprotected),
            Unprotected::Refuse | Unprotected::Grant => Ok(Self {
                request,
                policy,
                caller,
            }),
        }
    }

    fn question(&self, desired: AccessMask) -> AccessCheck<'a> {
        let rules = self.policy.rules();
        AccessCheck::new(self.caller, desired).options(Options {
            mapping: rules.mapping,
            unprotected: rules.unprotected,
            principal_self: self.request.principal_self(),
            ..Options::default()
        })
    }

    fn check(&self, desired: AccessMask) -> Decision {
        self.question(desired).check(self.request.descriptor())
    }

    fn grants_any(&self, masks: &[AccessMask]) -> bool {
        masks.iter().any(|&mask| self.check(mask).is_allowed())
    }

    /// What is missing of each of `masks`.
    fn missing(&self, masks: &[AccessMask]) -> Vec<AccessMask> {
        let missing = |&mask| self.check(mask).denial().map(|denial| denial.missing);
        masks.iter().filter_map(missing).collect()
    }

    /// Why none of `masks` is granted: for good, or for want of knowledge, and then of which facts.
    fn refusal(&self, masks: &[AccessMask]) -> (ForbiddenReason, Vec<Unresolved>) {
        let mut reason = ForbiddenReason::NoRight;
        let mut resolve = UnresolvedSet::default();
        for &mask in masks {
            let denial = self.check(mask).denial().map(|denial| denial.reason);
            if denial != Some(DenialReason::Undetermined) {
                continue;
            }
            reason = ForbiddenReason::Undetermined;
            let names = self.question(mask).explain(self.request.descriptor()).unresolved;
            names.into_iter().for_each(|name| resolve.note(name));
        }
        (reason, resolve.into_vec())
    }
}

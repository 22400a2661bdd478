use super::{
    DecisionError, Forbidden, ForbiddenReason, Outcome, ParsedRequest, Permit, RequestStatus, RequestView,
    StatusChange, StatusChangePolicy, Unchanged,
};
use crate::{
    caller::Caller,
    check::{AccessCheck, Decision, DenialReason, Explanation, Options, Unprotected, Unresolved, UnresolvedSet},
    mask::AccessMask,
};
use alloc::{borrow::Cow, vec::Vec};
use uuid::Uuid;

/// The access of a caller to a request: reading it, and each change.
///
/// ```
/// use sddl_authz::{Caller, mim::{ForbiddenReason, Preview, RequestView, StatusChangePolicy}};
/// let row = br#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"D:(A;;CCRC;;;AU)"}"#;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-7".parse()?)?.with_no_groups();
/// let previews = StatusChangePolicy::inferred().preview(RequestView::from_json(row)?, &caller)?;
/// assert!(previews.read);
/// assert_eq!(previews.complete, Preview::Permitted);
/// assert_eq!(previews.cancel, Preview::Forbidden(ForbiddenReason::NoRight));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

/// The answer that [`decide`](StatusChangePolicy::decide) would give to a change, without the permit to make it.
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
    /// Decides about a change of a stored row, JSON as the REST API prints it. A row that can't be read is [`Outcome::Failed`].
    ///
    /// Pass what your store returned, never what a client sent: a client's row would have a security descriptor of the client's choice.
    ///
    /// ```
    /// use sddl_authz::{Caller, mim::{StatusChange, StatusChangePolicy}};
    /// let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"D:(A;;CC;;;BA)"}"#;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-7".parse()?)?.with_no_groups();
    /// let policy = StatusChangePolicy::inferred();
    /// assert_eq!(policy.decide_json(row, &caller, StatusChange::Complete).http_status(), 403);
    /// let administrator = caller.with_groups(["S-1-5-32-544".parse()?])?;
    /// assert_eq!(policy.decide_json(row, &administrator, StatusChange::Complete).http_status(), 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_json(&self, row: impl AsRef<[u8]>, caller: &Caller, change: StatusChange) -> Outcome {
        match RequestView::from_json(row.as_ref()) {
            Ok(request) => self.decide(request, caller, change),
            Err(failure) => Outcome::Failed(failure),
        }
    }

    /// Decides about a change of a request. To decide more than once, use [`ParsedRequest::decide`].
    pub fn decide<'a>(&self, request: impl Into<RequestView<'a>>, caller: &Caller, change: StatusChange) -> Outcome {
        match ParsedRequest::new(request) {
            Ok(request) => request.decide(self, caller, change),
            Err(failure) => Outcome::Failed(failure),
        }
    }

    /// Returns the preview of reading and of every change. To decide more than once, use [`ParsedRequest::preview`].
    ///
    /// # Errors
    /// Fails if nothing can be decided about the request.
    pub fn preview<'a>(&self, request: impl Into<RequestView<'a>>, caller: &Caller) -> Result<Previews, DecisionError> {
        ParsedRequest::new(request)?.preview(self, caller)
    }

    /// Returns whether a caller may read the requests that have this descriptor, a text in SDDL as stored.
    ///
    /// Reading does not depend on anything else in a request. So a list of many requests needs one decision for each text.
    ///
    /// # Errors
    /// Fails if nothing can be decided about such a request: nobody may read it then.
    ///
    /// ```
    /// use sddl_authz::{Caller, mim::{DecisionError, StatusChangePolicy}};
    /// let policy = StatusChangePolicy::inferred();
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-7".parse()?)?.with_no_groups();
    /// assert_eq!(policy.may_read("D:(A;;RC;;;AU)", &caller), Ok(true));
    /// assert_eq!(policy.may_read("D:(A;;RC;;;BA)", &caller), Ok(false));
    /// assert_eq!(policy.may_read("", &caller), Err(DecisionError::DescriptorMissing));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn may_read(&self, descriptor: &str, caller: &Caller) -> Result<bool, DecisionError> {
        let request = ParsedRequest::new(RequestView {
            uuid: Uuid::nil(),
            status: RequestStatus::APPROVED,
            security_descriptor: Some(Cow::Borrowed(descriptor)),
        })?;
        let subject = Subject::of(&request, self, caller)?;
        Ok(subject.may_read(subject.granted()))
    }

    /// Explains the decision about a change; see [`ParsedRequest::explain`].
    ///
    /// # Errors
    /// Fails if nothing can be decided about the request.
    pub fn explain<'a>(
        &self,
        request: impl Into<RequestView<'a>>,
        caller: &Caller,
        change: StatusChange,
    ) -> Result<Vec<Explanation>, DecisionError> {
        ParsedRequest::new(request)?.explain(self, caller, change)
    }

    /// Returns the answer to a caller who has the rights for the change.
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
    /// Decides whether a caller may make a change. Rights come before status: a caller without the rights learns nothing of the status.
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

    /// Returns the preview of reading and of every change. It walks the descriptor once, if all groups of the caller are known.
    ///
    /// # Errors
    /// Fails if nothing can be decided about the request.
    pub fn preview(&self, policy: &StatusChangePolicy, caller: &Caller) -> Result<Previews, DecisionError> {
        let subject = Subject::of(self, policy, caller)?;
        let granted = subject.granted();
        let preview = |change| {
            let masks = &policy.rules().rule(change).masks;
            if has_one(granted, masks) {
                policy.state(self.status(), change)
            } else {
                Preview::Forbidden(subject.refusal(masks).0)
            }
        };
        Ok(Previews {
            read: subject.may_read(granted),
            complete: preview(StatusChange::Complete),
            cancel: preview(StatusChange::Cancel),
            abandon: preview(StatusChange::Abandon),
        })
    }

    /// Explains the decision about the rights for a change.
    ///
    /// Returns an explanation for each mask of the rule, in the order of the policy, up to the first mask that is granted. The list is
    /// empty if the rule has no mask, so that nobody may make the change.
    ///
    /// # Errors
    /// Fails if nothing can be decided about the request.
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

/// Returns whether all rights of one of the masks are granted.
fn has_one(granted: AccessMask, masks: &[AccessMask]) -> bool {
    masks.iter().any(|&mask| granted.contains(mask))
}

/// A caller who asks about a request, and the policy that decides.
#[derive(Clone, Copy)]
struct Subject<'a> {
    request: &'a ParsedRequest<'a>,
    policy: &'a StatusChangePolicy,
    caller: &'a Caller,
}

impl<'a> Subject<'a> {
    /// Fails if the descriptor has no DACL or a NULL DACL, unless the policy grants access then.
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

    /// Returns every right that the descriptor grants for certain.
    fn granted(&self) -> AccessMask {
        self.check(AccessMask::MAXIMUM_ALLOWED).granted()
    }

    /// Returns whether a caller with these rights may read the request.
    fn may_read(&self, granted: AccessMask) -> bool {
        has_one(granted, &self.policy.rules().read)
    }

    fn grants_any(&self, masks: &[AccessMask]) -> bool {
        masks.iter().any(|&mask| self.check(mask).is_allowed())
    }

    /// Returns the missing part of each mask.
    fn missing(&self, masks: &[AccessMask]) -> Vec<AccessMask> {
        let missing = |&mask| self.check(mask).denial().map(|denial| denial.missing);
        masks.iter().filter_map(missing).collect()
    }

    /// Returns the reason why no mask is granted, and the groups and claims that must be known if that is undetermined.
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

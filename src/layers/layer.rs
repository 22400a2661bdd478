use super::{
    explanation::{LayerRule, LayerStep, LayeredExplanation},
    join::{Join, Outcome, single_rights},
    observer::Observer,
};
use crate::{
    check::{AccessCheck, Decision, Descriptor, Request},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
};
use alloc::vec::Vec;

/// A security descriptor that limits access, and its name in explanations.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Layer, check_all}};
/// let role: SecurityDescriptor = "D:(A;;0x3;;;WD)".parse()?;
/// let document: SecurityDescriptor = "D:(A;;0x6;;;WD)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let question = AccessCheck::new(&caller, AccessMask::MAXIMUM_ALLOWED);
/// let decision = check_all(&question, &[Layer::new("role", &role), Layer::new("document", &document)]);
/// assert_eq!(decision.granted(), AccessMask::from(0x2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Layer<'a, D = SecurityDescriptor> {
    name: &'a str,
    descriptor: &'a D,
    exempt: AccessMask,
}

impl<D> Clone for Layer<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Layer<'_, D> {}

impl<'a, D: Descriptor> Layer<'a, D> {
    /// A layer that must grant every right that is asked for.
    #[must_use]
    pub const fn new(name: &'a str, descriptor: &'a D) -> Self {
        Self {
            name,
            descriptor,
            exempt: AccessMask::empty(),
        }
    }

    /// Does not ask this layer for ACCESS_SYSTEM_SECURITY. A share is not asked for it
    /// ([\[MS-SMB2\] 3.3.5.9](https://learn.microsoft.com/openspecs/windows_protocols/ms-smb2/5606ad47-5ee0-437a-817e-70c366052962)).
    /// A request for this right alone is refused.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, caller::Privileges, layers::{Layer, check_all}};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups().with_privileges(Privileges::SECURITY);
    /// let desired = AccessMask::READ_CONTROL | AccessMask::ACCESS_SYSTEM_SECURITY;
    /// let question = AccessCheck::new(&caller, desired);
    /// let share = Layer::new("share", &descriptor).without_system_security();
    /// let file = Layer::new("file", &descriptor);
    /// assert_eq!(check_all(&question, &[share, file]).granted(), desired);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn without_system_security(mut self) -> Self {
        self.exempt = AccessMask::ACCESS_SYSTEM_SECURITY;
        self
    }
}

/// Decides about several descriptors: access is granted if each of them grants it. Without layers, it is denied.
///
/// MAXIMUM_ALLOWED lists the rights that each layer grants. If one layer is undetermined, the decision is
/// [`Undetermined`](crate::check::DenialReason::Undetermined), unless another one denies for certain. The question's options hold for
/// every layer. Allocates nothing.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Layer, check_all}};
/// let share: SecurityDescriptor = "D:(A;;RC;;;AU)".parse()?;
/// let file: SecurityDescriptor = "D:(D;;RC;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
/// assert!(check_all(&question, &[Layer::new("share", &share)]).is_allowed());
/// assert!(!check_all(&question, &[Layer::new("share", &share), Layer::new("file", &file)]).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "intersection")]
pub fn check_all<D: Descriptor>(question: &AccessCheck<'_>, layers: &[Layer<'_, D>]) -> Decision {
    join(question, layers, &mut ()).decision
}

/// Decides as [`check_all`] does, and says which layer denied, and what each entry of each layer did.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Layer, explain_all}};
/// let share: SecurityDescriptor = "D:(D;;RC;;;AU)".parse()?;
/// let file: SecurityDescriptor = "D:(A;;RC;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
/// let explanation = explain_all(&question, &[Layer::new("share", &share), Layer::new("file", &file)]);
/// assert_eq!(explanation.denying_layer(), Some("share"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn explain_all<D: Descriptor>(question: &AccessCheck<'_>, layers: &[Layer<'_, D>]) -> LayeredExplanation {
    let mut steps: Vec<LayerStep> = Vec::new();
    let outcome = join(question, layers, &mut steps);
    outcome.explained(request(question), steps)
}

fn request(question: &AccessCheck<'_>) -> Request {
    Request::of(question.options.mapped(question.desired))
}

fn join<D: Descriptor>(question: &AccessCheck<'_>, layers: &[Layer<'_, D>], observer: &mut impl Observer) -> Outcome {
    let request = request(question);
    let mut join = Join::new(request);
    if layers.is_empty() {
        return join.refuse(observer, LayerRule::NoLayers, request.desired());
    }
    for layer in layers {
        if let Err(denied) = join.ask(observer, question, (layer.name, layer.descriptor), layer.exempt) {
            return denied;
        }
    }
    join.finish(|| {
        single_rights().any(|right| {
            let question = AccessCheck {
                desired: right,
                ..*question
            };
            check_all(&question, layers).is_undetermined()
        })
    })
}

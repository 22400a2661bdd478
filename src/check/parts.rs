use super::{
    access_check::AccessCheck,
    central::{self, ObjectPolicy},
    decision::Decision,
    explanation::Explanation,
    objects::{ObjectTree, TreeStates},
    request::Grants,
    source::Descriptor,
    unresolved::{Unresolved, UnresolvedSet},
    walk::{self, Question},
};
use alloc::vec::Vec;

/// A question about the parts of an object ([\[MS-DTYP\] 2.5.3.2], `AccessCheckByTypeResultList`), made by
/// [`AccessCheck::parts`].
///
/// An object entry is about the node of the tree with its GUID and those below it. A node is granted what all nodes directly below it are
/// granted, and it is denied what any node below it is denied
/// ([\[MS-ADTS\] 5.1.3.3.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-adts/3da5080d-de25-4ac8-9f2b-982709253dfb)). So the
/// decision about the root is about the object with all its parts. An entry with a GUID that is not in the tree does nothing.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::ObjectTree};
/// use uuid::Uuid;
/// let [user, title, phone] = [1, 2, 3].map(Uuid::from_u128);
/// let tree = ObjectTree::new([(0, user), (1, title), (1, phone)])?;
/// let descriptor: SecurityDescriptor = format!("D:(OA;;RP;{phone};;AU)").parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
///
/// let decision = AccessCheck::new(&caller, "RP".parse()?).parts(&tree).check(&descriptor);
/// assert!(!decision.overall.is_allowed());
/// assert_eq!(decision.nodes.iter().map(|node| node.is_allowed()).collect::<Vec<_>>(), [false, false, true]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [\[MS-DTYP\] 2.5.3.2]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/4f1bbcbb-814a-4c70-a11e-2a5b8779a6f9
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct PartsCheck<'a> {
    check: AccessCheck<'a>,
    tree: &'a ObjectTree,
}

/// The decisions about the parts of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[non_exhaustive]
pub struct PartsDecision {
    /// The decision about all nodes together: they are granted the rights that every node is granted. The root of the tree
    /// is granted these rights too, no more and no less.
    pub overall: Decision,
    /// The decision about each node of the tree, in the order of [`ObjectTree::nodes`].
    pub nodes: Vec<Decision>,
}

impl<'a> AccessCheck<'a> {
    /// Asks about the parts of an object: property sets and properties.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::ObjectTree};
    /// let tree = ObjectTree::new([(0, uuid::Uuid::from_u128(1))])?;
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AN)".parse()?;
    /// let caller = Caller::anonymous();
    /// let parts = AccessCheck::new(&caller, AccessMask::READ_CONTROL).parts(&tree);
    /// assert!(parts.check(&descriptor).nodes[0].is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "AccessCheckByTypeResultList")]
    pub const fn parts<'t>(&self, tree: &'t ObjectTree) -> PartsCheck<'t>
    where
        'a: 't,
    {
        PartsCheck { check: *self, tree }
    }
}

impl PartsCheck<'_> {
    /// Decides about each part of one object.
    pub fn check<D: Descriptor>(&self, descriptor: &D) -> PartsDecision {
        let question = self.check.question();
        let mut states = TreeStates::new(self.tree, question.request, None);
        match walk::walk(descriptor, &question, &mut states, &mut ()) {
            Ok(restricted) => {
                let rules = self.rule_grants(descriptor, &question, None);
                let decision = |object| match rules {
                    None => question.request.decision_of(object),
                    Some(rules) => question.request.decision_under_policy(object, rules),
                };
                PartsDecision {
                    overall: decision(states.grants(restricted.as_ref()).fold(Grants::ALL, Grants::and)),
                    nodes: states.grants(restricted.as_ref()).map(decision).collect(),
                }
            }
            Err(denial) => {
                let overall = Decision::Denied(denial);
                let nodes = self.tree.nodes().map(|_| overall).collect();
                PartsDecision { overall, nodes }
            }
        }
    }

    /// Decides about one part, the node at index `node` of [`ObjectTree::nodes`], and says why. An index after the last node is refused.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::{EntryOutcome, ObjectTree, Step}};
    /// use uuid::Uuid;
    /// let [class, property] = [1, 2].map(Uuid::from_u128);
    /// let tree = ObjectTree::new([(0, class), (1, property)])?;
    /// let elsewhere: SecurityDescriptor = format!("D:(OA;;RP;{};;AU)", Uuid::from_u128(3)).parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let explanation = AccessCheck::new(&caller, "RP".parse()?).parts(&tree).explain(&elsewhere, 1);
    /// assert!(matches!(explanation.steps[..], [Step::Entry { outcome: EntryOutcome::PartNotAsked, .. }]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain<D: Descriptor>(&self, descriptor: &D, node: usize) -> Explanation {
        let question = self.check.question();
        let mut steps = Vec::new();
        let mut states = TreeStates::new(self.tree, question.request, Some(node));
        let object = match walk::walk(descriptor, &question, &mut states, &mut steps) {
            Ok(restricted) => Ok(states.grants(restricted.as_ref()).nth(node).unwrap_or(Grants::NOTHING)),
            Err(denial) => Err(denial),
        };
        central::explained(descriptor, &question, self.check.policies, object, steps)
    }

    /// The facts to ask a directory about: those of [`Explanation::unresolved`], for all parts. Empty unless the decision about one of the parts
    /// is [`Undetermined`](super::DenialReason::Undetermined).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, Sid, check::{ObjectTree, Unresolved}};
    /// let tree = ObjectTree::new([(0, uuid::Uuid::from_u128(1))])?;
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;BA)".parse()?;
    /// let caller = Caller::anonymous().with_incomplete_groups();
    /// let parts = AccessCheck::new(&caller, AccessMask::READ_CONTROL).parts(&tree);
    /// assert_eq!(parts.unresolved(&descriptor), [Unresolved::Group("BA".parse()?)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn unresolved<D: Descriptor>(&self, descriptor: &D) -> Vec<Unresolved> {
        let question = self.check.question();
        let mut names = UnresolvedSet::default();
        let mut states = TreeStates::new(self.tree, question.request, None);
        let undetermined = match walk::walk(descriptor, &question, &mut states, &mut names) {
            Ok(restricted) => {
                let rules = self.rule_grants(descriptor, &question, Some(&mut names));
                let rules = rules.unwrap_or(Grants::ALL);
                let mut nodes = states.grants(restricted.as_ref());
                nodes.any(|object| question.request.decision_under_policy(object, rules).is_undetermined())
            }
            Err(_) => false,
        };
        if undetermined { names.into_vec() } else { Vec::new() }
    }

    /// The rights that the rules of the object's central policy leave, if it has one.
    fn rule_grants<D: Descriptor>(
        &self,
        descriptor: &D,
        question: &Question<'_>,
        names: Option<&mut UnresolvedSet>,
    ) -> Option<Grants> {
        let policy = ObjectPolicy::of(descriptor, self.check.policies?)?;
        Some(policy.grants(question, names))
    }
}

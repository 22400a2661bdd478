use super::{
    request::{Grants, Request},
    state::{AccessState, AccessStates, BitState, ObjectLookup, Propagated, Target},
};
use crate::{limits::MAX_OBJECT_LEVEL, mask::AccessMask};
use alloc::{collections::BTreeSet, vec::Vec};
use uuid::Uuid;

/// The parts of an object that a question is about: its class, below it property sets, below these properties
/// (`OBJECT_TYPE_LIST` in [\[MS-DTYP\] 2.5.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/4f1bbcbb-814a-4c70-a11e-2a5b8779a6f9)).
///
/// Each node has a GUID and a level. A tree has one root, at level 0, so it is never empty.
///
/// ```
/// use sddl_authz::check::ObjectTree;
/// use uuid::Uuid;
/// let [user, personal, title] = [1, 2, 3].map(Uuid::from_u128);
/// assert!(ObjectTree::new([(0, user), (1, personal), (2, title)]).is_ok());
/// assert!(ObjectTree::new([(0, user), (2, title)]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "OBJECT_TYPE_LIST")]
pub struct ObjectTree {
    // A node comes before the nodes below it.
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Node {
    guid: Uuid,
    level: u16,
    parent: Option<usize>,
    /// The index after the last node below it.
    end: usize,
}

/// The reason why a list of levels and GUIDs is not an [`ObjectTree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectTreeError {
    /// The list is empty.
    #[error("a list of object types is empty")]
    ObjectTreeEmpty,
    /// The first node is not at level 0, or another node is.
    #[error("the object type {index} is at level {level}; the first one, and no other, is at level 0")]
    ObjectTreeRootMisplaced {
        /// The index of the node.
        index: usize,
        /// Its level.
        level: u16,
    },
    /// A level is more than one below the level of the node before.
    #[error("the object type {index} is at level {level}, more than one below the one before")]
    ObjectTreeLevelSkipped {
        /// The index of the node.
        index: usize,
        /// Its level.
        level: u16,
    },
    /// The level is deeper than [`MAX_OBJECT_LEVEL`], the deepest level of Windows.
    #[error("the object type {index} is at level {level}; the deepest level is {MAX_OBJECT_LEVEL}")]
    ObjectTreeTooDeep {
        /// The index of the node.
        index: usize,
        /// Its level.
        level: u16,
    },
    /// The GUID is that of a node before, so an entry with it could mean either of them. That this is an error is inferred: Windows takes the
    /// first one.
    #[error("the object type {index} has the GUID of one before")]
    ObjectTreeGuidRepeated {
        /// The index of the node.
        index: usize,
    },
}

impl ObjectTreeError {
    /// A stable name of the reason, for logs and other programs.
    ///
    /// ```
    /// assert_eq!(sddl_authz::check::ObjectTreeError::ObjectTreeEmpty.code(), "object_tree_empty");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ObjectTreeEmpty => "object_tree_empty",
            Self::ObjectTreeRootMisplaced { .. } => "object_tree_root_misplaced",
            Self::ObjectTreeLevelSkipped { .. } => "object_tree_level_skipped",
            Self::ObjectTreeTooDeep { .. } => "object_tree_too_deep",
            Self::ObjectTreeGuidRepeated { .. } => "object_tree_guid_repeated",
        }
    }
}

impl ObjectTree {
    /// Makes a tree of levels and GUIDs. A node comes before the nodes below it.
    ///
    /// ```
    /// use sddl_authz::check::{ObjectTree, ObjectTreeError};
    /// use uuid::Uuid;
    /// let [class, property] = [1, 2].map(Uuid::from_u128);
    /// assert_eq!(ObjectTree::new([(0, class), (1, property)])?.nodes().len(), 2);
    /// assert_eq!(ObjectTree::new([]), Err(ObjectTreeError::ObjectTreeEmpty));
    /// # Ok::<(), ObjectTreeError>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the list is empty, the first node is not the only one at level 0, a level is skipped or too deep, or a GUID is repeated.
    pub fn new(list: impl IntoIterator<Item = (u16, Uuid)>) -> Result<Self, ObjectTreeError> {
        let mut nodes: Vec<Node> = Vec::new();
        // The node of each level that the next node can be below.
        let mut path: Vec<usize> = Vec::new();
        let mut guids = BTreeSet::new();
        for (index, (level, guid)) in list.into_iter().enumerate() {
            let depth = usize::from(level);
            if (depth == 0) != (index == 0) {
                return Err(ObjectTreeError::ObjectTreeRootMisplaced { index, level });
            }
            if depth > path.len() {
                return Err(ObjectTreeError::ObjectTreeLevelSkipped { index, level });
            }
            if level > MAX_OBJECT_LEVEL {
                return Err(ObjectTreeError::ObjectTreeTooDeep { index, level });
            }
            if !guids.insert(guid) {
                return Err(ObjectTreeError::ObjectTreeGuidRepeated { index });
            }
            path.truncate(depth);
            let parent = path.last().copied();
            path.push(index);
            let end = index.saturating_add(1);
            for &above in &path {
                if let Some(node) = nodes.get_mut(above) {
                    node.end = end;
                }
            }
            nodes.push(Node {
                guid,
                level,
                parent,
                end,
            });
        }
        if nodes.is_empty() {
            return Err(ObjectTreeError::ObjectTreeEmpty);
        }
        Ok(Self { nodes })
    }

    /// The levels and GUIDs, in the order in which they were given.
    ///
    /// ```
    /// use sddl_authz::check::ObjectTree;
    /// use uuid::Uuid;
    /// let nodes = [(0, Uuid::from_u128(1)), (1, Uuid::from_u128(2))];
    /// assert!(ObjectTree::new(nodes)?.nodes().eq(nodes));
    /// # Ok::<(), sddl_authz::check::ObjectTreeError>(())
    /// ```
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (u16, Uuid)> {
        self.nodes.iter().map(|node| (node.level, node.guid))
    }
}

/// An access state for each node.
#[derive(Clone, Debug)]
pub(super) struct TreeStates<'a> {
    tree: &'a ObjectTree,
    // One for each node.
    states: Vec<AccessState>,
    /// The node that is explained; `None` if all nodes are of interest.
    focus: Option<usize>,
}

impl<'a> TreeStates<'a> {
    /// Every node begins with all wanted rights open: otherwise a node would be granted what nobody checked (CVE-2013-0172).
    pub(super) fn new(tree: &'a ObjectTree, request: Request, focus: Option<usize>) -> Self {
        Self {
            tree,
            states: tree.nodes.iter().map(|_| AccessState::new(request)).collect(),
            focus,
        }
    }

    /// The rights that each node is granted.
    pub(super) fn grants(&self, restricted: Option<&Self>) -> impl Iterator<Item = Grants> {
        self.states
            .iter()
            .enumerate()
            .map(move |(index, state)| state.grants(restricted.and_then(|restricted| restricted.states.get(index))))
    }

    fn nodes_at(&self, target: Target) -> core::ops::Range<usize> {
        match target {
            Target::Whole => 0..self.states.len(),
            Target::Node(index) => index..self.tree.nodes.get(index).map_or(index, |node| node.end),
        }
    }

    fn is_in_focus(&self, index: usize) -> bool {
        self.focus.is_none_or(|focus| focus == index)
    }

    /// The rights that the nodes directly below this one grant and deny it; `None` if no node is below it.
    fn below(&self, parent: usize) -> Option<Propagated> {
        let end = self.tree.nodes.get(parent)?.end;
        let nodes = self.tree.nodes.iter().zip(&self.states).take(end).skip(parent);
        nodes
            .filter(|(node, _)| node.parent == Some(parent))
            .map(|(_, state)| Propagated {
                denied: state.denied(),
                may_be_denied: state.may_be_denied(),
                granted: state.granted(),
                may_be_granted: state.may_be_granted(),
            })
            .reduce(|all, one| Propagated {
                denied: all.denied.union(one.denied),
                may_be_denied: all.may_be_denied.union(one.may_be_denied),
                granted: all.granted.intersection(one.granted),
                may_be_granted: all.may_be_granted.intersection(one.may_be_granted),
            })
    }
}

impl AccessStates for TreeStates<'_> {
    fn find(&self, object: &Uuid) -> ObjectLookup {
        match self.tree.nodes.iter().position(|node| node.guid == *object) {
            Some(index) => ObjectLookup::At(Target::Node(index)),
            None => ObjectLookup::Elsewhere,
        }
    }

    fn is_open(&self, target: Target, bits: AccessMask) -> bool {
        let mut states = self.states.get(self.nodes_at(target)).unwrap_or_default().iter();
        states.any(|state| state.open().intersects(bits))
    }

    fn apply(&mut self, target: Target, state: BitState, bits: AccessMask) -> AccessMask {
        let mut changed = AccessMask::empty();
        for index in self.nodes_at(target) {
            let touched = self.states.get_mut(index).map(|node| node.apply_bits(state, bits));
            if self.is_in_focus(index) {
                changed = changed.union(touched.unwrap_or_default());
            }
        }
        changed
    }

    fn propagate_up(&mut self, from: Target) -> Propagated {
        let mut changed = Propagated::default();
        let mut next = match from {
            Target::Whole => None,
            Target::Node(index) => self.tree.nodes.get(index).and_then(|node| node.parent),
        };
        while let Some(parent) = next {
            if let Some(below) = self.below(parent)
                && let Some(state) = self.states.get_mut(parent)
            {
                let change = Propagated {
                    denied: state.newly(BitState::Denied, below.denied),
                    may_be_denied: state.newly(BitState::MayBeDenied, below.may_be_denied),
                    granted: state.newly(BitState::Granted, below.granted),
                    may_be_granted: state.newly(BitState::MayBeGranted, below.may_be_granted),
                };
                if self.is_in_focus(parent) {
                    changed = changed.union(change);
                }
            }
            next = self.tree.nodes.get(parent).and_then(|node| node.parent);
        }
        changed
    }

    fn both(&self, other: &Self) -> Self {
        let states = self.states.iter().zip(&other.states);
        Self {
            states: states.map(|(state, other)| state.both(other)).collect(),
            ..*self
        }
    }

    fn is_about_focus(&self, target: Target) -> bool {
        self.focus.is_none_or(|focus| self.nodes_at(target).contains(&focus))
    }

    /// The state of a node can depend on every other node, so all of them must be settled.
    fn is_settled(&self) -> bool {
        self.states.iter().all(AccessStates::is_settled)
    }
}

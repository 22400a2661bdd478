use super::{
    decision::Decision,
    request::Request,
    state::{AccessState, AccessStates, BitState, ObjectLookup, Target},
};
use crate::{limits::MAX_OBJECT_LEVEL, mask::AccessMask};
use alloc::{collections::BTreeSet, vec::Vec};
use uuid::Uuid;

/// The parts of an object that are asked about: its class, sets of its properties, properties ([MS-DTYP] 2.5.3.2,
/// `OBJECT_TYPE_LIST`). Valid by construction, and never empty.
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
    // Each node before those below it.
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Node {
    guid: Uuid,
    level: u16,
    parent: Option<usize>,
    /// The place after the last node below it.
    end: usize,
}

/// Why a list is no [`ObjectTree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectTreeError {
    /// A tree has a root.
    #[error("a list of object types is empty")]
    ObjectTreeEmpty,
    /// The first one, and no other, is at level 0.
    #[error("the object type {index} is at level {level}; the first one, and no other, is at level 0")]
    ObjectTreeRootMisplaced {
        /// Which one.
        index: usize,
        /// Its level.
        level: u16,
    },
    /// A level is at most one more than the one before.
    #[error("the object type {index} is at level {level}, more than one below the one before")]
    ObjectTreeLevelSkipped {
        /// Which one.
        index: usize,
        /// Its level.
        level: u16,
    },
    /// Windows knows levels up to [`MAX_OBJECT_LEVEL`].
    #[error("the object type {index} is at level {level}; the deepest level is {MAX_OBJECT_LEVEL}")]
    ObjectTreeTooDeep {
        /// Which one.
        index: usize,
        /// Its level.
        level: u16,
    },
    /// An entry could not say which one it means (inferred: Windows takes the first).
    #[error("the object type {index} has the GUID of one before")]
    ObjectTreeGuidRepeated {
        /// Which one.
        index: usize,
    },
}

impl ObjectTree {
    /// The tree of these levels and GUIDs, each node before those below it.
    ///
    /// # Errors
    /// When there is none, the first is not the only one at level 0, a level is skipped or too deep, or a GUID is repeated.
    pub fn new(list: impl IntoIterator<Item = (u16, Uuid)>) -> Result<Self, ObjectTreeError> {
        let mut nodes: Vec<Node> = Vec::new();
        // The last node of each level so far that others can still stand below.
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

    /// The levels and GUIDs, as they were given.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (u16, Uuid)> {
        self.nodes.iter().map(|node| (node.level, node.guid))
    }
}

/// A state for each node.
#[derive(Clone, Debug)]
pub(super) struct TreeStates<'a> {
    tree: &'a ObjectTree,
    request: Request,
    // As many as there are nodes.
    states: Vec<AccessState>,
    /// The node that is looked at; all, where there is none.
    focus: Option<usize>,
}

impl<'a> TreeStates<'a> {
    /// Every node begins with all that is wanted still open (CVE-2013-0172).
    pub(super) fn new(tree: &'a ObjectTree, request: Request, focus: Option<usize>) -> Self {
        Self {
            tree,
            request,
            states: tree.nodes.iter().map(|_| AccessState::new(request)).collect(),
            focus,
        }
    }

    /// The decision about each node.
    pub(super) fn decisions(&self, restricted: Option<&Self>) -> impl Iterator<Item = Decision> {
        self.states
            .iter()
            .enumerate()
            .map(move |(index, state)| state.decision(restricted.and_then(|restricted| restricted.states.get(index))))
    }

    /// The decision about all nodes together: each is granted what all are.
    pub(super) fn overall(&self, restricted: Option<&Self>) -> Decision {
        let everything = AccessMask::all();
        let passes = [Some(self), restricted];
        let states = passes.iter().flatten().flat_map(|pass| &pass.states);
        let (granted, possible) = states.fold((everything, everything), |(granted, possible), state| {
            (
                granted.intersection(state.granted()),
                possible.intersection(state.may_be_granted()),
            )
        });
        self.request.decision(granted, possible)
    }

    fn nodes_at(&self, place: Target) -> core::ops::Range<usize> {
        match place {
            Target::Whole => 0..self.states.len(),
            Target::Node(index) => index..self.tree.nodes.get(index).map_or(index, |node| node.end),
        }
    }

    fn is_in_focus(&self, index: usize) -> bool {
        self.focus.is_none_or(|focus| focus == index)
    }

    /// What all nodes right below this one have, for certain and perhaps; `None` if there are none.
    fn below(&self, parent: usize) -> Option<(AccessMask, AccessMask)> {
        let end = self.tree.nodes.get(parent)?.end;
        let nodes = self.tree.nodes.iter().zip(&self.states).take(end).skip(parent);
        nodes
            .filter(|(node, _)| node.parent == Some(parent))
            .map(|(_, state)| (state.granted(), state.may_be_granted()))
            .reduce(|(granted, possible), (more, maybe)| (granted.intersection(more), possible.intersection(maybe)))
    }
}

impl AccessStates for TreeStates<'_> {
    fn find(&self, object: &Uuid) -> ObjectLookup {
        match self.tree.nodes.iter().position(|node| node.guid == *object) {
            Some(index) => ObjectLookup::At(Target::Node(index)),
            None => ObjectLookup::Elsewhere,
        }
    }

    fn is_open(&self, place: Target, bits: AccessMask) -> bool {
        let mut states = self.states.get(self.nodes_at(place)).unwrap_or_default().iter();
        states.any(|state| state.open().intersects(bits))
    }

    fn apply(&mut self, place: Target, fate: BitState, bits: AccessMask) -> AccessMask {
        let mut seen = AccessMask::empty();
        for index in self.nodes_at(place) {
            let touched = self.states.get_mut(index).map(|state| state.write(fate, bits));
            if self.is_in_focus(index) {
                seen = seen.union(touched.unwrap_or_default());
            }
        }
        seen
    }

    fn propagate_up(&mut self, from: Target) -> (AccessMask, AccessMask) {
        let (mut seen, mut perhaps) = (AccessMask::empty(), AccessMask::empty());
        let mut next = match from {
            Target::Whole => None,
            Target::Node(index) => self.tree.nodes.get(index).and_then(|node| node.parent),
        };
        while let Some(parent) = next {
            if let Some((granted, possible)) = self.below(parent)
                && let Some(state) = self.states.get_mut(parent)
            {
                let granted = state.write(BitState::Granted, granted);
                let possible = state.write(BitState::MayBeGranted, possible);
                if self.is_in_focus(parent) {
                    seen = seen.union(granted);
                    perhaps = perhaps.union(possible);
                }
            }
            next = self.tree.nodes.get(parent).and_then(|node| node.parent);
        }
        (seen, perhaps)
    }

    /// What becomes of one node can depend on any other.
    fn is_settled(&self) -> bool {
        self.states.iter().all(AccessStates::is_settled)
    }
}

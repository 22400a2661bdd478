use crate::{
    reference,
    support::model::{Case, tree},
};
use arbitrary::Unstructured;

/// Any question about any descriptor, as a whole and part by part. The check and its explanation answer as the reference does.
pub(crate) fn check_differential(data: &[u8]) {
    let case = Case::from_bytes(data);
    let Case {
        descriptor,
        caller,
        desired,
        options,
    } = &case;
    let disagreement = reference::disagreement(descriptor, caller, *desired, options);
    assert_eq!(disagreement, None, "{case:?}");
    // The parts are drawn from the other end.
    let reversed: Vec<u8> = data.iter().rev().copied().collect();
    let Ok(tree) = tree(&mut Unstructured::new(&reversed)) else {
        return;
    };
    let disagreement = reference::disagreement_about_objects(descriptor, caller, *desired, &tree, options);
    assert_eq!(disagreement, None, "{case:?} about {tree:?}");
}

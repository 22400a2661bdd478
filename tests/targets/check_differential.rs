use super::asker::asker;
use crate::{
    reference,
    support::model::{Case, tree},
};
use arbitrary::Unstructured;

/// The input is turned into a descriptor, a caller and a desired access. The check and its explanation agree with the reference, for the
/// whole object and for each part of it.
pub(crate) fn check_differential(data: &[u8]) {
    let case = Case::from_bytes(data);
    let Case {
        descriptor,
        desired,
        options,
        ..
    } = &case;
    let disagreement = reference::disagreement(descriptor, asker(&case), *desired, options);
    assert_eq!(disagreement, None, "{case:?}");
    // The tree comes from the end of the input, which the case has used last.
    let reversed: Vec<u8> = data.iter().rev().copied().collect();
    let Ok(tree) = tree(&mut Unstructured::new(&reversed)) else {
        return;
    };
    let disagreement = reference::disagreement_about_objects(descriptor, asker(&case), *desired, &tree, options);
    assert_eq!(disagreement, None, "{case:?} about {tree:?}");
}

use crate::{reference, support::model::Case};

/// Any question about any descriptor. The check and its explanation answer as the reference does.
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
}

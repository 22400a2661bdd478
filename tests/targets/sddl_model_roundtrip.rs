use super::expected::in_text;
use crate::descriptors;
use arbitrary::Unstructured;
use sddl_authz::{
    Ace, Acl, AclState, SecurityDescriptor,
    sddl::{self, AclKind, Options, PrintError},
};

/// The input is turned into a model. Its text is parsed as the same model, except for the parts that text can't express. A model is
/// refused only for an entry that has no text.
pub(crate) fn sddl_model_roundtrip(data: &[u8]) {
    let Ok(model) = descriptors::descriptor(&mut Unstructured::new(data)) else {
        return;
    };
    let options = Options::default();
    let (rest, text) = match sddl::to_text(&model, &options) {
        Ok(text) => (model, text),
        Err(PrintError::NoTextForm { list, entry, .. }) => {
            let refused = entries(&model, list).get(entry).expect("the entry is in the list");
            assert_eq!(sddl::ace_to_text(list, refused, &options), None);
            let rest = printable(&model, &options);
            let text = sddl::to_text(&rest, &options).expect("what has no text was taken out");
            (rest, text)
        }
        Err(error) => unreachable!("{error}"),
    };
    assert_eq!(sddl::parse_with(&text, &options), Ok(in_text(&rest)), "{text}");
}

fn entries(model: &SecurityDescriptor, list: AclKind) -> &[Ace] {
    let state = match list {
        AclKind::Dacl => &model.dacl,
        AclKind::Sacl => &model.sacl,
    };
    state.acl().map_or(&[], Acl::aces)
}

/// A copy without the entries that have no text.
fn printable(model: &SecurityDescriptor, options: &Options) -> SecurityDescriptor {
    let mut rest = model.clone();
    for (list, state) in [(AclKind::Dacl, &mut rest.dacl), (AclKind::Sacl, &mut rest.sacl)] {
        if let AclState::Present(acl) = state {
            let aces = acl.aces().iter();
            let kept = aces.filter(|ace| sddl::ace_to_text(list, ace, options).is_some());
            *state = AclState::Present(kept.cloned().collect::<Acl>());
        }
    }
    rest
}

use super::expected::{domain_options, in_text};
use crate::descriptors;
use arbitrary::Unstructured;
use sddl_authz::{
    Acl, AclState, SecurityDescriptor,
    sddl::{self, List, Options, PrintError},
};

/// Any model. What can be printed is read back as the model; what can't is refused for an entry that has no text.
pub(crate) fn sddl_model_roundtrip(data: &[u8]) {
    let Ok(model) = descriptors::descriptor(&mut Unstructured::new(data)) else {
        return;
    };
    for options in domain_options() {
        let rest = printable(&model, &options);
        let text = sddl::to_text(&rest, &options).expect("what can't be printed was taken out");
        assert_eq!(sddl::parse_with(&text, &options), Ok(in_text(&rest)), "{text}");
        if let Err(PrintError::NoTextForm { list, .. }) = sddl::to_text(&model, &options) {
            let (all, left) = match list {
                List::Dacl => (&model.dacl, &rest.dacl),
                List::Sacl => (&model.sacl, &rest.sacl),
            };
            assert_ne!(all, left, "an entry without text was found in this list");
        } else {
            assert_eq!(model, rest);
        }
    }
}

/// The same without the entries that have no text.
fn printable(model: &SecurityDescriptor, options: &Options) -> SecurityDescriptor {
    let mut rest = model.clone();
    for (list, state) in [(List::Dacl, &mut rest.dacl), (List::Sacl, &mut rest.sacl)] {
        if let AclState::Present(acl) = state {
            let aces = acl.aces().iter();
            let kept = aces.filter(|ace| sddl::ace_to_text(list, ace, options).is_some());
            *state = AclState::Present(kept.cloned().collect::<Acl>());
        }
    }
    rest
}

use crate::{
    reference::token::{Asker, Incomplete},
    support::model::Case,
};

/// The caller of a case, with the facts about it that are unknown.
pub(crate) fn asker(case: &Case) -> Asker<'_> {
    Asker {
        caller: &case.caller,
        incomplete: Incomplete {
            user: false,
            groups: case.unknown.groups,
            claims: case.unknown.claims,
            ruled_out_groups: &case.unknown.ruled_out_groups,
            ruled_out_claims: &case.unknown.ruled_out_claims,
        },
    }
}

//! Restricted callers.

use super::{
    checked::{Explained, compare_all},
    lists::shapes,
};
use crate::{
    GenericMapping,
    check::Options,
    setting::{Dacl, Setting, Shape, Who},
};

#[test]
fn restricted_callers() {
    let mut questions = Vec::new();
    let restrictions = [vec![], vec![Who::Held], vec![Who::Stranger, Who::Doubtful(9)]];
    for mapping in [None, Some(GenericMapping::FILE)] {
        for (whom, writes_only) in restrictions
            .iter()
            .flat_map(|whom| [(whom.clone(), false), (whom.clone(), true)])
        {
            let options = Options {
                mapping,
                ..Options::default()
            };
            let restricting = Some((whom, writes_only));
            let setting = Setting {
                owner: Some(Who::Held),
                restricting,
                specific: true,
                options,
                ..Setting::default()
            };
            for owner in [Who::User, Who::Doubtful(9), Who::Stranger] {
                questions.push((
                    Setting {
                        owner: Some(owner),
                        ..setting.clone()
                    },
                    vec![Shape::deny(Who::Held)],
                    Explained::Yes,
                ));
            }
            for dacl in [Dacl::Absent, Dacl::Null] {
                questions.push((
                    Setting {
                        dacl,
                        ..setting.clone()
                    },
                    vec![],
                    Explained::Yes,
                ));
            }
            for one in shapes() {
                let around = [
                    vec![Shape::allow(Who::Stranger), one],
                    vec![one, Shape::allow(Who::Held)],
                ];
                questions.extend(around.map(|list| (setting.clone(), list, Explained::Yes)));
            }
        }
    }
    compare_all("restricted", questions, (2_000, 70_000));
}

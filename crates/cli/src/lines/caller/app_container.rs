//! The app container of the caller: `{"package":…,"capabilities":[…],"lpac":…}`.

use super::{
    super::fields::{flag, given, sid},
    fields::{Texts, refused},
};
use crate::diagnostic::Diagnostic;
use sddl_authz::{caller::AppContainer, sddl};
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppContainerLine<'a> {
    #[serde(borrow)]
    package: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "given")]
    capabilities: Texts<'a>,
    #[serde(default, deserialize_with = "flag")]
    lpac: bool,
}

impl AppContainerLine<'_> {
    pub(super) fn app_container(&self, read: &sddl::Options) -> Result<AppContainer, Diagnostic> {
        const PACKAGE: &str = "caller.appcontainer.package";
        const CAPABILITIES: &str = "caller.appcontainer.capabilities";
        let container = AppContainer::new(sid(PACKAGE, &self.package, read)?).map_err(refused(PACKAGE))?;
        let mut capabilities = self.capabilities.iter().flatten();
        let container = capabilities.try_fold(container, |container, text| {
            let capability = sid(CAPABILITIES, text, read)?;
            container.with_capability(capability).map_err(refused(CAPABILITIES))
        });
        Ok(container?.with_low_privilege(self.lpac))
    }
}

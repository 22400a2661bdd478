use clap::{Args, value_parser};
use sddl_authz_server::refusals::Bounds;

/// How much the audit keeps.
#[derive(Debug, Args)]
pub(crate) struct AuditOptions {
    /// The most refusals of a user in a minute that get an entry of their own; those beyond are counted in one entry
    #[arg(long, value_name = "COUNT", default_value_t = 60, value_parser = value_parser!(u32).range(1..))]
    pub(crate) audit_refusals_per_minute: u32,
}

impl AuditOptions {
    /// Returns the bounds of refusals.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds {
            per_minute: self.audit_refusals_per_minute,
            ..Bounds::default()
        }
    }
}

use clap::{Args, value_parser};
use core::time::Duration;
use sddl_authz_server::{
    audit::{Keep, Retention},
    refusals::Bounds,
};

/// How much the audit keeps.
#[derive(Debug, Args)]
pub(crate) struct AuditOptions {
    /// Give a user at most this many entries of refusals at once, and as many more in each minute; further refusals are only counted
    #[arg(long, value_name = "COUNT", default_value_t = 60, value_parser = value_parser!(u32).range(1..))]
    pub(crate) audit_refusals_per_minute: u32,
    /// Remove refusals from the audit after this many days
    #[arg(long, value_name = "DAYS", default_value_t = 400, value_parser = value_parser!(u32).range(1..))]
    pub(crate) audit_refusals_max_age: u32,
    /// Remove the oldest refusals from the audit if all of them take more than this
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = value_parser!(u32).range(1..))]
    pub(crate) audit_refusals_max_size: u32,
    /// Remove changes from the audit after this many days [default: never]
    #[arg(long, value_name = "DAYS", value_parser = value_parser!(u32).range(1..))]
    pub(crate) audit_changes_max_age: Option<u32>,
    /// Remove the oldest changes from the audit if all of them take more than this [default: never]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u32).range(1..))]
    pub(crate) audit_changes_max_size: Option<u32>,
}

impl AuditOptions {
    /// Returns the bounds of refusals.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds {
            per_minute: self.audit_refusals_per_minute,
            ..Bounds::default()
        }
    }

    /// Returns what is kept of the audit.
    pub(crate) fn retention(&self) -> Retention {
        let keep = |days: Option<u32>, mebibytes: Option<u32>| Keep {
            age: days.map(|days| Duration::from_secs(u64::from(days).saturating_mul(86_400))),
            bytes: mebibytes.map(|mebibytes| u64::from(mebibytes) << 20),
        };
        Retention {
            changes: keep(self.audit_changes_max_age, self.audit_changes_max_size),
            refusals: keep(Some(self.audit_refusals_max_age), Some(self.audit_refusals_max_size)),
        }
    }
}

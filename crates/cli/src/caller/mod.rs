//! The options about the caller, and the words that JSON lines share with them.

mod claims;
mod privileges;

pub(crate) use claims::{claim_diagnostic, parse_claim};
pub(crate) use privileges::parse_privileges;

use crate::{
    args::{parse_one_sid, parse_sids},
    diagnostic::Diagnostic,
};
use clap::Args;
use sddl_authz::{
    Caller, CallerError, Claim, Sid,
    caller::{AppContainer, IntegrityLevel},
    check::Options,
    sddl,
};

/// The options about the caller, besides the SIDs of `--as`.
#[derive(Clone, Debug, Args)]
pub(crate) struct CallerArgs {
    /// Do not add Everyone and Authenticated Users to the groups of the caller
    #[arg(long, help_heading = CALLER)]
    pub(crate) bare: bool,
    /// Groups that count for Deny entries only; the user may be among them
    #[arg(long, value_name = "SID[,SID…]", help_heading = CALLER)]
    deny_only: Option<String>,
    /// A claim about the user, with values as in SDDL: Title="PM", Level=3, Remote=true, Team=SID(BA),
    /// Key=#0a1b, or several of one type: Project={"A", "B"}; repeat it for more claims
    #[arg(long = "claim", value_name = "NAME=VALUES", help_heading = CALLER)]
    claims: Vec<String>,
    /// The groups of the device of the caller, which only conditions use
    #[arg(long, value_name = "SID[,SID…]", help_heading = CALLER)]
    device: Option<String>,
    /// A claim about the device of the caller, written as for --claim
    #[arg(long = "device-claim", value_name = "NAME=VALUES", help_heading = CALLER)]
    device_claims: Vec<String>,
    /// The restricting SIDs of the caller: each right must be granted to the caller, and also to these SIDs, taken
    /// together as if they were the groups of one caller
    #[arg(long, value_name = "SID[,SID…]", help_heading = CALLER)]
    restricted: Option<String>,
    /// Let the SIDs of --restricted restrict only the rights that write
    #[arg(long, requires = "restricted", help_heading = CALLER)]
    write_restricted: bool,
    /// The app container that the caller runs in: the SID of its package, S-1-15-2-…; the integrity level is then
    /// at most low, and a right must be granted to the caller and to the container too
    #[arg(long, value_name = "SID", help_heading = CALLER)]
    app_container: Option<String>,
    /// The SID of a capability of the app container, S-1-15-3-…; repeat it for more capabilities
    #[arg(long = "capability", value_name = "SID", requires = "app_container", help_heading = CALLER)]
    capabilities: Vec<String>,
    /// The app container is less privileged (LPAC): entries for All Application Packages (AC) do not apply
    #[arg(long, requires = "app_container", help_heading = CALLER)]
    lpac: bool,
    /// The integrity level of the caller: untrusted, low, medium, medium-plus, high, system,
    /// protected, or S-1-16-… [default: medium,
    /// untrusted for the anonymous user]
    #[arg(long, value_name = "LEVEL", help_heading = CALLER)]
    integrity: Option<String>,
    /// Privileges of the caller: SeSecurityPrivilege or security, take-ownership, backup, restore, relabel
    #[arg(long = "privilege", value_name = "NAME[,NAME…]", value_delimiter = ',', help_heading = CALLER)]
    privileges: Vec<String>,
    /// The principal that the object represents, for entries about Principal Self (PS)
    #[arg(long = "self", value_name = "SID", help_heading = CALLER)]
    principal_self: Option<String>,
    /// The caller or its device may be in groups that are not listed: refuse whatever depends on them
    #[arg(long, help_heading = CALLER)]
    groups_incomplete: bool,
    /// The caller or its device may have claims that are not listed: refuse whatever depends on them
    #[arg(long, help_heading = CALLER)]
    claims_incomplete: bool,
}

const CALLER: &str = "Caller";

/// The caller, and the principal that the objects represent.
pub(crate) struct Subject {
    pub(crate) caller: Caller,
    pub(crate) principal_self: Option<Sid>,
    /// Whether the token has the level identification. Windows opens no object with it.
    pub(crate) identification: bool,
}

impl Subject {
    /// The options of a check of one of the objects.
    pub(crate) const fn options(&self, options: Options) -> Options {
        match self.principal_self {
            Some(sid) => options.with_principal_self(sid),
            None => options,
        }
    }
}

impl CallerArgs {
    /// Reads the options. `sids` lists the user and the groups.
    pub(crate) fn subject(&self, sids: &str, read: &sddl::Options) -> Result<Subject, Diagnostic> {
        let listed = parse_sids("--as", sids, read)?;
        let (user, groups) = listed
            .split_first()
            .ok_or_else(|| Diagnostic::new("sid_missing", "--as: expected a SID"))?;
        let mut caller = if self.bare {
            bare(*user).map_err(refused("--as"))?
        } else {
            authenticated(*user)?
        }
        .with_groups(groups.iter().copied())
        .map_err(refused("--as"))?;
        if let Some(sids) = &self.deny_only {
            let groups = parse_sids("--deny-only", sids, read)?;
            caller = caller.with_deny_only_groups(groups).map_err(refused("--deny-only"))?;
        }
        if let Some(sids) = &self.device {
            let groups = parse_sids("--device", sids, read)?;
            caller = caller.with_device_groups(groups).map_err(refused("--device"))?;
        }
        if let Some(sids) = &self.restricted {
            caller = restricted(caller, parse_sids("--restricted", sids, read)?, self.write_restricted);
        }
        if let Some(level) = &self.integrity {
            caller = caller.with_integrity(parse_integrity("--integrity", level)?);
        }
        if let Some(package) = &self.app_container {
            caller = caller.with_app_container(self.app_container(package, read)?);
        }
        let principal_self = match &self.principal_self {
            Some(sid) => Some(parse_one_sid("--self", sid, read)?),
            None => None,
        };
        caller = caller
            .with_privileges(parse_privileges("--privilege", &self.privileges)?)
            .with_user_claims(parse_claims("--claim", &self.claims)?)
            .map_err(refused("--claim"))?
            .with_device_claims(parse_claims("--device-claim", &self.device_claims)?)
            .map_err(refused("--device-claim"))?;
        Ok(Subject {
            caller: incomplete(caller, self.groups_incomplete, self.claims_incomplete),
            principal_self,
            identification: false,
        })
    }
}

impl CallerArgs {
    fn app_container(&self, package: &str, read: &sddl::Options) -> Result<AppContainer, Diagnostic> {
        let package = parse_one_sid("--app-container", package, read)?;
        let container = AppContainer::new(package).map_err(refused("--app-container"))?;
        let container = self.capabilities.iter().try_fold(container, |container, text| {
            let capability = parse_one_sid("--capability", text, read)?;
            container.with_capability(capability).map_err(refused("--capability"))
        });
        Ok(container?.with_low_privilege(self.lpac))
    }
}

/// Builds a caller that is in no groups. The anonymous user has its own integrity level.
pub(crate) fn bare(user: Sid) -> Result<Caller, CallerError> {
    if user == Sid::ANONYMOUS {
        Ok(Caller::anonymous())
    } else {
        Caller::bare(user)
    }
}

/// Builds a caller that is in Everyone and Authenticated Users.
fn authenticated(user: Sid) -> Result<Caller, Diagnostic> {
    Caller::authenticated(user).map_err(|error| {
        if matches!(error, CallerError::InAppContainer { .. }) {
            return refused("--as")(error);
        }
        caller_diagnostic(&error, CONTAINER_OPTIONS).hint(if user == Sid::ANONYMOUS {
            "add --bare to ask as the anonymous user, who is not authenticated and not in Everyone"
        } else {
            "the first SID of --as is the user, the others are groups; --bare accepts any SID as the user"
        })
    })
}

/// Describes an error about the value of an option.
fn refused(option: &'static str) -> impl Fn(CallerError) -> Diagnostic {
    move |error| caller_diagnostic(&error, CONTAINER_OPTIONS).in_argument(option)
}

/// The options that take the SIDs of an app container.
const CONTAINER_OPTIONS: &str = "the options --app-container and --capability";

/// Describes an error about the caller. `container` says where to give the SIDs of its app container.
pub(crate) fn caller_diagnostic(error: &CallerError, container: &str) -> Diagnostic {
    let mut message = error.to_string();
    if matches!(error, CallerError::InAppContainer { .. }) {
        message.push_str(": ");
        message.push_str(container);
    }
    if matches!(error, CallerError::UserNotAccount { .. }) {
        message.insert_str(0, "the user is not valid: ");
    }
    let diagnostic = Diagnostic::new(error.code(), message);
    if matches!(error, CallerError::ClaimRepeated { .. }) {
        diagnostic.hint(
            "give each claim once, with all its values: Project={\"A\", \"B\"}; names that differ in case only are the same",
        )
    } else if matches!(error, CallerError::ClaimValueRepeated { .. }) {
        diagnostic.hint("give each value once; strings that differ in case only are the same")
    } else {
        diagnostic
    }
}

/// Restricts a caller by these SIDs.
pub(crate) fn restricted(caller: Caller, sids: Vec<Sid>, writes_only: bool) -> Caller {
    if writes_only {
        caller.with_write_restricting_sids(sids)
    } else {
        caller.with_restricting_sids(sids)
    }
}

/// Says that not all groups, or not all claims, of a caller are known.
pub(crate) fn incomplete(mut caller: Caller, groups: bool, claims: bool) -> Caller {
    if groups {
        caller = caller.with_incomplete_groups();
    }
    if claims {
        caller = caller.with_incomplete_claims();
    }
    caller
}

const LEVELS: [(&str, IntegrityLevel); 7] = [
    ("untrusted", IntegrityLevel::UNTRUSTED),
    ("low", IntegrityLevel::LOW),
    ("medium", IntegrityLevel::MEDIUM),
    ("medium-plus", IntegrityLevel::MEDIUM_PLUS),
    ("high", IntegrityLevel::HIGH),
    ("system", IntegrityLevel::SYSTEM),
    ("protected", IntegrityLevel::PROTECTED),
];

/// Reads an integrity level: its name, its SID, or the alias of the SID.
pub(crate) fn parse_integrity(option: &str, text: &str) -> Result<IntegrityLevel, Diagnostic> {
    const HINT: &str = "a level is untrusted, low, medium, medium-plus, high, system or protected, or a SID S-1-16-…, or one of the aliases LW, ME, MP, HI and SI";
    if let Some((_, level)) = LEVELS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        return Ok(*level);
    }
    let sid = parse_one_sid(option, text, &sddl::Options::default()).map_err(|diagnostic| diagnostic.hint(HINT))?;
    IntegrityLevel::try_from(sid).map_err(|error| {
        let diagnostic = caller_diagnostic(&error, CONTAINER_OPTIONS);
        diagnostic.in_argument(option).hint(HINT)
    })
}

fn parse_claims(option: &str, texts: &[String]) -> Result<Vec<Claim>, Diagnostic> {
    texts.iter().map(|text| parse_claim(option, text)).collect()
}

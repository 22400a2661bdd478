//! The options about the caller, and the words that JSON lines share with them.

mod claims;

pub(crate) use claims::{claim_diagnostic, parse_claim};

use crate::{
    args::{parse_one_sid, parse_sids},
    diagnostic::Diagnostic,
};
use clap::Args;
use sddl_authz::{
    Caller, CallerError, Claim, Sid,
    caller::{IntegrityLevel, Privileges},
    check::Options,
    sddl,
};

/// The options about the caller, besides the SIDs of `--as`.
#[derive(Clone, Debug, Args)]
pub(crate) struct CallerArgs {
    /// Do not add Everyone and Authenticated Users to the groups of the caller
    #[arg(long, help_heading = CALLER)]
    pub(crate) bare: bool,
    /// Groups that count for Deny entries only
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
    /// The restricting SIDs of the caller: a right must be granted to the caller and to one of these SIDs too
    #[arg(long, value_name = "SID[,SID…]", help_heading = CALLER)]
    restricted: Option<String>,
    /// Let the SIDs of --restricted restrict only the rights that write
    #[arg(long, requires = "restricted", help_heading = CALLER)]
    write_restricted: bool,
    /// The integrity level of the caller: untrusted, low, medium, high, system, or S-1-16-… [default: medium]
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
        let refused = |option| move |error: CallerError| caller_diagnostic(&error).in_argument(option);
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
        })
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
        caller_diagnostic(&error).hint(if user == Sid::ANONYMOUS {
            "add --bare to ask as the anonymous user, who is not authenticated and not in Everyone"
        } else {
            "the first SID of --as is the user, the others are groups; --bare accepts any SID as the user"
        })
    })
}

/// Describes an error about the caller.
pub(crate) fn caller_diagnostic(error: &CallerError) -> Diagnostic {
    let mut message = error.to_string();
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
    IntegrityLevel::try_from(sid).map_err(|error| caller_diagnostic(&error).in_argument(option).hint(HINT))
}

/// Reads names of privileges, with or without `Se` and `Privilege`.
pub(crate) fn parse_privileges(option: &str, names: &[impl AsRef<str>]) -> Result<Privileges, Diagnostic> {
    names.iter().try_fold(Privileges::empty(), |held, name| {
        let name = name.as_ref();
        let folded = name.trim().replace(['-', '_'], "").to_ascii_lowercase();
        let matches = |known: &str| {
            let known = known.to_ascii_lowercase();
            let short = known.strip_suffix("privilege").unwrap_or(&known);
            [Some(known.as_str()), Some(short), short.strip_prefix("se")].contains(&Some(&folded))
        };
        let found = Privileges::all()
            .iter()
            .find(|privilege| privilege.windows_names().any(matches));
        match found {
            Some(privilege) => Ok(held.union(privilege)),
            None => {
                let message = format!("{option}: `{name}` is not a privilege that an access check uses");
                Err(Diagnostic::new("privilege_unknown", message)
                    .hint("an access check uses SeSecurityPrivilege, SeTakeOwnershipPrivilege, SeBackupPrivilege, SeRestorePrivilege and SeRelabelPrivilege; leave out all others"))
            }
        }
    })
}

fn parse_claims(option: &str, texts: &[String]) -> Result<Vec<Claim>, Diagnostic> {
    texts.iter().map(|text| parse_claim(option, text)).collect()
}

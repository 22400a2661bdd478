//! Who asks: the options about a caller, and the words that the lines of JSON share with them.

mod claims;

pub(crate) use claims::{claim_trouble, parse_claim};

use crate::{
    args::{parse_one_sid, parse_sids},
    trouble::Trouble,
};
use clap::Args;
use sddl_authz::{
    Caller, CallerError, Claim, Sid,
    caller::{IntegrityLevel, Privileges},
    check::Options,
};

/// The rest of who asks.
#[derive(Clone, Debug, Args)]
pub(crate) struct CallerArgs {
    /// Don't add Everyone and Authenticated Users to the caller's groups
    #[arg(long, help_heading = CALLER)]
    pub(crate) bare: bool,
    /// Groups that count for Deny entries alone
    #[arg(long, value_name = "SID[,SID…]", help_heading = CALLER)]
    deny_only: Option<String>,
    /// A claim about the user, its values as SDDL writes them: Title="PM", Level=3, Remote=true,
    /// Team=SID(BA), Key=#0a1b, or several of one kind: Project={"A", "B"}; may be repeated
    #[arg(long = "claim", value_name = "NAME=VALUES", help_heading = CALLER)]
    claims: Vec<String>,
    /// The groups of the caller's device, which only conditions ask for
    #[arg(long, value_name = "SID[,SID…]", help_heading = CALLER)]
    device: Option<String>,
    /// A claim about the caller's device, as --claim has them; may be repeated
    #[arg(long = "device-claim", value_name = "NAME=VALUES", help_heading = CALLER)]
    device_claims: Vec<String>,
    /// The SIDs that restrict the caller: what is granted to it must be granted to them too
    #[arg(long, value_name = "SID[,SID…]", help_heading = CALLER)]
    restricted: Option<String>,
    /// The SIDs of --restricted restrict what writes alone
    #[arg(long, requires = "restricted", help_heading = CALLER)]
    write_restricted: bool,
    /// How far the caller is trusted: untrusted, low, medium, high, system, or S-1-16-… [default: medium]
    #[arg(long, value_name = "LEVEL", help_heading = CALLER)]
    integrity: Option<String>,
    /// Privileges that the caller holds: SeSecurityPrivilege or security, take-ownership, backup, restore, relabel
    #[arg(long = "privilege", value_name = "NAME[,NAME…]", value_delimiter = ',', help_heading = CALLER)]
    privileges: Vec<String>,
    /// The principal that the object represents, whom entries for Principal Self are about
    #[arg(long = "self", value_name = "SID", help_heading = CALLER)]
    principal_self: Option<String>,
    /// The caller, or its device, may be in groups that are not listed: refuse what they could change
    #[arg(long, help_heading = CALLER)]
    groups_incomplete: bool,
    /// The caller, or its device, may have claims that are not listed: refuse what they could change
    #[arg(long, help_heading = CALLER)]
    claims_incomplete: bool,
}

const CALLER: &str = "Who asks";

/// The caller, and the principal that the objects represent.
pub(crate) struct Asking {
    pub(crate) caller: Caller,
    pub(crate) principal_self: Option<Sid>,
}

impl Asking {
    /// The options of a check of one of the objects.
    pub(crate) const fn options(&self, options: Options) -> Options {
        match self.principal_self {
            Some(sid) => options.with_principal_self(sid),
            None => options,
        }
    }
}

impl CallerArgs {
    /// Reads the options; user and groups are listed in `sids`.
    pub(crate) fn asking(&self, sids: &str) -> Result<Asking, Trouble> {
        let listed = parse_sids("--as", sids)?;
        let (user, groups) = listed
            .split_first()
            .ok_or_else(|| Trouble::new("sid_missing", "--as: expected a SID"))?;
        let mut caller = if self.bare {
            Caller::bare(*user)
        } else {
            authenticated(*user)?
        }
        .with_groups(groups.iter().copied());
        if let Some(sids) = &self.deny_only {
            caller = caller.with_deny_only_groups(parse_sids("--deny-only", sids)?);
        }
        if let Some(sids) = &self.device {
            caller = caller.with_device_groups(parse_sids("--device", sids)?);
        }
        if let Some(sids) = &self.restricted {
            caller = restricted(caller, parse_sids("--restricted", sids)?, self.write_restricted);
        }
        if let Some(level) = &self.integrity {
            caller = caller.with_integrity(parse_integrity("--integrity", level)?);
        }
        let principal_self = match &self.principal_self {
            Some(sid) => Some(parse_one_sid("--self", sid)?),
            None => None,
        };
        let refused = |option| move |error: CallerError| caller_trouble(&error).about(option);
        caller = caller
            .with_privileges(parse_privileges("--privilege", &self.privileges)?)
            .with_user_claims(parse_claims("--claim", &self.claims)?)
            .map_err(refused("--claim"))?
            .with_device_claims(parse_claims("--device-claim", &self.device_claims)?)
            .map_err(refused("--device-claim"))?;
        Ok(Asking {
            caller: incomplete(caller, self.groups_incomplete, self.claims_incomplete),
            principal_self,
        })
    }
}

/// A user with Everyone and Authenticated Users.
fn authenticated(user: Sid) -> Result<Caller, Trouble> {
    Caller::authenticated(user).map_err(|error| {
        caller_trouble(&error).hint(if user == Sid::ANONYMOUS {
            "to ask as the anonymous user, who is not authenticated and not in Everyone, add --bare"
        } else {
            "the first SID of --as is the user, the rest are its groups; --bare takes them as they are"
        })
    })
}

/// Why there is no such caller.
pub(crate) fn caller_trouble(error: &CallerError) -> Trouble {
    let kind = match error {
        CallerError::UserNotAccount { .. } => {
            return Trouble::new("user_not_account", format!("the user is wrong: {error}"));
        }
        CallerError::IntegrityNotLabel { .. } => "integrity_not_label",
        CallerError::ClaimRepeated { .. } => {
            return Trouble::new("claim_repeated", error.to_string())
                .hint("give each claim once, upper and lower case being the same, with all its values: Project={\"A\", \"B\"}");
        }
        CallerError::ClaimValueRepeated { .. } => {
            return Trouble::new("claim_value_repeated", error.to_string())
                .hint("give each value once; in text, upper and lower case are the same");
        }
        _ => "caller_refused",
    };
    Trouble::new(kind, error.to_string())
}

/// The same caller, restricted by these SIDs.
pub(crate) fn restricted(caller: Caller, sids: Vec<Sid>, writes_only: bool) -> Caller {
    if writes_only {
        caller.with_write_restricting_sids(sids)
    } else {
        caller.with_restricting_sids(sids)
    }
}

/// The same caller, of whom not all groups or claims are known.
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

/// A level by its name, its SID or the alias of that.
pub(crate) fn parse_integrity(option: &str, text: &str) -> Result<IntegrityLevel, Trouble> {
    const HINT: &str = "a level is untrusted, low, medium, medium-plus, high, system or protected, its SID S-1-16-…, or the alias LW, ME, MP, HI or SI";
    if let Some((_, level)) = LEVELS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        return Ok(*level);
    }
    let sid = parse_one_sid(option, text).map_err(|trouble| trouble.hint(HINT))?;
    IntegrityLevel::try_from(sid).map_err(|error| caller_trouble(&error).about(option).hint(HINT))
}

/// Privileges by the names that Windows has for them, or by those without `Se` and `Privilege`.
pub(crate) fn parse_privileges(option: &str, names: &[impl AsRef<str>]) -> Result<Privileges, Trouble> {
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
                let message = format!("{option}: no privilege that matters to a check is called `{name}`");
                Err(Trouble::new("privilege_unknown", message)
                    .hint("they are SeSecurityPrivilege, SeTakeOwnershipPrivilege, SeBackupPrivilege, SeRestorePrivilege and SeRelabelPrivilege; leave out all others"))
            }
        }
    })
}

fn parse_claims(option: &str, texts: &[String]) -> Result<Vec<Claim>, Trouble> {
    texts.iter().map(|text| parse_claim(option, text)).collect()
}

//! Options that several verbs have.

use crate::diagnostic::{DOMAIN_HINT, Diagnostic};
use clap::{Args, ValueEnum};
use sddl_authz::{
    AccessMask, AclState, GenericMapping, SecurityDescriptor, Sid, Span, check,
    mask::RightsTable,
    render::DisplayRights,
    sddl::{self, Dialect, ParseErrorKind},
    sid::DomainSids,
};

/// The format of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    Human,
    /// One JSON object for each input.
    Json,
}

/// Reads SIDs separated by commas.
pub(crate) fn parse_sids(option: &str, list: &str, read: &sddl::Options) -> Result<Vec<Sid>, Diagnostic> {
    let mut start = 0_usize;
    let mut sids = Vec::new();
    for text in list.split(',') {
        sids.push(parse_sid(option, text, list, start, read)?);
        start = start.saturating_add(text.len()).saturating_add(1);
    }
    Ok(sids)
}

/// Reads the SID that begins at the byte `start` of `whole`.
fn parse_sid(option: &str, text: &str, whole: &str, start: usize, read: &sddl::Options) -> Result<Sid, Diagnostic> {
    sddl::parse_sid_with(text, read).map_err(|error| {
        let Span { start: from, end } = error.span();
        let span = Span {
            start: start.saturating_add(from),
            end: start.saturating_add(end),
        };
        let hint = if matches!(error.kind(), ParseErrorKind::SidAliasUnresolved { .. }) {
            DOMAIN_HINT
        } else {
            "write a SID as S-1-5-21-…-1104, or as an alias of SDDL such as BA; on Windows, `whoami /all` lists yours"
        };
        Diagnostic::new(error.kind().code(), format!("{option}: {error}"))
            .at(whole, span)
            .hint(hint)
    })
}

/// Reads the value of an option that takes one SID.
pub(crate) fn parse_one_sid(option: &str, text: &str, read: &sddl::Options) -> Result<Sid, Diagnostic> {
    parse_sid(option, text, text, 0, read)
}

/// Reads an access mask: rights, a number, or `max`.
pub(crate) fn parse_desired(option: &str, text: &str) -> Result<AccessMask, Diagnostic> {
    if text == "max" {
        return Ok(AccessMask::MAXIMUM_ALLOWED);
    }
    text.parse().map_err(|error: sddl::ParseError| {
        Diagnostic::new(error.kind().code(), format!("{option}: {error}"))
            .at(text, error.span())
            .hint("write rights as tokens of SDDL (CCDC), as a number (0x3), or `max` for all that can be granted")
    })
}

/// Reads an access mask that is asked for. A generic right needs a mapping, which says what it means.
pub(crate) fn mapped_desired(
    option: &str,
    text: &str,
    options: &check::Options,
    api: &ApiArgs,
) -> Result<AccessMask, Diagnostic> {
    let desired = parse_desired(option, text)?;
    let generic = desired.intersection(AccessMask::GENERIC);
    if generic.is_empty() {
        return Ok(desired);
    }
    if api.api == Some(Api::AccessCheck) {
        let message = format!("{option}: AccessCheck takes no generic rights; ask for the rights that they mean");
        return Err(Diagnostic::new("generic_not_mapped", message));
    }
    if let Some(mapping) = &options.mapping {
        if mapping.map(desired).is_empty() {
            let message = format!("{option}: the mapping gives this generic right no meaning, so nothing is asked for");
            return Err(Diagnostic::new("generic_not_mapped", message));
        }
        return Ok(desired);
    }
    let (dashes, _) = option.split_at(option.len().saturating_sub("desired".len()));
    let message = format!(
        "{option}: the generic right {} has no meaning without a mapping; give {dashes}mapping",
        DisplayRights::new(generic, RightsTable::STANDARD),
    );
    Err(Diagnostic::new("mapping_missing", message).hint(MAPPING_HINT))
}

const MAPPING_HINT: &str = "--mapping says what the generic rights GA, GR, GW and GX mean for a kind of object: file, key, ds (Active Directory), service or scm";

/// Demands that functions of Windows make.
#[derive(Clone, Debug, Args)]
pub(crate) struct ApiArgs {
    /// Refuse what this function of Windows refuses: access-check needs an owner and a group, and takes no generic
    /// rights; authz needs an owner and a DACL
    #[arg(long, value_enum)]
    api: Option<Api>,
    /// Refuse access if the descriptor has no owner, as a KDC does for its policies
    #[arg(long)]
    require_owner: bool,
    /// Refuse access if the descriptor has no group
    #[arg(long)]
    require_group: bool,
}

/// A function of Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Api {
    AccessCheck,
    Authz,
}

impl ApiArgs {
    /// Adds the demands to the options of a check.
    pub(crate) fn options(&self, options: check::Options) -> check::Options {
        options
            .with_require_owner(self.require_owner || self.api.is_some())
            .with_require_group(self.require_group || self.api == Some(Api::AccessCheck))
    }

    /// Refuses a descriptor that the function does not take. A NULL DACL is one.
    pub(crate) fn refuse(&self, descriptor: &SecurityDescriptor) -> Result<(), Diagnostic> {
        if self.api == Some(Api::Authz) && matches!(descriptor.dacl, AclState::Absent) {
            let message = "AuthzAccessCheck needs a descriptor with a DACL";
            return Err(Diagnostic::new("dacl_missing", message));
        }
        Ok(())
    }
}

/// How SDDL is read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadArgs {
    /// The grammar of SDDL: what Windows accepts, or only what is documented
    #[arg(long, value_enum, default_value = "windows")]
    dialect: DialectArg,
    /// Read a number that does not fit as Windows does, which changes it, instead of refusing it
    #[arg(long)]
    lenient_numbers: bool,
    /// The SID of the machine, for the aliases LA and LG
    #[arg(long, value_name = "SID")]
    machine_sid: Option<String>,
    /// The SID of the domain, for aliases such as DA and DU
    #[arg(long, value_name = "SID")]
    domain_sid: Option<String>,
    /// The SID of the root domain of the forest, for the aliases EA, SA, RO and EK
    #[arg(long, value_name = "SID")]
    forest_sid: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DialectArg {
    Windows,
    Strict,
}

impl ReadArgs {
    pub(crate) fn options(&self) -> Result<sddl::Options, Diagnostic> {
        let mut options = sddl::Options::default();
        let domain = |option, text: &Option<String>| {
            let parsed = text.as_ref().map(|text| parse_one_sid(option, text, &options));
            parsed.transpose()
        };
        let domains = DomainSids {
            machine: domain("--machine-sid", &self.machine_sid)?,
            domain: domain("--domain-sid", &self.domain_sid)?,
            forest: domain("--forest-sid", &self.forest_sid)?,
        };
        options.dialect = match self.dialect {
            DialectArg::Windows => Dialect::Windows,
            DialectArg::Strict => Dialect::Strict,
        };
        options.lenient_numbers = self.lenient_numbers;
        options.domains = domains;
        Ok(options)
    }
}

/// The kind of object whose names of rights are shown.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RightsArg {
    /// Standard rights only.
    Standard,
    /// Files and directories.
    File,
    /// Registry keys.
    Key,
    /// Objects of Active Directory.
    Directory,
    /// MIM CM requests, as this project inferred them.
    Mim,
}

impl RightsArg {
    pub(crate) fn names(self) -> RightsTable {
        match self {
            Self::Standard => RightsTable::STANDARD,
            Self::File => RightsTable::FILE,
            Self::Key => RightsTable::KEY,
            Self::Directory => RightsTable::DIRECTORY,
            Self::Mim => RightsTable::MIM,
        }
    }
}

/// The meaning of generic rights.
#[derive(Clone, Copy, Debug, Default, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MappingArg {
    /// None: an Allow entry grants nothing by them, and a Deny entry denies everything.
    #[default]
    None,
    /// That of files and directories.
    File,
    /// That of registry keys.
    Key,
    /// That of objects of Active Directory. `directory` is another name of it; a directory of files has that of files.
    #[value(name = "ds", alias = "directory")]
    #[serde(rename = "ds", alias = "directory")]
    Directory,
    /// That of services.
    Service,
    /// That of the service control manager.
    Scm,
}

impl MappingArg {
    pub(crate) const fn mapping(self) -> Option<GenericMapping> {
        match self {
            Self::None => None,
            Self::File => Some(GenericMapping::FILE),
            Self::Key => Some(GenericMapping::KEY),
            Self::Directory => Some(GenericMapping::DIRECTORY),
            Self::Service => Some(GenericMapping::SERVICE),
            Self::Scm => Some(GenericMapping::SERVICE_MANAGER),
        }
    }
}

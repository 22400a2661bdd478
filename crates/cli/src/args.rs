//! Options that several verbs have.

use crate::diagnostic::{DOMAIN_HINT, Diagnostic};
use clap::{Args, ValueEnum};
use sddl_authz::{
    AccessMask, GenericMapping, Sid, Span, check,
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
pub(crate) fn mapped_desired(option: &str, text: &str, options: &check::Options) -> Result<AccessMask, Diagnostic> {
    let desired = parse_desired(option, text)?;
    let generic = desired.intersection(AccessMask::GENERIC);
    if options.mapping.is_some() || generic.is_empty() {
        return Ok(desired);
    }
    let (dashes, _) = option.split_at(option.len().saturating_sub("desired".len()));
    let message = format!(
        "{option}: the generic right {} has no meaning without a mapping; give {dashes}mapping",
        DisplayRights::new(generic, RightsTable::STANDARD),
    );
    Err(Diagnostic::new("mapping_missing", message).hint(MAPPING_HINT))
}

const MAPPING_HINT: &str = "--mapping says what the generic rights GA, GR, GW and GX mean for a kind of object: file, key, directory, service or scm";

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
    /// That of objects of Active Directory.
    #[value(alias = "ds")]
    #[serde(alias = "ds")]
    Directory,
    /// That of services.
    Service,
    /// That of the service control manager.
    Scm,
}

impl MappingArg {
    pub(crate) fn options(self) -> check::Options {
        let options = check::Options::default();
        match self {
            Self::None => options,
            Self::File => options.with_mapping(GenericMapping::FILE),
            Self::Key => options.with_mapping(GenericMapping::KEY),
            Self::Directory => options.with_mapping(GenericMapping::DIRECTORY),
            Self::Service => options.with_mapping(GenericMapping::SERVICE),
            Self::Scm => options.with_mapping(GenericMapping::SERVICE_MANAGER),
        }
    }
}

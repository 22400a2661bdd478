//! Options that several verbs have.

use crate::diagnostic::{DOMAIN_HINT, Diagnostic};
use clap::{Args, ValueEnum};
use sddl_authz::{
    AccessMask, GenericMapping, Sid, Span,
    mask::RightsTable,
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
    Directory,
}

impl MappingArg {
    pub(crate) fn options(self) -> sddl_authz::check::Options {
        let options = sddl_authz::check::Options::default();
        match self {
            Self::None => options,
            Self::File => options.with_mapping(GenericMapping::FILE),
            Self::Key => options.with_mapping(GenericMapping::KEY),
            Self::Directory => options.with_mapping(GenericMapping::DIRECTORY),
        }
    }
}

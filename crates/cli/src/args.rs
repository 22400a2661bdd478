//! Options that several verbs have, and what they mean.

use crate::trouble::Trouble;
use clap::{Args, ValueEnum};
use sddl_authz::{
    AccessMask, GenericMapping, Sid, Span,
    mask::RightsTable,
    sddl::{self, Dialect, ParseErrorKind},
    sid::DomainSids,
};

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// One JSON object for each input.
    Json,
}

/// SIDs separated by commas.
pub(crate) fn parse_sids(option: &str, list: &str) -> Result<Vec<Sid>, Trouble> {
    let mut start = 0_usize;
    let mut sids = Vec::new();
    for text in list.split(',') {
        sids.push(parse_sid(option, text, list, start)?);
        start = start.saturating_add(text.len()).saturating_add(1);
    }
    Ok(sids)
}

/// One SID, which stands in `whole` from `start`.
fn parse_sid(option: &str, text: &str, whole: &str, start: usize) -> Result<Sid, Trouble> {
    text.parse().map_err(|error: sddl::ParseError| {
        let Span { start: from, end } = error.span();
        let span = Span {
            start: start.saturating_add(from),
            end: start.saturating_add(end),
        };
        let hint = if matches!(error.kind(), ParseErrorKind::SidAliasUnresolved { .. }) {
            "write the whole SID of a group of a domain, S-1-5-21-…"
        } else {
            "a SID is written S-1-5-21-…-1104, or as an alias of SDDL such as BA; on Windows, `whoami /all` lists yours"
        };
        Trouble::new(error.kind().code(), format!("{option}: {error}"))
            .at(whole, span)
            .hint(hint)
    })
}

/// The value of an option that takes one SID.
pub(crate) fn parse_one_sid(option: &str, text: &str) -> Result<Sid, Trouble> {
    parse_sid(option, text, text, 0)
}

/// What is asked for: rights, a number, or `max`.
pub(crate) fn parse_desired(option: &str, text: &str) -> Result<AccessMask, Trouble> {
    if text == "max" {
        return Ok(AccessMask::MAXIMUM_ALLOWED);
    }
    text.parse().map_err(|error: sddl::ParseError| {
        Trouble::new(error.kind().code(), format!("{option}: {error}"))
            .at(text, error.span())
            .hint("rights are written as tokens of SDDL (CCDC), as a number (0x3), or `max` for the most that can be granted")
    })
}

/// How SDDL is read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadArgs {
    /// Which texts are accepted: what Windows accepts, or the documented grammar alone
    #[arg(long, value_enum, default_value = "windows")]
    dialect: DialectArg,
    /// Change numbers that do not fit, as Windows does silently, instead of refusing them
    #[arg(long)]
    lenient_numbers: bool,
    /// The machine's SID, for the aliases LA and LG
    #[arg(long, value_name = "SID")]
    machine_sid: Option<String>,
    /// The domain's SID, for DA, DU and their kin
    #[arg(long, value_name = "SID")]
    domain_sid: Option<String>,
    /// The SID of the forest's root domain, for EA, SA, RO and EK
    #[arg(long, value_name = "SID")]
    forest_sid: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DialectArg {
    Windows,
    Strict,
}

impl ReadArgs {
    pub(crate) fn options(&self) -> Result<sddl::Options, Trouble> {
        let domain = |option, text: &Option<String>| {
            let parsed = text.as_ref().map(|text| parse_one_sid(option, text));
            parsed.transpose()
        };
        let mut options = sddl::Options::default();
        options.dialect = match self.dialect {
            DialectArg::Windows => Dialect::Windows,
            DialectArg::Strict => Dialect::Strict,
        };
        options.lenient_numbers = self.lenient_numbers;
        options.domains = DomainSids {
            machine: domain("--machine-sid", &self.machine_sid)?,
            domain: domain("--domain-sid", &self.domain_sid)?,
            forest: domain("--forest-sid", &self.forest_sid)?,
        };
        Ok(options)
    }
}

/// What a kind of object calls its rights.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RightsArg {
    /// The standard rights alone.
    Standard,
    /// Files and directories.
    File,
    /// Keys of the registry.
    Key,
    /// Objects of a directory service.
    Directory,
    /// MIM CM requests: this project's inference.
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

/// What generic rights mean.
#[derive(Clone, Copy, Debug, Default, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MappingArg {
    /// Nothing: in an Allow they grant nothing, in a Deny they deny everything.
    #[default]
    None,
    /// As for files and directories.
    File,
    /// As for keys of the registry.
    Key,
    /// As for objects of a directory service.
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

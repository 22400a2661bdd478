use crate::{limits::Limits, sid::DomainSids};

/// How text is read and written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Options {
    /// Which texts are accepted.
    pub dialect: Dialect,
    /// Whether numbers that do not fit are changed silently, as Windows does. Off by default: what was written is not what would be decided.
    pub lenient_numbers: bool,
    /// The domains that relative aliases stand in.
    pub domains: DomainSids,
    /// What is accepted at most.
    pub limits: Limits,
}

/// Which texts are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Dialect {
    /// What Windows accepts.
    #[default]
    Windows,
    /// The documented grammar ([MS-DTYP] 2.5.1.1), what Windows itself writes, and nothing else.
    Strict,
}

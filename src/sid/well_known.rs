//! The aliases of SDDL and their SIDs ([MS-DTYP] 2.4.2.4, 2.5.1.1, and `sddl.h`), in one table.

use super::{AliasTarget, DomainSids, Sid};
use crate::lookup::PairTable;

/// A well-known SID: its alias in SDDL, its meaning and its name.
///
/// ```
/// use sddl_authz::{DomainSids, Sid, sid::WellKnown};
/// let row = WellKnown::by_sid(&Sid::ADMINISTRATORS, &DomainSids::default()).expect("a well-known SID");
/// assert_eq!((row.alias, row.name), ("BA", "Administrators"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WellKnown {
    /// The two letters of SDDL.
    pub alias: &'static str,
    /// The SID, or the account of a domain.
    pub target: AliasTarget,
    /// The name of the user or group in Windows' English user interface.
    pub name: &'static str,
}

impl WellKnown {
    /// The row of an alias, in upper or lower case.
    ///
    /// ```
    /// use sddl_authz::sid::WellKnown;
    /// assert_eq!(WellKnown::by_alias("sy").map(|row| row.name), Some("Local System"));
    /// assert_eq!(WellKnown::by_alias("ZZ"), None);
    /// ```
    #[must_use]
    pub fn by_alias(alias: &str) -> Option<&'static Self> {
        let letters: [u8; 2] = alias.as_bytes().try_into().ok()?;
        Self::by_letters(letters.map(|letter| letter.to_ascii_uppercase()))
    }

    /// The row of an alias in upper case.
    #[inline]
    pub(crate) fn by_letters(letters: [u8; 2]) -> Option<&'static Self> {
        BY_ALIAS.get(letters)
    }

    /// The row of a SID. `domains` says which domains the aliases for accounts of a domain mean.
    ///
    /// ```
    /// use sddl_authz::{DomainSids, sid::WellKnown};
    /// let domains = DomainSids::default().with_domain("S-1-5-21-1-2-3".parse()?);
    /// let row = WellKnown::by_sid(&"S-1-5-21-1-2-3-512".parse()?, &domains);
    /// assert_eq!(row.map(|row| row.alias), Some("DA"));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn by_sid(sid: &Sid, domains: &DomainSids) -> Option<&'static Self> {
        WELL_KNOWN.iter().find(|row| domains.resolve(row.target) == Some(*sid))
    }
}

const fn absolute<const N: usize>(
    alias: &'static str,
    authority: u8,
    sub_authorities: [u32; N],
    name: &'static str,
) -> WellKnown {
    let target = AliasTarget::Absolute(Sid::from_parts_const(authority, sub_authorities));
    WellKnown { alias, target, name }
}

const fn builtin(alias: &'static str, relative_id: u32, name: &'static str) -> WellKnown {
    absolute(alias, 5, [32, relative_id], name)
}

const fn machine(alias: &'static str, relative_id: u32, name: &'static str) -> WellKnown {
    let target = AliasTarget::Machine(relative_id);
    WellKnown { alias, target, name }
}

const fn domain(alias: &'static str, relative_id: u32, name: &'static str) -> WellKnown {
    let target = AliasTarget::Domain(relative_id);
    WellKnown { alias, target, name }
}

const fn forest(alias: &'static str, relative_id: u32, name: &'static str) -> WellKnown {
    let target = AliasTarget::Forest(relative_id);
    WellKnown { alias, target, name }
}

static BY_ALIAS: PairTable<&WellKnown> = {
    let (mut pairs, mut row) = (PairTable::EMPTY, 0);
    #[expect(clippy::indexing_slicing, reason = "the compiler runs this")]
    while row < WELL_KNOWN.len() {
        pairs = pairs.with(WELL_KNOWN[row].alias, Some(&WELL_KNOWN[row]));
        row += 1;
    }
    pairs
};

/// Every alias of SDDL.
///
/// ```
/// use sddl_authz::sid::WELL_KNOWN;
/// assert!(WELL_KNOWN.iter().any(|row| row.alias == "WD" && row.name == "Everyone"));
/// ```
pub static WELL_KNOWN: &[WellKnown] = &[
    absolute("WD", 1, [0], "Everyone"),
    absolute("CO", 3, [0], "Creator Owner"),
    absolute("CG", 3, [1], "Creator Group"),
    absolute("OW", 3, [4], "Owner Rights"),
    absolute("NU", 5, [2], "Network"),
    absolute("IU", 5, [4], "Interactive"),
    absolute("SU", 5, [6], "Service"),
    absolute("AN", 5, [7], "Anonymous"),
    absolute("ED", 5, [9], "Enterprise Domain Controllers"),
    absolute("PS", 5, [10], "Principal Self"),
    absolute("AU", 5, [11], "Authenticated Users"),
    absolute("RC", 5, [12], "Restricted Code"),
    absolute("SY", 5, [18], "Local System"),
    absolute("LS", 5, [19], "Local Service"),
    absolute("NS", 5, [20], "Network Service"),
    absolute("WR", 5, [33], "Write Restricted Code"),
    absolute("UD", 5, [84, 0, 0, 0, 0, 0], "User-Mode Drivers"),
    absolute("AC", 15, [2, 1], "All Application Packages"),
    absolute("AS", 18, [1], "Authentication Authority Asserted Identity"),
    absolute("SS", 18, [2], "Service Asserted Identity"),
    absolute("LW", 16, [4096], "Low Integrity"),
    absolute("ME", 16, [8192], "Medium Integrity"),
    absolute("MP", 16, [8448], "Medium Plus Integrity"),
    absolute("HI", 16, [12288], "High Integrity"),
    absolute("SI", 16, [16384], "System Integrity"),
    builtin("BA", 544, "Administrators"),
    builtin("BU", 545, "Users"),
    builtin("BG", 546, "Guests"),
    builtin("PU", 547, "Power Users"),
    builtin("AO", 548, "Account Operators"),
    builtin("SO", 549, "Server Operators"),
    builtin("PO", 550, "Print Operators"),
    builtin("BO", 551, "Backup Operators"),
    builtin("RE", 552, "Replicator"),
    builtin("RU", 554, "Pre-Windows 2000 Compatible Access"),
    builtin("RD", 555, "Remote Desktop Users"),
    builtin("NO", 556, "Network Configuration Operators"),
    builtin("MU", 558, "Performance Monitor Users"),
    builtin("LU", 559, "Performance Log Users"),
    builtin("IS", 568, "IIS Users"),
    builtin("CY", 569, "Cryptographic Operators"),
    builtin("ER", 573, "Event Log Readers"),
    builtin("CD", 574, "Certificate Service DCOM Access"),
    builtin("RA", 575, "RDS Remote Access Servers"),
    builtin("ES", 576, "RDS Endpoint Servers"),
    builtin("MS", 577, "RDS Management Servers"),
    builtin("HA", 578, "Hyper-V Administrators"),
    builtin("AA", 579, "Access Control Assistance Operators"),
    builtin("RM", 580, "Remote Management Users"),
    builtin("HO", 584, "User Mode Hardware Operators"),
    builtin("SH", 585, "OpenSSH Users"),
    machine("LA", 500, "Administrator"),
    machine("LG", 501, "Guest"),
    domain("DA", 512, "Domain Admins"),
    domain("DU", 513, "Domain Users"),
    domain("DG", 514, "Domain Guests"),
    domain("DC", 515, "Domain Computers"),
    domain("DD", 516, "Domain Controllers"),
    domain("CA", 517, "Cert Publishers"),
    domain("PA", 520, "Group Policy Creator Owners"),
    domain("CN", 522, "Cloneable Domain Controllers"),
    domain("AP", 525, "Protected Users"),
    domain("KA", 526, "Key Admins"),
    domain("RS", 553, "RAS and IAS Servers"),
    forest("RO", 498, "Enterprise Read-only Domain Controllers"),
    forest("SA", 518, "Schema Admins"),
    forest("EA", 519, "Enterprise Admins"),
    forest("EK", 527, "Enterprise Key Admins"),
];

use super::error::VerbError;
use clap::{ArgGroup, Args, value_parser};
use core::time::Duration;
use jiff::{Timestamp, civil::Date, tz::Offset};
use sddl_authz::Sid;
use sddl_authz_server::{
    audit::{Kind, Query},
    sqlite::{AuditReader, ExportError, policy_text},
};
use std::{
    io::{self, BufWriter, ErrorKind, Write},
    path::PathBuf,
    thread,
};
use uuid::Uuid;

/// How long `--follow` waits before it looks again.
const WAIT: Duration = Duration::from_millis(500);

/// Print the audit of a store as JSON Lines, also while a server uses it
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("kind").args(["changes", "refusals"]))]
#[command(after_help = "\
Each line is an object with a kind: change, refusal, left_out (refusals that were only counted), or removal
(older entries that were removed). Times are those of RFC 3339, such as 2026-11-27T09:30:00Z, or dates.

Examples:
  sddl-authz-server audit --store requests.db --since 2026-11-27 --refusals
  sddl-authz-server audit --store requests.db --request a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099
  sddl-authz-server audit --store requests.db --follow | jq -r .caller.user")]
pub(crate) struct Options {
    /// Print the audit of this store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// Only entries of this time and later
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Only entries before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// Only entries about this request
    #[arg(long, value_name = "ID")]
    request: Option<Uuid>,
    /// Only entries about this user
    #[arg(long, value_name = "SID")]
    caller: Option<Sid>,
    /// Only changes
    #[arg(long)]
    changes: bool,
    /// Only refusals
    #[arg(long)]
    refusals: bool,
    /// At most this many entries, the oldest first
    #[arg(long, value_name = "COUNT", value_parser = value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Go on with the entries that are added meanwhile
    #[arg(long)]
    follow: bool,
    /// Print the policy with this digest as JSON, and no entries
    #[arg(long, value_name = "DIGEST", conflicts_with_all = ["since", "until", "request", "caller", "kind", "limit", "follow"])]
    policy: Option<String>,
}

pub(super) fn run(options: &Options) -> Result<(), VerbError> {
    let mut output = BufWriter::new(io::stdout().lock());
    if let Some(digest) = &options.policy {
        let text = policy_text(&options.store, digest)?.ok_or_else(|| VerbError::NoPolicy(digest.clone()))?;
        writeln!(output, "{text}")?;
        return Ok(output.flush()?);
    }
    let kind = match (options.changes, options.refusals) {
        (true, _) => Some(Kind::Changes),
        (_, true) => Some(Kind::Refusals),
        (false, false) => None,
    };
    let query = Query {
        since: options.since,
        until: options.until,
        request: options.request,
        user: options.caller,
        kind,
        limit: options.limit,
    };
    let mut reader = AuditReader::open(&options.store, query)?;
    loop {
        match reader.write(&mut output) {
            Ok(true) if options.follow => thread::sleep(WAIT),
            Ok(_) => return Ok(()),
            // The reader of the output has closed it.
            Err(ExportError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Reads a time, or a date, which is its start in UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let start = |date: Date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok();
    let time = text.parse().ok();
    time.or_else(|| text.parse().ok().and_then(start))
        .ok_or_else(|| "not a time such as 2026-11-27T09:30:00Z, and not a date".to_owned())
}

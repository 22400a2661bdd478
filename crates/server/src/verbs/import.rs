use super::{error::VerbError, report::print};
use crate::files::policy;
use clap::{Args, ValueEnum};
use core::time::Duration;
use indicatif::{ProgressBar, ProgressStyle};
use sddl_authz::{mim::StatusChangePolicy, render::Escaped};
use sddl_authz_server::{
    import::{BadValue, Mode, Staged},
    sqlite::Sqlite,
    store::{Imported, StoreError},
};
use serde::Serialize;
use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::{Path, PathBuf},
};

/// How long the store may be busy with the changes of others before a batch fails.
const PATIENCE: Duration = Duration::from_secs(60);
const BUFFER: usize = 256 * 1024;

/// Add, replace or remove requests of a store, also while a server uses it
#[derive(Debug, Args)]
#[command(after_help = "\
The input is a request as the API prints it, an array of requests, or JSON Lines: a request on each line.
It may have any size. All of it is read before the store is changed, so an input that can't be used changes
nothing. Two requests with one id are an error. What was read is in a temporary file meanwhile; the
environment variable SQLITE_TMPDIR names another folder for it.

The changes are made in batches of at most 2000 requests. A server that uses the store answers between them,
and its next decisions are about the new requests. If the task is stopped, the batches that were made
remain, and it can be repeated.

On standard output there is one line of JSON, with the number of requests that were given, inserted,
replaced, unchanged, deleted, skipped, bad and undecidable. A skipped request was not inserted since the
store has another one with its id, or not deleted since it has none. Nothing can be decided about an
undecidable request, for example as its security descriptor can't be read: the server answers 500.

Examples:
  sddl-authz-server import --store requests.db --create requests.jsonl
  sddl-authz-server import --store requests.db --mode replace changed.json
  sddl-authz-server import --store requests.db --mode delete - <<<'{\"Uuid\":\"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099\"}'")]
pub(crate) struct Options {
    /// Change this store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// Make a new store if there is none
    #[arg(long)]
    create: bool,
    /// insert adds requests whose ids are not in the store; replace also replaces the others; delete removes requests by their Uuid
    #[arg(long, value_name = "insert|replace|delete", value_enum, default_value_t = ModeOption::Insert, hide_possible_values = true)]
    mode: ModeOption,
    /// Skip values that are not a request, and name them on standard error
    #[arg(long)]
    skip_bad: bool,
    /// Use this policy to find the requests about which nothing can be decided [default: the policy that this project inferred]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Read the requests of this file; - is standard input
    #[arg(value_name = "FILE|-")]
    input: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeOption {
    Insert,
    Replace,
    Delete,
}

impl From<ModeOption> for Mode {
    fn from(mode: ModeOption) -> Self {
        match mode {
            ModeOption::Insert => Self::Insert,
            ModeOption::Replace => Self::Replace,
            ModeOption::Delete => Self::Delete,
        }
    }
}

/// The counts, in the order in which they are printed.
#[derive(Serialize)]
struct Report {
    given: u64,
    inserted: u64,
    replaced: u64,
    unchanged: u64,
    deleted: u64,
    skipped: u64,
    bad: u64,
    undecidable: u64,
}

pub(super) fn run(options: &Options) -> Result<(), VerbError> {
    let policy = policy(options.policy.as_deref())?;
    // If there should be a store, it is missed before the input is read.
    let store = match Sqlite::open_to_import(&options.store) {
        Ok(store) => Some(store),
        Err(StoreError::Missing(_)) if options.create => None,
        Err(StoreError::Missing(path)) => return Err(VerbError::NoStore(path)),
        Err(error) => return Err(error.into()),
    };
    let mut bad = 0_u64;
    let staged = read(options, policy.rules(), &mut bad)?;
    warn_of_undecidable(&staged);
    let store = match store {
        Some(store) => store,
        None => Sqlite::create_to_import(&options.store)?,
    };
    let done = apply(&staged, &store.with_time(PATIENCE))?;
    if done.skipped > 0 && matches!(options.mode, ModeOption::Insert) {
        warn(&format!(
            "{} requests were not inserted: the store has others with their ids; --mode replace replaces those",
            done.skipped
        ));
    }
    print(&Report {
        given: staged.given(),
        inserted: done.inserted,
        replaced: done.replaced,
        unchanged: done.unchanged,
        deleted: done.deleted,
        skipped: done.skipped,
        bad,
        undecidable: staged.undecidable(),
    })
}

fn read(options: &Options, policy: &StatusChangePolicy, bad: &mut u64) -> Result<Staged, VerbError> {
    let (input, bytes): (Box<dyn Read>, _) = if options.input == Path::new("-") {
        (Box::new(io::stdin().lock()), None)
    } else {
        let unreadable = |error| VerbError::Input {
            path: options.input.clone(),
            error,
        };
        let file = File::open(&options.input).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        (Box::new(file), metadata.is_file().then_some(metadata.len()))
    };
    let bar = bar(bytes, "reading {bytes} of {total_bytes} {wide_bar} {eta}");
    let input = BufReader::with_capacity(BUFFER, bar.wrap_read(input));
    let skip = |value: BadValue| {
        if !options.skip_bad {
            return Err(value);
        }
        *bad = bad.saturating_add(1);
        bar.suspend(|| warn(&format!("skipped: {value}")));
        Ok(())
    };
    let staged = Staged::read(input, options.mode.into(), policy, skip);
    bar.finish_and_clear();
    Ok(staged?)
}

fn apply(staged: &Staged, store: &Sqlite) -> Result<Imported, VerbError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let bar = bar(Some(staged.given()), "changing {pos} of {len} {wide_bar} {eta}");
    let done = runtime.block_on(staged.apply(store, |requests| bar.inc(requests)));
    bar.finish_and_clear();
    // The changes are on the disk already.
    runtime.block_on(store.close())?;
    Ok(done?)
}

/// Starts a progress bar, which is shown on standard error if that is a terminal.
fn bar(length: Option<u64>, template: &str) -> ProgressBar {
    let bar = length.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    match ProgressStyle::with_template(template) {
        Ok(style) if length.is_some() => bar.with_style(style),
        Ok(_) | Err(_) => bar,
    }
}

fn warn_of_undecidable(staged: &Staged) {
    if staged.undecidable() == 0 {
        return;
    }
    warn(&format!(
        "nothing can be decided about {} requests, so the server answers 500, first about these:",
        staged.undecidable()
    ));
    for (id, failure) in staged.named() {
        warn(&format!("{id}: {failure}"));
    }
}

fn warn(message: &str) {
    // If nobody reads the message, the counts still say it.
    let _ = writeln!(io::stderr(), "warning: {}", Escaped(message));
}

//! The work whose instructions are counted.

use core::hint::black_box;
use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, Sid, binary, check};
use std::{fs, path::Path};

pub(crate) const NAMES: [&str; 19] = [
    "text_model/w1",
    "text_model/w2",
    "text_model/w3",
    "text_model/w4",
    "text_model/w1_spaces",
    "text_model/w1_lower",
    "text_model/one_domain",
    "text_model/deep_conditions",
    "text_bytes/w1",
    "bytes_model/w1",
    "bytes_model/w2",
    "bytes_model/w3",
    "bytes_model/w4",
    "bytes_decision/w1",
    "check/w1",
    "check/w3",
    "check/collisions",
    "check/deep_conditions",
    "caller/groups",
];

/// The desired rights in each check: one that many entries are about, and one that nobody is granted, so the check reads all entries.
const DESIRED: AccessMask = AccessMask::from_bits_retain(0x4002);

/// Work on an input `size` times as large as the smallest.
pub(crate) fn prepare(name: &str, size: usize) -> Option<Box<dyn FnMut()>> {
    let (kind, input) = name.split_once('/')?;
    if kind == "caller" {
        let sids = groups(1_250_usize.saturating_mul(size));
        return Some(Box::new(move || {
            drop(black_box(
                Caller::bare(Sid::ANONYMOUS)
                    .expect("a user")
                    .with_groups(sids.iter().copied())
                    .expect("groups"),
            ));
        }));
    }
    let texts = texts(input, size);
    let models: Vec<SecurityDescriptor> = texts.iter().map(|text| parse(text)).collect();
    let bytes: Vec<Vec<u8>> = models
        .iter()
        .map(|model| binary::to_bytes(model).expect("it fits"))
        .collect();
    let caller = caller(input);
    Some(match kind {
        "text_model" => Box::new(move || texts.iter().for_each(|text| drop(black_box(parse(text))))),
        "text_bytes" => Box::new(move || {
            let write = |text| binary::to_bytes(&parse(text)).expect("it fits");
            texts.iter().for_each(|text| drop(black_box(write(text))));
        }),
        "bytes_model" => Box::new(move || {
            bytes
                .iter()
                .for_each(|bytes| drop(black_box(binary::from_bytes(bytes))));
        }),
        "bytes_decision" => Box::new(move || {
            for bytes in &bytes {
                let _ = black_box(AccessCheck::new(&caller, DESIRED).check_bytes(bytes));
            }
        }),
        "check" => Box::new(move || {
            for model in &models {
                let _ = black_box(check(model, &caller, DESIRED));
            }
        }),
        _ => return None,
    })
}

fn texts(input: &str, size: usize) -> Vec<String> {
    match input {
        // Written in another way that Windows reads: a space before each SID, types in lower case.
        "w1_spaces" => texts("w1", size)
            .iter()
            .map(|text| text.replace(";;;", ";;; "))
            .collect(),
        "w1_lower" => {
            let lower = |text: &String| text.replace("(A;", "(a;").replace("(D;", "(d;");
            texts("w1", size).iter().map(lower).collect()
        }
        // The lines as often; the entries of the others as often, in one list.
        "w2" => lines(input)
            .iter()
            .flat_map(|line| core::iter::repeat_n(line.clone(), size))
            .collect(),
        "w3" => {
            let whole = lines(input).concat();
            let entries = whole.matches('(').count();
            let most = entries.saturating_mul(size).div_ceil(8);
            let cut = whole
                .match_indices('(')
                .nth(most)
                .map_or(whole.len(), |(place, _)| place);
            vec![whole.get(..cut).unwrap_or_default().to_owned()]
        }
        "w1" | "w4" => {
            let whole = lines(input);
            let entries: String = whole
                .iter()
                .filter_map(|line| line.split_once("D:"))
                .map(|(_, list)| list)
                .collect();
            // The entries of W4, 40 of them at most, always have room, since what is allocated between them decides whether a list that
            // outgrows its room has to move.
            let first = if input == "w4" { 1 } else { 8 };
            vec![format!("O:BAD:{}", entries.repeat(size.saturating_mul(first)))]
        }
        // SIDs that differ in their last digit alone, of as many numbers as can be; more of them than room is made for at first, so
        // that lists of each size are moved once.
        "one_domain" => {
            let domain = "S-1-5-21".to_owned() + &"-4294967290".repeat(12);
            let entry = |number: usize| format!("(A;;CC;;;{domain}-429496{:04})", number.rem_euclid(6_000));
            vec![format!(
                "D:{}",
                (0..80_usize.saturating_mul(size)).map(entry).collect::<String>()
            )]
        }
        "deep_conditions" => {
            let entry = format!(
                "(XA;;0x4000;;;WD;({}(@User.a == 1){}))",
                "!(".repeat(60),
                ")".repeat(60)
            );
            vec![format!("D:{}", entry.repeat(size.saturating_mul(32)))]
        }
        // SIDs with one relative identifier, which a caller in others of the kind has to look up.
        "collisions" => {
            let entry = |number: usize| format!("(A;;0x4000;;;S-1-5-21-9-9-{number}-500)");
            vec![format!(
                "D:{}",
                (0..200_usize.saturating_mul(size)).map(entry).collect::<String>()
            )]
        }
        _ => Vec::new(),
    }
}

fn caller(input: &str) -> Caller {
    if input == "collisions" {
        return Caller::bare(Sid::ANONYMOUS)
            .expect("a user")
            .with_groups(groups(200))
            .expect("groups");
    }
    let sids: Vec<Sid> = lines("caller_200").iter().map(|sid| parse_sid(sid)).collect();
    Caller::bare(Sid::ANONYMOUS)
        .expect("a user")
        .with_groups(sids)
        .expect("groups")
}

/// Groups of so many domains, with one relative identifier.
fn groups(count: usize) -> Vec<Sid> {
    (0..count)
        .map(|number| parse_sid(&format!("S-1-5-21-1-2-{number}-500")))
        .collect()
}

fn parse_sid(text: &str) -> Sid {
    text.parse().expect("a SID")
}

fn parse(text: &str) -> SecurityDescriptor {
    black_box(text).parse().expect("the workload is SDDL")
}

fn lines(name: &str) -> Vec<String> {
    // Seen from the package, where `cargo bench` runs this: the length of a path is seen in where the allocator puts things.
    let file = Path::new("benches/workloads").join(name).with_extension("txt");
    let text = fs::read_to_string(file).expect("the workload is there");
    text.lines().map(str::to_owned).collect()
}

use super::{Bounds, NEXT, NEXT_WITH_STATUS, WITH_STATUS, search, walk};
use crate::{
    random::Random,
    store::{DescriptorNumber, Filter, Found, Readable},
};
use rusqlite::{Connection, params};
use sddl_authz::mim::RequestStatus;
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// A request as a test knows it.
#[derive(Clone, Copy, Debug)]
struct Known {
    id: Uuid,
    status: i64,
    descriptor: i64,
    target: Option<Uuid>,
}

const DESCRIPTORS: i64 = 12;

fn number(random: &mut Random, below: i64) -> i64 {
    i64::try_from(random.below(usize::try_from(below).unwrap())).unwrap()
}

/// A store with random requests. Nearly all of them have one of the first descriptors.
fn filled(random: &mut Random, count: i64) -> (Connection, Vec<Known>) {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(include_str!("../../schema.sql")).unwrap();
    for number in 1..=DESCRIPTORS {
        connection
            .execute(
                "INSERT INTO descriptors (seq, digest, text) VALUES (?1, ?2, '')",
                params![number, [u8::try_from(number).unwrap()]],
            )
            .unwrap();
    }
    let targets = [random.id(), random.id()];
    let mut known: Vec<_> = (0..count)
        .map(|_| Known {
            id: random.id(),
            status: *random.one(&[0, 1, 2]),
            descriptor: {
                let few = random.below(8) > 0;
                number(random, if few { 3 } else { DESCRIPTORS + 1 })
            },
            target: [None, Some(targets[0]), Some(targets[1])][random.below(3)],
        })
        .collect();
    for one in &known {
        connection
            .execute(
                "INSERT INTO requests (id, status, descriptor, target, head, tail) VALUES (?1, ?2, ?3, ?4, '{}', '')",
                params![
                    one.id.as_bytes(),
                    one.status,
                    one.descriptor,
                    one.target.as_ref().map(Uuid::as_bytes)
                ],
            )
            .unwrap();
    }
    known.sort_by_key(|one| one.id);
    (connection, known)
}

fn filter(random: &mut Random, known: &[Known]) -> Filter {
    let statuses = [&[][..], &[], &[0], &[0, 2], &[5]][random.below(5)];
    let target = known
        .first()
        .and_then(|one| one.target)
        .filter(|_| random.below(3) == 0);
    Filter {
        target,
        statuses: statuses.iter().map(|&status| RequestStatus(status)).collect(),
    }
}

fn takes(filter: &Filter, one: &Known) -> bool {
    let statuses = &filter.statuses;
    (statuses.is_empty() || statuses.contains(&RequestStatus(one.status)))
        && (filter.target.is_none() || filter.target == one.target)
}

#[test]
fn a_walk_returns_each_matching_request_once() {
    let mut random = Random(1);
    for round in 0..60 {
        let (connection, known) = filled(&mut random, round);
        for most in [1, 2, 7, 100] {
            let filter = filter(&mut random, &known);
            let (mut after, mut found) = (None, Vec::new());
            loop {
                let walked = walk(&connection, &filter, after, most).unwrap();
                found.extend(walked.found);
                assert!(walked.reached.is_none() || walked.reached > after);
                after = walked.reached;
                if after.is_none() {
                    break;
                }
            }
            let expected = known.iter().filter(|one| takes(&filter, one));
            assert!(
                expected.map(|one| (one.id, DescriptorNumber(one.descriptor))).eq(found),
                "{filter:?}"
            );
        }
    }
}

#[test]
fn a_search_finds_the_first_requests_of_readable_descriptors() {
    let mut random = Random(2);
    let (mut searched, mut refused) = (0, 0);
    for round in 0..400 {
        let (connection, known) = filled(&mut random, round % 60);
        let filter = filter(&mut random, &known);
        let numbers: BTreeSet<_> = (0..random.below(12))
            .map(|_| number(&mut random, DESCRIPTORS) + 1)
            .collect();
        let readable = Readable {
            numbers: numbers.iter().copied().map(DescriptorNumber).collect(),
            up_to: Some(DescriptorNumber(DESCRIPTORS)),
        };
        let after = [None, known.get(known.len() / 2).map(|one| one.id), Some(random.id())][random.below(3)];
        let limit = random.below(9) + 1;
        let bounds = Bounds {
            places: random.below(20),
            few_places: random.below(8),
            few: random.below(30),
        };
        match search(&connection, &filter, &readable, after, limit, bounds).unwrap() {
            Found::Requests(ids) => {
                let expected = known
                    .iter()
                    .filter(|one| takes(&filter, one) && numbers.contains(&one.descriptor) && Some(one.id) > after);
                let expected: Vec<_> = expected.map(|one| one.id).take(limit).collect();
                assert_eq!(ids, expected, "{filter:?} {numbers:?} {bounds:?}");
                searched += 1;
            }
            Found::TooMany => {
                assert!(filter.target.is_some() || numbers.len() * filter.statuses.len().max(1) > bounds.places);
                refused += 1;
            }
            Found::NewDescriptors => panic!("all are decided"),
        }
    }
    assert!(searched > 50 && refused > 50, "{searched} {refused}");
}

/// A request may have a descriptor that is not decided. So nothing is found before all are.
#[test]
fn a_search_needs_every_descriptor_decided() {
    let (connection, _) = filled(&mut Random(3), 10);
    for (up_to, whole) in [
        (None, false),
        (Some(0), false),
        (Some(DESCRIPTORS - 1), false),
        (Some(DESCRIPTORS), true),
    ] {
        let readable = Readable {
            numbers: Arc::new([]),
            up_to: up_to.map(DescriptorNumber),
        };
        let found = search(&connection, &Filter::default(), &readable, None, 1, Bounds::DEFAULT).unwrap();
        assert_eq!(found == Found::Requests(Vec::new()), whole, "{up_to:?}");
        assert_eq!(found == Found::NewDescriptors, !whole, "{up_to:?}");
    }
}

/// The cost of a page does not depend on the number of requests: SQLite reads indexes alone, and sorts nothing.
#[test]
fn lists_read_indexes_alone() {
    let (connection, _) = filled(&mut Random(4), 1);
    let mut plans = Vec::new();
    for sql in [
        "SELECT id, descriptor, NULL FROM requests INDEXED BY requests_in_order WHERE id > ?1 ORDER BY id LIMIT ?2",
        "SELECT id, descriptor, NULL FROM requests INDEXED BY requests_of_target WHERE target = ?3 AND id > ?1 ORDER BY id LIMIT ?2",
        NEXT,
        NEXT_WITH_STATUS,
        WITH_STATUS,
    ] {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let count = statement.parameter_count();
        let rows = statement.query_map(rusqlite::params_from_iter(vec![0; count]), |row| {
            row.get::<_, String>(3)
        });
        plans.extend(rows.unwrap().map(Result::unwrap));
    }
    assert_eq!(plans.len(), 5, "{plans:?}");
    assert!(
        plans
            .iter()
            .all(|plan| plan.starts_with("SEARCH requests USING COVERING INDEX")),
        "{plans:?}"
    );
}

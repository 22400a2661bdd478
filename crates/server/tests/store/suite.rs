//! Tests of any store. Each gets an empty one.

use sddl_authz::{
    Caller,
    mim::{
        CertificateRequest, DescriptorDigest, Outcome, RequestStatus, StatusChange, StatusChangePolicy, StatusUpdate,
    },
};
use sddl_authz_server::{
    audit::AuditEntry,
    policy::Policy,
    store::{Applied, Batch, DescriptorNumber, Filter, Found, Imported, Readable, Store},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use uuid::Uuid;

const APPROVED: &str = include_str!("../../../../tests/data/enroll-approved.json");
const PUBLISHED: [&str; 2] = [APPROVED, include_str!("../../../../tests/data/unblock-approved.json")];
const USER: &str = "S-1-5-21-2127521184-1604012920-1887927527-14995557";
const NOW: &str = "2015-07-07T23:37:37.767Z";

fn request(json: &str) -> CertificateRequest {
    serde_json::from_str(json).unwrap()
}

/// A request with this number and descriptor, or with none.
fn numbered(number: u128, descriptor: Option<&str>) -> CertificateRequest {
    let mut request = CertificateRequest::new(Uuid::from_u128(number), RequestStatus::APPROVED);
    if let Some(descriptor) = descriptor {
        request.security_descriptor = descriptor.to_owned().into();
    }
    request
}

/// Adds requests; how many were added.
async fn insert<S: Store>(store: &S, requests: Vec<CertificateRequest>) -> usize {
    let done = store.import(Batch::Insert(requests)).await.unwrap();
    usize::try_from(done.inserted).unwrap()
}

/// The update that completes a request.
fn completion(request: &CertificateRequest) -> StatusUpdate {
    let user = Caller::authenticated(USER.parse().unwrap()).unwrap().with_no_groups();
    let outcome = StatusChangePolicy::inferred().decide(request, &user, StatusChange::Complete);
    let Outcome::Permitted(permit) = outcome else {
        panic!("{outcome:?}");
    };
    permit.into_update(NOW)
}

fn entry(update: &StatusUpdate) -> AuditEntry {
    let nobody = Caller::anonymous();
    let policy = Policy::new(StatusChangePolicy::inferred()).unwrap();
    AuditEntry::of_change(update, "Completed", &nobody, &policy, Uuid::nil(), NOW.parse().unwrap())
}

pub(crate) async fn rows_are_returned_as_they_were_imported<S: Store>(store: S) {
    let odd = [
        r#"{"Uuid":"00000000-0000-4000-8000-000000000001","Status":3}"#,
        r#"{"Uuid":"00000000-0000-4000-8000-000000000002","Status":-77,"SecurityDescriptor":null,"Other":[1.5,"é\u0000"]}"#,
        r#"{"Uuid":"00000000-0000-4000-8000-000000000003","Status":3,"SecurityDescriptor":"","Other":{"SecurityDescriptor":""}}"#,
        r#"{"Uuid":"00000000-0000-4000-8000-000000000004","Status":3,"Comment":"\"SecurityDescriptor\":\"x\"","SecurityDescriptor":"\"\\\u0000\u001f","IsSmartcard":null}"#,
    ];
    let published = PUBLISHED.map(|row| serde_json::to_string(&request(row)).unwrap());
    let rows = odd.iter().map(|row| (*row).to_owned()).chain(published);
    let rows: Vec<_> = rows.collect();
    let all: Vec<_> = rows.iter().map(|row| request(row)).collect();
    assert_eq!(insert(&store, all.clone()).await, rows.len());
    for (request, row) in all.iter().zip(&rows) {
        assert_eq!(store.load(request.uuid).await.unwrap().as_ref(), Some(row));
    }
    assert_eq!(store.load(Uuid::from_u128(77)).await.unwrap(), None);
    // Those that are there are not changed.
    let mut again = all.clone();
    again[0].status = RequestStatus::COMPLETED;
    again.push(numbered(77, None));
    assert_eq!(insert(&store, again).await, 1);
    assert_eq!(store.load(all[0].uuid).await.unwrap().as_ref(), Some(&rows[0]));
    store.ready().await.unwrap();
}

pub(crate) async fn a_change_is_made_if_the_row_is_as_it_was_decided_on<S: Store>(store: S) {
    let mut request = request(APPROVED);
    let row = serde_json::to_string(&request).unwrap();
    insert(&store, vec![request.clone()]).await;
    let update = completion(&request);
    for change in [
        |update: &mut StatusUpdate| update.request = Uuid::from_u128(1),
        |update: &mut StatusUpdate| update.from = RequestStatus::PENDING,
        |update: &mut StatusUpdate| update.descriptor = DescriptorDigest::new("D:(A;;CC;;;AU)"),
    ] {
        let mut stale = update.clone();
        change(&mut stale);
        let applied = store.apply(stale.clone(), entry(&stale)).await.unwrap();
        assert!(matches!(applied, Applied::Stale), "{stale:?}");
        assert_eq!(store.load(request.uuid).await.unwrap().as_ref(), Some(&row));
    }
    request.status = RequestStatus::COMPLETED;
    request.completed = NOW.to_owned().into();
    let completed = serde_json::to_string(&request).unwrap();
    match store.apply(update.clone(), entry(&update)).await.unwrap() {
        Applied::Done(row) => assert_eq!(row, completed),
        Applied::Stale => panic!("it is as it was decided on"),
    }
    assert_eq!(store.load(request.uuid).await.unwrap(), Some(completed));
    let again = store.apply(update.clone(), entry(&update)).await.unwrap();
    assert!(matches!(again, Applied::Stale));
}

pub(crate) async fn of_many_changes_at_once_one_is_made<S: Store + Send + 'static>(store: S) {
    let request = request(APPROVED);
    insert(&store, vec![request.clone()]).await;
    let update = completion(&request);
    let changes: Vec<_> = (0..64)
        .map(|_| {
            let (store, update) = (store.clone(), update.clone());
            tokio::spawn(async move { store.apply(update.clone(), entry(&update)).await.unwrap() })
        })
        .collect();
    let mut done = 0;
    for change in changes {
        done += usize::from(matches!(change.await.unwrap(), Applied::Done(_)));
    }
    assert_eq!(done, 1);
}

pub(crate) async fn each_descriptor_is_there_once<S: Store>(store: S) {
    assert_eq!(store.descriptors(None, 10).await.unwrap(), []);
    let texts = ["D:(A;;CC;;;WD)", "", "D:(A;;CC;;;WD)\0", "d:(A;;CC;;;WD)"];
    let requests = (1_u128..).zip(texts.iter().chain(&texts).map(|text| Some(*text)).chain([None, None]));
    let requests = requests.map(|(number, text)| numbered(number, text));
    assert_eq!(insert(&store, requests.collect()).await, 10);
    let all = store.descriptors(None, 10).await.unwrap();
    assert_eq!(
        all.iter().map(|(_, text)| text.as_str()).collect::<BTreeSet<_>>(),
        BTreeSet::from(texts)
    );
    assert!(all.is_sorted_by(|(one, _), (next, _)| one < next));
    assert!(all.iter().all(|(number, _)| *number != DescriptorNumber::NONE));
    let first = store.descriptors(None, 3).await.unwrap();
    let rest = store
        .descriptors(first.last().map(|(number, _)| *number), 3)
        .await
        .unwrap();
    assert_eq!([first, rest.clone()].concat(), all);
    assert_eq!(
        store
            .descriptors(rest.last().map(|(number, _)| *number), 3)
            .await
            .unwrap(),
        []
    );
    // A text that is there keeps its number.
    let more = [numbered(11, Some("D:(A;;CC;;;WD)")), numbered(12, Some("D:"))];
    assert_eq!(insert(&store, more.to_vec()).await, 2);
    let grown = store.descriptors(None, 10).await.unwrap();
    assert_eq!(grown[..4], all);
    assert_eq!(grown[4].1, "D:");
}

pub(crate) async fn pages_together_are_the_whole_list<S: Store>(store: S) {
    const COUNT: u128 = 200;
    let texts = [None, Some("D:(A;;CC;;;WD)"), Some("D:(A;;CC;;;AU)"), Some("D:")];
    let target = Uuid::from_u128(7);
    let statuses = [RequestStatus::APPROVED, RequestStatus::COMPLETED, RequestStatus(-1)];
    // In another order than that of the ids.
    let requests: Vec<_> = (0..COUNT)
        .map(|number| {
            let place = usize::try_from(number).unwrap();
            let mut request = numbered((number * 77 % COUNT) << 100 | number, texts[place % 4]);
            request.status = statuses[place % 3];
            if place % 5 == 0 {
                request.target_user_uuid = target.into();
            }
            request
        })
        .collect();
    assert_eq!(insert(&store, requests.clone()).await, requests.len());
    let numbers = store.descriptors(None, 10).await.unwrap();
    let number_of = |text: Option<&str>| match text {
        None => DescriptorNumber::NONE,
        Some(text) => numbers.iter().find(|(_, own)| own == text).unwrap().0,
    };
    for readable in [&texts[..0], &texts[..1], &texts[1..2], &texts[1..], &texts] {
        for of_target in [None, Some(target), Some(Uuid::from_u128(8))] {
            for of_status in [&statuses[..0], &statuses[..1], &statuses[1..]] {
                let expected: BTreeMap<_, _> = requests
                    .iter()
                    .filter(|request| readable.contains(&request.security_descriptor.value().map(String::as_str)))
                    .filter(|request| {
                        of_target.is_none_or(|target| request.target_user_uuid.value() == Some(&target))
                            && (of_status.is_empty() || of_status.contains(&request.status))
                    })
                    .map(|request| (request.uuid, serde_json::to_string(request).unwrap()))
                    .collect();
                let filter = Filter {
                    target: of_target,
                    statuses: of_status.to_vec(),
                };
                let numbers = readable.iter().map(|text| number_of(*text)).collect();
                for limit in [1, 7, 1000] {
                    let walked = walked(&store, &filter, &numbers, limit).await;
                    assert!(walked.iter().eq(expected.keys()), "{readable:?} {filter:?} {limit}");
                    let searched = searched(&store, &filter, &numbers, limit).await;
                    assert!(
                        searched.is_none_or(|ids| ids == walked),
                        "{readable:?} {filter:?} {limit}"
                    );
                    let rows = rows(&store, walked.into(), limit).await;
                    assert!(rows.iter().eq(expected.values()), "{readable:?} {filter:?} {limit}");
                }
            }
        }
    }
}

/// The ids that a walk by these steps finds.
async fn walked<S: Store>(store: &S, filter: &Filter, readable: &BTreeSet<DescriptorNumber>, step: usize) -> Vec<Uuid> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let walked = store.walk(filter.clone(), after, step).await.unwrap();
        assert!(walked.found.is_sorted_by(|(one, _), (next, _)| one < next));
        let readable = walked.found.iter().filter(|(_, number)| readable.contains(number));
        all.extend(readable.map(|(id, _)| *id));
        if walked.reached.is_none() {
            return all;
        }
        assert!(walked.reached > after, "the walk goes on");
        after = walked.reached;
    }
}

/// The ids that are found a page at a time. A store need not search each filter.
async fn searched<S: Store>(
    store: &S,
    filter: &Filter,
    numbers: &BTreeSet<DescriptorNumber>,
    limit: usize,
) -> Option<Vec<Uuid>> {
    let readable = Readable {
        numbers: numbers.iter().copied().collect(),
        up_to: store
            .descriptors(None, 1000)
            .await
            .unwrap()
            .last()
            .map(|(number, _)| *number),
    };
    let mut all = Vec::new();
    loop {
        let after = all.last().copied();
        match store
            .search(filter.clone(), readable.clone(), after, limit)
            .await
            .unwrap()
        {
            Found::Requests(ids) => {
                assert!(ids.len() <= limit);
                let is_last = ids.len() < limit;
                all.extend(ids);
                if is_last {
                    return Some(all);
                }
            }
            Found::TooMany => return None,
            Found::NewDescriptors => panic!("all are decided"),
        }
    }
}

/// The rows of these requests, loaded by parts of this many bytes.
async fn rows<S: Store>(store: &S, ids: Arc<[Uuid]>, bytes: usize) -> Vec<String> {
    let mut all = Vec::new();
    while all.len() < ids.len() {
        let rows = store.rows(Arc::clone(&ids), all.len(), bytes).await.unwrap();
        assert!(!rows.is_empty());
        all.extend(rows.into_iter().map(Option::unwrap));
    }
    all
}

/// The requests that a batch does not name stay as they are, and a new descriptor has a new number.
pub(crate) async fn requests_are_replaced_and_removed<S: Store>(store: S) {
    let counted = |inserted, replaced, unchanged, deleted, skipped| Imported {
        inserted,
        replaced,
        unchanged,
        deleted,
        skipped,
    };
    let requests: Vec<_> = (1..=4)
        .map(|number| numbered(number, Some("O:BAD:(A;;CC;;;WD)")))
        .collect();
    assert_eq!(insert(&store, requests.clone()).await, 4);
    let number = |descriptors: Vec<(DescriptorNumber, String)>, text| {
        descriptors
            .into_iter()
            .find_map(|(number, found)| (found == text).then_some(number))
    };
    let first = number(store.descriptors(None, 10).await.unwrap(), "O:BAD:(A;;CC;;;WD)").unwrap();
    let mut completed = requests[1].clone();
    completed.status = RequestStatus::COMPLETED;
    completed.target_user_uuid = Uuid::from_u128(9).into();
    let batch = vec![
        numbered(1, Some("O:BAD:(D;;CC;;;WD)")),
        completed.clone(),
        numbered(3, None),
        requests[3].clone(),
        numbered(5, Some("D:")),
    ];
    let done = store.import(Batch::Insert(batch.clone())).await.unwrap();
    assert_eq!(done, counted(1, 0, 1, 0, 3));
    assert_eq!(store.load(Uuid::from_u128(1)).await.unwrap(), Some(json(&requests[0])));
    let done = store.import(Batch::Replace(batch.clone())).await.unwrap();
    assert_eq!(done, counted(0, 3, 2, 0, 0));
    for request in &batch {
        assert_eq!(store.load(request.uuid).await.unwrap(), Some(json(request)));
    }
    // A decision on a number stays true, so the new text has a new one.
    let now = store.descriptors(None, 10).await.unwrap();
    assert!(number(now.clone(), "O:BAD:(D;;CC;;;WD)").unwrap() > first);
    assert_eq!(number(now.clone(), "O:BAD:(A;;CC;;;WD)"), Some(first));
    // A change that was decided on the old row can't be made.
    let stale = completion(&requests[0]);
    assert!(matches!(
        store.apply(stale.clone(), entry(&stale)).await.unwrap(),
        Applied::Stale
    ));
    let ids = [1, 2, 4, 77].map(Uuid::from_u128);
    let done = store.import(Batch::Delete(ids.to_vec())).await.unwrap();
    assert_eq!(done, counted(0, 0, 0, 3, 1));
    for id in ids {
        assert_eq!(store.load(id).await.unwrap(), None);
    }
    assert_eq!(store.load(Uuid::from_u128(3)).await.unwrap(), Some(json(&batch[2])));
    // A text that no request has any more may go. If it comes again its number is the old one, or one that no other text had.
    let highest = now.iter().map(|(number, _)| *number).max();
    let again = numbered(6, Some("O:BAD:(A;;CC;;;WD)"));
    assert_eq!(insert(&store, vec![again]).await, 1);
    let after = store.descriptors(None, 10).await.unwrap();
    let second = number(after, "O:BAD:(A;;CC;;;WD)").unwrap();
    assert!(second == first || Some(second) > highest, "{second:?}");
    store.ready().await.unwrap();
}

fn json(request: &CertificateRequest) -> String {
    serde_json::to_string(request).unwrap()
}

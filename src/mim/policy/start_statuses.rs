//! Reads and writes the statuses of a policy as names. In a request they are numbers.

use crate::mim::RequestStatus;
use alloc::{borrow::Cow, vec::Vec};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Word<'a> {
    #[serde(borrow)]
    Name(Cow<'a, str>),
    Number(i64),
}

pub(super) fn serialize<S: Serializer>(statuses: &[RequestStatus], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(statuses.iter().map(|status| match status.name() {
        Some(name) => Word::Name(Cow::Borrowed(name)),
        None => Word::Number(status.0),
    }))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RequestStatus>, D::Error> {
    let words = Vec::<Word<'de>>::deserialize(deserializer)?;
    let status = |word| match word {
        Word::Number(number) => Ok(RequestStatus(number)),
        Word::Name(name) => RequestStatus::from_name(&name)
            .ok_or_else(|| D::Error::custom(alloc::format!("no status is called `{}`", name.escape_debug()))),
    };
    words.into_iter().map(status).collect()
}

use super::{
    error::{BadValue, ImportError},
    place::Place,
    read::Values,
    request,
};
use crate::store::{Batch, Imported, Store};
use core::time::Duration;
use rusqlite::{Connection, params};
use sddl_authz::{
    Caller,
    mim::{CertificateRequest, RequestView, StatusChangePolicy},
};
use std::{io::BufRead, time::Instant};
use uuid::Uuid;

/// The most requests of a batch.
const BATCH: usize = 2000;
/// The requests of the first batch, and the fewest of a batch.
const FIRST_BATCH: usize = 128;
const LEAST_BATCH: usize = 8;
/// How long a batch should take. While it is made, others who change the store wait.
const LEAST_TIME: Duration = Duration::from_millis(50);
const MOST_TIME: Duration = Duration::from_millis(100);
/// The most bytes of a batch.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// The least time between two batches, in which others can change the store. SQLite asks at most every 17 ms at first.
const PAUSE: Duration = Duration::from_millis(20);
/// The most ids that are remembered of requests nothing can be decided about.
const NAMED: usize = 10;

/// The change that an import makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Adds the requests whose ids are not in the store.
    Insert,
    /// Adds requests, and replaces those whose ids are in the store.
    Replace,
    /// Removes requests. Of those given, only the ids count.
    Delete,
}

/// An input that was read to its end. It is in a temporary file of SQLite, which ends with this value.
#[derive(Debug)]
pub struct Staged {
    connection: Connection,
    mode: Mode,
    given: u64,
    undecidable: u64,
    named: Vec<(Uuid, String)>,
}

impl Staged {
    /// Reads an input: a request, an array of requests, or JSON Lines, of any size. `bad` is asked about each value that is not a request:
    /// it returns `Ok` to skip the value, or the error to stop.
    ///
    /// # Errors
    ///
    /// Fails if the input can't be read or is empty, if a value is not a request and is not skipped, and if two requests have one id and
    /// `mode` is not [`Mode::Delete`].
    pub fn read(
        input: impl BufRead,
        mode: Mode,
        policy: &StatusChangePolicy,
        mut bad: impl FnMut(BadValue) -> Result<(), BadValue>,
    ) -> Result<Self, ImportError> {
        let mut values = Values::new(input)?;
        let mut staged = Self {
            connection: temporary()?,
            mode,
            given: 0,
            undecidable: 0,
            named: Vec::new(),
        };
        while let Some(value) = values.next()? {
            let (place, form) = (value.place, values.form);
            let read = match mode {
                Mode::Insert | Mode::Replace => {
                    request::request(&value, form).map(|request| (request.uuid, Some(request)))
                }
                Mode::Delete => request::id(&value, form).map(|id| (id, None)),
            };
            match read {
                Ok((id, request)) => staged.add(place, id, request.as_ref(), policy)?,
                Err(fault) if fault.can_be_skipped => bad(fault.value)?,
                Err(fault) => return Err(fault.value.into()),
            }
        }
        Ok(staged)
    }

    fn add(
        &mut self,
        place: Place,
        id: Uuid,
        request: Option<&CertificateRequest>,
        policy: &StatusChangePolicy,
    ) -> Result<(), ImportError> {
        self.given = self.given.saturating_add(1);
        let row = match request {
            Some(request) => {
                self.preview(request, policy);
                serde_json::to_string(request).map_err(std::io::Error::from)?
            }
            None => String::new(),
        };
        let added = self
            .connection
            .prepare_cached(
                "INSERT INTO staged (id, line, element, row) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                id.as_bytes(),
                place.line.cast_signed(),
                place.element.map(u64::cast_signed),
                row
            ])?;
        if added == 0 && self.mode != Mode::Delete {
            let first = self.place(id)?;
            return Err(ImportError::Twice {
                id,
                first,
                second: place,
            });
        }
        Ok(())
    }

    /// Counts the request if nothing can be decided about it.
    fn preview(&mut self, request: &CertificateRequest, policy: &StatusChangePolicy) {
        if let Err(failure) = policy.preview(RequestView::from(request), &Caller::anonymous()) {
            self.undecidable = self.undecidable.saturating_add(1);
            if self.named.len() < NAMED {
                self.named.push((request.uuid, failure.to_string()));
            }
        }
    }

    fn place(&self, id: Uuid) -> Result<Place, rusqlite::Error> {
        let mut statement = self
            .connection
            .prepare("SELECT line, element FROM staged WHERE id = ?1")?;
        statement.query_row([id.as_bytes()], |row| {
            Ok(Place {
                line: row.get::<_, i64>(0)?.cast_unsigned(),
                element: row.get::<_, Option<i64>>(1)?.map(i64::cast_unsigned),
            })
        })
    }

    /// Returns how many requests were given.
    #[must_use]
    pub const fn given(&self) -> u64 {
        self.given
    }

    /// Returns how many of the requests nothing can be decided about, so that the server answers 500. Their descriptors can't be read.
    #[must_use]
    pub const fn undecidable(&self) -> u64 {
        self.undecidable
    }

    /// Returns the first of these requests, and why. The texts may hold text of the input.
    #[must_use]
    pub fn named(&self) -> &[(Uuid, String)] {
        &self.named
    }

    /// Makes the changes in a store, in batches. `progress` is told how many requests each batch has.
    ///
    /// # Errors
    ///
    /// Fails if the store fails, or if the temporary file can't be read. The batches before remain. A repeated import makes the rest of
    /// the changes.
    pub async fn apply(&self, store: &impl Store, mut progress: impl FnMut(u64)) -> Result<Imported, ImportError> {
        let mut done = Imported::default();
        let (mut after, mut size) = (0, FIRST_BATCH);
        while let Some((last, batch)) = self.batch(after, size)? {
            after = last;
            let began = Instant::now();
            let made = store.import(batch).await.map_err(|error| ImportError::Store {
                given: self.given,
                done: Box::new(done),
                error: Box::new(error),
            })?;
            let took = began.elapsed();
            size = next_size(size, took);
            // On a slow machine the others need more time, too.
            tokio::time::sleep(PAUSE.max(took.checked_div(4).unwrap_or_default())).await;
            done.add(made);
            progress(made.total());
        }
        Ok(done)
    }

    /// Returns the batch after a row of the temporary file, and its last row.
    fn batch(&self, after: i64, size: usize) -> Result<Option<(i64, Batch)>, ImportError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT seq, id, row FROM staged WHERE seq > ?1 ORDER BY seq")?;
        let mut rows = statement.query([after])?;
        let (mut last, mut bytes) = (after, 0_usize);
        let (mut ids, mut requests) = (Vec::new(), Vec::new());
        while ids.len() < size && bytes < BATCH_BYTES {
            let Some(row) = rows.next()? else { break };
            last = row.get(0)?;
            ids.push(Uuid::from_bytes(row.get(1)?));
            if self.mode != Mode::Delete {
                let json = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
                bytes = bytes.saturating_add(json.len());
                requests.push(serde_json::from_str(json).map_err(std::io::Error::from)?);
            }
        }
        if ids.is_empty() {
            return Ok(None);
        }
        let batch = match self.mode {
            Mode::Insert => Batch::Insert(requests),
            Mode::Replace => Batch::Replace(requests),
            Mode::Delete => Batch::Delete(ids),
        };
        Ok(Some((last, batch)))
    }
}

/// Returns the size of the next batch, after one that took this time.
fn next_size(size: usize, took: Duration) -> usize {
    if took > MOST_TIME {
        (size / 2).max(LEAST_BATCH)
    } else if took < LEAST_TIME {
        size.saturating_mul(2).min(BATCH)
    } else {
        size
    }
}

/// Opens a temporary file that SQLite removes.
fn temporary() -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open("")?;
    // Only this process reads the file, and a crash may destroy it.
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768;
         CREATE TABLE staged (
           seq     INTEGER PRIMARY KEY,
           id      BLOB NOT NULL UNIQUE,
           line    INTEGER NOT NULL,
           element INTEGER,
           row     TEXT NOT NULL
         ) STRICT;
         BEGIN;",
    )?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::next_size;
    use core::time::Duration;

    #[test]
    fn batches_become_smaller_on_a_slow_machine() {
        let after = |size, millis| next_size(size, Duration::from_millis(millis));
        assert_eq!((after(128, 10), after(128, 70), after(128, 5000)), (256, 128, 64));
        assert_eq!((after(1500, 10), after(2000, 10)), (2000, 2000));
        assert_eq!((after(10, 5000), after(8, 5000)), (8, 8));
    }
}

-- Version 1. `row` is the request as the API prints it; the other columns of `requests` repeat what is looked for in it.
CREATE TABLE requests (
  id         TEXT    NOT NULL PRIMARY KEY,
  status     INTEGER NOT NULL,
  descriptor BLOB    NOT NULL, -- SHA-256 of the security descriptor's text
  target     TEXT,
  row        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX requests_of_target ON requests (target, id);

-- Only appended to.
CREATE TABLE audit (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  time        TEXT    NOT NULL,
  correlation TEXT    NOT NULL,
  request     TEXT,
  caller      TEXT    NOT NULL,
  action      TEXT    NOT NULL,
  status      INTEGER NOT NULL, -- of the answer: 200 is a change
  reason      TEXT    NOT NULL,
  from_status INTEGER,
  to_status   INTEGER,
  descriptor  BLOB
) STRICT;

PRAGMA user_version = 1;

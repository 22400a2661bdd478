-- Version 2. The application id is the text `sddl` in ASCII.
PRAGMA application_id = 1935959148;
PRAGMA user_version = 2;

-- Each text of a security descriptor once. A row never changes, and its number is never used again.
CREATE TABLE descriptors (
  seq    INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB    NOT NULL UNIQUE, -- SHA-256 of the text
  text   TEXT    NOT NULL
) STRICT;

-- For requests without the text of a descriptor. It must remain.
INSERT INTO descriptors (seq, digest, text) VALUES (0, x'', '');

-- The request as the API prints it is head, the descriptor's text as a JSON string, and tail. Without such a text it is head alone.
-- The other columns repeat what is looked for in it.
CREATE TABLE requests (
  seq        INTEGER PRIMARY KEY,
  id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16), -- the GUID, big-endian: blobs and texts have one order
  status     INTEGER NOT NULL,
  descriptor INTEGER NOT NULL REFERENCES descriptors (seq),
  target     BLOB    CHECK (length(target) = 16),
  head       TEXT    NOT NULL,
  tail       TEXT    NOT NULL
) STRICT;

CREATE INDEX requests_of_descriptor ON requests (descriptor, id);
CREATE INDEX requests_of_target ON requests (target, id) WHERE target IS NOT NULL;
CREATE INDEX requests_of_status ON requests (status, id);

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

-- Written to find out whether the store can be written.
CREATE TABLE health (
  seq    INTEGER PRIMARY KEY CHECK (seq = 1),
  filler BLOB    NOT NULL
) STRICT;

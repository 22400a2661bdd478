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

-- For lists: each index has the descriptors, so that a list reads only the requests that it returns.
CREATE INDEX requests_in_order ON requests (id, descriptor);
CREATE INDEX requests_of_descriptor ON requests (descriptor, id);
CREATE INDEX requests_of_target ON requests (target, id, descriptor) WHERE target IS NOT NULL;
CREATE INDEX requests_of_status ON requests (status, descriptor, id);

-- The policies that decided, each once.
CREATE TABLE policies (
  seq    INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32), -- SHA-256 of the text
  text   TEXT    NOT NULL
) STRICT;

-- The SIDs of the callers in the audit, each list once.
CREATE TABLE callers (
  seq    INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32), -- SHA-256 of the SIDs
  user   TEXT    NOT NULL,
  sids   TEXT    NOT NULL -- JSON
) STRICT;

CREATE INDEX callers_of_user ON callers (user);

-- The audit of changes. All times of the audit are milliseconds since 1970.
CREATE TABLE changes (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  time        INTEGER NOT NULL,
  correlation BLOB    NOT NULL CHECK (length(correlation) = 16),
  request     BLOB    NOT NULL CHECK (length(request) = 16),
  caller      INTEGER NOT NULL REFERENCES callers (seq),
  policy      INTEGER NOT NULL REFERENCES policies (seq),
  action      TEXT    NOT NULL,
  status      INTEGER NOT NULL, -- of the answer
  from_status INTEGER NOT NULL,
  to_status   INTEGER NOT NULL,
  descriptor  BLOB    NOT NULL CHECK (length(descriptor) = 32) -- SHA-256 of the text
) STRICT;

CREATE INDEX changes_of_request ON changes (request);
CREATE INDEX changes_of_caller ON changes (caller);

-- The audit of refusals: each alone, or a number of them that were left out because there were too many.
CREATE TABLE refusals (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  time        INTEGER NOT NULL,
  caller      INTEGER REFERENCES callers (seq), -- NULL: several
  correlation BLOB    CHECK (length(correlation) = 16),
  request     BLOB    CHECK (length(request) = 16),
  policy      INTEGER REFERENCES policies (seq),
  action      TEXT,
  status      INTEGER, -- of the answer
  reason      TEXT,
  since       INTEGER,
  left_out    INTEGER,
  CHECK (iif(left_out IS NULL,
             caller IS NOT NULL AND correlation IS NOT NULL AND policy IS NOT NULL AND action IS NOT NULL AND status IS NOT NULL
             AND reason IS NOT NULL,
             since IS NOT NULL))
) STRICT;

CREATE INDEX refusals_of_caller ON refusals (caller);

-- Each time that entries were removed from the audit because of their age or their size.
CREATE TABLE removals (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  time       INTEGER NOT NULL,
  entries    TEXT    NOT NULL CHECK (entries IN ('changes', 'refusals')),
  cause      TEXT    NOT NULL CHECK (cause IN ('age', 'size')),
  count      INTEGER NOT NULL,
  first_kept INTEGER NOT NULL
) STRICT;

CREATE INDEX removals_of_entries ON removals (entries, first_kept);

-- The audit is only appended to. An entry is removed after a removal was recorded, and not otherwise.
CREATE TRIGGER changes_do_not_change BEFORE UPDATE ON changes BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
CREATE TRIGGER refusals_do_not_change BEFORE UPDATE ON refusals BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
CREATE TRIGGER removals_do_not_change BEFORE UPDATE ON removals BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
CREATE TRIGGER callers_do_not_change BEFORE UPDATE ON callers BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
CREATE TRIGGER policies_do_not_change BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
CREATE TRIGGER removals_remain BEFORE DELETE ON removals BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
CREATE TRIGGER policies_remain BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
CREATE TRIGGER changes_remain BEFORE DELETE ON changes
WHEN OLD.seq >= coalesce((SELECT max(first_kept) FROM removals WHERE entries = 'changes'), 0)
BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
CREATE TRIGGER refusals_remain BEFORE DELETE ON refusals
WHEN OLD.seq >= coalesce((SELECT max(first_kept) FROM removals WHERE entries = 'refusals'), 0)
BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;

-- The audit for people with a program for SQLite. The server does not read it.
CREATE VIEW audit AS
SELECT 'change' AS kind, e.seq, datetime(e.time / 1000, 'unixepoch') AS time, lower(hex(e.correlation)) AS correlation,
       lower(hex(e.request)) AS request, k.sids AS caller, e.action, e.status, 'permitted' AS reason, e.from_status, e.to_status,
       lower(hex(e.descriptor)) AS descriptor, lower(hex(p.digest)) AS policy, 1 AS count
FROM changes e JOIN callers k ON k.seq = e.caller JOIN policies p ON p.seq = e.policy
UNION ALL
SELECT iif(e.left_out IS NULL, 'refusal', 'left_out'), e.seq, datetime(e.time / 1000, 'unixepoch'), lower(hex(e.correlation)),
       lower(hex(e.request)), k.sids, e.action, e.status, e.reason, NULL, NULL, NULL, lower(hex(p.digest)), coalesce(e.left_out, 1)
FROM refusals e LEFT JOIN callers k ON k.seq = e.caller LEFT JOIN policies p ON p.seq = e.policy;

-- Written to find out whether the store can be written.
CREATE TABLE health (
  seq    INTEGER PRIMARY KEY CHECK (seq = 1),
  filler BLOB    NOT NULL
) STRICT;

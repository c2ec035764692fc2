-- Events as they came in. Times are microseconds since 1970-01-01T00:00:00Z.
--
-- AUTOINCREMENT: an id that was handed out is never handed out again, not even when retention has emptied the table and the
-- program has restarted since.
-- json_type fails on what is no JSON at all; with json_valid before it, such a row breaks its constraint like any other.
CREATE TABLE events (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    INTEGER NOT NULL CHECK (user_id > 0),
  action     TEXT    NOT NULL CHECK (action <> ''),
  metadata   TEXT    NOT NULL CHECK (CASE WHEN json_valid(metadata) THEN json_type(metadata) = 'object' ELSE FALSE END),
  created_at INTEGER NOT NULL
) STRICT;

-- An index ends with the row's id by itself: both are in (created_at, id) order, of everybody and of one user.
CREATE INDEX events_by_time ON events (created_at);
CREATE INDEX events_by_user ON events (user_id, created_at);

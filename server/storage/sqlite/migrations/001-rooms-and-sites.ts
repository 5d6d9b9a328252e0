/**
 * Sites with their keys; rooms with their timeline and what it adds up to.
 *
 * What grows with every command is kept in the order of its arrival, with narrow indexes by room. A
 * turn serves many rooms: rows that lay together by room would each dirty a page of their own, and
 * writing pages is what a commit costs.
 */
export const roomsAndSites = `
-- One row: what seals the secrets of this database, and a probe that tells whether the operator's secret opens it.
CREATE TABLE vault (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  salt BLOB NOT NULL,
  probe BLOB NOT NULL
) STRICT;

CREATE TABLE site (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  origins TEXT NOT NULL, -- JSON
  guests TEXT NOT NULL,  -- JSON
  limits TEXT NOT NULL   -- JSON
) STRICT, WITHOUT ROWID;

-- A revoked key stays, without its material: its id can never come back to life.
CREATE TABLE site_key (
  site TEXT NOT NULL REFERENCES site (id),
  kid TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  material BLOB, -- HS256: the sealed secret; others: the public key in the clear
  for_servers INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (site, kid),
  CHECK ((material IS NULL) = (revoked_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE room (
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (site, name)
) STRICT;

CREATE TABLE event (
  room INTEGER NOT NULL REFERENCES room (id),
  seq INTEGER NOT NULL,
  prev INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author INTEGER NOT NULL,
  command TEXT NOT NULL,
  happening TEXT NOT NULL, -- JSON: its type and what belongs to it
  UNIQUE (room, seq)
) STRICT;

CREATE TABLE author (
  room INTEGER NOT NULL REFERENCES room (id),
  idx INTEGER NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  guest INTEGER NOT NULL,
  PRIMARY KEY (room, idx),
  UNIQUE (room, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  room INTEGER NOT NULL REFERENCES room (id),
  seq INTEGER NOT NULL,
  author INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (room, seq)
) STRICT;

CREATE TABLE shape (
  room INTEGER NOT NULL REFERENCES room (id),
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  since INTEGER NOT NULL,
  hidden INTEGER NOT NULL,
  author INTEGER NOT NULL,
  at INTEGER NOT NULL,
  stroke TEXT NOT NULL, -- JSON
  UNIQUE (room, id)
) STRICT;

-- The board, lowest first, however many hidden shapes there are.
CREATE INDEX shape_visible ON shape (room, seq) WHERE hidden = 0;
-- A shape that nothing touched since it was drawn is found by its seq: drawing need not keep this index.
CREATE INDEX shape_touched ON shape (room, since) WHERE since <> seq;

-- In the order of acceptance, which is the order in which they are forgotten.
CREATE TABLE accepted (
  number INTEGER PRIMARY KEY,
  room INTEGER NOT NULL REFERENCES room (id),
  person TEXT NOT NULL,
  id TEXT NOT NULL,
  digest TEXT NOT NULL,
  seq INTEGER NOT NULL,
  undoable INTEGER NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (room, person, id)
) STRICT;

CREATE INDEX accepted_undoable ON accepted (room, person, seq) WHERE undoable = 1;

CREATE TABLE read_position (
  room INTEGER NOT NULL REFERENCES room (id),
  person TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
`;

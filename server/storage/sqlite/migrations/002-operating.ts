/**
 * What running it for customers needs: how long a site keeps its talk, when its keys were made,
 * what it had kept, and epochs that need no row.
 */
export const operating = `
-- null keeps everything. See Site.retentionDays.
ALTER TABLE site ADD COLUMN retention_days INTEGER;
-- Chance from when the site was made, and new when it begins to be removed: no epoch of an earlier site of this id comes back.
ALTER TABLE site ADD COLUMN nonce BLOB NOT NULL DEFAULT x'';
UPDATE site SET nonce = randomblob(16);

-- When older keys were made nobody knows: at the latest now, or when they were revoked.
ALTER TABLE site_key ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
UPDATE site_key SET created_at = coalesce(revoked_at, CAST(unixepoch('subsec') * 1000 AS INTEGER));

-- One row: what the epochs of rooms without a row are derived from.
CREATE TABLE epoch_seed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seed BLOB NOT NULL
) STRICT;
INSERT INTO epoch_seed (id, seed) VALUES (1, randomblob(32));

-- Up to here the log is forgotten.
ALTER TABLE room ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
-- Rooms that were only looked at took a row once.
DELETE FROM read_position WHERE room IN (SELECT id FROM room WHERE seq = 0);
DELETE FROM room WHERE seq = 0 AND NOT EXISTS (SELECT 1 FROM accepted WHERE accepted.room = room.id);

-- What a site had kept on a day, UTC.
CREATE TABLE usage (
  site TEXT NOT NULL,
  day TEXT NOT NULL, -- 2026-11-21
  events INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  strokes INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;
`;

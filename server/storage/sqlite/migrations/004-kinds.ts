/**
 * What many kinds of commands and shapes need: forms by groups of properties, settings of rooms,
 * and what a later look back needs that can't be added afterwards.
 *
 * Intervals before this are not known: what was hidden and shown again by then counts as visible
 * all along.
 */
export const kinds = `
ALTER TABLE event RENAME COLUMN happening TO payload;
-- Milliseconds that the command lay in its author's outbox.
ALTER TABLE event ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;

ALTER TABLE shape RENAME COLUMN stroke TO form;
-- When its points were drawn.
ALTER TABLE shape ADD COLUMN times TEXT;

UPDATE shape SET form = json_object(
  'kind', 'stroke',
  'look', json_object('color', form->'$.color', 'width', form->'$.width'),
  'content', json_object('scale', form->'$.scale', 'pressure', form->'$.pressure', 'points', form->'$.points')
);
UPDATE event SET payload = json_set(
  json_remove(payload, '$.stroke'), '$.shape', json_object(
    'id', payload->'$.stroke.id',
    'kind', 'stroke',
    'look', json_object('color', payload->'$.stroke.color', 'width', payload->'$.stroke.width'),
    'content', json_object(
      'scale', payload->'$.stroke.scale', 'pressure', payload->'$.stroke.pressure', 'points', payload->'$.stroke.points'
    )
  )
) WHERE json_type(payload, '$.stroke') = 'object';

-- Where a shape was hidden or partial for a while: from an event on, until just before another one.
CREATE TABLE shape_interval (
  room INTEGER NOT NULL REFERENCES room (id),
  shape TEXT NOT NULL,
  was TEXT NOT NULL, -- hidden, partial
  from_seq INTEGER NOT NULL,
  to_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX shape_interval_end ON shape_interval (room, to_seq);

CREATE TABLE room_setting (
  room INTEGER NOT NULL REFERENCES room (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL, -- JSON
  PRIMARY KEY (room, name)
) STRICT, WITHOUT ROWID;

-- How often something was erased for good.
ALTER TABLE room ADD COLUMN redactions INTEGER NOT NULL DEFAULT 0;

-- Whether it is kept when each point of a stroke was drawn.
ALTER TABLE site ADD COLUMN stroke_times INTEGER NOT NULL DEFAULT 1;

ALTER TABLE usage RENAME COLUMN strokes TO shapes;
`;

/**
 * What many kinds of commands and shapes need: forms by groups of properties, settings of rooms,
 * and what a later look back needs that can't be added afterwards. The program before this one
 * can't go on with it: nothing was released until here.
 *
 * Intervals before this are not known: what was hidden and shown again by then counts as visible
 * all along.
 */
export const kinds = `
ALTER TABLE event RENAME COLUMN happening TO payload;
-- Milliseconds that the command lay in its author's outbox.
ALTER TABLE event ADD COLUMN waited bigint NOT NULL DEFAULT 0;

ALTER TABLE shape RENAME COLUMN stroke TO form;
-- When its points were drawn.
ALTER TABLE shape ADD COLUMN times text;

UPDATE shape SET form = format(
  '{"kind":"stroke","look":{"color":%s,"width":%s},"content":{"scale":%s,"pressure":%s,"points":%s}}',
  form::json->'color', form::json->'width', form::json->'scale', form::json->'pressure', form::json->'points'
);
UPDATE event SET payload = format(
  '{"type":%s,"shape":{"id":%s,"kind":"stroke","look":{"color":%s,"width":%s},'
    '"content":{"scale":%s,"pressure":%s,"points":%s}}%s}',
  payload::json->'type',
  payload::json->'stroke'->'id', payload::json->'stroke'->'color', payload::json->'stroke'->'width',
  payload::json->'stroke'->'scale', payload::json->'stroke'->'pressure', payload::json->'stroke'->'points',
  CASE WHEN payload::json->'partial' IS NULL THEN '' ELSE ',"partial":true' END
) WHERE json_typeof(payload::json->'stroke') = 'object';

-- Where a shape was hidden or partial for a while: from an event on, until just before another one.
CREATE TABLE shape_interval (
  room bigint NOT NULL,
  shape text COLLATE "C" NOT NULL,
  was text NOT NULL, -- hidden, partial
  from_seq bigint NOT NULL,
  to_seq bigint NOT NULL
);
CREATE INDEX shape_interval_end ON shape_interval (room, to_seq);

CREATE TABLE room_setting (
  room bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  value text NOT NULL, -- JSON
  PRIMARY KEY (room, name)
);

-- How often something was erased for good.
ALTER TABLE room ADD COLUMN redactions bigint NOT NULL DEFAULT 0;

-- Whether it is kept when each point of a stroke was drawn.
ALTER TABLE site ADD COLUMN stroke_times integer NOT NULL DEFAULT 1;

ALTER TABLE usage RENAME COLUMN strokes TO shapes;
`;

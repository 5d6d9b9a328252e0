/**
 * What the patterns of names let through: nothing that could be taken for another name, a path or a
 * key.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import {
  COMMAND_ID,
  KEY_ID,
  newCommandId,
  newShapeId,
  PERSON_ID,
  ROOM_NAME,
  ROOM_PATTERN,
  SHAPE_ID,
  SITE_ID,
} from '../../protocol/names.js';
import { holds } from '../support/properties/holds.js';

const PATTERNS = [SITE_ID, ROOM_NAME, ROOM_PATTERN, PERSON_ID, KEY_ID, COMMAND_ID, SHAPE_ID] as const;

/** A pattern, and a name that passes. */
const named = fc.oneof(...PATTERNS.map(pattern => fc.tuple(fc.constant(pattern), fc.stringMatching(pattern))));

/** What no name has. */
const UNSEEN_OR_FOREIGN = /[^\x21-\x7e]/;

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.', '*', '/', '\\', '\n', ' ', '\0', 'ı', '％') }),
);

test('a name is visible ASCII to its very ends, whatever is put before or behind it', t =>
  holds(
    t,
    fc.property(named, hostile, ([pattern, name], extra) => {
      assert.match(name, pattern);
      assert.doesNotMatch(name, UNSEEN_OR_FOREIGN);
      for (const longer of [`${extra}${name}`, `${name}${extra}`]) {
        if (UNSEEN_OR_FOREIGN.test(longer)) assert.doesNotMatch(longer, pattern);
      }
    }),
    { runs: 500 },
  ));

test('whatever the text, a site and a room that pass make one key, which falls into the same two again', t =>
  holds(
    t,
    fc.property(
      fc.oneof(fc.stringMatching(SITE_ID), hostile),
      fc.oneof(fc.stringMatching(ROOM_NAME), hostile),
      (site, room) => {
        if (!SITE_ID.test(site) || !ROOM_NAME.test(room)) return;
        assert.deepEqual(`${site}/${room}`.split('/'), [site, room]);
        assert.match(room, ROOM_PATTERN);
      },
    ),
    { runs: 500 },
  ));

test('ids that are made are ids, and no two are the same', t =>
  holds(
    t,
    fc.property(fc.integer({ min: 1, max: 200 }), count => {
      const ids = Array.from({ length: count }, () => [newCommandId(), newShapeId()] as const);
      for (const [command, shape] of ids) {
        assert.match(command, COMMAND_ID);
        assert.match(shape, SHAPE_ID);
      }
      assert.equal(new Set(ids.flat()).size, 2 * count);
    }),
    { runs: 30 },
  ));

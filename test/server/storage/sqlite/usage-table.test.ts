import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createEngine } from '../../../../server/storage/sqlite/create-engine.js';
import { openDatabase } from '../../../../server/storage/sqlite/database.js';
import { packTurn } from '../../../../server/storage/sqlite/packed-turn.js';
import { roomKey } from '../../../support/room-key.js';
import { site, appended } from '../contract/home.js';
import { posted } from '../../../support/commands.js';

const ROOM = roomKey('acme', 'algebra');

test('days are those of UTC, newest first, and those without anything are left out', t => {
  let now = Date.UTC(2026, 1, 27, 23, 59, 59, 999);
  const engine = createEngine(openDatabase(':memory:', 0), 'secret', () => now);
  t.after(() => engine.close());
  engine.putSite(site('acme'));
  let seq = 0;
  const say = (count: number) => {
    const events = Array.from({ length: count }, () => {
      seq += 1;
      return appended(posted('hello'), { seq, prev: seq - 1, at: now, by: 1, command: 'c' });
    });
    engine.commitTurn(packTurn([{ room: ROOM, events, accepted: [] }]));
  };
  const days = (count: number) => engine.usage('acme', count).days.map(({ day, messages }) => [day, messages]);
  say(1);
  say(2);
  now += 1;
  say(1);
  assert.deepEqual(days(1), [['2026-02-28', 1]]);
  now = Date.UTC(2026, 2, 2);
  say(5);
  assert.deepEqual(days(30), [
    ['2026-03-02', 5],
    ['2026-02-28', 1],
    ['2026-02-27', 3],
  ]);
  assert.deepEqual(days(3), [
    ['2026-03-02', 5],
    ['2026-02-28', 1],
  ]);
  now = Date.UTC(2026, 2, 3);
  assert.deepEqual(days(1), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Database } from 'better-sqlite3';

import type { Effect } from '../../../../protocol/timeline/effects.js';
import { createEngine } from '../../../../server/storage/sqlite/create-engine.js';
import { openDatabase } from '../../../../server/storage/sqlite/database.js';
import { packTurn } from '../../../../server/storage/sqlite/packed-turn.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import { ANN, site, appended } from '../contract/home.js';
import { drawn, entered, posted } from '../../../support/commands.js';

/** Tables that hold nothing of any site. */
const OF_THE_DATABASE = new Set(['vault', 'epoch_seed']);

function rowCounts(database: Database): ReadonlyMap<string, number> {
  const tables = database
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all()
    .filter(name => !OF_THE_DATABASE.has(name));
  return new Map(
    tables.map(name => [name, database.prepare<[], number>(`SELECT count(*) FROM ${name}`).pluck().get() ?? 0]),
  );
}

test('a room that is gone while others are not does not get its old epoch back', t => {
  const engine = createEngine(openDatabase(':memory:', 0), 'secret', Date.now);
  t.after(() => engine.close());
  engine.putSite(site('acme'));
  const [small, large] = [roomKey('acme', 'a'), roomKey('acme', 'b')];
  const { epoch } = engine.head(small);
  for (const [room, count] of [
    [small, 1],
    [large, 2_000],
  ] as const) {
    const events = Array.from({ length: count }, (_, prev) => {
      return appended(posted('hello'), { seq: prev + 1, prev, at: 1, by: 1, command: 'c' });
    });
    engine.commitTurn(packTurn([{ room, events, accepted: [] }]));
  }
  assert.equal(engine.removeStep('acme'), false);
  assert.deepEqual([engine.head(small).seq, engine.head(large).seq], [0, 2_000]);
  assert.notEqual(engine.head(small).epoch, epoch);
});

/** What fills the other tables of a room. */
const REST: readonly Effect[] = [
  { type: 'putSetting', name: 'locked', value: true },
  { type: 'endInterval', shape: 'any-one-', was: 'hidden', from: 1, to: 2 },
];

test('nothing of a removed site is in any table, and every step is a short one', t => {
  const database = openDatabase(':memory:', 0);
  const engine = createEngine(database, 'secret', Date.now);
  t.after(() => engine.close());
  engine.putSite(site('acme'));
  engine.addKey({ site: 'acme', kid: 'k', algorithm: 'HS256', material: new Uint8Array(32), forServers: false });
  for (let number = 0; number < 2_500; number += 1) {
    engine.revoke('acme', { kind: 'person', subject: `person-${number}`, revokedAt: 1, until: null });
  }
  const header = { at: 1, by: 1, command: 'c' };
  const rooms = Array.from({ length: 700 }, (_, number) => roomKey('acme', `room-${number}`));
  engine.commitTurn(
    packTurn(
      rooms.map(room => ({
        room,
        events: [
          appended(entered(ANN), { ...header, seq: 1, prev: 0 }),
          appended(posted('hello'), { ...header, seq: 2, prev: 1 }),
          appended(drawn(stroke()), { ...header, seq: 3, prev: 2 }),
          { event: { ...header, seq: 4, prev: 3, ...posted('and the rest') }, effects: REST },
        ],
        accepted: [{ person: ANN.id, id: 'c', digest: 'd', seq: 4, undoable: false }],
      })),
    ),
  );
  engine.markRead(rooms.map(room => ({ room, person: ANN.id, seq: 2 })));
  for (const [table, rows] of rowCounts(database)) assert.ok(rows > 0, `${table} is filled by this test`);

  const all = () => [...rowCounts(database).values()].reduce((sum, rows) => sum + rows, 0);
  for (let rows = all(), isOver = false; !isOver; rows = all()) {
    isOver = engine.removeStep('acme');
    assert.ok(rows - all() <= 1_003, `${rows - all()} rows in one step`);
    assert.ok(isOver || all() < rows, 'each step gets on');
    assert.deepEqual(engine.sites().keys, [], 'the first step takes the keys');
  }
  for (const [table, rows] of rowCounts(database)) assert.equal(rows, 0, table);
});

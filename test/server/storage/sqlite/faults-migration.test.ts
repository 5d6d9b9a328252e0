import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { DEFAULT_SITE_LIMITS } from '../../../../server/domain/site.js';
import { createEngine } from '../../../../server/storage/sqlite/create-engine.js';
import { newDatabase, openDatabase } from '../../../../server/storage/sqlite/database.js';
import { migrate, MIGRATIONS } from '../../../../server/storage/sqlite/migrations/index.js';
import { openSqlite } from '../../../../server/storage/sqlite/open-sqlite.js';
import { restoreSqlite } from '../../../../server/storage/sqlite/restore.js';
import { openVault } from '../../../../server/storage/sqlite/database-secrets.js';
import { packTurn } from '../../../../server/storage/sqlite/packed-turn.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { completed, drawn, undone } from '../../../support/commands.js';

import { appended, NOTHING } from '../contract/home.js';

const SECRET_KEY = 'the operator keeps this one to themselves';
const ROOM = roomKey('acme', 'algebra');

/** A stroke as a server of the second form kept it. */
const oldStroke = (id: string) => {
  return { id, kind: 'stroke', color: 'blue', width: 3, scale: -1, pressure: false, points: 'AAAA' } as const;
};
/** The same as it is now. */
const now = (id: string) => stroke({ id, color: 'blue', width: 3, scale: -1, points: 'AAAA' });

/**
 * What a server of the second form had kept: a board with what is to be seen, what was erased, and
 * what was undone.
 */
const CONTENT = `
INSERT INTO site VALUES ('acme', 'Acme', '[]', '{}',
  '{"connections":7,"peersPerRoom":8,"commandsPerSecond":9}', 30, x'00112233445566778899aabbccddeeff');
INSERT INTO room VALUES (1, 'acme', 'algebra', 'Algebra', 'epoch-of-algebra', 4, 100, 0);
INSERT INTO author VALUES (1, 1, 'ann', 'Ann', 0);
INSERT INTO event VALUES (1, 1, 0, 100, 1, 'c1', '{"type":"person.entered","person":{"id":"ann","name":"Ann"}}');
INSERT INTO event VALUES (1, 2, 1, 100, 1, 'c1', '{"type":"shape.drawn","stroke":${JSON.stringify(oldStroke('seen'))}}');
INSERT INTO event VALUES (1, 3, 2, 100, 1, 'c2', '{"type":"shape.drawn","stroke":${JSON.stringify(oldStroke('gone'))}}');
INSERT INTO event VALUES (1, 4, 3, 100, 1, 'c3', '{"type":"shapes.erased","shapes":["gone"]}');
INSERT INTO shape VALUES (1, 'seen', 2, 2, 0, 1, 100, '${JSON.stringify(oldStroke('seen'))}');
INSERT INTO shape VALUES (1, 'gone', 3, 4, 1, 1, 100, '${JSON.stringify(oldStroke('gone'))}');
INSERT INTO accepted VALUES (1, 1, 'ann', 'c3', 'digest', 4, 1, 100);
INSERT INTO usage VALUES ('acme', '1970-01-01', 4, 0, 2, 300);
`;

/** A database of the second form with content, closed. */
async function ofSecondForm(t: TestContext): Promise<string> {
  const file = join(await temporaryFolder(t), 'old.db');
  const old = newDatabase(file);
  migrate(old, MIGRATIONS.slice(0, 2));
  openVault(old, SECRET_KEY);
  old.exec(CONTENT);
  old.close();
  return file;
}

test('a database of the second form keeps all that it held', async t => {
  const engine = createEngine(openDatabase(await ofSecondForm(t), 0), SECRET_KEY, () => 200);
  t.after(() => engine.close());
  const { sites, revocations } = engine.sites();
  assert.deepEqual(revocations, []);
  const limits = { ...DEFAULT_SITE_LIMITS, connections: 7, peersPerRoom: 8, commandsPerSecond: 9 };
  assert.deepEqual(
    sites.map(site => [site.limits, site.retentionDays]),
    [[limits, 30]],
    'limits that there were not yet are the default',
  );
  assert.equal(engine.tail(ROOM, 0, 10).length, 4);
  assert.deepEqual(engine.snapshot(ROOM).shapes, [{ ...now('seen'), by: 1, at: 100, seq: 2 }]);
  assert.deepEqual(engine.usage('acme', 30).days.length, 1);

  const [opened] = engine.openTurn([
    { room: ROOM, after: undefined, commands: [], undos: [{ person: 'ann', id: 'c3' }], shapes: [], messages: [] },
  ]);
  assert.deepEqual(opened?.shapes, [{ ...now('gone'), by: 1, at: 100, seq: 3, since: 4, hidden: true }]);
});

test('what it held takes part in what is new: a partial shape, its completion, a revocation', async t => {
  const engine = createEngine(openDatabase(await ofSecondForm(t), 0), SECRET_KEY, () => 200);
  t.after(() => engine.close());
  const [opened] = engine.openTurn([{ room: ROOM, ...NOTHING, undos: [{ person: 'ann', id: 'c3' }] }]);
  assert.ok(opened?.state);
  const { state } = opened;
  for (const shape of opened.shapes) state.shapes.set(shape.id, shape);
  const header = { at: 200, by: 1, command: 'c5' };
  const events = [
    appended(drawn(now('half'), { partial: true }), { ...header, seq: 5, prev: 4 }, state),
    appended(undone(4, 1), { ...header, seq: 6, prev: 5 }, state),
    appended(completed(now('half')), { ...header, seq: 7, prev: 6 }, state),
  ];
  engine.commitTurn(packTurn([{ room: ROOM, events, accepted: [] }]));
  assert.deepEqual(
    engine.snapshot(ROOM).shapes.map(({ id, seq, partial }) => [id, seq, partial]),
    [
      ['seen', 2, undefined],
      ['gone', 3, undefined],
      ['half', 7, undefined],
    ],
  );
  const revocation = { kind: 'person', subject: 'ann', revokedAt: 200, until: null } as const;
  engine.revoke('acme', revocation);
  assert.deepEqual(engine.sites().revocations, [{ site: 'acme', ...revocation }]);
});

test('a backup of the second form is restored in the present one', async t => {
  const from = await ofSecondForm(t);
  const file = `${from}.restored`;
  await restoreSqlite({ from, file, secretKey: SECRET_KEY });
  const restored = await openSqlite({ file, secretKey: SECRET_KEY });
  t.after(() => restored.close());
  assert.equal((await restored.tail(ROOM, 0, 10)).length, 4);
  assert.deepEqual((await restored.sites()).revocations, []);
  assert.notEqual((await restored.head(ROOM)).epoch, 'epoch-of-algebra');
});

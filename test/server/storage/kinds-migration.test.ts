/**
 * Databases of the last form without kinds of shapes open in the present one, on both engines, with
 * everything in them.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import type { RoomStorage, Storage } from '../../../server/domain/storage.js';
import { openPostgres } from '../../../server/storage/postgres/open-postgres.js';
import { migratePostgres } from '../../../server/storage/postgres/migrate.js';
import { MIGRATIONS as POSTGRES } from '../../../server/storage/postgres/migrations/index.js';
import { migrate, MIGRATIONS as SQLITE } from '../../../server/storage/sqlite/migrations/index.js';
import { newDatabase } from '../../../server/storage/sqlite/database.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { completed, drawn, entered, erased, posted, undone } from '../../support/commands.js';
import { newPostgresDatabase } from '../../support/postgres-server.js';
import { roomKey } from '../../support/room-key.js';
import { stroke } from '../../support/strokes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ANN, keep, look } from './contract/home.js';
import { connectTo, SECRET_KEY } from './postgres/two-servers.js';

const ROOM = roomKey('acme', 'algebra');
const TEXT = 'it\'s "said" with {"stroke":{}} and \\ in é✎';

/** As a server before kinds of shapes kept a stroke, and as it is now. */
const before = (id: string, points = 'AACCEE') => {
  return JSON.stringify({ id, kind: 'stroke', color: '#a1b2c3', width: 2.5, scale: -2, pressure: false, points });
};
const now = (id: string, points = 'AACCEE') => stroke({ id, color: '#a1b2c3', width: 2.5, scale: -2, points });

const events: readonly (readonly [payload: string, is: object])[] = [
  [JSON.stringify(entered(ANN)), entered(ANN)],
  [JSON.stringify(posted(TEXT)), posted(TEXT)],
  [`{"type":"shape.drawn","stroke":${before('seen----')}}`, drawn(now('seen----'))],
  [`{"type":"shape.drawn","stroke":${before('gone----')}}`, drawn(now('gone----'))],
  [JSON.stringify(erased(['gone----'])), erased(['gone----'])],
  [
    `{"type":"shape.drawn","stroke":${before('part----', 'AA')},"partial":true}`,
    drawn(now('part----', 'AA'), { partial: true }),
  ],
  [`{"type":"shape.completed","stroke":${before('part----')}}`, completed(now('part----'))],
  [JSON.stringify(undone(5, 1)), undone(5, 1)],
];

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Rows by the names of columns, so that both engines take them. */
const CONTENT = [
  `INSERT INTO site (id, name, origins, guests, limits, retention_days, nonce)
   VALUES ('acme', 'Acme', '[]', '{}', '{}', 30, NONCE)`,
  `INSERT INTO room (id, site, name, title, epoch, seq, created_at, floor)
   VALUES (7, 'acme', 'algebra', 'Algebra', 'epoch-of-algebra', 8, 100, 0)`,
  `INSERT INTO author (room, idx, person, name, guest) VALUES (7, 1, 'ann', 'Ann', 0)`,
  ...events.map(([payload], index) => {
    return `INSERT INTO event (room, seq, prev, at, author, command, happening)
      VALUES (7, ${index + 1}, ${index}, ${index}, 1, 'c${index}', ${quoted(payload)})`;
  }),
  `INSERT INTO message (room, seq, author, at, text) VALUES (7, 2, 1, 1, ${quoted(TEXT)})`,
  ...(
    [
      ['seen----', 3, 3, 0],
      ['gone----', 4, 4, 0],
      ['part----', 7, 7, 0],
    ] as const
  ).map(([id, seq, since, hidden]) => {
    return `INSERT INTO shape (room, id, seq, since, hidden, partial, author, at, stroke)
      VALUES (7, '${id}', ${seq}, ${since}, ${hidden}, 0, 1, ${seq - 1}, ${quoted(before(id))})`;
  }),
  `INSERT INTO accepted (room, person, id, digest, seq, undoable, at) VALUES (7, 'ann', 'c3', 'digest', 4, 1, 100)`,
  `INSERT INTO read_position (room, person, seq) VALUES (7, 'ann', 2)`,
  `INSERT INTO usage (site, day, events, messages, strokes, bytes) VALUES ('acme', '2999-01-01', 8, 1, 3, 300)`,
];

async function check(storage: Storage): Promise<void> {
  const header = (index: number) => ({ seq: index + 1, prev: index, at: index, by: 1, command: `c${index}` });
  assert.deepEqual(
    await storage.tail(ROOM, 0, 100),
    events.map(([, is], index) => ({ ...header(index), ...is })),
  );
  const shape = (id: string, seq: number) => ({ ...now(id), by: 1, at: seq - 1, seq });
  assert.deepEqual(await storage.snapshot(ROOM), {
    epoch: 'epoch-of-algebra',
    seq: 8,
    redactions: 0,
    people: [[1, ANN]],
    messages: [{ seq: 2, by: 1, at: 1, text: TEXT }],
    more: false,
    shapes: [shape('seen----', 3), shape('gone----', 4), shape('part----', 7)],
    settings: [],
  });
  assert.equal(await storage.readPosition(ROOM, 'ann'), 2);
  assert.deepEqual((await storage.usage('acme', 400_000)).days, [
    { day: '2999-01-01', events: 8, messages: 1, shapes: 3, bytes: 300 },
  ]);
  await goesOn(storage);
}

/** What is there takes part in what comes. */
async function goesOn(storage: RoomStorage): Promise<void> {
  const { undos, shapes } = await look(storage, ROOM, { undos: [{ person: 'ann', id: 'c3' }] });
  assert.deepEqual([undos.length, shapes.map(({ id }) => id)], [1, ['gone----']]);
  await keep(storage, ROOM, [undone(4, 1)]);
  await keep(storage, ROOM, [erased(['part----'])], { waited: 5 });
  assert.deepEqual(
    (await storage.snapshot(ROOM)).shapes.map(({ id }) => id),
    ['seen----'],
  );
}

describe('a database from before there were kinds of shapes', () => {
  test('on SQLite', async (t: TestContext) => {
    const file = join(await temporaryFolder(t), 'old.db');
    const old = newDatabase(file);
    migrate(old, SQLITE.slice(0, 3));
    for (const sql of CONTENT) old.exec(sql.replace('NONCE', `x'00112233445566778899aabbccddeeff'`));
    old.close();
    const storage = await openSqlite({ file, secretKey: SECRET_KEY });
    t.after(() => storage.close());
    await check(storage);
  });

  test('on PostgreSQL', async (t: TestContext) => {
    const url = await newPostgresDatabase(t);
    await migratePostgres(url, POSTGRES.slice(0, 1));
    const client = await connectTo(t, url);
    for (const sql of CONTENT) {
      await client.query(sql.replace('NONCE', `'\\x00112233445566778899aabbccddeeff'::bytea`));
    }
    const storage = await openPostgres({ url, secretKey: SECRET_KEY });
    t.after(() => storage.close());
    await check(storage);
  });
});

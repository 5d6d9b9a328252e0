import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { createEngine } from '../../../../server/storage/sqlite/create-engine.js';
import { newDatabase, openDatabase } from '../../../../server/storage/sqlite/database.js';
import { migrate, MIGRATIONS } from '../../../../server/storage/sqlite/migrations/index.js';
import { roomKey } from '../../../support/room-key.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

/** What a server of the first form had kept. */
const CONTENT = `
INSERT INTO site VALUES ('acme', 'Acme', '["https://acme.example"]', '{}', '{}');
INSERT INTO site_key VALUES ('acme', 'good', 'ES256', x'2d2d', 1, NULL);
INSERT INTO site_key VALUES ('acme', 'revoked', 'HS256', NULL, 0, 5000);
INSERT INTO room VALUES (1, 'acme', 'algebra', 'Algebra', 'epoch-of-algebra', 2, 100);
INSERT INTO room VALUES (2, 'acme', 'looked-at', 'looked-at', 'epoch-of-looking', 0, 100);
INSERT INTO room VALUES (3, 'acme', 'cleared', 'cleared', 'epoch-of-cleared', 0, 100);
INSERT INTO author VALUES (1, 1, 'ann', 'Ann', 0);
INSERT INTO event VALUES (1, 1, 0, 100, 1, 'c1', '{"type":"person.entered","person":{"id":"ann","name":"Ann"}}');
INSERT INTO event VALUES (1, 2, 1, 100, 1, 'c1', '{"type":"message.posted","text":"hello"}');
INSERT INTO message VALUES (1, 2, 1, 100, 'hello');
INSERT INTO accepted VALUES (1, 1, 'ann', 'c1', 'digest', 2, 0, 100);
INSERT INTO accepted VALUES (2, 3, 'ann', 'c2', 'digest', 0, 0, 100);
INSERT INTO read_position VALUES (1, 'ann', 2);
INSERT INTO read_position VALUES (2, 'ann', 0);
`;

test('a database of the first form keeps all that it held', async t => {
  const file = join(await temporaryFolder(t), 'chalk-talk.db');
  const old = newDatabase(file);
  migrate(old, MIGRATIONS.slice(0, 1));
  old.exec(CONTENT);
  old.close();

  const start = Date.now();
  const database = openDatabase(file, 0);
  const engine = createEngine(database, 'secret', () => 200);
  t.after(() => engine.close());
  const { sites, keys } = engine.sites();
  assert.deepEqual(
    sites.map(({ id, retentionDays }) => [id, retentionDays]),
    [['acme', null]],
  );
  assert.deepEqual(
    keys.map(({ kid, forServers }) => [kid, forServers]),
    [['good', true]],
  );
  const [revoked, good] = engine.keyRecords('acme');
  assert.deepEqual([revoked?.kid, revoked?.createdAt, revoked?.revokedAt], ['revoked', 5000, 5000]);
  assert.ok(good && good.createdAt >= start - 1 && good.createdAt <= Date.now(), 'dated by the migration');

  const algebra = roomKey('acme', 'algebra');
  assert.deepEqual(engine.head(algebra), {
    epoch: 'epoch-of-algebra',
    seq: 2,
    floor: 0,
    redactions: 0,
    title: 'Algebra',
  });
  assert.deepEqual(
    engine.snapshot(algebra).messages.map(({ text }) => text),
    ['hello'],
  );
  assert.equal(engine.tail(algebra, 0, 10).length, 2);
  assert.equal(engine.readPosition(algebra, 'ann'), 2);
  assert.equal(engine.head(roomKey('acme', 'cleared')).epoch, 'epoch-of-cleared', 'its command is still known');
  assert.deepEqual(engine.usage('acme', 30), { rooms: 2, days: [] }, 'the room that was only looked at takes no place');
});

test('two databases of the first form come to different epochs', () => {
  const epochs = ['one', 'two'].map(() => {
    const database = newDatabase(':memory:');
    migrate(database, MIGRATIONS.slice(0, 1));
    database.exec(CONTENT);
    migrate(database);
    const engine = createEngine(database, 'secret', () => 200);
    const { epoch } = engine.head(roomKey('acme', 'looked-at'));
    engine.close();
    return epoch;
  });
  assert.notEqual(epochs[0], epochs[1]);
});

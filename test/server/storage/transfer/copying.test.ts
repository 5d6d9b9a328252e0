import assert from 'node:assert/strict';
import { test } from 'node:test';

import { copyDatabase } from '../../../../server/storage/transfer/transfer.js';
import { TABLES } from '../../../../server/storage/tables.js';
import { roomKey } from '../../../support/room-key.js';
import { keep, look } from '../contract/home.js';
import { posted } from '../../../support/commands.js';
import { connected, contentOf, filled, newFile, newPostgres, open, SECRET_KEY } from './databases.js';
import { LARGE, SMALL, UNTOUCHED } from './everything.js';

test('everything goes to the other engine and back, row for row', async t => {
  const first = await filled(t, await newFile(t));
  const before = await contentOf(first);
  for (const { name } of TABLES) assert.ok((before[name] ?? []).length > 0, `${name} is empty`);
  let from: Awaited<ReturnType<typeof newFile | typeof newPostgres>> = first;
  for (const to of [await newPostgres(t), await newPostgres(t), await newFile(t), await newFile(t)]) {
    const counts = await copyDatabase({ from, to, secretKey: SECRET_KEY });
    assert.deepEqual(await contentOf(to), before);
    for (const { name } of TABLES) assert.equal(counts.get(name), before[name]?.length, name);
    from = to;
  }
});

test('what PostgreSQL counts in parts is one sum where it is copied to', async t => {
  const [from, to] = [await filled(t, await newPostgres(t)), await newFile(t)];
  const client = await connected(t, from);
  await client.query('INSERT INTO usage SELECT site, day, part + 1000, 1, 2, 3, 4 FROM usage');
  const usageOf = async (place: Parameters<typeof open>[1]) => {
    const storage = await open(t, place);
    const usage = await storage.usage('acme', 1);
    await storage.close();
    return usage;
  };
  const before = await usageOf(from);
  await copyDatabase({ from, to, secretKey: SECRET_KEY });
  assert.deepEqual(await usageOf(to), before);
});

for (const [name, newPlace] of [
  ['PostgreSQL', newPostgres],
  ['SQLite', newFile],
] as const) {
  test(`a copy on ${name} goes on where the first one ended, in the same epochs`, async t => {
    const from = await filled(t, name === 'SQLite' ? await newPostgres(t) : await newFile(t));
    const first = await open(t, from);
    const heads = await Promise.all([LARGE, SMALL, UNTOUCHED].map(room => first.head(room)));
    const sites = await first.sites();
    await first.close();
    const to = await newPlace(t);
    await copyDatabase({ from, to, secretKey: SECRET_KEY });

    const copy = await open(t, to);
    assert.deepEqual(await Promise.all([LARGE, SMALL, UNTOUCHED].map(room => copy.head(room))), heads);
    // Secrets of keys among them, in the clear.
    assert.deepEqual(await copy.sites(), sites);
    // Numbers that a database gives itself go on beyond those that were copied.
    for (const room of [LARGE, UNTOUCHED, roomKey('acme', 'new')]) {
      const { seq } = await copy.head(room);
      const { accepted } = await keep(copy, room, [posted('goes on')]);
      assert.equal((await copy.head(room)).seq, seq + 1);
      const [again] = (await look(copy, room, { commands: [accepted] })).accepted;
      assert.deepEqual(again, accepted);
    }
  });
}

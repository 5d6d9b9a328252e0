import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';

import { StorageFaultError } from '../../../../server/storage/storage-fault.js';
import { openSqlite } from '../../../../server/storage/sqlite/open-sqlite.js';
import { roomKey } from '../../../support/room-key.js';
import { keep, look, site } from '../contract/home.js';
import { brokenDisk, type FailingDisk, fullDisk } from '../failing-disk.js';
import { posted } from '../../../support/commands.js';

const SECRET_KEY = 'the operator keeps this one to themselves';
const ROOM = roomKey('acme', 'algebra');
const KEY = {
  site: 'acme',
  kid: 'k',
  algorithm: 'HS256',
  material: new Uint8Array(32).fill(7),
  forServers: false,
} as const;

async function open(t: TestContext, file: string) {
  const storage = await openSqlite({ file, secretKey: SECRET_KEY, lockPatience: 0 });
  t.after(() => storage.close());
  return storage;
}

const say = (storage: Parameters<typeof keep>[0], text: string) => keep(storage, ROOM, [posted(text)]);

for (const [name, newDisk] of [
  ['full', fullDisk],
  ['broken', brokenDisk],
] as const) {
  suite(`while the disk is ${name}`, () => {
    const start = async (t: TestContext): Promise<{ disk: FailingDisk; file: string }> => {
      const disk = await newDisk(t);
      t.diagnostic(disk.means);
      return { disk, file: join(disk.folder, 'chalk-talk.db') };
    };

    test('nothing is kept and each call says why, reading goes on, and later all works again', async t => {
      const { disk, file } = await start(t);
      const storage = await open(t, file);
      await storage.putSite(site('acme'));
      await storage.addKey(KEY);
      const { events } = await say(storage, 'before');

      disk.fail();
      const failed = { name: 'StorageError', fault: disk.fault, message: new RegExp(file) };
      await assert.rejects(say(storage, 'meanwhile'), failed);
      await assert.rejects(storage.setReadPosition(ROOM, 'ann', 1), failed);
      await assert.rejects(storage.putSite(site('zeta')), failed);
      await assert.rejects(storage.putSite(site('acme', { name: 'changed' })), failed);
      await assert.rejects(storage.addKey({ ...KEY, kid: 'other' }), failed);
      await assert.rejects(storage.markKey('acme', 'k', true), failed);
      await assert.rejects(storage.revokeKey('acme', 'k'), failed);
      const revocation = { kind: 'person', subject: 'ann', revokedAt: 1, until: null } as const;
      await assert.rejects(storage.revoke('acme', revocation), failed);
      await assert.rejects(storage.removeSite('acme'), failed);
      await assert.rejects(storage.forget('acme', Date.now()), failed);
      await assert.rejects(storage.tryWriting(), failed);
      await assert.rejects(storage.backup(join(disk.folder, 'copy.db')), { name: 'StorageError', message: /copy\.db/ });
      const asItWas = async () => {
        assert.deepEqual(await storage.tail(ROOM, 0, 10), events);
        assert.deepEqual((await storage.snapshot(ROOM)).messages.length, 1);
        assert.deepEqual((await storage.messages(ROOM, 10, 10)).messages.length, 1);
        assert.equal(await storage.readPosition(ROOM, 'ann'), 0);
        const { sites, keys, revocations } = await storage.sites();
        assert.deepEqual({ sites, keys, revocations }, { sites: [site('acme')], keys: [KEY], revocations: [] });
      };
      await asItWas();

      disk.recover();
      await storage.tryWriting();
      await asItWas();
      await say(storage, 'after');
      await storage.setReadPosition(ROOM, 'ann', 2);
      await storage.close();
      const again = await open(t, file);
      assert.deepEqual(
        (await again.snapshot(ROOM)).messages.map(({ seq, text }) => [seq, text]),
        [
          [1, 'before'],
          [2, 'after'],
        ],
      );
    });

    test('a command that failed has not been accepted, and is when it comes again', async t => {
      const { disk, file } = await start(t);
      const storage = await open(t, file);
      await storage.putSite(site('acme'));
      const options = { command: 'once-and-again-----' };
      disk.fail();
      await assert.rejects(keep(storage, ROOM, [posted('it')], options), StorageFaultError);
      const asked = { commands: [{ person: 'ann', id: options.command }] };
      assert.deepEqual((await look(storage, ROOM, asked)).accepted, []);
      disk.recover();
      const { accepted } = await keep(storage, ROOM, [posted('it')], options);
      assert.deepEqual((await look(storage, ROOM, asked)).accepted, [accepted]);
      assert.equal((await storage.head(ROOM)).seq, 1);
    });

    test('what was kept before is kept, though the log can not be folded into the database at the end', async t => {
      const { disk, file } = await start(t);
      const storage = await open(t, file);
      await storage.putSite(site('acme'));
      for (let number = 0; number < 50; number += 1) await say(storage, `${number} `.repeat(1_000));
      disk.fail();
      await storage.close();

      // And it can be read by a server that starts meanwhile.
      const again = await open(t, file);
      assert.equal((await again.head(ROOM)).seq, 50);
      await assert.rejects(again.tryWriting(), { fault: disk.fault });
      disk.recover();
      await say(again, 'after');
      assert.equal((await again.tail(ROOM, 0, 100)).length, 51);
    });

    test('a database that is not there yet can not be made, and the reason is said', async t => {
      const { disk, file } = await start(t);
      disk.fail();
      await assert.rejects(open(t, file), { name: 'StorageError', fault: disk.fault, message: new RegExp(file) });
      disk.recover();
      await (await open(t, file)).putSite(site('acme'));
    });
  });
}

test('a log that has grown on a full disk gives its room back before anything is refused', async t => {
  const disk = await fullDisk(t);
  t.diagnostic(disk.means);
  const file = join(disk.folder, 'chalk-talk.db');
  const storage = await open(t, file);
  await storage.putSite(site('acme'));
  await storage.close();
  const again = await open(t, file);
  // Each writes the same pages, which take room in the log only.
  for (let number = 0; number < 100; number += 1) await again.putSite(site('acme', { name: `the ${number}th` }));
  disk.fail();
  const changed = again.putSite(site('acme', { name: 'the last' }));
  if (disk.fault !== 'full') return assert.rejects(changed, { fault: disk.fault });
  await changed;
  assert.equal((await again.sites()).sites[0]?.name, 'the last');
  assert.ok((await stat(`${file}-wal`)).size < 100_000, 'the log is small again');
});

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import { StorageFaultError } from '../../../../server/storage/storage-fault.js';
import { roomKey } from '../../../support/room-key.js';
import { ANN, keep, look } from '../contract/place.js';
import { LosingNetwork } from './losing-network.js';
import { connectTo, newServers, openAt, someoneWaits } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');

async function behindLosses(t: TestContext) {
  const { url } = await newServers(t, 1);
  const { network, url: far } = await LosingNetwork.before(t, url);
  return { url, network, storage: await openAt(t, far) };
}

const post = (text: string) => ({ type: 'message.posted', text }) as const;

describe('the answer to a COMMIT is lost', () => {
  for (const isNew of [true, false]) {
    const which = isNew ? 'a new room' : 'a room that has a row';

    test(`the COMMIT was carried out, in ${which}: the turn is kept, once`, async t => {
      const { network, storage } = await behindLosses(t);
      if (!isNew) await keep(storage, ROOM, [post('before')]);
      const end = (await storage.head(ROOM)).seq;
      network.loseNext('answer');
      const { accepted } = await keep(storage, ROOM, [post('hello')]);
      assert.equal((await storage.head(ROOM)).seq, end + 1);
      const { accepted: known } = await look(storage, ROOM, { commands: [{ person: ANN.id, id: accepted.id }] });
      assert.deepEqual(known, [accepted]);
    });

    test(`the COMMIT never arrived, in ${which}: nothing of the turn is kept, and it is said so`, async t => {
      const { network, storage } = await behindLosses(t);
      if (!isNew) await keep(storage, ROOM, [post('before')]);
      const before = await storage.head(ROOM);
      network.loseNext('commit');
      await assert.rejects(keep(storage, ROOM, [post('hello')]), (fault: unknown) => {
        return fault instanceof StorageFaultError && fault.fault === 'away';
      });
      assert.deepEqual(await storage.head(ROOM), before);
      await keep(storage, ROOM, [post('again')]);
      assert.equal((await storage.head(ROOM)).seq, before.seq + 1);
    });

    test(`the COMMIT arrives after all, in ${which}, while it is looked for: it is waited for`, async t => {
      const { url, network, storage } = await behindLosses(t);
      if (!isNew) await keep(storage, ROOM, [post('before')]);
      const { seq } = await storage.head(ROOM);
      network.loseNext('late');
      const kept = keep(storage, ROOM, [post('hello')]);
      await someoneWaits(await connectTo(t, url));
      network.arrive();
      await kept;
      assert.equal((await storage.head(ROOM)).seq, seq + 1);
    });
  }
});

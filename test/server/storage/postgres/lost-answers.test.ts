import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import { newCommandId } from '../../../../protocol/names.js';
import { Connections } from '../../../../server/storage/postgres/connections.js';
import { fateOf } from '../../../../server/storage/postgres/fate-of-turn.js';
import { StorageFaultError } from '../../../../server/storage/storage-fault.js';
import { roomKey } from '../../../support/room-key.js';
import { ANN, keep, look, appended } from '../contract/home.js';
import { posted } from '../../../support/commands.js';
import { LosingNetwork } from './losing-network.js';
import { connectTo, newServers, openAt } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');

async function behindLosses(t: TestContext) {
  const { url } = await newServers(t, 1);
  const { network, url: far } = await LosingNetwork.before(t, url);
  return { url, network, storage: await openAt(t, far) };
}

const post = (text: string) => posted(text);
const accepted = (id: string) => ({ person: ANN.id, id, digest: 'digest', undoable: true });
const isAway = (fault: unknown): fault is StorageFaultError =>
  fault instanceof StorageFaultError && fault.fault === 'away';

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
      await assert.rejects(keep(storage, ROOM, [post('hello')]), isAway);
      assert.deepEqual(await storage.head(ROOM), before);
      await keep(storage, ROOM, [post('again')]);
      assert.equal((await storage.head(ROOM)).seq, before.seq + 1);
    });

    test(`the COMMIT arrives after all, in ${which}, while it is looked for: it is waited for`, async t => {
      const { network, storage } = await behindLosses(t);
      if (!isNew) await keep(storage, ROOM, [post('before')]);
      const { seq } = await storage.head(ROOM);
      network.loseNext('late');
      const kept = keep(storage, ROOM, [post('hello')]);
      for (let looks = 0; looks < 2; looks += 1) await Promise.race([kept, network.passing('in progress')]);
      network.arrive();
      await kept;
      assert.equal((await storage.head(ROOM)).seq, seq + 1);
    });
  }

  test('what another server accepted meanwhile proves nothing of the rest of the turn', async t => {
    const { url, network, storage } = await behindLosses(t);
    const other = await openAt(t, url);
    const rooms = [ROOM, roomKey('acme', 'logic')];
    for (const room of rooms) await keep(storage, room, [post('before')]);
    const command = newCommandId();
    network.loseNext('commit');
    const lost = network.passing('COMMIT\0');
    const mend = network.part();
    const turn = storage.turn(
      rooms.map(room => ({ room, after: undefined, commands: [], undos: [], shapes: [], messages: [] })),
      () =>
        rooms.map(room => {
          const event = appended(post('hello'), { seq: 2, prev: 1, at: 1, by: 1, command });
          return { room, events: [event], accepted: [{ ...accepted(command), seq: 2 }] };
        }),
    );
    await lost;
    // The author of the first one reloaded the page, came to another server, and gave it again.
    await keep(other, ROOM, [post('hello')], { command });
    mend();
    await assert.rejects(turn, isAway);
    assert.deepEqual(await Promise.all(rooms.map(async room => (await other.head(room)).seq)), [2, 1]);
  });

  test('what hinders to learn whether it was carried out is not taken for a fault of the turn', async t => {
    const { url, network, storage } = await behindLosses(t);
    await keep(storage, ROOM, [post('before')]);
    const client = await connectTo(t, url);
    network.loseNext('commit');
    const lost = network.passing('COMMIT\0');
    const mend = network.part();
    const turn = keep(storage, ROOM, [post('hello')]);
    await lost;
    await client.query('ALTER TABLE accepted RENAME TO accepted_elsewhere');
    mend();
    await assert.rejects(turn, (fault: unknown) => {
      assert.ok(isAway(fault), String(fault));
      assert.equal(fault.sparesOthers, false, 'no room of the turn is to be taken again');
      return true;
    });
  });

  test('a number that was given out again proves nothing, nor does one that is not given out yet', async t => {
    const { url, servers } = await newServers(t, 1);
    const [storage] = servers;
    assert.ok(storage);
    const connections = new Connections({ url, size: 1 });
    t.after(() => connections.close());
    const { accepted } = await keep(storage, ROOM, [post('hello')]);
    const appends = [{ room: ROOM, events: [], accepted: [accepted] }];
    const { rows } = await (
      await connectTo(t, url)
    ).query<{ kept: string; after: string }>('SELECT xmin AS kept, pg_current_xact_id() AS after FROM accepted');
    const { kept = '', after = '' } = rows[0] ?? {};
    assert.equal(await fateOf(connections, kept, appends), 'kept');
    assert.equal(
      await fateOf(connections, kept, [
        { room: ROOM, events: [], accepted: [accepted, { ...accepted, id: 'another' }] },
      ]),
      'lost',
    );
    assert.equal(await fateOf(connections, after, appends), 'lost');
    assert.equal(await fateOf(connections, '4000000000', appends), 'lost');
  });
});

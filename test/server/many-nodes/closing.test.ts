/** A node of several goes, and its people go on elsewhere. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { SOCKET_PATH } from '../../../protocol/version.js';
import { Balancer } from '../../support/balancer.js';
import { Talker } from '../../support/talker.js';
import { type GroupedNode, reports, SITE, startGroup } from './node-group.js';
import { begin, enter, type Entered, log, numberOf, ROOM, wordsFor } from './people.js';
import { textsOf, until, visit } from './visitors.js';

/** Moving people takes half of that. */
const SHUTDOWN = { delay: 0, timeout: 3_000 };
const NAMES = Array.from({ length: 8 }, (_, index) => `p${index}`);

const entered = (node: GroupedNode | undefined) => Promise.all(NAMES.map(name => enter(node, name)));

/** Resolves when one of those who are there still has been answered. */
async function someoneIsServed(people: readonly Entered[]): Promise<void> {
  const there = people.filter(({ talker }) => talker.socket.connected);
  await Promise.any(there.map(({ talker }) => talker.post(ROOM, 'still here')));
}

suite('a node that closes', () => {
  test('sends people elsewhere a few at a time, and serves the rest', async t => {
    const nodes = await startGroup(t, { shutdown: SHUTDOWN });
    const people = await entered(nodes[0]);
    const closing = nodes[0]?.close();
    const byes = people.map(({ talker }) => talker.hears('bye'));
    await Promise.race(byes);
    // Who is still there is answered.
    await someoneIsServed(people);
    for (const { code, retryAfter = Infinity } of await Promise.all(byes)) {
      assert.equal(code, 'unavailable');
      assert.ok(retryAfter <= 200, String(retryAfter));
    }
    await closing;
    const bob = await enter(nodes[1], 'bob');
    assert.equal(bob.count, 1);
    assert.ok((await log(bob.talker)).some(words => words.endsWith('says still here')));
  });

  test('keeps what was being drawn, once, and takes nobody in any more', async t => {
    const nodes = await startGroup(t, { shutdown: SHUTDOWN });
    const ann = await enter(nodes[0], 'ann');
    await entered(nodes[0]);
    const bob = await enter(nodes[1], 'bob');
    begin(ann, 'AACC');
    await bob.talker.frame((entry, peer) => peer === numberOf(bob, 'ann') && entry[0] === 'ink');
    const late = (await nodes[0]?.token({ person: 'late' })) ?? assert.fail();
    const closing = nodes[0]?.close();
    const refused = await new Talker(nodes[0]?.connect(late) ?? assert.fail()).refused();
    assert.equal(refused?.code, 'unavailable');
    assert.ok((refused.retryAfter ?? Infinity) <= 200, String(refused.retryAfter));
    await ann.talker.hears('bye');
    await closing;
    const { events } = await bob.talker.hears('events');
    assert.deepEqual(events.map(wordsFor), ['1 is ann', '1 drawn AACC…']);
    for (const { faults } of nodes) assert.deepEqual(faults, []);
  });

  test('keeps what was being drawn though the other nodes are not heard', async t => {
    const nodes = await startGroup(t, { shutdown: SHUTDOWN });
    const ann = await enter(nodes[0], 'ann');
    const bob = await enter(nodes[1], 'bob');
    begin(ann, 'AACC');
    await bob.talker.frame((entry, peer) => peer === numberOf(bob, 'ann') && entry[0] === 'ink');
    nodes[0]?.network.cut();
    await reports(nodes[0], 'away');
    await nodes[0]?.close();
    // And not only when the others have missed it for long enough.
    assert.deepEqual(await log(bob.talker), ['1 is ann', '1 drawn AACC…']);
  });

  test('hangs up on whom a proxy sends it anew, and on nobody who is there', async t => {
    const nodes = await startGroup(t, { shutdown: SHUTDOWN, trustedProxies: 1 });
    const people = await entered(nodes[0]);
    const node = nodes[0] ?? assert.fail();
    const token = await node.token({ person: 'late' });
    const closing = node.close();
    const late = new Talker(node.connect(token));
    assert.equal(await late.refused(), undefined);
    await assert.rejects(fetch(`${node.url}${SOCKET_PATH}/?EIO=4&transport=polling&site=${SITE}`), /fetch failed/);
    assert.equal((await fetch(`${node.url}/readyz`)).status, 503);
    await someoneIsServed(people);
    await closing;
  });
});

test('with the client that pages use, everyone goes on at the other node, and nothing that was written is lost or doubled', async t => {
  const nodes = await startGroup(t, { shutdown: SHUTDOWN });
  const balancer = new Balancer(nodes.map(({ url }) => url));
  const visitors = await Promise.all(
    NAMES.map(async name => {
      const door = await balancer.door(t, 0);
      const session = await visit(t, nodes[0], name, door.url);
      const statuses: string[] = [];
      session.subscribe(changed => {
        if (changed.has('status')) statuses.push(session.status);
      });
      return { name, door, session, statuses };
    }),
  );
  const node = { closed: false };
  const closing = nodes[0]?.close().then(() => (node.closed = true));
  const written: string[] = [];
  while (!node.closed) {
    await Promise.all(
      visitors.map(async ({ name, session }) => {
        const text = `${name} writes ${written.length}`;
        written.push(text);
        session.send(text);
        await until(session, `${text} to be acknowledged`, () => session.waiting === 0);
      }),
    );
  }
  await closing;
  await Promise.all(
    visitors.map(({ name, session, door }) =>
      // Who has it all may not be back yet.
      until(
        session,
        `${name} to have all that was written, on the other node`,
        () => textsOf(session).length >= written.length && door.node === 1,
      ),
    ),
  );
  for (const { session, statuses } of visitors) {
    assert.deepEqual([...textsOf(session)].sort(), [...written].sort());
    assert.deepEqual(textsOf(session), textsOf(visitors[0]?.session ?? assert.fail()));
    assert.deepEqual(new Set(statuses), new Set(['reconnecting', 'connected']));
  }
});

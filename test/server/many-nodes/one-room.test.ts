/** One room with people on several nodes is one room. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { PATIENCE, until } from '../../support/patience.js';
import { codeOf } from '../../support/talker.js';
import { isPosted } from '../../support/commands.js';
import { type NodeGroupOptions, startGroup } from './node-group.js';
import { begin, enter, hasCome, numberOf, PEN, ROOM } from './people.js';

/** Ann on one node and Bob on another, in one room, who know of each other. */
async function apart(t: TestContext, options?: NodeGroupOptions) {
  const nodes = await startGroup(t, options);
  const ann = await enter(nodes[0], 'ann');
  const bob = await enter(nodes[1], 'bob');
  return { nodes, ann, bob, bobToAnn: await hasCome(ann, 'bob'), annToBob: numberOf(bob, 'ann') };
}

suite('people on two nodes', () => {
  test('know of each other from when they join until they leave', async t => {
    const { ann, bob, annToBob } = await apart(t);
    assert.deepEqual(bob.here.map(({ person }) => person.id).sort(), ['ann', 'bob']);
    assert.equal(bob.count, 2);
    ann.talker.socket.disconnect();
    const { left, count } = await bob.talker.hears('presence', fact => fact.left.length > 0);
    assert.deepEqual([left, count], [[annToBob], 1]);
  });

  test('talk with each other, and both hold the same', async t => {
    const { ann, bob } = await apart(t);
    await Promise.all([ann.talker.post(ROOM, 'from one'), bob.talker.post(ROOM, 'from another')]);
    const texts = await Promise.all(
      [ann, bob].map(async ({ talker }) => {
        const told = new Map<number, string>();
        while (told.size < 2) {
          const { events } = await talker.hears('events');
          for (const event of events) if (isPosted(event)) told.set(event.seq, event.text);
        }
        return [...told].sort(([one], [other]) => one - other);
      }),
    );
    assert.deepEqual(texts[0], texts[1]);
  });

  test('see a stroke while it is drawn, and who is writing', async t => {
    const { ann, bob, annToBob, bobToAnn } = await apart(t);
    begin(ann, 'AA');
    await bob.talker.frame((entry, peer) => peer === annToBob && entry[0] === 'ink');
    ann.talker.socket.emit('l', ann.handle, ['more', 'CC']);
    await bob.talker.frame((entry, peer) => peer === annToBob && entry === 'CC');
    bob.talker.socket.emit('l', bob.handle, ['type', 1]);
    await ann.talker.frame((entry, peer) => peer === bobToAnn && entry[0] === 'type' && entry[1] === 1);
    // Her own is no news to her, and nobody else's came before.
    assert.equal(ann.talker.unasked('f').length, 0);
  });

  test('are shown the role that each has now', async t => {
    const { nodes, ann, bob, annToBob } = await apart(t);
    begin(ann, 'AA');
    await bob.talker.frame((entry, peer) => peer === annToBob && entry[0] === 'ink');
    const token = await nodes[0]?.token({ person: 'ann', name: 'Anna', rooms: { [ROOM]: 'viewer' } });
    assert.equal(codeOf(await ann.talker.ask('refresh', { token: token ?? '' })), undefined);
    const { came } = await bob.talker.hears('presence', fact => fact.came.some(({ role }) => role === 'viewer'));
    assert.deepEqual(came, [{ peer: annToBob, person: { id: 'ann', name: 'Anna' }, role: 'viewer' }]);
    // Viewers do nothing that others see.
    await bob.talker.frame((entry, peer) => peer === annToBob && entry[0] === 'drop');
  });
});

test('who joins on a node where nobody was sees who is there, and the stroke in progress', async t => {
  const nodes = await startGroup(t);
  const ann = await enter(nodes[0], 'ann');
  begin(ann, 'AA');
  ann.talker.socket.emit('l', ann.handle, ['more', 'CC']);
  await until(
    PATIENCE,
    async () => (await ann.talker.join(ROOM)).ink[0]?.ink[5] === 'AACC',
    () => "what ann drew never reached her own node's room",
  );
  const bob = await enter(nodes[1], 'bob');
  const annToBob = numberOf(bob, 'ann');
  assert.equal(bob.count, 2);
  // With the answer, or right after it.
  const [there] = bob.ink;
  if (there) assert.deepEqual(there, { peer: annToBob, ink: [...PEN, 'AACC'] });
  else await bob.talker.frame((entry, peer) => peer === annToBob && entry[0] === 'ink' && entry[6] === 'AACC');
});

test('one person on two nodes is two peers, and goes on with a stroke on the other one', async t => {
  const { nodes, ann, bob, annToBob } = await apart(t);
  begin(ann, 'AACC');
  await bob.talker.frame((entry, peer) => peer === annToBob && entry[0] === 'ink');
  const again = await enter(nodes[1], 'ann');
  assert.equal(again.count, 3);
  begin(again, 'AACCEE');
  await bob.talker.frame((entry, peer) => peer === annToBob && entry[0] === 'drop');
  const { ink } = await bob.talker.join(ROOM);
  assert.deepEqual(ink, [{ peer: again.you.peer, ink: [...PEN, 'AACCEE'] }]);
});

suite('a room takes so many people, over all nodes', () => {
  test('where somebody of this node is there already', async t => {
    const { nodes } = await apart(t, { limits: { peersPerRoom: 2 } });
    const cy = await (nodes[1] ?? assert.fail()).enter({ person: 'cy' });
    assert.equal(codeOf(await cy.ask('join', { room: ROOM })), 'room_full');
  });

  test('where nobody of this node is, and what is refused leaves no trace', async t => {
    const { nodes, ann, bob } = await apart(t, { count: 3, limits: { peersPerRoom: 2 } });
    const cy = await (nodes[2] ?? assert.fail()).enter({ person: 'cy' });
    assert.equal(codeOf(await cy.ask('join', { room: ROOM })), 'room_full');
    ann.talker.socket.disconnect();
    await bob.talker.hears('presence', fact => fact.count === 1);
    // Cy's node may hear of it a moment later.
    await until(
      PATIENCE,
      async () => codeOf(await cy.ask('join', { room: ROOM })) !== 'room_full',
      () => 'the room stays full for cy though ann has left',
    );
    const joined = await cy.join(ROOM);
    assert.deepEqual(joined.here.map(({ person }) => person.id).sort(), ['bob', 'cy']);
  });
});

/** Nodes that are lost, or cut off from the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import { succeeded } from '../../support/talker.js';
import { post } from '../../support/commands.js';
import { reports, startGroup } from './node-group.js';
import { begin, enter, hasCome, log, numberOf, ROOM, wordsFor } from './people.js';

test('the people of a lost node vanish, and what one of them was drawing is kept, once', async t => {
  const nodes = await startGroup(t, { count: 3 });
  const ann = await enter(nodes[0], 'ann');
  const watchers = [await enter(nodes[1], 'bob'), await enter(nodes[2], 'cy')];
  begin(ann, 'AACC');
  for (const watcher of watchers) {
    const peer = numberOf(watcher, 'ann');
    await watcher.talker.frame((entry, author) => author === peer && entry[0] === 'ink');
  }
  // As if it had been killed: nobody hears of it any more.
  nodes[0]?.network.cut();
  await reports(nodes[0], 'away');
  ann.talker.socket.disconnect();
  for (const watcher of watchers) {
    await watcher.talker.hears('presence', ({ left }) => left.includes(numberOf(watcher, 'ann')));
  }
  for (const { talker } of watchers) {
    const { events } = await talker.hears('events');
    assert.deepEqual(events.map(wordsFor), ['1 is ann', '1 drawn AACC…']);
  }
  // Each of them has tried it by then, and so has the lost one.
  await Promise.all([nodes[1]?.close(), nodes[2]?.close()]);
  nodes[0]?.network.mend();
  await reports(nodes[0], 'ok');
  const zoe = await enter(nodes[0], 'zoe');
  await zoe.talker.post(ROOM, 'is anybody left?');
  assert.deepEqual(await log(zoe.talker), ['1 is ann', '1 drawn AACC…', '2 is zoe', '2 says is anybody left?']);
  // So faults are written down at all.
  assert.ok(nodes[0]?.faults.some(line => line.includes('redis is away')));
  for (const { faults } of nodes)
    assert.deepEqual(
      faults.filter(line => line.includes('"level":50')),
      [],
    );
});

test('a node that is cut off acknowledges nothing, and goes on by itself when it is not any more', async t => {
  const nodes = await startGroup(t);
  const ann = await enter(nodes[0], 'ann');
  const bob = await enter(nodes[1], 'bob');
  await hasCome(ann, 'bob');
  nodes[0]?.network.cut();
  assert.equal(await reports(nodes[0], 'away'), 503);
  const [id, body] = [newCommandId(), post('from within')];
  const answer = await ann.talker.ask('command', { room: ROOM, id, body });
  assert.ok(!answer.ok && answer.error.code === 'unavailable' && answer.error.retryAfter !== undefined);

  // Who is there goes on reading what the others say.
  await bob.talker.post(ROOM, 'from without');
  const { events } = await ann.talker.hears('events');
  assert.deepEqual(events.map(wordsFor), ['1 is bob', '1 says from without']);
  succeeded(await ann.talker.ask('catchup', { room: ROOM, after: { epoch: ann.head.epoch, seq: 0 } }));
  await bob.talker.hears('presence', ({ left }) => left.length > 0);

  nodes[0]?.network.mend();
  assert.equal(await reports(nodes[0], 'ok'), 200);
  const annToBob = await hasCome(bob, 'ann', numberOf(bob, 'ann'));
  assert.equal(await ann.talker.command(ROOM, body, id), 4);
  begin(ann, 'AA');
  await bob.talker.frame((entry, peer) => peer === annToBob && entry[0] === 'ink');
});

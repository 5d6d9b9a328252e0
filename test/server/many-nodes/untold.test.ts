/**
 * What goes between nodes may come in another order, or not at all: everyone ends with the same
 * timeline.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { Cluster } from '../../../server/cluster/cluster.js';
import { meddling } from '../../support/meddling.js';
import { startGroup } from './node-group.js';
import { enter, ROOM, wordsFor } from './people.js';
import { textsOf, until, visit } from './visitors.js';

test('what is told in another order than it was kept in is shown in order', async t => {
  const inAnotherOrder = (cluster: Cluster): Cluster => {
    let first: readonly AnyEvent[] | undefined;
    return meddling(cluster, {
      link: (room, listener) =>
        cluster.link(room, {
          ...listener,
          events: (epoch, events) => {
            if (first) for (const told of [events, first]) listener.events(epoch, told);
            first = events;
          },
        }),
    });
  };
  const nodes = await startGroup(t, { between: (cluster, node) => (node === 1 ? inAnotherOrder(cluster) : cluster) });
  const ann = await enter(nodes[0], 'ann');
  const bob = await enter(nodes[1], 'bob');
  const cy = await visit(t, nodes[1], 'cy');
  await ann.talker.post(ROOM, 'first');
  await ann.talker.post(ROOM, 'second');
  const facts = [await bob.talker.hears('events'), await bob.talker.hears('events')];
  assert.deepEqual(
    facts.map(({ events }) => events.map(wordsFor)),
    [['1 says second'], ['1 is ann', '1 says first']],
  );
  await until(cy, 'both messages', () => cy.messages.length === 2);
  assert.deepEqual(textsOf(cy), ['first', 'second']);
});

test('what is lost on the way is found in storage, and told', async t => {
  const lost: string[] = [];
  const losing = (cluster: Cluster): Cluster =>
    meddling(cluster, { announce: (_room, _epoch, events) => void lost.push(...events.map(wordsFor)) });
  const nodes = await startGroup(t, { between: (cluster, node) => (node === 0 ? losing(cluster) : cluster) });
  const ann = await enter(nodes[0], 'ann');
  const bob = await enter(nodes[1], 'bob');
  const cy = await visit(t, nodes[1], 'cy');
  await ann.talker.post(ROOM, 'hello');
  await ann.talker.draw(ROOM, 'strokeB2');
  const told: string[] = [];
  while (told.length < 3) told.push(...(await bob.talker.hears('events')).events.map(wordsFor));
  assert.deepEqual(told, ['1 is ann', '1 says hello', '1 drawn CCCC']);
  assert.deepEqual(lost, told);
  await until(cy, 'the stroke', () => cy.board.shapes.has('strokeB2'));
  assert.deepEqual(textsOf(cy), ['hello']);
});

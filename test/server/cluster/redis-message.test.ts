/** What nodes tell each other comes to the other one as it was said. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { LiveStep } from '../../../protocol/conversation.js';
import type { AnyEvent, EventPayload } from '../../../protocol/timeline/events.js';
import { EVENTS } from '../../../protocol/timeline/evolve.js';
import {
  readMessage,
  readPeer,
  type Said,
  writeMessage,
  writePeer,
} from '../../../server/cluster/redis/redis-message.js';
import { cleared, completed, drawn, entered, erased, posted, undone } from '../../support/commands.js';
import { peer } from './heard.js';
import { stroke } from '../../support/strokes.js';

const STROKE = stroke({ id: 'strokeA1', pressure: true, points: 'AACC' });

/** What can happen, with every member that it may have. */
const PAYLOADS: readonly EventPayload[] = [
  entered({ id: 'ann', name: 'Ann', guest: true }),
  posted('a "word" of [ours]'),
  drawn(STROKE, { times: 'A', partial: true }),
  completed(STROKE, { times: 'A', partial: true }),
  erased(['strokeA1', 'strokeB2']),
  cleared(),
  undone(7, 2),
];

/** Every step of whoever is live. */
const STEPS: { readonly [What in LiveStep[0]]: Extract<LiveStep, readonly [What, ...unknown[]]> } = {
  ink: ['ink', 'strokeA1', 'blue', 4, -2, 1, 'AACC'],
  more: ['more', 'EE'],
  drop: ['drop'],
  at: ['at', -3, 4],
  away: ['away'],
  type: ['type', 1],
};

/** What another node reads of it. */
function told(...said: readonly Said[]): readonly Said[] | undefined {
  const message = readMessage(writeMessage('AAAAAAAA', said));
  assert.equal(message?.node, 'AAAAAAAA');
  return message.said;
}

suite('the other nodes are told', () => {
  const header = { seq: 3, prev: 1, at: 1_700_000_000_000, by: 1, command: 'c', waited: 7 };

  test('everything that can happen', () => {
    assert.deepEqual(new Set(PAYLOADS.map(({ type }) => type)), new Set(Object.keys(EVENTS)));
  });

  test('what only a later version knows, as it is', () => {
    const event: AnyEvent = { ...header, ...{ type: 'thing.unheard', more: [{ of: 'it' }] } };
    assert.deepEqual(told(['kept', 'e', [event]]), [['kept', 'e', [event]]]);
  });

  for (const payload of PAYLOADS) {
    test(payload.type, () => {
      const event: AnyEvent = { ...header, ...payload };
      assert.deepEqual(told(['kept', 'e', [event]]), [['kept', 'e', [event]]]);
    });
  }

  for (const step of Object.values(STEPS)) {
    test(`the step ${step[0]}`, () => {
      assert.deepEqual(told(['live', 1, [step]]), [['live', 1, [step]]]);
    });
  }

  test('who is there, came and left', () => {
    const people = [peer(1, 'Ann'), { ...peer(2, 'Bob'), person: { id: 'bob', name: 'Bob', guest: true } } as const];
    const said: readonly Said[] = [
      ['here', people],
      ['came', people],
      ['left', [1, 2]],
    ];
    assert.deepEqual(told(...said), said);
    for (const each of people) assert.deepEqual(readPeer(writePeer(each)), each);
  });
});

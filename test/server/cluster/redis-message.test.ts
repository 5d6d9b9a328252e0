/** What nodes tell each other comes to the other one as it was said. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { LiveStep } from '../../../protocol/conversation.js';
import type { Happening, TimelineEvent } from '../../../protocol/timeline/events.js';
import type { Stroke } from '../../../protocol/timeline/state.js';
import {
  readMessage,
  readPeer,
  type Said,
  writeMessage,
  writePeer,
} from '../../../server/cluster/redis/redis-message.js';
import { cleared, completed, drawn, entered, erased, posted, undone } from '../../support/commands.js';
import { peer } from './heard.js';

const STROKE: Stroke = {
  ...{ id: 'strokeA1', kind: 'stroke', color: 'blue', width: 4 },
  ...{ scale: -2, pressure: true, points: 'AACC' },
};

/** What can happen, with every member that it may have. The compiler asks for each kind. */
const HAPPENINGS: { readonly [Type in Happening['type']]: Extract<Happening, { readonly type: Type }> } = {
  'person.entered': entered({ id: 'ann', name: 'Ann', guest: true }),
  'message.posted': posted('a "word" of [ours]'),
  'shape.drawn': drawn(STROKE, { partial: true }),
  'shape.completed': completed(STROKE, { partial: true }),
  'shapes.erased': erased(['strokeA1', 'strokeB2']),
  'board.cleared': cleared(),
  'command.undone': undone(7, 2),
};

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
  for (const happening of Object.values(HAPPENINGS)) {
    test(happening.type, () => {
      const header = { seq: 3, prev: 1, at: 1_700_000_000_000, by: 1, command: 'c' };
      const event: TimelineEvent = { ...header, ...happening };
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

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { EventPayload } from '../../../protocol/timeline/events.js';
import { EVENTS } from '../../../protocol/timeline/evolve.js';
import { emptyState } from '../../../protocol/timeline/state.js';
import { RoomMemory } from '../../../server/domain/room-memory.js';
import { stroke, withPoints } from '../../support/strokes.js';
import { cleared, completed, drawn, entered, erased, posted, undone } from '../../support/commands.js';

function memory(): { readonly memory: RoomMemory; readonly happen: (payload: EventPayload, by?: number) => void } {
  const made = new RoomMemory(emptyState('e'), EVENTS);
  const happen = (payload: EventPayload, by = 1) => {
    const { seq } = made.state;
    made.apply({ seq: seq + 1, prev: seq, at: 0, by, command: 'c', ...payload });
  };
  return { memory: made, happen };
}

test('it counts what can be seen through every event', () => {
  const { memory: room, happen } = memory();
  const [one, two, three] = [stroke(), stroke(), stroke()];
  const counts: number[] = [];
  const happenings: readonly EventPayload[] = [
    drawn(one),
    drawn(two),
    drawn(three),
    erased([two.id]),
    cleared(),
    undone(5, 2),
    undone(4, 1),
    undone(1, 1),
    posted('hello'),
  ];
  for (const happening of happenings) {
    happen(happening);
    counts.push(room.visible);
    assert.equal(room.visible, [...room.state.shapes.values()].filter(({ hidden }) => !hidden).length);
  }
  assert.deepEqual(counts, [1, 2, 3, 2, 0, 2, 3, 2, 2]);
});

test('after a turn no message and no hidden shape is held', () => {
  const { memory: room, happen } = memory();
  const [one, two] = [stroke(), stroke()];
  happen(drawn(one));
  happen(drawn(two));
  happen(posted('hello'));
  happen(erased([one.id]));
  const hidden = { ...stroke({ id: 'recalled' }), by: 1, at: 0, seq: 0, since: 0, hidden: true } as const;
  room.recall([hidden], [{ seq: 0, by: 1, at: 0, text: 'recalled' }]);
  assert.equal(room.state.messages.size, 2);
  assert.equal(room.state.shapes.size, 3);
  room.endTurn();
  assert.deepEqual([...room.state.shapes.keys()], [two.id]);
  assert.equal(room.state.messages.size, 0);
  assert.equal(room.visible, 1);
});

test('it counts the weight of a partial shape as far as it is drawn, and of a hidden one none', () => {
  const { memory: room, happen } = memory();
  const part = stroke({ points: 'AACC' });
  happen(drawn(part, { partial: true }));
  happen(completed(withPoints(part, 'AACCCC'), { partial: true }));
  assert.deepEqual([room.visible, room.weight], [1, 6]);
  happen(erased([part.id]));
  happen(completed(withPoints(part, 'AACCCCCC')));
  assert.deepEqual([room.visible, room.weight], [0, 0]);
  happen(undone(3, 1));
  assert.deepEqual([room.visible, room.weight], [1, 8]);
  room.endTurn();
  // Hidden, and not held: whoever completes it, nothing of it is to be seen.
  happen(erased([part.id]));
  room.endTurn();
  happen(completed(part));
  assert.deepEqual([room.visible, room.weight, room.state.shapes.size], [0, 0, 0]);
});

test('an index is given out once', () => {
  const people = new Map([
    [1, { id: 'ann', name: 'Ann' }],
    [7, { id: 'ben', name: 'Ben' }],
  ]);
  const room = new RoomMemory({ ...emptyState('e'), seq: 9, people }, EVENTS);
  assert.deepEqual([room.authorIndex('ann'), room.authorIndex('ben'), room.authorIndex('cy')], [1, 7, undefined]);
  assert.equal(room.nextAuthor, 8);
  room.apply({ seq: 10, prev: 9, at: 0, by: 8, command: 'c', ...entered({ id: 'cy', name: 'Cy' }) });
  assert.deepEqual([room.authorIndex('cy'), room.nextAuthor], [8, 9]);
});

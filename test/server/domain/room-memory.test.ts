import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Happening, TimelineEvent } from '../../../protocol/timeline/events.js';
import { RoomMemory } from '../../../server/domain/room-memory.js';
import { stroke } from '../../support/strokes.js';
import { cleared, completed, drawn, entered, erased, posted, undone } from '../../support/commands.js';

function memory(): { readonly memory: RoomMemory; readonly happen: (happening: Happening, by?: number) => void } {
  const made = new RoomMemory({ epoch: 'e', seq: 0, people: new Map(), messages: [], shapes: new Map() });
  const happen = (happening: Happening, by = 1) => {
    const { seq } = made.state;
    made.apply({ seq: seq + 1, prev: seq, at: 0, by, command: 'c', ...happening });
  };
  return { memory: made, happen };
}

test('it counts what can be seen through every event', () => {
  const { memory: room, happen } = memory();
  const [one, two, three] = [stroke(), stroke(), stroke()];
  const counts: number[] = [];
  const happenings: readonly Happening[] = [
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
  room.recall([{ ...stroke({ id: 'recalled' }), by: 1, at: 0, seq: 0, since: 0, hidden: true }]);
  assert.equal(room.state.shapes.size, 3);
  room.settle();
  assert.deepEqual([...room.state.shapes.keys()], [two.id]);
  assert.deepEqual(room.state.messages, []);
  assert.equal(room.visible, 1);
});

test('it counts the points of a partial shape as far as it is drawn, and of a hidden one none', () => {
  const { memory: room, happen } = memory();
  const part = stroke({ points: 'AACC' });
  happen(drawn(part, { partial: true }));
  happen(completed({ ...part, points: 'AACCCC' }, { partial: true }));
  assert.deepEqual([room.visible, room.points], [1, 6]);
  happen(erased([part.id]));
  happen(completed({ ...part, points: 'AACCCCCC' }));
  assert.deepEqual([room.visible, room.points], [0, 0]);
  happen(undone(3, 1));
  assert.deepEqual([room.visible, room.points], [1, 8]);
  room.settle();
  // Hidden, and not held: whoever completes it, nothing of it is to be seen.
  happen(erased([part.id]));
  room.settle();
  happen(completed(part));
  assert.deepEqual([room.visible, room.points, room.state.shapes.size], [0, 0, 0]);
});

test('an index is given out once', () => {
  const people = new Map([
    [1, { id: 'ann', name: 'Ann' }],
    [7, { id: 'ben', name: 'Ben' }],
  ]);
  const room = new RoomMemory({ epoch: 'e', seq: 9, people, messages: [], shapes: new Map() });
  assert.deepEqual([room.authorIndex('ann'), room.authorIndex('ben'), room.authorIndex('cy')], [1, 7, undefined]);
  assert.equal(room.nextAuthor, 8);
  const event: TimelineEvent = { seq: 10, prev: 9, at: 0, by: 8, command: 'c', ...entered({ id: 'cy', name: 'Cy' }) };
  room.apply(event);
  assert.deepEqual([room.authorIndex('cy'), room.nextAuthor], [8, 9]);
});

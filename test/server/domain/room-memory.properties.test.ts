/**
 * What a room's memory keeps beside the state is what one would count there, whatever an event may
 * change.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { weightOf } from '../../../protocol/shapes/index.js';
import type { Effect } from '../../../protocol/timeline/effects.js';
import type { AnyPayload, EventHeader, EventModule } from '../../../protocol/timeline/events.js';
import { emptyState, type RoomState, type Shape, visibleShapes } from '../../../protocol/timeline/state.js';
import { RoomMemory } from '../../../server/domain/room-memory.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';
import { shapeId, strokeOf } from '../../support/properties/story.js';

/** One change of the board, as any kind of event may make it; shapes are named by number. */
interface Change extends AnyPayload {
  readonly do: 'put' | 'hide' | 'show' | 'remove';
  readonly shapes: readonly number[];
  readonly size: number;
  readonly hidden: boolean;
}

const change: fc.Arbitrary<Change> = plainRecord<Change>({
  type: fc.constant('thing.changed'),
  do: fc.constantFrom('put', 'put', 'hide', 'show', 'remove'),
  shapes: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
  size: fc.integer({ min: 1, max: 9 }),
  hidden: fc.boolean(),
});

const changed: EventModule<Change> = {
  effects: (state, event) => (event.do === 'put' ? event.shapes.map(put(state, event)) : [moved(state, event)]),
};

function put(state: RoomState, { seq, size, hidden }: EventHeader & Change): (number: number) => Effect {
  return number => {
    const record = { by: 1, at: 0, seq, since: seq, ...(hidden && { hidden }) };
    const shape: Shape = { ...strokeOf(number, 'AA'.repeat(size)), ...record };
    return { type: 'putShape', shape, isNew: !state.shapes.has(shape.id) };
  };
}

function moved(state: RoomState, event: EventHeader & Change): Effect {
  const known = event.shapes.map(shapeId).flatMap(id => state.shapes.get(id) ?? []);
  const ids = (some: readonly Shape[]): string[] => some.map(({ id }) => id);
  if (event.do === 'remove') return { type: 'removeShapes', ids: ids(known) };
  if (event.do === 'show') return { type: 'showShapes', ids: ids(known.filter(({ hidden }) => hidden)) };
  return { type: 'hideShapes', ids: ids(known.filter(({ hidden }) => !hidden)), since: event.seq };
}

test('shapes that can be seen and their weight are those of a recount, and of a memory that begins anew', t =>
  holds(
    t,
    fc.property(fc.array(fc.tuple(change, fc.boolean()), { maxLength: 40, size: 'max' }), changes => {
      const events = { 'thing.changed': changed };
      const memory = new RoomMemory(emptyState('e'), events);
      for (const [payload, ends] of changes) {
        const { seq } = memory.state;
        memory.apply({ seq: seq + 1, prev: seq, at: 0, by: 1, command: 'c', ...payload });
        const visible = visibleShapes(memory.state);
        assert.equal(memory.visible, visible.length);
        assert.equal(
          memory.weight,
          visible.reduce((sum, shape) => sum + weightOf(shape), 0),
        );
        const anew = new RoomMemory(structuredClone(memory.state), events);
        assert.deepEqual([anew.visible, anew.weight, anew.bytes], [memory.visible, memory.weight, memory.bytes]);
        if (ends) memory.endTurn();
      }
    }),
    { runs: 300 },
  ));

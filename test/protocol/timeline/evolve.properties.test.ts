/**
 * Whatever happened in a room, everyone who holds it ends up with the same, whenever they came and
 * whatever they let go of.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { evolve, lacks } from '../../../protocol/timeline/evolve.js';
import { emptyState, fromSnapshot, type HeldState, type Snapshot } from '../../../protocol/timeline/state.js';
import { holds } from '../../support/properties/holds.js';
import { ReferenceRoom } from '../../support/properties/reference-room.js';
import { RoomServer } from '../../support/properties/room-server.js';
import { shown } from '../../support/properties/shown.js';
import { SimpleBoard } from '../../support/properties/simple-board.js';
import { type Deed, story, tellAll } from '../../support/properties/story.js';

const deeds = story(60);

/**
 * What happened, and the snapshot after each event, the first of them from before the first event.
 */
interface Happened {
  readonly room: ReferenceRoom;
  readonly events: readonly AnyEvent[];
  readonly snapshots: readonly Snapshot[];
}

function happened(done: readonly Deed[]): Happened {
  const room = new ReferenceRoom();
  const server = new RoomServer(room);
  for (const given of tellAll(done)) server.take([given]);
  const stepwise = new ReferenceRoom();
  const snapshots = [stepwise.snapshot()];
  for (const event of room.events) {
    stepwise.happen(event);
    snapshots.push(stepwise.snapshot());
  }
  return { room, events: room.events, snapshots };
}

test('who was there from the beginning holds what the room holds, and lacks nothing', t =>
  holds(
    t,
    fc.property(deeds, done => {
      const { room, events } = happened(done);
      const state = emptyState('epoch');
      for (const event of events) {
        assert.equal(event.prev, state.seq);
        assert.equal(lacks(state, event), false);
        evolve(state, structuredClone(event));
      }
      assert.deepEqual(state, room.whole);
      assert.deepEqual([...state.shapes.keys()], [...room.whole.shapes.keys()], 'in the same order');
    }),
    { runs: 200 },
  ));

test('who comes at any time, and lets go of hidden shapes at any time, sees the same after every event', t =>
  holds(
    t,
    fc.property(deeds, fc.nat({ max: 60 }), fc.infiniteStream(fc.nat({ max: 9 })), (done, came, chance) => {
      const { events, snapshots } = happened(done);
      const snapshotAt = (index: number): Snapshot => structuredClone(snapshots[index] ?? assert.fail());
      const start = came % snapshots.length;
      const board = new SimpleBoard();
      for (const event of events.slice(0, start)) board.apply(event);
      let state: HeldState = fromSnapshot(snapshotAt(start));
      for (let index = start; index < events.length; index += 1) {
        const event = events[index] ?? assert.fail();
        board.apply(event);
        if (lacks(state, event)) state = fromSnapshot(snapshotAt(index + 1));
        else evolve(state, structuredClone(event));
        assert.deepEqual(shown(state), shown(fromSnapshot(snapshotAt(index + 1))));
        assert.deepEqual(
          shown(state).shapes.map(({ id, seq, by, content: { points }, partial = false }) => ({
            id,
            seq,
            by,
            points,
            partial,
          })),
          board.visible,
        );
        for (const shape of [...state.shapes.values()]) {
          if (shape.hidden && chance.next().value === 9) state.shapes.delete(shape.id);
        }
      }
    }),
    { runs: 400 },
  ));

test('applying an event leaves the event as it was, so that many may apply the same one', t =>
  holds(
    t,
    fc.property(deeds, done => {
      const { room, events } = happened(done);
      const before = structuredClone(events);
      const states = [emptyState('epoch'), emptyState('epoch')];
      for (const event of events) for (const state of states) evolve(state, event);
      assert.deepEqual(events, before);
      for (const state of states) assert.deepEqual(state, room.whole);
    }),
    { runs: 100 },
  ));

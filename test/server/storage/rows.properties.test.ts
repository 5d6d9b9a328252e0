/** What the real engine keeps of a room, in rows, is what its events add up to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import type { OpenedRoom, Storage, TurnRequest } from '../../../server/domain/storage.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';
import { ReferenceRoom } from '../../support/properties/reference-room.js';
import { RoomServer } from '../../support/properties/room-server.js';
import { type Given, shapeId, story, tellAll } from '../../support/properties/story.js';
import { roomKey } from '../../support/room-key.js';
import { storageWithAcme, RoomsUnderTest } from '../../support/rooms.js';

/** How many commands gather, and whether a server that remembers nothing takes them. */
const batches = fc.array(plainRecord({ size: fc.integer({ min: 1, max: 12 }), anew: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
});

async function opened(storage: Storage, request: TurnRequest): Promise<OpenedRoom> {
  let found: OpenedRoom | undefined;
  await storage.turn([request], rooms => {
    [found] = rooms;
    return [];
  });
  return found ?? assert.fail();
}

/**
 * An opened room as it can be compared: what is asked for by several names may be handed over
 * several times, in any order.
 */
function comparable({ state, events, accepted, undos, shapes, messages }: OpenedRoom): unknown {
  const { people, shapes: visible, seq } = state ?? {};
  return {
    seq,
    people: [...(people ?? [])].sort(([one], [other]) => one - other),
    visible: [...(visible?.values() ?? [])].sort((one, other) => one.seq - other.seq),
    events,
    messages,
    // The model keeps whole bodies in place of digests.
    accepted: new Map(accepted.map(({ digest: _, ...each }) => [`${each.person} ${each.id}`, each])),
    undos: new Map(undos.map(each => [`${each.person} ${each.id}`, each])),
    shapes: new Map([...shapes].sort((one, other) => (one.id < other.id ? -1 : 1)).map(shape => [shape.id, shape])),
  };
}

test('log, rows and what a turn is handed are those of the model, however commands gather', async t => {
  const storage = await storageWithAcme(t);
  let rooms = 0;
  await holds(
    t,
    fc.asyncProperty(story(40), batches, fc.nat({ max: 40 }), async (done, pattern, from) => {
      const room = roomKey('acme', `room-${(rooms += 1)}`);
      const given = tellAll(done);
      let under = new RoomsUnderTest(storage);
      const submit = (each: Given) => under.answer(room, each);
      const told: unknown[] = [];
      const outcomes: (number | string)[] = [];
      for (let turn = 0; outcomes.length < given.length; turn += 1) {
        const { size, anew } = pattern[turn % pattern.length] ?? assert.fail();
        if (anew) under = new RoomsUnderTest(storage);
        under.onAnnounce = ({ events }) => told.push(...events);
        outcomes.push(...(await Promise.all(given.slice(outcomes.length, outcomes.length + size).map(submit))));
        assert.deepEqual(under.faults, []);
      }

      const model = new ReferenceRoom();
      const expected = new RoomServer(model).take(given, under.now);
      assert.deepEqual(
        outcomes,
        expected.map(outcome => (outcome instanceof RefusedError ? outcome.code : outcome)),
      );
      assert.deepEqual(told, model.events);
      assert.deepEqual(await storage.tail(room, 0, 1_000), model.events);
      const { epoch, ...snapshot } = await storage.snapshot(room);
      const { epoch: _, ...expectedSnapshot } = model.snapshot();
      assert.deepEqual(snapshot, expectedSnapshot);

      const commands = given.map(({ actor, command }) => ({ person: actor.person.id, id: command.id }));
      const after = { epoch, seq: Math.min(from, model.whole.seq) };
      const asked = {
        room,
        commands,
        undos: commands,
        shapes: Array.from({ length: 8 }, (_, index) => shapeId(index)),
        messages: model.events.map(({ seq }) => seq),
      };
      for (const position of [undefined, after]) {
        const modelled = position && { ...position, epoch: model.whole.epoch };
        assert.deepEqual(
          comparable(await opened(storage, { ...asked, after: position })),
          comparable(model.open({ ...asked, after: modelled })),
        );
      }
    }),
    { runs: 120 },
  );
});

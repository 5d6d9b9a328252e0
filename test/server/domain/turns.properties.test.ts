/** Whatever people do, and however it gathers in turns of one server or several: these hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import { weightOf } from '../../../protocol/shapes/index.js';
import { visibleShapes } from '../../../protocol/timeline/state.js';
import type { Outcome } from '../../../server/domain/room-turn.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';
import { ReferenceRoom } from '../../support/properties/reference-room.js';
import { RoomServer } from '../../support/properties/room-server.js';
import { shownOnBoard } from '../../support/properties/shown.js';
import { CAST, type Given, story, tellAll } from '../../support/properties/story.js';
import { isCleared, isEntered, isErased, isKeep } from '../../support/commands.js';

/** A turn: who takes it, and whether it has let go of the room before. */
interface Turn {
  readonly server: number;
  readonly forgets: boolean;
  readonly size: number;
}

const deeds = story(60);
const turns: fc.Arbitrary<Turn[]> = fc.array(
  plainRecord({ server: fc.nat({ max: 1 }), forgets: fc.boolean(), size: fc.integer({ min: 1, max: 8 }) }),
  { minLength: 1, maxLength: 10 },
);

/** Outcomes that can be compared. */
const plain = (outcomes: readonly Outcome[]) =>
  outcomes.map(outcome => (outcome instanceof RefusedError ? outcome.code : outcome));

/** Gives all commands in turns, one pattern of turns over and over. */
function play(
  given: readonly Given[],
  pattern: readonly Turn[],
  after: (server: RoomServer) => void = () => undefined,
) {
  const room = new ReferenceRoom();
  const servers = [new RoomServer(room), new RoomServer(room)];
  const outcomes: Outcome[] = [];
  for (let taken = 0, turn = 0; taken < given.length; turn += 1) {
    const { server: index, forgets, size } = pattern[turn % pattern.length] ?? assert.fail();
    const server = servers[index] ?? assert.fail();
    if (forgets) server.forget();
    outcomes.push(...server.take(given.slice(taken, taken + size)));
    taken += size;
    after(server);
  }
  return { room, servers, outcomes: plain(outcomes) };
}

const ALONE: readonly Turn[] = [{ server: 0, forgets: false, size: 1 }];

test('what is refused changes nothing; what is accepted becomes one event, or changes nothing either', t =>
  holds(
    t,
    fc.property(deeds, done => {
      const room = new ReferenceRoom();
      const server = new RoomServer(room);
      server.take([]);
      for (const given of tellAll(done)) {
        const { actor, command } = given;
        const before = structuredClone(room.whole);
        const remembered = structuredClone(server.memory?.state);
        const [outcome] = server.take([given]);
        const events = room.after(before.seq);
        if (outcome instanceof RefusedError) {
          assert.deepEqual(room.whole, before);
          assert.deepEqual(server.memory?.state, remembered);
          continue;
        }
        assert.notEqual(actor.role === 'viewer' && events.length > 0, true, 'a viewer changes nothing');
        const [entered, ...more] = events.filter(isEntered);
        assert.equal(more.length, 0);
        assert.equal(events.length - (entered ? 1 : 0) <= 1, true);
        if (events.length === 0) continue;
        assert.equal(outcome, room.whole.seq);
        for (const event of events) {
          assert.equal(event.command, command.id);
          // Who vanished is called as they are now.
          if (isKeep(command.body)) assert.equal(room.whole.people.get(event.by)?.id, actor.person.id);
          else assert.deepEqual(room.whole.people.get(event.by), actor.person);
          if (isCleared(event)) assert.equal(actor.role, 'moderator');
          if (!isErased(event)) continue;
          assert.ok(event.shapes.length > 0);
          for (const id of event.shapes) assert.equal(before.shapes.get(id)?.hidden, undefined);
        }
      }
    }),
    { runs: 400 },
  ));

test('a person has one index for ever, and an index one person', t =>
  holds(
    t,
    fc.property(deeds, turns, (done, pattern) => {
      const { room } = play(tellAll(done), pattern);
      const indexes = new Map<string, number>();
      for (const event of room.events) {
        if (!isEntered(event)) continue;
        assert.equal(indexes.get(event.person.id) ?? event.by, event.by);
        indexes.set(event.person.id, event.by);
      }
      assert.equal(new Set(indexes.values()).size, indexes.size);
      for (const event of room.events) assert.ok([...indexes.values()].includes(event.by));
      assert.ok(indexes.size <= new Set(Object.values(CAST).map(({ person }) => person.id)).size);
    }),
    { runs: 150 },
  ));

test('however commands gather in turns, on whichever server: the same events and the same answers', t =>
  holds(
    t,
    fc.property(deeds, turns, (done, pattern) => {
      const given = tellAll(done);
      const one = play(given, ALONE);
      const other = play(given, pattern);
      assert.deepEqual(other.outcomes, one.outcomes);
      assert.deepEqual(other.room.events, one.room.events);
      assert.deepEqual(other.room.accepted, one.room.accepted);
    }),
    { runs: 400 },
  ));

test('a server that lets go of what is hidden, and now and then of everything, remembers what is to be seen', t =>
  holds(
    t,
    fc.property(deeds, turns, (done, pattern) => {
      const check = (server: RoomServer): void => {
        const { memory } = server;
        assert.ok(memory);
        assert.equal(memory.visible, visibleShapes(memory.state).length);
        assert.equal(
          memory.weight,
          visibleShapes(memory.state).reduce((sum, shape) => sum + weightOf(shape), 0),
        );
        assert.equal(memory.state.shapes.size, memory.visible, 'nothing hidden is held between turns');
        assert.equal(memory.state.messages.size, 0);
      };
      const { room, servers } = play(tellAll(done), pattern, check);
      for (const server of [...servers, new RoomServer(room)]) {
        // An empty turn brings it up to date.
        server.take([]);
        const { memory } = server;
        assert.ok(memory);
        assert.deepEqual(shownOnBoard(memory.state), shownOnBoard(room.whole));
        assert.deepEqual(memory.state.people, room.whole.people);
        assert.equal(memory.state.seq, room.whole.seq);
      }
    }),
    { runs: 300 },
  ));

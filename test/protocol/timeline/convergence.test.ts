/** Whatever people do, and however it interleaves: decide and evolve together keep these promises. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import type { CommandBody } from '../../../protocol/timeline/commands.js';
import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import { evolve, lacks, visibleShapes } from '../../../protocol/timeline/evolve.js';
import { fromSnapshot, type RoomState, type Shape, type Snapshot } from '../../../protocol/timeline/state.js';
import type { Actor } from '../../../server/domain/decide.js';
import { RoomMemory } from '../../../server/domain/room-memory.js';
import { decideTurn, type Outcome } from '../../../server/domain/room-turn.js';
import { roomKey } from '../../support/room-key.js';
import { actor } from '../../support/rooms.js';
import { stroke } from '../../support/strokes.js';

const PEOPLE: readonly Actor[] = [actor('Ann'), actor('Ben'), actor('Mo', 'moderator'), actor('Vic', 'viewer')];

/** What somebody does, with references to what was done before by their place in the list. */
interface Deed {
  readonly who: number;
  readonly what: 'say' | 'draw' | 'erase' | 'clear' | 'undo';
  readonly refs: readonly number[];
}

const deed: fc.Arbitrary<Deed> = fc.record({
  who: fc.nat({ max: PEOPLE.length - 1 }),
  what: fc.constantFrom('say', 'draw', 'draw', 'draw', 'erase', 'erase', 'clear', 'undo', 'undo', 'undo'),
  refs: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 4 }),
});
const deeds = fc.array(deed, { maxLength: 40 });

/** A room that keeps everything in memory, one command a turn. */
class Room {
  readonly #memory = new RoomMemory({ epoch: 'e', seq: 0, people: new Map(), messages: [], shapes: new Map() });
  readonly #whole: RoomState = { epoch: 'e', seq: 0, people: new Map(), messages: [], shapes: new Map() };
  readonly #accepted: { person: string; id: string; digest: string; seq: number; undoable: boolean }[] = [];
  readonly events: TimelineEvent[] = [];

  /** Everything, hidden shapes too. */
  get whole(): RoomState {
    return this.#whole;
  }

  give(by: Actor, id: string, body: CommandBody): Outcome | undefined {
    const person = by.person.id;
    const target =
      body.type === 'command.undo' && this.#accepted.find(each => each.person === person && each.id === body.command);
    const opened = {
      room: roomKey('acme', 'algebra'),
      events: [],
      accepted: target ? [target] : [],
      undos: target && target.undoable ? [{ person, id: target.id, seq: target.seq, later: 0 }] : [],
      shapes: [...this.#whole.shapes.values()],
    };
    const { append, outcomes } = decideTurn(
      this.#memory,
      opened,
      [{ actor: by, command: { id, body }, digest: '' }],
      0,
      fault => {
        throw fault;
      },
    );
    for (const event of append.events) evolve(this.#whole, event);
    this.events.push(...append.events);
    this.#accepted.push(...append.accepted);
    return outcomes[0];
  }

  snapshot(): Snapshot {
    const { epoch, seq, people, messages } = this.#whole;
    const shapes = visibleShapes(this.#whole).sort((one, other) => one.seq - other.seq);
    return structuredClone({ epoch, seq, people: [...people], messages, more: false, shapes });
  }
}

function perform(
  room: Room,
  done: readonly Deed[],
  after: (index: number, by: Actor, body: CommandBody) => void,
): void {
  const shapes: string[] = [];
  const nameOf = (place: number) => `command-${String(place).padStart(8, '0')}`;
  done.forEach(({ who, what, refs }, place) => {
    const by = PEOPLE[who];
    assert.ok(by);
    const named = refs.map(ref => shapes[ref % Math.max(1, shapes.length)] ?? 'unheard-');
    const body = bodyOf(what, named, nameOf(refs[0] ?? 0), place);
    if (body.type === 'shape.draw') shapes.push(body.stroke.id);
    room.give(by, nameOf(place), body);
    after(place, by, body);
  });
}

function bodyOf(what: Deed['what'], shapes: readonly string[], command: string, place: number): CommandBody {
  switch (what) {
    case 'say':
      return { type: 'message.post', text: `said at ${place}` };
    case 'draw':
      return { type: 'shape.draw', stroke: stroke({ id: `s${String(place).padStart(7, '0')}` }) };
    case 'erase':
      return { type: 'shapes.erase', shapes };
    case 'clear':
      return { type: 'board.clear' };
    case 'undo':
      return { type: 'command.undo', command };
  }
}

/** What a client shows: everything but the hidden shapes, which it may lack. */
function shown(state: RoomState) {
  const shapes = visibleShapes(state).sort((one, other) => one.seq - other.seq);
  return {
    seq: state.seq,
    people: [...state.people].sort(([one], [other]) => one - other),
    messages: state.messages,
    shapes,
  };
}

describe('any interleaving of commands', () => {
  test('gives the same room to who was there, and to who came later with a snapshot and the tail', () => {
    fc.assert(
      fc.property(deeds, fc.nat({ max: 40 }), (done, came) => {
        const room = new Room();
        let late: RoomState | undefined;
        let applied = 0;
        perform(room, done, place => {
          if (place === came) {
            late = fromSnapshot(room.snapshot());
            applied = room.events.length;
          }
          while (late && applied < room.events.length) {
            const event = room.events[applied];
            assert.ok(event);
            if (lacks(late, event)) {
              late = fromSnapshot(room.snapshot());
              applied = room.events.length;
            } else {
              evolve(late, structuredClone(event));
              applied += 1;
            }
          }
        });
        const there = fromSnapshot({ epoch: 'e', seq: 0, people: [], messages: [], more: false, shapes: [] });
        for (const event of room.events) {
          assert.equal(event.prev, there.seq);
          assert.equal(lacks(there, event), false);
          evolve(there, structuredClone(event));
        }
        assert.deepEqual(there, room.whole);
        if (late) assert.deepEqual(shown(late), shown(room.whole));
      }),
      { numRuns: 300 },
    );
  });

  test('keeps nothing of a viewer, and nothing cleared but by a moderator', () => {
    fc.assert(
      fc.property(deeds, done => {
        const room = new Room();
        perform(room, done, () => undefined);
        for (const event of room.events) {
          const role = PEOPLE.find(({ person }) => person.id === room.whole.people.get(event.by)?.id)?.role;
          assert.notEqual(role, 'viewer');
          if (event.type === 'board.cleared') assert.equal(role, 'moderator');
        }
      }),
    );
  });

  test('never lets an undo change what another person did later', () => {
    fc.assert(
      fc.property(deeds, done => {
        const room = new Room();
        let before = new Map<string, Shape>();
        perform(room, done, (_place, by, body) => {
          const authorOf = (seq: number) => room.events.find(event => event.seq === seq)?.by;
          const me = [...room.whole.people].find(([, person]) => person.id === by.person.id)?.[0];
          for (const [id, was] of before) {
            const is = room.whole.shapes.get(id);
            assert.ok(is);
            if (body.type !== 'command.undo' || is.since === was.since) continue;
            // Undo touched this shape, so the last one to show or hide it was the undoing person themselves.
            assert.equal(authorOf(was.since), me);
            assert.notEqual(is.hidden, was.hidden);
          }
          before = new Map(room.whole.shapes);
        });
      }),
      { numRuns: 300 },
    );
  });
});

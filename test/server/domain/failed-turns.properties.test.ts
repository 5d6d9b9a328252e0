/** Whichever turns fail, at whatever moment and for whatever reason: these hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import { newCommandId } from '../../../protocol/names.js';
import type { RoomKey } from '../../../server/domain/room-key.js';
import { type RoomStorage, StorageError } from '../../../server/domain/storage.js';
import { StorageFaultError } from '../../../server/storage/storage-fault.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';
import { ReferenceRoom } from '../../support/properties/reference-room.js';
import { isPosted } from '../../support/commands.js';
import { roomKey } from '../../support/room-key.js';
import { actor, RoomsUnderTest } from '../../support/rooms.js';

const ROOMS = Array.from({ length: 24 }, (_, index) => roomKey('acme', `room-${index}`));
const PEOPLE = [actor('Ann'), actor('Ben'), actor('Cid')];

/** What becomes of a turn, unless one of its rooms is bad. */
type Fate = 'kept' | 'not opened' | 'not kept' | 'away before it was kept' | 'away after it was kept';

/** How it all goes. */
interface Course {
  /** One for each turn, over and over. */
  readonly fates: readonly Fate[];
  /** Rooms that make each turn fail, when it is opened or when it is to be kept. */
  readonly bad: readonly { readonly room: number; readonly isOpened: boolean }[];
  /** Commands: how many are given before the turns go on, and in which room each is. */
  readonly given: readonly (readonly number[])[];
}

const courses: fc.Arbitrary<Course> = plainRecord({
  fates: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant<Fate>('kept') },
      {
        weight: 2,
        arbitrary: fc.constantFrom<Fate>('not opened', 'not kept', 'away before it was kept', 'away after it was kept'),
      },
    ),
    { minLength: 1, maxLength: 12 },
  ),
  bad: fc.array(plainRecord({ room: fc.nat({ max: ROOMS.length - 1 }), isOpened: fc.boolean() }), { maxLength: 2 }),
  given: fc.array(fc.array(fc.nat({ max: ROOMS.length - 1 }), { maxLength: 60 }), { minLength: 1, maxLength: 5 }),
});

/** A storage in memory whose turns end as the course has it. */
class FatefulStorage implements Pick<RoomStorage, 'turn'> {
  readonly rooms = new Map(ROOMS.map(key => [key, new ReferenceRoom()]));
  readonly #course: Course;
  readonly #bad: ReadonlyMap<RoomKey | undefined, boolean>;
  #turns = 0;

  constructor(course: Course) {
    this.#course = course;
    this.#bad = new Map(course.bad.map(({ room, isOpened }) => [ROOMS[room], isOpened]));
  }

  readonly turn: RoomStorage['turn'] = async (requests, decide) => {
    const { fates } = this.#course;
    const fate = fates[this.#turns % fates.length] ?? 'kept';
    this.#turns += 1;
    await Promise.resolve();
    const bad = requests.flatMap(({ room }) => this.#bad.get(room) ?? []);
    if (fate === 'not opened' || bad.includes(false)) throw new StorageError('a row is damaged');
    assert.ok(requests.filter(({ after }) => after === undefined).length <= 16);
    const appends = decide(requests.map(request => this.of(request.room).open(request)));
    if (fate === 'away before it was kept') throw new StorageFaultError('away');
    if (fate === 'not kept' || bad.length > 0) throw new StorageError('a row is damaged');
    for (const append of appends) this.of(append.room).append(structuredClone(append));
    if (fate === 'away after it was kept') throw new StorageFaultError('away');
  };

  of(room: RoomKey): ReferenceRoom {
    return this.rooms.get(room) ?? assert.fail(room);
  }
}

interface Answered {
  readonly room: RoomKey;
  readonly id: string;
  /** Undefined where it was refused. */
  readonly seq: number | undefined;
}

/**
 * Gives everything, as the course has it.
 * @returns what was answered, in the order in which it was given
 */
async function play(course: Course, storage: FatefulStorage): Promise<{ under: RoomsUnderTest; answers: Answered[] }> {
  const under = new RoomsUnderTest(storage);
  const answers: Answered[] = [];
  for (const wave of course.given) {
    const submitted = wave.map(async (index, place): Promise<Answered> => {
      const room = ROOMS[index] ?? assert.fail();
      const id = newCommandId();
      try {
        return { room, id, seq: await under.say(room, PEOPLE[place % PEOPLE.length] ?? assert.fail(), 'hello', id) };
      } catch (error) {
        assert.ok(error instanceof RefusedError && error.code === 'unavailable', String(error));
        return { room, id, seq: undefined };
      }
    });
    answers.push(...(await Promise.all(submitted)));
    under.now += 1_000;
  }
  await under.rooms.close();
  return { under, answers };
}

test('what is acknowledged is kept once, where it was said to be, and in the order in which it was given', t =>
  holds(
    t,
    fc.asyncProperty(courses, async course => {
      const storage = new FatefulStorage(course);
      const { under, answers } = await play(course, storage);
      for (const room of ROOMS) {
        const posts = storage.of(room).events.filter(isPosted);
        const ids = posts.map(({ command }) => command);
        assert.equal(new Set(ids).size, ids.length, 'nothing happens twice');
        const here = answers.filter(answer => answer.room === room);
        for (const { id, seq } of here) {
          const event = posts.find(({ command }) => command === id);
          if (seq !== undefined) assert.equal(event?.seq, seq);
        }
        const order = here.map(({ id }) => id).filter(id => ids.includes(id));
        assert.deepEqual(ids, order, 'one command of a room never overtakes another');
        const known = new Set(storage.of(room).events.map(({ seq }) => seq));
        for (const { seq } of under.timeline(room)) assert.ok(known.has(seq), 'nothing is told that was not kept');
        const told = under.timeline(room).map(({ seq }) => seq);
        assert.deepEqual(
          told,
          [...told].sort((one, other) => one - other),
        );
      }
    }),
    { runs: 300 },
  ));

test('where only single rooms are bad, all others get everything', t =>
  holds(
    t,
    fc.asyncProperty(courses, async course => {
      const storage = new FatefulStorage({ ...course, fates: ['kept'] });
      const { answers } = await play(course, storage);
      const bad = course.bad.map(({ room }) => ROOMS[room]);
      for (const { room, seq } of answers) assert.equal(seq === undefined, bad.includes(room));
    }),
    { runs: 200 },
  ));

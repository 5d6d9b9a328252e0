import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RefusedError, type RefusalCode } from '../../../protocol/errors.js';
import type { InkBegin } from '../../../protocol/shapes/stroke.js';
import { VANISHED_GRACE } from '../../../protocol/timeline/grace.js';
import type { Actor } from '../../../server/domain/decide.js';
import type { RoomKey } from '../../../server/domain/room-key.js';
import type { Command } from '../../../server/domain/room-turn.js';
import {
  type UnfinishedLimits,
  type UnfinishedStroke,
  UnfinishedStrokes,
} from '../../../server/realtime/live/unfinished-strokes.js';
import { ManualClock } from '../../support/manual-clock.js';
import { roomKey } from '../../support/room-key.js';
import { actor } from '../../support/rooms.js';
import { isKeep, keep } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

const ROOM = roomKey('acme', 'algebra');
const [ANN, BEN] = [actor('Ann'), actor('Ben', 'moderator')];

const inkOf = (id: string, points: string): InkBegin => [id, 'blue', 4, -2, 1, points];
const strokeOf = (id: string, points = 'AACC', author = ANN): UnfinishedStroke => {
  return { room: ROOM, author, ink: inkOf(id, points) };
};

interface Submitted {
  readonly room: RoomKey;
  readonly author: Actor;
  readonly command: Command;
}

/** Unfinished strokes before rooms that take everything, or refuse it while `refusal` says so. */
function holding(limits: Partial<UnfinishedLimits> = {}) {
  const clock = new ManualClock();
  const submitted: Submitted[] = [];
  const drawnOn = new Set<string>();
  const world = { refusal: undefined as RefusalCode | undefined, open: true, answered: Promise.resolve() };
  const strokes = new UnfinishedStrokes({
    clock,
    rooms: {
      async submit(room, author, command) {
        submitted.push({ room, author, command });
        await world.answered;
        if (world.refusal) throw new RefusedError(world.refusal);
        return 1;
      },
    },
    isDrawnOn: ({ ink }) => drawnOn.has(ink[0]),
    mayBeKept: () => world.open,
    onRest: () => undefined,
    limits,
  });
  const kept = () =>
    submitted.map(({ command: { body } }) => (isKeep(body) ? `${body.shape.id} ${body.shape.content.points}` : ''));
  return { clock, strokes, submitted, kept, drawnOn, world };
}

/** Lets what was submitted be answered. */
const answered = () => new Promise(resolve => setImmediate(resolve));

test('a stroke waits the grace for its author, and is kept as they drew it', () => {
  const { clock, strokes, submitted } = holding();
  strokes.hold(strokeOf('strokeA1', 'AACC', BEN));
  clock.advance(VANISHED_GRACE - 1);
  assert.equal(submitted.length, 0);
  clock.advance(1);
  const [first] = submitted;
  assert.ok(first);
  const { room, author, command } = first;
  assert.deepEqual([room, author], [ROOM, BEN]);
  assert.deepEqual(command.body, keep(stroke({ id: 'strokeA1', pressure: true, points: 'AACC' })));
  assert.match(command.id, /^[\w-]{16}$/);
  clock.advance(60_000);
  assert.deepEqual([submitted.length, strokes.size, clock.waiting], [1, 0, 0]);
});

test('each has a grace of its own', () => {
  const { clock, strokes, kept } = holding();
  strokes.hold(strokeOf('strokeA1'));
  clock.advance(2_000);
  strokes.hold(strokeOf('strokeB2'));
  clock.advance(VANISHED_GRACE - 2_000);
  assert.deepEqual(kept(), ['strokeA1 AACC']);
  clock.advance(2_000);
  assert.deepEqual(kept(), ['strokeA1 AACC', 'strokeB2 AACC']);
});

test('one that is drawn on holds up no other', () => {
  const { clock, strokes, kept, drawnOn } = holding();
  strokes.hold(strokeOf('strokeA1'));
  clock.advance(1_000);
  strokes.hold(strokeOf('strokeB2'));
  drawnOn.add('strokeA1');
  clock.advance(VANISHED_GRACE - 1);
  assert.deepEqual(kept(), []);
  clock.advance(1);
  assert.deepEqual(kept(), ['strokeB2 AACC']);
});

test('while its author draws on it is not kept; if they vanish again the longer part is', () => {
  const { clock, strokes, kept, drawnOn } = holding();
  strokes.hold(strokeOf('strokeA1', 'AACCCC'));
  drawnOn.add('strokeA1');
  clock.advance(10 * VANISHED_GRACE);
  assert.deepEqual(kept(), []);
  // Back, but gone again before all of it was said again.
  drawnOn.clear();
  strokes.hold(strokeOf('strokeA1', 'AA'));
  clock.advance(VANISHED_GRACE);
  assert.deepEqual(kept(), ['strokeA1 AACCCC']);

  strokes.hold(strokeOf('strokeB2', 'AA'));
  clock.advance(1_000);
  strokes.hold(strokeOf('strokeB2', 'AACC'));
  clock.advance(VANISHED_GRACE - 1);
  assert.equal(kept().length, 1);
  clock.advance(1);
  assert.deepEqual(kept().slice(1), ['strokeB2 AACC']);
});

test('what its author drops is forgotten, and nobody else’s of the same name', () => {
  const { clock, strokes, submitted } = holding();
  strokes.hold(strokeOf('strokeA1'));
  strokes.hold(strokeOf('strokeA1', 'AAEE', BEN));
  strokes.forget(ROOM, BEN.person.id, 'strokeB2');
  strokes.forget(roomKey('acme', 'other'), ANN.person.id, 'strokeA1');
  strokes.forget(ROOM, ANN.person.id, 'strokeA1');
  clock.advance(VANISHED_GRACE);
  assert.deepEqual(
    submitted.map(({ author }) => author),
    [BEN],
  );
});

test('a room that can’t write just now is asked again, by the same command; what it refuses is given up', async () => {
  const { clock, strokes, submitted, world } = holding();
  world.refusal = 'unavailable';
  strokes.hold(strokeOf('strokeA1'));
  for (let tries = 1; tries <= 3; tries += 1) {
    clock.advance(VANISHED_GRACE);
    await answered();
    assert.equal(submitted.length, tries);
  }
  world.refusal = 'board_full';
  clock.advance(VANISHED_GRACE);
  await answered();
  assert.equal(new Set(submitted.map(({ command }) => command.id)).size, 1);
  assert.deepEqual([submitted.length, strokes.size, clock.waiting], [4, 0, 0]);
});

test('of too many the oldest are kept early, by number or by size', () => {
  const few = holding({ strokes: 2 });
  for (const id of ['strokeA1', 'strokeB2', 'strokeC3', 'strokeD4']) few.strokes.hold(strokeOf(id));
  assert.deepEqual(few.kept(), ['strokeA1 AACC', 'strokeB2 AACC']);
  assert.equal(few.strokes.size, 2);

  const small = holding({ characters: 10 });
  small.strokes.hold(strokeOf('strokeA1', 'AACC'));
  small.strokes.hold(strokeOf('strokeA1', 'AACCCC'));
  small.strokes.hold(strokeOf('strokeB2', 'AACC'));
  assert.deepEqual(small.kept(), []);
  small.strokes.hold(strokeOf('strokeC3', 'AA'));
  assert.deepEqual(small.kept(), ['strokeA1 AACCCC']);
  small.strokes.hold(strokeOf('strokeD4', 'AA'.repeat(20)));
  assert.equal(small.strokes.size, 0);
});

test('where nothing can be written no more is held than there is place for', async () => {
  const { clock, strokes, submitted, world } = holding({ strokes: 3 });
  world.refusal = 'unavailable';
  for (let count = 0; count < 50; count += 1) {
    strokes.hold(strokeOf(`stroke${String(count).padStart(2, '0')}`));
    await answered();
    assert.ok(strokes.size <= 3);
  }
  assert.ok(submitted.length <= 50);
  world.refusal = undefined;
  clock.advance(2 * VANISHED_GRACE);
  await answered();
  assert.deepEqual([strokes.size, clock.waiting], [0, 0]);
});

test('of a site that was removed nothing is kept', () => {
  const { clock, strokes, submitted, world } = holding();
  strokes.hold(strokeOf('strokeA1'));
  world.open = false;
  clock.advance(VANISHED_GRACE);
  assert.deepEqual([submitted, strokes.size], [[], 0]);
});

test('closing keeps what waits at once, and waits until it is answered; later nothing is held', async () => {
  const { clock, strokes, kept, world } = holding();
  strokes.hold(strokeOf('strokeA1'));
  strokes.hold(strokeOf('strokeB2'));
  let answer: () => void = () => undefined;
  world.answered = new Promise(resolve => (answer = resolve));
  world.refusal = 'unavailable';
  let closed = false;
  const closing = strokes.close().then(() => (closed = true));
  assert.deepEqual(kept(), ['strokeA1 AACC', 'strokeB2 AACC']);
  await answered();
  assert.equal(closed, false);
  answer();
  await closing;
  strokes.hold(strokeOf('strokeC3'));
  await strokes.close();
  assert.deepEqual([kept().length, strokes.size, clock.waiting], [2, 0, 0]);
});

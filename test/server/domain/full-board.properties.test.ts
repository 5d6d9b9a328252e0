/**
 * A board that is almost full: nothing makes it fuller than it may be, and nothing is refused that
 * still fits.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import { shapesSince, visibleShapes } from '../../../protocol/timeline/state.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';
import { ReferenceRoom } from '../../support/properties/reference-room.js';
import { RoomServer } from '../../support/properties/room-server.js';
import { CAST, shapeId, strokeOf } from '../../support/properties/story.js';
import { draw, drawn, erase, isDraw, isKeep, isUndo, keep, undo } from '../../support/commands.js';

/** Shapes are named by number, commands by how far back they lie; sizes are in points. */
type Deed =
  | { readonly do: 'draw' | 'vanish'; readonly shape: number; readonly size: number }
  | { readonly do: 'erase'; readonly shape: number }
  | { readonly do: 'undo'; readonly back: number };

const shape = fc.nat({ max: 5 });
const deeds = (largest: number): fc.Arbitrary<Deed[]> => {
  const size = fc.integer({ min: 1, max: largest });
  const stroke = plainRecord({ do: fc.constantFrom('draw' as const, 'vanish' as const), shape, size });
  const erasing = plainRecord({ do: fc.constant('erase' as const), shape });
  const undoing = plainRecord({ do: fc.constant('undo' as const), back: fc.nat({ max: 4 }) });
  return fc.array(fc.oneof({ weight: 2, arbitrary: stroke }, erasing, { weight: 2, arbitrary: undoing }), {
    maxLength: 25,
    size: 'max',
  });
};

const dots = (count: number): string => 'AA'.repeat(count);

/** A room with so many strokes of so many points. */
function filled(count: number, size: number): ReferenceRoom {
  const room = new ReferenceRoom();
  const stroke = strokeOf(0, dots(size));
  for (let prev = 0; prev < count; prev += 1) {
    const header = { seq: prev + 1, prev, at: 0, by: 1, command: 'c' };
    room.happen({ ...header, ...drawn({ ...stroke, id: shapeId(100 + prev) }) });
  }
  return room;
}

function bodyOf(deed: Deed, given: readonly string[]) {
  switch (deed.do) {
    case 'draw':
      return draw(strokeOf(deed.shape, dots(deed.size)));
    case 'vanish':
      return keep(strokeOf(deed.shape, dots(deed.size)));
    case 'erase':
      return erase([shapeId(deed.shape)]);
    case 'undo':
      return undo(given.at(-1 - deed.back) ?? 'none');
  }
}

const sizeOf = (strokes: readonly StrokeForm[]): number =>
  strokes.reduce((sum, { content }) => sum + content.points.length, 0);

/**
 * Does it all, and looks at each step whether what is to be seen, and what was refused, is right.
 */
function assertKept(room: ReferenceRoom, done: readonly Deed[]): void {
  const server = new RoomServer(room);
  const given: string[] = [];
  const fits = (more: readonly StrokeForm[], instead: readonly StrokeForm[]): boolean => {
    const visible = visibleShapes(room.whole);
    return (
      visible.length + more.length - instead.length <= LIMITS.shapesPerBoard &&
      sizeOf(visible) + sizeOf(more) - sizeOf(instead) <= LIMITS.weightPerBoard
    );
  };
  for (const deed of done) {
    const body = bodyOf(deed, given);
    const id = `command-${given.length}`;
    given.push(id);
    const before = new Map(room.whole.shapes);
    const wouldFit = (): boolean => {
      if (isUndo(body)) {
        const target = room.accepted.find(command => command.id === body.command);
        return fits(target ? shapesSince(room.whole, target.seq).filter(({ hidden }) => hidden) : [], []);
      }
      if (!isDraw(body) && !isKeep(body)) return true;
      const known = before.get(body.shape.id);
      if (known?.hidden) return true;
      return fits([body.shape], known ? [known] : []);
    };
    const expected = wouldFit();
    const [outcome] = server.take([{ actor: CAST.ann, command: { id, body } }]);
    const isFull = outcome instanceof RefusedError && outcome.code === 'board_full';
    if (isFull) assert.equal(expected, false, 'what fits is not refused');
    assert.ok(fits([], []), 'the board is not fuller than it may be');
    assert.equal(server.memory?.weight, sizeOf(visibleShapes(room.whole)));
    assert.equal(server.memory.visible, visibleShapes(room.whole).length);
  }
}

test('in weight', t =>
  holds(
    t,
    fc.property(deeds(LIMITS.strokePoints / 2), done => {
      // Two long strokes fit, and a third does not.
      const count = LIMITS.weightPerBoard / LIMITS.strokePoints - 2;
      assertKept(filled(Math.floor(count), LIMITS.strokePoints / 2), done);
    }),
    { runs: 20 },
  ));

test('in shapes', t =>
  holds(
    t,
    fc.property(deeds(3), done => assertKept(filled(LIMITS.shapesPerBoard - 2, 1), done)),
    { runs: 3 },
  ));

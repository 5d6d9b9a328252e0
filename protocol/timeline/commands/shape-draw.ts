import { newShapeId } from '../../names.js';
import type { ShapeForm } from '../../shapes/index.js';
import type { Effect } from '../effects.js';
import type { EventHeader, EventModule } from '../event.js';
import type { RoomState, Shape, ShapeRecord } from '../state.js';
import type { CommandModule } from './command.js';

/** Puts a shape on the board, or completes an own one that was kept while its author was away. */
export interface ShapeDraw {
  readonly type: 'shape.draw';
  readonly shape: ShapeForm;
  /** When its parts were made; see `encodeTimes` in ink.ts. */
  readonly times?: string;
}

/** `partial`: its author vanished while drawing it, and this is what the server had of it. */
export interface ShapeDrawn {
  readonly type: 'shape.drawn';
  readonly shape: ShapeForm;
  readonly times?: string;
  readonly partial?: true;
}

/**
 * The author of a partial shape finished it: the same shape, whole, and drawn now. Hidden it stays
 * hidden. `partial`: they went on with it and vanished again, so that it is longer but still not
 * whole.
 */
export interface ShapeCompleted {
  readonly type: 'shape.completed';
  readonly shape: ShapeForm;
  readonly times?: string;
  readonly partial?: true;
}

export const shapeDraw: CommandModule<ShapeDraw> = {
  type: 'shape.draw',
  target: 'board',
  reversal: 'undo-the-undo',
  independent: true,
  outcome(state, { shape, times }, { author }): readonly (ShapeDrawn | ShapeCompleted)[] {
    const known = state.shapes.get(shape.id);
    if (known && !isOwnPartial(known, author)) return [];
    const drawn = times === undefined ? { shape } : { shape, times };
    return [known ? { type: 'shape.completed', ...drawn } : { type: 'shape.drawn', ...drawn }];
  },
  finishes: ({ shape }) => shape.id,
  underAnotherId: body => ({ ...body, shape: { ...body.shape, id: newShapeId() } }),
};

/** Whether a shape waits for this author to complete it. */
export function isOwnPartial({ partial, by }: ShapeRecord, author: number): boolean {
  return partial === true && by === author;
}

export const shapeDrawn: EventModule<ShapeDrawn> = {
  effects: (_, event) => [put(event, { since: event.seq }, true)],
  finishes,
};

export const shapeCompleted: EventModule<ShapeCompleted> = {
  effects(state: RoomState, event) {
    const before = state.shapes.get(event.shape.id);
    // A state that lacks it lacks a hidden shape, which stays hidden.
    if (!before) return [];
    const { since, hidden } = before;
    const visibility = hidden ? { since, hidden } : { since: event.seq };
    const interval = { shape: before.id, was: 'partial', from: before.seq, to: event.seq } as const;
    return [put(event, visibility, false), { type: 'endInterval', ...interval }];
  },
  finishes,
};

function put(
  { by, at, seq, shape, times, partial }: EventHeader & (ShapeDrawn | ShapeCompleted),
  visibility: Pick<ShapeRecord, 'since' | 'hidden'>,
  isNew: boolean,
): Effect {
  // Throws for what is no shape at all.
  const { id } = shape;
  const put: Shape = { ...shape, id, by, at, seq, ...visibility, ...(partial && { partial }) };
  return { type: 'putShape', shape: put, isNew, ...(times !== undefined && { times }) };
}

/** Over a partial shape its author may go on drawing. */
function finishes({ shape, partial }: ShapeDrawn | ShapeCompleted): string | undefined {
  return partial ? undefined : shape.id;
}

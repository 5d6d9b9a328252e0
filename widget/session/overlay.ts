import { shapesSince } from '../../protocol/timeline/evolve.js';
import type { RoomState, Stroke } from '../../protocol/timeline/state.js';
import type { ShapeView } from './contract.js';
import type { OutboxEntry } from './outbox.js';

/** A shape as pending commands leave it. */
export interface Laid {
  readonly shape: ShapeView;
  readonly hidden: boolean;
  /** The pending command that showed or hid it last. */
  readonly since: string;
}

/**
 * What pending commands will make of the state, as far as a client can tell: the shapes that they change, and how. What the
 * server says afterwards wins.
 *
 * @param seqs the events of own commands, which an undo may name
 * @param draw makes the view of a pending stroke
 */
export function overlay(
  state: RoomState | undefined,
  pending: Iterable<OutboxEntry>,
  seqs: ReadonlyMap<string, number>,
  draw: (stroke: Stroke, at: number) => ShapeView,
): ReadonlyMap<string, Laid> {
  const laid = new Map<string, Laid>();

  const hide = (id: string, since: string): void => {
    const { shape, hidden } = laid.get(id) ?? { shape: state?.shapes.get(id), hidden: false };
    if (shape && !shape.hidden && !hidden) laid.set(id, { shape, hidden: true, since });
  };

  const undo = (command: string, since: string): void => {
    const untouched = shapesUntouchedSince(command);
    for (const [id, { shape, hidden }] of laid) {
      if (laid.get(id)?.since === command) laid.set(id, { shape, hidden: !hidden, since });
    }
    for (const shape of untouched) {
      const { hidden, ...shown } = shape;
      laid.set(shape.id, { shape: shown, hidden: !hidden, since });
    }
  };

  const shapesUntouchedSince = (command: string): ShapeView[] => {
    const seq = seqs.get(command);
    if (!state || seq === undefined) return [];
    return shapesSince(state, seq).filter(({ id }) => !laid.has(id));
  };

  for (const { id: command, body, createdAt } of pending) {
    switch (body.type) {
      case 'shape.draw':
        if (state?.shapes.has(body.stroke.id)) break;
        laid.set(body.stroke.id, { shape: draw(body.stroke, createdAt), hidden: false, since: command });
        break;
      case 'shapes.erase':
        for (const id of body.shapes) hide(id, command);
        break;
      case 'board.clear':
        for (const id of [...(state?.shapes.keys() ?? []), ...laid.keys()]) hide(id, command);
        break;
      case 'command.undo':
        undo(body.command, command);
        break;
      case 'message.post':
    }
  }
  return laid;
}

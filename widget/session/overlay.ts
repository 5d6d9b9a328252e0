import { shapesSince } from '../../protocol/timeline/evolve.js';
import type { RoomState, Stroke } from '../../protocol/timeline/state.js';
import type { ShapeView } from './contract.js';
import type { OutboxEntry } from './outbox.js';

/** A shape as pending commands leave it. */
export interface Laid {
  readonly shape: ShapeView;
  readonly hidden: boolean;
  /** What drew it: a pending command, or the seq of an event. */
  readonly drawn: string | number;
  /** Hidden: what hid it. Else as `drawn`. */
  readonly since: string | number;
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
    const known = laid.get(id);
    const shape = known?.shape ?? state?.shapes.get(id);
    if (!shape || shape.hidden || known?.hidden) return;
    laid.set(id, { shape, hidden: true, since, drawn: known?.drawn ?? shape.seq });
  };

  const undo = (command: string, since: string): void => {
    const seq = seqs.get(command);
    const flip = ({ shape, hidden, drawn }: Omit<Laid, 'since'>): void => {
      laid.set(shape.id, { shape, hidden: !hidden, since: hidden ? drawn : since, drawn });
    };
    const untouched = state && seq !== undefined ? shapesSince(state, seq).filter(({ id }) => !laid.has(id)) : [];
    for (const known of [...laid.values()]) if (known.since === command || known.since === seq) flip(known);
    for (const { hidden = false, ...shape } of untouched) flip({ shape, hidden, drawn: shape.seq });
  };

  for (const { id: command, body, createdAt } of pending) {
    switch (body.type) {
      case 'shape.draw': {
        const shape = draw(body.stroke, createdAt);
        const known = state?.shapes.get(shape.id);
        // A partial shape of our own is completed; hidden it stays hidden.
        if (known && !(known.partial && known.by === shape.by)) break;
        const { hidden = false, since } = laid.get(shape.id) ?? known ?? {};
        // Anew, so that it lies on top.
        laid.delete(shape.id);
        laid.set(shape.id, { shape, hidden, since: hidden && since !== undefined ? since : command, drawn: command });
        break;
      }
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

import type { Effect } from '../effects.js';
import type { EventModule } from '../event.js';
import { shapesSince } from '../state.js';
import type { CommandModule } from './command.js';

/** Takes back an own command, or the undoing of one (which is its redo), by its command id. */
export interface CommandUndo {
  readonly type: 'command.undo';
  readonly command: string;
}

/**
 * The shapes that event `of` drew are hidden, or those that it hid are shown again; each only where
 * nothing touched it since. A drawing that was undone is done again by undoing the undo; an
 * erasing, by erasing again.
 */
export interface CommandUndone {
  readonly type: 'command.undone';
  readonly of: number;
  /** How many. */
  readonly shapes: number;
}

export const commandUndo: CommandModule<CommandUndo> = {
  type: 'command.undo',
  target: 'board',
  reversal: 'undo',
  independent: false,
  outcome(state, { command }, giver): readonly CommandUndone[] {
    const of = giver.eventOf(command);
    const shapes = of === undefined ? 0 : shapesSince(state, of).length;
    return of === undefined || shapes === 0 ? [] : [{ type: 'command.undone', of, shapes }];
  },
};

export const commandUndone: EventModule<CommandUndone> = {
  effects(state, { seq, of }) {
    const shapes = shapesSince(state, of);
    const shown = shapes.filter(({ hidden }) => hidden).map(({ id }) => id);
    const hidden = shapes.filter(shape => !shape.hidden).map(({ id }) => id);
    const effects: Effect[] = [];
    if (hidden.length > 0) effects.push({ type: 'hideShapes', ids: hidden, since: seq });
    if (shown.length > 0) effects.push({ type: 'showShapes', ids: shown });
    for (const shape of shown) effects.push({ type: 'endInterval', shape, was: 'hidden', from: of, to: seq });
    return effects;
  },
  lacks: (state, { of, shapes }) => shapesSince(state, of).length !== shapes,
};

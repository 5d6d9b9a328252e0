import type { EventModule } from '../event.js';
import type { RoomState } from '../state.js';
import type { CommandModule } from './command.js';

/** Hides shapes, whoever drew them. */
export interface ShapesErase {
  readonly type: 'shapes.erase';
  readonly shapes: readonly string[];
}

/** Each of them was visible before. */
export interface ShapesErased {
  readonly type: 'shapes.erased';
  readonly shapes: readonly string[];
}

export const shapesErase: CommandModule<ShapesErase> = {
  type: 'shapes.erase',
  target: 'board',
  reversal: 'give-again',
  independent: false,
  /** What somebody else erased a moment ago is no reason to fail. */
  outcome(state, body): readonly ShapesErased[] {
    const shapes = visibleOf(state, [...new Set(body.shapes)]);
    return shapes.length === 0 ? [] : [{ type: 'shapes.erased', shapes }];
  },
};

export const shapesErased: EventModule<ShapesErased> = {
  effects: (state, { seq, shapes }) => [{ type: 'hideShapes', ids: visibleOf(state, shapes), since: seq }],
};

function visibleOf(state: RoomState, ids: readonly string[]): string[] {
  return ids.filter(id => {
    const shape = state.shapes.get(id);
    return shape !== undefined && !shape.hidden;
  });
}

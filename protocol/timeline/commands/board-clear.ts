import type { EventModule } from '../event.js';
import { visibleShapes } from '../state.js';
import type { CommandModule } from './command.js';

/** Hides everything on the board; for moderators. */
export interface BoardClear {
  readonly type: 'board.clear';
}

/** Every shape that was visible is hidden. */
export interface BoardCleared {
  readonly type: 'board.cleared';
}

export const boardClear: CommandModule<BoardClear> = {
  type: 'board.clear',
  target: 'board',
  reversal: 'give-again',
  independent: false,
  outcome(state): readonly BoardCleared[] {
    for (const { hidden } of state.shapes.values()) if (!hidden) return [{ type: 'board.cleared' }];
    return [];
  },
};

export const boardCleared: EventModule<BoardCleared> = {
  effects: (state, { seq }) => [{ type: 'hideShapes', ids: visibleShapes(state).map(({ id }) => id), since: seq }],
};

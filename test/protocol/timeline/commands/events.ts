/** What comes of a single command, for tests of its module. */
import type { AnyPayload, EventPayload } from '../../../../protocol/timeline/events.js';
import type { Effect } from '../../../../protocol/timeline/effects.js';
import { evolve } from '../../../../protocol/timeline/evolve.js';
import { type AnyBody, commandModule, type Giver } from '../../../../protocol/timeline/commands/index.js';
import type { RoomState } from '../../../../protocol/timeline/state.js';
import { next } from '../told.js';

/** Somebody with the index 1, whose commands are known by the events that they made. */
export const ANN: Giver = { author: 1, eventOf: command => Number(command) || undefined };

const moduleOf = ({ type }: AnyBody) => {
  const module = commandModule(type);
  if (!module) throw new TypeError(`no module for ${type}`);
  return module;
};

/** What comes of a command. */
export function outcome(state: RoomState, body: AnyBody, giver = ANN): readonly AnyPayload[] {
  return moduleOf(body).outcome(state, body, giver);
}

/** What an event changes; the state is after it. */
export const effectsOf = (state: RoomState, payload: EventPayload): readonly Effect[] =>
  evolve(state, next(state, payload));

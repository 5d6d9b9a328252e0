/** Rooms and decisions, for tests of the rules of single commands. */
import { RefusedError, type RefusalCode } from '../../../../protocol/errors.js';
import { weightOf } from '../../../../protocol/shapes/index.js';
import type { AnyBody } from '../../../../protocol/timeline/commands/index.js';
import type { AnyPayload } from '../../../../protocol/timeline/events.js';
import { emptyState, type RoomState, type Shape, visibleShapes } from '../../../../protocol/timeline/state.js';
import type { DecisionContext } from '../../../../server/domain/commands/command.js';
import { type Actor, decide } from '../../../../server/domain/decide.js';
import { ruleOf } from '../../../support/commands.js';
import { actor } from '../../../support/rooms.js';
import { stroke } from '../../../support/strokes.js';

export const [ANN, VIEWER, MODERATOR] = [actor('Ann'), actor('Ann', 'viewer'), actor('Ann', 'moderator')] as const;

export function shape(changed: Partial<Shape> = {}): Shape {
  return { ...stroke(), by: 1, at: 0, seq: 1, since: 1, ...changed };
}

/** A room that knows Ann as author 1, with these shapes. */
export function room(...shapes: readonly Shape[]): RoomState {
  const people = new Map([[1, ANN.person]]);
  return { ...emptyState('e'), seq: 9, people, shapes: new Map(shapes.map(each => [each.id, each])) };
}

/** What a command leads to; a refusal by its code. */
export function decided(
  state: RoomState,
  body: AnyBody,
  { by = ANN, ...context }: Partial<DecisionContext> & { readonly by?: Actor } = {},
): readonly AnyPayload[] | RefusalCode {
  const shapes = visibleShapes(state);
  const counts = { visible: shapes.length, weight: shapes.reduce((sum, each) => sum + weightOf(each), 0) };
  const known = { author: 1, policy: { keepsTimes: true }, ...counts };
  const result = decide(state, by, body, ruleOf(body), { ...known, ...context });
  return result instanceof RefusedError ? result.code : result;
}

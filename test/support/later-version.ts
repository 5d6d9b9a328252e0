/**
 * A later version of the program, as far as today's can tell: it knows a command, an event and a
 * kind of shape that nobody else does. Nothing but these entries is needed for a server to take,
 * decide, keep and tell them.
 */
import { Type } from '@sinclair/typebox';

import { commandSchemas } from '../../protocol/schema/commands/index.js';
import { Color, exactly, ShapeId } from '../../protocol/schema/fields.js';
import { SHAPE_SCHEMAS } from '../../protocol/schema/shapes/index.js';
import type { AnyForm, PlacedBox } from '../../protocol/shapes/index.js';
import type { CommandModule } from '../../protocol/timeline/commands/index.js';
import type { EventModule } from '../../protocol/timeline/events.js';
import type { CommandRule } from '../../server/domain/commands/command.js';
import { type Kinds, KINDS } from '../../server/kinds.js';

/** Asks for a number between 1 and 6. */
export interface DiceRoll {
  readonly type: 'dice.roll';
  readonly wish: number;
}

interface DiceRolled {
  readonly type: 'dice.rolled';
  readonly value: number;
}

/** A kind of shape with a place, as all kinds but the stroke have it. */
export interface StampForm extends AnyForm {
  readonly kind: 'stamp';
  readonly place: PlacedBox;
  readonly look: { readonly color: string };
  readonly content: { readonly motif: string };
}

export const stamp = (id: string, x: number, y: number): StampForm => ({
  id,
  kind: 'stamp',
  place: { x, y, width: 60, height: 40, angle: 0.2 },
  look: { color: 'red' },
  content: { motif: 'star' },
});

const diceRoll: CommandModule<DiceRoll> = {
  type: 'dice.roll',
  target: 'talk',
  reversal: 'none',
  independent: false,
  outcome: (_, { wish }): readonly DiceRolled[] => [{ type: 'dice.rolled', value: wish }],
};

const diceRolled: EventModule<DiceRolled> = {
  effects: (_, { value }) => [{ type: 'putSetting', name: 'dice', value }],
};

const rule: CommandRule<DiceRoll> = {
  role: 'member',
  undoable: false,
  members: ({ wish }) => [wish],
  decide: (state, body) => diceRoll.outcome(state, body, { author: -1, eventOf: () => undefined }),
};

const face = Type.Integer({ minimum: 1, maximum: 6 });
const number = Type.Number();

const stampSchema = exactly({
  id: ShapeId,
  kind: Type.Literal('stamp'),
  place: exactly({ x: number, y: number, width: number, height: number, angle: number }),
  look: exactly({ color: Color }),
  content: exactly({ motif: Type.String({ maxLength: 20 }) }),
});

export const LATER_KINDS: Kinds = {
  rules: { ...KINDS.rules, 'dice.roll': rule },
  events: { ...KINDS.events, 'dice.rolled': diceRolled },
  schemas: {
    ...commandSchemas({ ...SHAPE_SCHEMAS, stamp: stampSchema }),
    'dice.roll': {
      body: exactly({ type: Type.Literal('dice.roll'), wish: face }),
      events: { 'dice.rolled': exactly({ type: Type.Literal('dice.rolled'), value: face }) },
    },
  },
};

import { type TSchema, Type } from '@sinclair/typebox';

import { INK_POINTS } from '../../ink.js';
import { LIMITS } from '../../limits.js';
import { exactly, text } from '../fields.js';
import type { CommandSchemas } from './command.js';

/** @param shape any shape that may be drawn */
export const shapeDraw = <Shape extends TSchema>(shape: Shape) => {
  const drawn = { shape, times: Type.Optional(text(INK_POINTS, LIMITS.strokeTimes)) };
  const partial = Type.Optional(Type.Literal(true));
  return {
    body: exactly({ type: Type.Literal('shape.draw'), ...drawn }),
    events: {
      'shape.drawn': exactly({ type: Type.Literal('shape.drawn'), ...drawn, partial }),
      'shape.completed': exactly({ type: Type.Literal('shape.completed'), ...drawn, partial }),
    },
  } satisfies CommandSchemas;
};

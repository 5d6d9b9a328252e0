import { Type } from '@sinclair/typebox';

import { LIMITS } from '../../limits.js';
import { exactly, ShapeId } from '../fields.js';
import type { CommandSchemas } from './command.js';

const shapes = Type.Array(ShapeId, { minItems: 1, maxItems: LIMITS.shapesPerCommand });

export const shapesErase = {
  body: exactly({ type: Type.Literal('shapes.erase'), shapes }),
  events: { 'shapes.erased': exactly({ type: Type.Literal('shapes.erased'), shapes }) },
} satisfies CommandSchemas;

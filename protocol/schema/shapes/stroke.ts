import { Type } from '@sinclair/typebox';

import { INK_POINTS, INK_SCALE } from '../../ink.js';
import { LIMITS } from '../../limits.js';
import { Color, exactly, ShapeId, text } from '../fields.js';

const Width = Type.Number({ minimum: 0.01, maximum: 1_000 });
const Scale = Type.Integer({ minimum: INK_SCALE.min, maximum: INK_SCALE.max });

export const StrokeSchema = exactly({
  id: ShapeId,
  kind: Type.Literal('stroke'),
  look: exactly({ color: Color, width: Width }),
  content: exactly({ scale: Scale, pressure: Type.Boolean(), points: text(INK_POINTS, LIMITS.strokePoints) }),
});

/**
 * The members of a stroke in progress, in their order.
 * @param points of the first points, or of all so far
 */
export const inkBegin = (points: number) =>
  [ShapeId, Color, Width, Scale, Type.Union([Type.Literal(0), Type.Literal(1)]), text(INK_POINTS, points)] as const;

import { Type, type TSchema } from '@sinclair/typebox';

import { FREE_COLOR, INK_COLORS, INK_POINTS, type InkColor } from '../ink.js';
import { LIMITS } from '../limits.js';
import { COMMAND_ID, ROOM_NAME, SHAPE_ID } from '../names.js';

/**
 * A schema whose values are `Value`: what the protocol's types say and what is checked can't drift
 * apart.
 */
export type SchemaOf<Value> = TSchema & { readonly static: Value };

/** An object with exactly these members. */
export const exactly = <const Members extends Record<string, TSchema>>(members: Members) =>
  Type.Object(members, { additionalProperties: false });

/** Text of a pattern. */
export const text = (pattern: RegExp, maxLength: number) => Type.String({ pattern: pattern.source, maxLength });

export const RoomName = text(ROOM_NAME, 64);
export const CommandId = text(COMMAND_ID, 16);
export const ShapeId = text(SHAPE_ID, 8);
export const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Epoch = text(/^[A-Za-z0-9_-]{1,32}$/, 32);
export const Token = Type.String({ minLength: 1, maxLength: LIMITS.tokenBytes });

export const Color = Type.Unsafe<InkColor>(
  Type.Union([...INK_COLORS.map(name => Type.Literal(name)), text(FREE_COLOR, 7)]),
);
export const LivePoints = text(INK_POINTS, LIMITS.livePoints);
export const Coordinate = Type.Integer({ minimum: -LIMITS.boardExtent, maximum: LIMITS.boardExtent });

/** Whom an event or another node names. */
export const PersonSchema = exactly({
  id: Type.String({ maxLength: 200 }),
  name: Type.String(),
  guest: Type.Optional(Type.Literal(true)),
});

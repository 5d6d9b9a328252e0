/**
 * The form of everything that a client may send over the socket, in the words of conversation.ts.
 */
import { type TSchema, Type } from '@sinclair/typebox';

import { LIMITS } from '../limits.js';
import { CommandId, Coordinate, Epoch, exactly, LivePoints, RoomName, Seq, Token } from './fields.js';
import { inkBegin } from './shapes/stroke.js';

export const JoinSchema = exactly({ room: RoomName });
export const LeaveSchema = exactly({ room: RoomName });
export const CatchupSchema = exactly({ room: RoomName, after: exactly({ epoch: Epoch, seq: Seq }) });
export const ReadSchema = exactly({ room: RoomName, seq: Seq });
export const RefreshSchema = exactly({ token: Token });
export const ConnectAuthSchema = exactly({ token: Token, protocol: Type.Integer({ minimum: 0, maximum: 1_000 }) });

/**
 * An order of one of some commands. A wait that is longer than may be told counts as the longest.
 */
export const commandSchema = <Body extends TSchema>(body: Body) =>
  exactly({
    room: RoomName,
    id: CommandId,
    body,
    waited: Type.Optional(Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  });

export const HandleSchema = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** @param points characters of ink that one step may hold */
export const liveStepSchema = (points: number) =>
  Type.Union([
    Type.Tuple([Type.Literal('more'), LivePoints]),
    Type.Tuple([Type.Literal('at'), Coordinate, Coordinate]),
    Type.Tuple([Type.Literal('ink'), ...inkBegin(points)]),
    Type.Tuple([Type.Literal('drop')]),
    Type.Tuple([Type.Literal('away')]),
    Type.Tuple([Type.Literal('type'), Type.Union([Type.Literal(0), Type.Literal(1)])]),
  ]);

/** At most one frame's worth of steps. */
export const LiveStepsSchema = Type.Array(liveStepSchema(LIMITS.livePoints), { minItems: 1, maxItems: 6 });

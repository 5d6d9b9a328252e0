/** The form of everything that a client may send over the socket, in the words of conversation.ts. */
import { Type } from '@sinclair/typebox';

import { LIMITS } from '../limits.js';
import {
  Color,
  CommandId,
  Coordinate,
  Epoch,
  exactly,
  LivePoints,
  Points,
  RoomName,
  Scale,
  Seq,
  ShapeId,
  Token,
  Width,
} from './fields.js';

export const StrokeSchema = exactly({
  id: ShapeId,
  kind: Type.Literal('stroke'),
  color: Color,
  width: Width,
  scale: Scale,
  pressure: Type.Boolean(),
  points: Points,
});

export const CommandBodySchema = Type.Union([
  exactly({ type: Type.Literal('message.post'), text: Type.String({ maxLength: LIMITS.messageText }) }),
  exactly({ type: Type.Literal('shape.draw'), stroke: StrokeSchema }),
  exactly({
    type: Type.Literal('shapes.erase'),
    shapes: Type.Array(ShapeId, { minItems: 1, maxItems: LIMITS.shapesPerCommand }),
  }),
  exactly({ type: Type.Literal('board.clear') }),
  exactly({ type: Type.Literal('command.undo'), command: CommandId }),
]);

export const JoinSchema = exactly({ room: RoomName });
export const LeaveSchema = exactly({ room: RoomName });
export const CommandSchema = exactly({ room: RoomName, id: CommandId, body: CommandBodySchema });
export const CatchupSchema = exactly({ room: RoomName, after: exactly({ epoch: Epoch, seq: Seq }) });
export const ReadSchema = exactly({ room: RoomName, seq: Seq });
export const RefreshSchema = exactly({ token: Token });
export const ConnectAuthSchema = exactly({ token: Token, protocol: Type.Integer({ minimum: 0, maximum: 1_000 }) });

export const HandleSchema = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const LiveStepSchema = Type.Union([
  Type.Tuple([Type.Literal('more'), LivePoints]),
  Type.Tuple([Type.Literal('at'), Coordinate, Coordinate]),
  Type.Tuple([
    Type.Literal('ink'),
    ShapeId,
    Color,
    Width,
    Scale,
    Type.Union([Type.Literal(0), Type.Literal(1)]),
    LivePoints,
  ]),
  Type.Tuple([Type.Literal('drop')]),
  Type.Tuple([Type.Literal('away')]),
  Type.Tuple([Type.Literal('type'), Type.Union([Type.Literal(0), Type.Literal(1)])]),
]);
/** At most one frame's worth of steps. */
export const LiveStepsSchema = Type.Array(LiveStepSchema, { minItems: 1, maxItems: 6 });

/**
 * The forms of commands and of the events that come of them, a module a command, as
 * timeline/commands has them.
 */
import { type TObject, type TSchema, Type } from '@sinclair/typebox';

import type { ShapeForm } from '../../shapes/index.js';
import type { AnyBody, CommandBodies, CommandType } from '../../timeline/commands/index.js';
import type { EventPayloads, EventType } from '../../timeline/events.js';
import { exactly, PersonSchema, type SchemaOf } from '../fields.js';
import { SHAPE_SCHEMAS, type ShapeSchemas } from '../shapes/index.js';
import { boardClear } from './board-clear.js';
import type { CommandSchemas } from './command.js';
import { commandUndo } from './command-undo.js';
import { messagePost } from './message-post.js';
import { shapeDraw } from './shape-draw.js';
import { shapesErase } from './shapes-erase.js';

export type { CommandSchemas } from './command.js';

/** Schemas by type of command. */
export type CommandSchemaRegistry = Readonly<Record<string, CommandSchemas>>;

/** @param shapes the kinds of shapes that may be drawn */
export function commandSchemas(shapes: ShapeSchemas = SHAPE_SCHEMAS) {
  return {
    'message.post': messagePost,
    'shape.draw': shapeDraw(Type.Unsafe<ShapeForm>(Type.Union(Object.values(shapes)))),
    'shapes.erase': shapesErase,
    'board.clear': boardClear,
    'command.undo': commandUndo,
  } satisfies { readonly [Type in CommandType]: CommandSchemas<SchemaOf<CommandBodies[Type]>> };
}

export const COMMAND_SCHEMAS = commandSchemas();

const personEntered = exactly({ type: Type.Literal('person.entered'), person: PersonSchema });

/** Of every event, without its header. A type that has none does not compile. */
export const EVENT_SCHEMAS = {
  'person.entered': personEntered,
  ...COMMAND_SCHEMAS['message.post'].events,
  ...COMMAND_SCHEMAS['shape.draw'].events,
  ...COMMAND_SCHEMAS['shapes.erase'].events,
  ...COMMAND_SCHEMAS['board.clear'].events,
  ...COMMAND_SCHEMAS['command.undo'].events,
} satisfies { readonly [Type in EventType]: SchemaOf<EventPayloads[Type]> };

/** Any of some commands. */
export function bodySchema(commands: CommandSchemaRegistry): SchemaOf<AnyBody> {
  return Type.Unsafe<AnyBody>(Type.Union(Object.values(commands).map(({ body }) => body)));
}

const header = {
  seq: Type.Integer({ minimum: 1 }),
  prev: Type.Integer({ minimum: 0 }),
  at: Type.Integer(),
  by: Type.Integer(),
  command: Type.String(),
  waited: Type.Optional(Type.Integer({ minimum: 1 })),
};

/** An event of any type, known here or not: its header, and whatever else. */
export const AnyEventSchema = Type.Object({ ...header, type: Type.String() });

/** An event with its header. @param payload one of EVENT_SCHEMAS */
export function eventSchema({ properties }: TObject): TSchema {
  return exactly({ ...header, ...properties });
}

/** The compiled checks of what a client may send, and what is built anew from it: a client's own object goes no further. */
import type { Static } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import type { LiveStep } from '../../protocol/conversation.js';
import {
  CatchupSchema,
  type CommandBodySchema,
  CommandSchema,
  HandleSchema,
  JoinSchema,
  LeaveSchema,
  LiveStepsSchema,
  ReadSchema,
  RefreshSchema,
} from '../../protocol/schema/orders.js';
import type { CommandBody } from '../../protocol/timeline/commands.js';

export const FORMS = {
  join: TypeCompiler.Compile(JoinSchema),
  leave: TypeCompiler.Compile(LeaveSchema),
  command: TypeCompiler.Compile(CommandSchema),
  catchup: TypeCompiler.Compile(CatchupSchema),
  read: TypeCompiler.Compile(ReadSchema),
  refresh: TypeCompiler.Compile(RefreshSchema),
};

const handleForm = TypeCompiler.Compile(HandleSchema);
const stepsForm = TypeCompiler.Compile(LiveStepsSchema);

/** A command's body with the fields of its kind and no others. */
export function commandBody(body: Static<typeof CommandBodySchema>): CommandBody {
  switch (body.type) {
    case 'message.post':
      return { type: body.type, text: body.text };
    case 'shape.draw': {
      const { id, kind, color, width, scale, pressure, points } = body.stroke;
      return { type: body.type, stroke: { id, kind, color, width, scale, pressure, points } };
    }
    case 'shapes.erase':
      return { type: body.type, shapes: [...body.shapes] };
    case 'board.clear':
      return { type: body.type };
    case 'command.undo':
      return { type: body.type, command: body.command };
  }
}

/** Characters of a command, about: what its rate is counted in. */
export function commandSize(body: CommandBody): number {
  const base = 64;
  switch (body.type) {
    case 'message.post':
      return base + body.text.length;
    case 'shape.draw':
      return base + body.stroke.points.length;
    case 'shapes.erase':
      return base + body.shapes.length * 8;
    default:
      return base;
  }
}

/** A live message: the room's number and steps; undefined where it has another form. */
export function liveMessage(args: readonly unknown[]): { handle: number; steps: readonly LiveStep[] } | undefined {
  const [handle, ...steps] = args;
  if (!handleForm.Check(handle) || !stepsForm.Check(steps)) return undefined;
  return { handle, steps };
}

/** Characters of live steps, about. */
export function liveSize(steps: readonly LiveStep[]): number {
  return steps.reduce(
    (size, step) => size + 8 + (step[0] === 'more' ? step[1].length : step[0] === 'ink' ? step[6].length : 0),
    0,
  );
}

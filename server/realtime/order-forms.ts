/** The compiled checks of what a client may send, and what is built anew from it: a client's own object goes no further. */
import type { Static } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import type { LiveStep } from '../../protocol/conversation.js';
import { countPoints } from '../../protocol/ink.js';
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

/** What is counted of a command, and of live steps. */
export interface Measure {
  /** Characters, about. */
  readonly size: number;
  /** Points of ink. */
  readonly points: number;
}

export function measureCommand(body: CommandBody): Measure {
  const base = 64;
  switch (body.type) {
    case 'message.post':
      return { size: base + body.text.length, points: 0 };
    case 'shape.draw': {
      const { points, pressure } = body.stroke;
      return { size: base + points.length, points: countPoints(points, pressure) };
    }
    case 'shapes.erase':
      return { size: base + body.shapes.length * 8, points: 0 };
    default:
      return { size: base, points: 0 };
  }
}

/** A live message: the room's number and steps; undefined where it has another form. */
export function liveMessage(args: readonly unknown[]): { handle: number; steps: readonly LiveStep[] } | undefined {
  const [handle, ...steps] = args;
  if (!handleForm.Check(handle) || !stepsForm.Check(steps)) return undefined;
  return { handle, steps };
}

/** Of more points nobody says whether they have pressure: they count as if they had none, which is a third more. */
export function measureLive(steps: readonly LiveStep[]): Measure {
  let size = 0;
  let points = 0;
  for (const step of steps) {
    size += 8;
    if (step[0] === 'more') {
      size += step[1].length;
      points += countPoints(step[1], false);
    } else if (step[0] === 'ink') {
      size += step[6].length;
      points += countPoints(step[6], step[5] === 1);
    }
  }
  return { size, points };
}

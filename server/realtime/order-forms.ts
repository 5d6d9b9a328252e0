/**
 * Compiled checks of what a client may send. They refuse unknown members, so what passes has
 * exactly these fields.
 */
import { TypeCompiler } from '@sinclair/typebox/compiler';

import type { LiveStep } from '../../protocol/conversation.js';
import { countPoints } from '../../protocol/ink.js';
import { bodySchema, type CommandSchemaRegistry } from '../../protocol/schema/commands/index.js';
import {
  CatchupSchema,
  commandSchema,
  HandleSchema,
  JoinSchema,
  LeaveSchema,
  LiveStepsSchema,
  ReadSchema,
  RefreshSchema,
} from '../../protocol/schema/orders.js';
import type { Measure } from '../../protocol/timeline/commands/index.js';

/** @param schemas of the commands that may be given */
export function orderForms(schemas: CommandSchemaRegistry) {
  return {
    join: TypeCompiler.Compile(JoinSchema),
    leave: TypeCompiler.Compile(LeaveSchema),
    command: TypeCompiler.Compile(commandSchema(bodySchema(schemas))),
    catchup: TypeCompiler.Compile(CatchupSchema),
    read: TypeCompiler.Compile(ReadSchema),
    refresh: TypeCompiler.Compile(RefreshSchema),
  };
}

const handleForm = TypeCompiler.Compile(HandleSchema);
const stepsForm = TypeCompiler.Compile(LiveStepsSchema);

/** A live message: the room's number and steps; undefined where it has another form. */
export function liveMessage(args: readonly unknown[]): { handle: number; steps: readonly LiveStep[] } | undefined {
  const [handle, ...steps] = args;
  if (!handleForm.Check(handle) || !stepsForm.Check(steps)) return undefined;
  return { handle, steps };
}

/**
 * Too many points: whether they have pressure does not matter. Counted as without, which gives a
 * third more.
 */
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

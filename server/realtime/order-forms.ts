/**
 * The compiled checks of what a client may send. They refuse members that they don't name, so what
 * passed is as it was built here.
 */
import { TypeCompiler } from '@sinclair/typebox/compiler';

import type { LiveStep } from '../../protocol/conversation.js';
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

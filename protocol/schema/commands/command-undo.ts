import { Type } from '@sinclair/typebox';

import { CommandId, exactly, Seq } from '../fields.js';
import type { CommandSchemas } from './command.js';

export const commandUndo = {
  body: exactly({ type: Type.Literal('command.undo'), command: CommandId }),
  events: {
    'command.undone': exactly({
      type: Type.Literal('command.undone'),
      of: Seq,
      shapes: Type.Integer({ minimum: 1 }),
    }),
  },
} satisfies CommandSchemas;

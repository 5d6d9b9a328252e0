import { Type } from '@sinclair/typebox';

import { exactly } from '../fields.js';
import type { CommandSchemas } from './command.js';

export const boardClear = {
  body: exactly({ type: Type.Literal('board.clear') }),
  events: { 'board.cleared': exactly({ type: Type.Literal('board.cleared') }) },
} satisfies CommandSchemas;

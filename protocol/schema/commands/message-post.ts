import { Type } from '@sinclair/typebox';

import { LIMITS } from '../../limits.js';
import { exactly } from '../fields.js';
import type { CommandSchemas } from './command.js';

const text = Type.String({ maxLength: LIMITS.messageText });

export const messagePost = {
  body: exactly({ type: Type.Literal('message.post'), text }),
  events: { 'message.posted': exactly({ type: Type.Literal('message.posted'), text }) },
} satisfies CommandSchemas;

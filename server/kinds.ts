import { COMMAND_SCHEMAS, type CommandSchemaRegistry } from '../protocol/schema/commands/index.js';
import type { EventRegistry } from '../protocol/timeline/events.js';
import { EVENTS } from '../protocol/timeline/evolve.js';
import type { RuleRegistry } from './domain/commands/command.js';
import { RULES } from './domain/commands/index.js';

/** The commands and events that there are: everything that the server knows of single kinds. */
export interface Kinds {
  readonly rules: RuleRegistry;
  readonly events: EventRegistry;
  readonly schemas: CommandSchemaRegistry;
}

export const KINDS: Kinds = { rules: RULES, events: EVENTS, schemas: COMMAND_SCHEMAS };

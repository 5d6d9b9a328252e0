import type { ParseArgsConfig } from 'node:util';

import type { Given } from './given.js';
import type { OperatorApi } from './operator-api.js';
import type { Screen } from './screen.js';

/** What a command may use. */
export interface CommandContext {
  readonly given: Given;
  readonly screen: Screen;
  /** The running server; asked for only by commands that need it. */
  readonly api: () => OperatorApi;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** Whether the command needs it; default not. */
  readonly required?: boolean;
  /** What stands for the value in the usage line: `NAME`. */
  readonly value?: string;
  readonly about: string;
}

/** One thing that `chalk-talk` does. */
export interface Command {
  /** The words that call it: `sites origins add`. */
  readonly name: string;
  /** What must stand after it, in capitals; the last one may be repeated (`ORIGIN...`). */
  readonly operands: readonly string[];
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** One line. */
  readonly about: string;
  /** Whether it talks to the running server, and so takes `--url`, `--insecure` and `--json`. */
  readonly remote: boolean;
  run(context: CommandContext): Promise<void>;
}

/** Options of every command that talks to the running server. */
export const REMOTE_OPTIONS = {
  url: {
    type: 'string',
    value: 'URL',
    about: 'where the server is (CHALK_TALK_URL; else this machine, at PORT or 3000)',
  },
  insecure: { type: 'boolean', about: 'send ADMIN_TOKEN over plain http to another machine all the same' },
  json: { type: 'boolean', about: "print the API's answer as JSON" },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** All options of a command, its own and those of its kind. */
export function optionsOf({ options = {}, remote }: Command): Readonly<Record<string, CommandOption>> {
  return remote ? { ...options, ...REMOTE_OPTIONS } : options;
}

/** The options as node:util parses them. */
export function parseOptionsOf(command: Command): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(optionsOf(command)).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
}

/** `chalk-talk sites add SITE [--name NAME] …` */
export function usageOf(command: Command): string {
  const options = Object.entries(command.options ?? {}).map(([name, { value, multiple, required }]) => {
    const option = `--${name}${value === undefined ? '' : ` ${value}`}`;
    return required ? option : `[${option}]${multiple ? '...' : ''}`;
  });
  return ['chalk-talk', command.name, ...command.operands, ...options].join(' ');
}

/** The words of a command line: what a command takes, and what it was given. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

import { ROOM_PATTERN } from '../../protocol/names.js';

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** Whether the command needs it; default not. */
  readonly required?: boolean;
  /** What stands for the value in the usage line: `NAME`. */
  readonly value?: string;
  readonly about: string;
}

/** How a command is called. */
export interface CommandSyntax {
  /** The words that call it: `sites origins add`. */
  readonly name: string;
  /** What must stand after it, in capitals; the last one may be repeated (`ORIGIN...`). */
  readonly operands: readonly string[];
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** Whether it talks to the running server, and so takes `--url`, `--insecure` and `--json`. */
  readonly remote: boolean;
}

/** Options of every command that talks to the running server. */
const REMOTE_OPTIONS = {
  url: {
    type: 'string',
    value: 'URL',
    about: 'where the server is (CHALK_TALK_URL; else this machine, at PORT or 3000)',
  },
  insecure: { type: 'boolean', about: 'send ADMIN_TOKEN over plain http to another machine all the same' },
  json: { type: 'boolean', about: "print the API's answer as JSON" },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** All options of a command, its own and those of its kind. */
export function optionsOf({ options = {}, remote }: CommandSyntax): Readonly<Record<string, CommandOption>> {
  return remote ? { ...options, ...REMOTE_OPTIONS } : options;
}

/** The options as node:util parses them. */
function parseOptionsOf(command: CommandSyntax): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(optionsOf(command)).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
}

/** `chalk-talk sites add SITE [--name NAME] …` */
export function usageOf(command: CommandSyntax): string {
  const options = Object.entries(command.options ?? {}).map(([name, { value, multiple, required }]) => {
    const option = `--${name}${value === undefined ? '' : ` ${value}`}`;
    return required ? option : `[${option}]${multiple ? '...' : ''}`;
  });
  return ['chalk-talk', command.name, ...command.operands, ...options].join(' ');
}

/** The command was not called as it must be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was given to a command: its operands and options. */
export class Given {
  readonly #operands: readonly string[];
  readonly #options: Readonly<Record<string, unknown>>;

  /**
   * @throws UsageError where an operand or a needed option is missing, an operand too many, or an
   *   option unknown.
   */
  constructor(command: CommandSyntax, words: readonly string[]) {
    const { positionals, values } = parsed(command, words);
    const repeats = command.operands.at(-1)?.endsWith('...') ?? false;
    const missing = command.operands[positionals.length];
    if (missing !== undefined) throw new UsageError(`${missing.replace('...', '')} is missing.`);
    const [unexpected] = repeats ? [] : positionals.slice(command.operands.length);
    if (unexpected !== undefined) throw new UsageError(`There is a word too many: ${unexpected}`);
    const needed = Object.entries(command.options ?? {}).find(([name, { required }]) => required && !(name in values));
    if (needed) throw new UsageError(`--${needed[0]} is missing.`);
    this.#operands = positionals;
    this.#options = values;
  }

  /** The operand at a place; every place that the command names has one. */
  operand(place: number): string {
    return this.#operands[place] ?? '';
  }

  /** The operands from a place on. */
  operandsFrom(place: number): readonly string[] {
    return this.#operands.slice(place);
  }

  flag(name: string): boolean {
    return this.#options[name] === true;
  }

  text(name: string): string | undefined {
    const said = this.#options[name];
    return typeof said === 'string' ? said : undefined;
  }

  /** An option that may be given several times. */
  texts(name: string): readonly string[] | undefined {
    const said = this.#options[name];
    return Array.isArray(said) ? said.map(String) : undefined;
  }

  /** @throws UsageError where it is no whole number. */
  count(name: string): number | undefined {
    const said = this.text(name);
    if (said === undefined) return undefined;
    if (!/^\d{1,9}$/.test(said)) throw new UsageError(`--${name} must be a whole number, not ${said}`);
    return Number(said);
  }
}

function parsed(command: CommandSyntax, words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: parseOptionsOf(command), allowPositionals: true, strict: true });
  } catch (fault) {
    // The first sentence says it; the others are about dashes.
    throw new UsageError(
      fault instanceof Error ? `${fault.message.split('. ')[0] ?? ''}.`.replace('..', '.') : String(fault),
    );
  }
}

/** Rooms and roles, as `ROOM=ROLE`. @throws UsageError */
export function roomRoles(words: readonly string[]): Record<string, 'viewer' | 'member' | 'moderator'> {
  return Object.fromEntries(
    words.map(word => {
      const [room, role, ...rest] = word.split('=');
      if (!room || rest.length > 0 || (role !== 'viewer' && role !== 'member' && role !== 'moderator')) {
        throw new UsageError(`${word} is not ROOM=ROLE, where the role is viewer, member or moderator.`);
      }
      if (!ROOM_PATTERN.test(room)) {
        const form = 'up to 64 lower-case letters, digits, dots, hyphens and underscores; a `*` may stand at its end';
        throw new UsageError(`${JSON.stringify(room)} is not a room: ${form}.`);
      }
      return [room, role];
    }),
  );
}

import type { Static, TSchema } from '@sinclair/typebox';

import type { CommandSyntax, Given } from './command-line.js';
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

/** One thing that `chalk-talk` does. */
export interface Command extends CommandSyntax {
  /** One line. */
  readonly about: string;
  run(context: CommandContext): Promise<void>;
}

interface Showing<Form extends TSchema> extends Omit<Command, 'remote' | 'run'> {
  /** What the answer must look like. */
  readonly form: Form;
  /** Where it is asked for. @throws UsageError where what was given leads nowhere */
  readonly path: (given: CommandContext['given']) => string;
  /** Shows the answer to a person. */
  readonly show: (answer: Static<Form>, context: CommandContext) => void;
}

/** A command that asks the running server for something, and shows it. */
export function showing<Form extends TSchema>({ form, path, show, ...command }: Showing<Form>): Command {
  return {
    ...command,
    remote: true,
    async run(context) {
      const answer = await context.api().ask(form, 'GET', path(context.given));
      context.screen.answer(answer, () => show(answer, context));
    },
  };
}

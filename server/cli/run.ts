import { packageVersion } from '../package-version.js';
import type { Command } from './command.js';
import { Given, UsageError, usageOf } from './command-line.js';
import { findCommand, isGroup } from './commands.js';
import { help } from './help.js';
import { FailedError, OperatorApi } from './operator-api.js';
import { type Output, Screen } from './screen.js';

/** What a command is run in. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly complaints: Output;
  readonly now: () => number;
}

/** Exit codes: what was asked for was refused or failed; it was not asked for as it must be. */
const [FAILED, WRONG_USAGE] = [1, 2];

/**
 * Runs one command.
 *
 * @param words what stands after `chalk-talk`
 * @returns the exit code; undefined where it is not known yet: a server runs
 */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<number | undefined> {
  const { output, complaints } = surroundings;
  const found = findCommand(words);
  try {
    if (words.includes('--version')) new Screen(output, false).line(await packageVersion());
    else if (words.length === 0 || words[0] === 'help' || words.some(isHelp)) {
      help(
        new Screen(output, false),
        words.filter(word => word !== 'help' && !isHelp(word)),
      );
    } else if (!found && isGroup(words)) help(new Screen(output, false), words);
    else if (!found) throw new UsageError(`There is no command ${words.join(' ')}.`);
    else {
      await runCommand(found.command, found.rest, surroundings);
      return found.command.name === 'serve' ? undefined : 0;
    }
    return 0;
  } catch (fault) {
    if (words.includes('--json') && (fault instanceof UsageError || fault instanceof FailedError)) {
      const code = fault instanceof FailedError ? fault.code : 'usage';
      complaints.write(`${JSON.stringify({ error: { code, message: fault.message } })}\n`);
      return fault instanceof FailedError ? FAILED : WRONG_USAGE;
    }
    if (fault instanceof UsageError) {
      const usage = found ? usageOf(found.command) : 'chalk-talk COMMAND …; `chalk-talk help` lists them';
      complaints.write(`${fault.message}\nusage: ${usage}\n`);
      return WRONG_USAGE;
    }
    if (!(fault instanceof FailedError)) throw fault;
    complaints.write(`${fault.message} [${fault.code}]\n`);
    return FAILED;
  }
}

const isHelp = (word: string) => word === '--help' || word === '-h';

async function runCommand(command: Command, words: readonly string[], surroundings: Surroundings): Promise<void> {
  const { environment, output, now } = surroundings;
  const given = new Given(command, words);
  let api: OperatorApi | undefined;
  await command.run({
    given,
    environment,
    now,
    screen: new Screen(output, given.flag('json')),
    api: () =>
      (api ??= new OperatorApi({
        url: given.text('url') ?? serverIn(environment),
        token: environment['ADMIN_TOKEN']?.trim(),
        insecure: given.flag('insecure'),
      })),
  });
}

function serverIn(environment: Surroundings['environment']): string {
  return environment['CHALK_TALK_URL']?.trim() || `http://127.0.0.1:${environment['PORT']?.trim() || '3000'}`;
}

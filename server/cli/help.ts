import type { Command } from './command.js';
import { optionsOf, UsageError, usageOf } from './command-line.js';
import { COMMANDS, findCommand } from './commands.js';
import type { Screen } from './screen.js';

/**
 * Tells what there is: everything, a group (`sites`), or one command.
 *
 * @throws UsageError where there is no such command
 */
export function help(screen: Screen, words: readonly string[]): void {
  const command = findCommand(words)?.command;
  if (command) {
    helpWith(screen, command);
    return;
  }
  const group = words.join(' ');
  const listed = COMMANDS.filter(({ name }) => group === '' || name.startsWith(`${group} `));
  if (listed.length === 0) throw new UsageError(`There is no command ${group}.`);
  if (group === '') {
    screen.line('chalk-talk: run Chalk Talk, and look after its sites');
    screen.line();
  }
  screen.pairs(listed.map(known => [`  ${[known.name, ...known.operands].join(' ')}`, known.about]));
  screen.line();
  const alone = COMMANDS.filter(({ remote }) => !remote).map(({ name }) => `\`${name}\``);
  screen.line(
    `More on one: chalk-talk help COMMAND. All but ${alone.slice(0, -1).join(', ')} and ${alone.at(-1) ?? ''} talk to the`,
  );
  screen.line(
    'running server, with ADMIN_TOKEN from the environment, at --url or CHALK_TALK_URL (default: this machine, at PORT or 3000).',
  );
}

function helpWith(screen: Screen, command: Command): void {
  screen.line(usageOf(command));
  screen.line();
  screen.line(`  ${command.about}`);
  const options = Object.entries(optionsOf(command));
  if (options.length === 0) return;
  screen.line();
  screen.pairs(
    options.map(([name, { value, about }]) => [`  --${name}${value === undefined ? '' : ` ${value}`}`, about]),
  );
}

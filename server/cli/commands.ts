import { BACKUP_COMMAND } from './backup.js';
import type { Command } from './command.js';
import { COPY_COMMAND, MIGRATE_COMMAND, RESTORE_COMMAND, SERVE_COMMAND } from './local-commands.js';
import { KEY_COMMANDS } from './keys.js';
import { PEOPLE_COMMANDS } from './revocations.js';
import { REPORT_COMMANDS } from './reports.js';
import { SITE_LIST_COMMANDS } from './site-lists.js';
import { SITE_COMMANDS } from './sites.js';
import { TOKEN_COMMANDS } from './tokens.js';

/** Everything that `chalk-talk` does, in the order in which help lists it. */
export const COMMANDS: readonly Command[] = [
  SERVE_COMMAND,
  ...REPORT_COMMANDS,
  ...SITE_COMMANDS,
  ...SITE_LIST_COMMANDS,
  ...KEY_COMMANDS,
  ...TOKEN_COMMANDS,
  ...PEOPLE_COMMANDS,
  BACKUP_COMMAND,
  RESTORE_COMMAND,
  COPY_COMMAND,
  MIGRATE_COMMAND,
];

/** The command whose name begins the words, and the words after it. */
export function findCommand(
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } | undefined {
  for (let length = Math.min(3, words.length); length > 0; length -= 1) {
    const name = words.slice(0, length).join(' ');
    const command = COMMANDS.find(known => known.name === name);
    if (command) return { command, rest: words.slice(length) };
  }
  return undefined;
}

/** Whether commands begin with these words, and none is these words alone. */
export function isGroup(words: readonly string[]): boolean {
  return COMMANDS.some(({ name }) => name.startsWith(`${words.join(' ')} `));
}

import type { RefusalCode } from '../../protocol/errors.js';
import type { MainKey } from './en/main.js';

/** Why something was not taken, where a visitor can make something of the reason. */
export function reasonWords(code: RefusalCode | undefined): MainKey | undefined {
  switch (code) {
    case 'too_large':
      return 'tooLong';
    case 'role_forbidden':
      return 'notAllowed';
    case 'board_full':
      return 'boardFull';
    default:
      return undefined;
  }
}

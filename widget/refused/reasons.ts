import type { RefusalCode } from '../../protocol/errors.js';
import type { CommandTarget } from '../../protocol/timeline/commands/index.js';
import { refused as english, type RefusedKey } from '../words/en/refused.js';
import type { Language } from '../words/languages.js';
import { speaker } from '../words/words.js';

/** Why a command was not taken, as a sentence for whoever gave it. */
export function sayReason(target: CommandTarget, code: RefusalCode, { words, lang }: Language): string {
  const say = speaker(words.refused ?? english, lang);
  const reason = reasonWords(target, code);
  if (target !== 'talk') return say(reason ?? 'notKept');
  return reason ? say('notSentWhy', { reason: say(reason) }) : say('notSent');
}

/** Undefined where the reason helps nobody but the page's author. */
function reasonWords(target: CommandTarget, code: RefusalCode): RefusedKey | undefined {
  const isMessage = target === 'talk';
  switch (code) {
    case 'too_large':
      return isMessage ? 'tooLong' : 'strokeTooLong';
    case 'role_forbidden':
      return 'readOnly';
    case 'room_forbidden':
    case 'person_revoked':
      return 'notLetIn';
    case 'token_missing':
    case 'token_invalid':
    case 'token_expired':
    case 'token_revoked':
      return 'signedOut';
    case 'token_person_changed':
      return 'otherPerson';
    case 'command_id_reused':
      return isMessage ? 'lostOnTheWay' : undefined;
    case 'outbox_full':
      return 'outboxFull';
    case 'outbox_expired':
      return isMessage ? 'messageExpired' : 'drawingExpired';
    case 'board_full':
      return 'boardFull';
    case 'undo_unknown':
    case 'undo_too_old':
      return 'undoTooOld';
    case 'shape_unknown':
      return 'notThere';
    case 'rate_limited':
    case 'person_bytes_limited':
    case 'person_points_limited':
    case 'connection_messages_limited':
    case 'connection_bytes_limited':
    case 'connection_points_limited':
    case 'site_messages_limited':
    case 'site_bytes_limited':
    case 'site_points_limited':
    case 'too_many_connections':
      return 'tooMuch';
    default:
      return undefined;
  }
}

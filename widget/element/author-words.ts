/** What the author of the page is told in the console. Loaded when there is something to tell. */
import { ROOM_NAME, SITE_ID } from '../../protocol/names.js';
import type { Wishes } from './entrance.js';
import type { ChalkErrorCode } from './events.js';

/** What the page's author has to set or mend before there is a way in: one sentence. */
export function whatIsMissing({ site, room, server, tokenUrl }: Wishes): string {
  if (!site) return 'Set the attribute `site` to the id of your site.';
  if (!SITE_ID.test(site)) return `\`site="${site}"\` is no site id: lower-case letters, digits and "-".`;
  if (!room) return 'Set the attribute `room` to the name of a room.';
  if (!ROOM_NAME.test(room)) return `\`room="${room}"\` is no room name: it must match ${ROOM_NAME.source}.`;
  if (!URL.canParse(server, document.baseURI)) return `\`server="${server}"\` is no address.`;
  return `\`token-url="${tokenUrl}"\` is no address.`;
}

/**
 * What each refusal that the script raises by itself says to the page's author; the server explains
 * its own.
 */
export const OWN_REFUSALS: Partial<Record<ChalkErrorCode, string>> = {
  token_missing: 'No token: `token` is empty, or `getToken` gave something else than a text.',
  protocol_unsupported: 'The server sent something that this script does not know. Reload the page.',
  room_forbidden: 'This person may not be in the room any longer: their role was taken back.',
  not_joined: 'There is no room yet: wait for `chalk-ready`.',
  role_forbidden: 'Nothing can be written here: the element is `readonly`, or the role does not allow it.',
  text_empty: 'A message needs some text.',
  too_large: 'What was written or drawn is over the limit for its kind.',
  outbox_full: 'Too much is waiting to be sent. It goes on when the connection is back.',
  outbox_expired: 'What had waited for more than 14 days was not sent.',
  token_person_changed: 'Somebody else is signed in now: what their predecessor had waiting was not sent.',
  unavailable: 'The server could not be reached, or answered something else than Chalk Talk does.',
};

import { ROOM_NAME, SITE_ID } from '../../protocol/names.js';
import type { Wishes } from './entrance.js';

/** What the page's author has to set or mend before there is a way in: one sentence. Loaded when something is missing. */
export function whatIsMissing({ site, room, server, tokenUrl }: Wishes): string {
  if (!site) return 'Set the attribute `site` to the id of your site.';
  if (!SITE_ID.test(site)) return `\`site="${site}"\` is no site id: lower-case letters, digits and "-".`;
  if (!room) return 'Set the attribute `room` to the name of a room.';
  if (!ROOM_NAME.test(room)) return `\`room="${room}"\` is no room name: it must match ${ROOM_NAME.source}.`;
  if (!URL.canParse(server, document.baseURI)) return `\`server="${server}"\` is no address.`;
  return `\`token-url="${tokenUrl}"\` is no address.`;
}

import type { Connection } from './connection.js';
import { RoomPages, type SiteAddress } from './pages-api.js';
import type { Platform } from './platform.js';
import type { RecordSource } from './record.js';
import { asError } from './refusals.js';

/** What a room's record needs of the server: the small by the connection, the large by HTTP with the connection's token. */
export function roomSource(
  address: SiteAddress,
  room: string,
  connection: Connection,
  platform: Platform,
): RecordSource {
  const pages = new RoomPages(address, room, () => connection.token, platform);
  return {
    snapshot: () => pages.snapshot(),
    history: before => pages.history(before),
    command: ({ id, body }) => connection.order('command', { room, id, body }),
    async catchup(after) {
      const answer = await connection.order('catchup', { room, after });
      if (!answer.ok) throw asError(answer.error);
      return answer;
    },
  };
}

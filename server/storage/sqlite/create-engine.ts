import type { Database } from 'better-sqlite3';

import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { Engine } from './engine.js';
import { ReadPositionTable } from './read-position-table.js';
import { RoomTable } from './room-table.js';
import { SiteTable } from './site-table.js';
import { TimelineReader } from './timeline-reader.js';
import { TurnCommitter } from './turn-committer.js';
import { TurnOpener } from './turn-opener.js';
import { openVault } from './vault.js';

/**
 * The engine over an open database, which it closes in the end.
 *
 * @param now server time in milliseconds since 1970
 */
export function createEngine(database: Database, secretKey: string, now: () => number): Engine {
  const rooms = new RoomTable(database, now);
  const reader = new TimelineReader(database, rooms);
  const opener = new TurnOpener(database, rooms, reader);
  const committer = new TurnCommitter(database, rooms, now);
  const readPositions = new ReadPositionTable(database, rooms);
  const sites = new SiteTable(database, openVault(database, secretKey), now);

  return {
    openTurn: requests => opener.open(requests),
    commitTurn: appends => committer.commit(appends),
    holds: (room: RoomKey, event: TimelineEvent) => {
      const [kept] = reader.tail(room, event.seq - 1, 1);
      return kept?.seq === event.seq && kept.command === event.command;
    },
    head: room => {
      const { epoch, seq, title } = rooms.head(room);
      return { epoch, seq, title };
    },
    snapshot: room => reader.snapshot(room),
    tail: (room, after, limit) => reader.tail(room, after, limit),
    messages: (room, before, limit) => reader.history(room, before, limit),
    readPosition: (room, person) => readPositions.of(room, person),
    markRead: marks => readPositions.mark(marks),
    sites: () => sites.all(),
    putSite: site => sites.put(site),
    addKey: key => sites.addKey(key),
    revokeKey: (site, kid) => sites.revokeKey(site, kid),
    close: () => void database.close(),
  };
}

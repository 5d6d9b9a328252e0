import type { Database } from 'better-sqlite3';

import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import type { RoomKey } from '../../domain/room-key.js';
import { backUp } from './back-up.js';
import type { Engine } from './engine.js';
import { Forgetter } from './forgetter.js';
import { ReadPositionTable } from './read-position-table.js';
import { RevocationTable } from './revocation-table.js';
import { RoomTable } from './room-table.js';
import { SiteRemover } from './site-remover.js';
import { SiteTable } from './site-table.js';
import { TimelineReader } from './timeline-reader.js';
import { TurnCommitter } from './turn-committer.js';
import { TurnOpener } from './turn-opener.js';
import { UsageTable } from './usage-table.js';
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
  const usage = new UsageTable(database, now);
  const committer = new TurnCommitter(database, rooms, usage, now);
  const readPositions = new ReadPositionTable(database, rooms);
  const sites = new SiteTable(database, openVault(database, secretKey), now);
  const revocations = new RevocationTable(database, now);
  const remover = new SiteRemover(database);
  const forgetter = new Forgetter(database);
  const tryWriting = database.prepare('UPDATE epoch_seed SET seed = seed');

  return {
    openTurn: requests => opener.open(requests),
    commitTurn: appends => committer.commit(appends),
    holds: (room: RoomKey, event: TimelineEvent) => {
      const [kept] = reader.tail(room, event.seq - 1, 1);
      return kept?.seq === event.seq && kept.command === event.command;
    },
    head: room => rooms.head(room),
    snapshot: room => reader.snapshot(room),
    tail: (room, after, limit) => reader.tail(room, after, limit),
    messages: (room, before, limit) => reader.history(room, before, limit),
    readPosition: (room, person) => readPositions.of(room, person),
    markRead: marks => readPositions.mark(marks),
    sites: () => ({ ...sites.all(), revocations: revocations.all() }),
    putSite: site => sites.put(site),
    addKey: key => sites.addKey(key),
    markKey: (site, kid, forServers) => sites.markKey(site, kid, forServers),
    revokeKey: (site, kid, fingerprint) => sites.revokeKey(site, kid, fingerprint),
    revokedBefore: (site, fingerprint) => sites.revokedBefore(site, fingerprint),
    keyRecords: site => sites.keyRecords(site),
    revoke: (site, revocation) => revocations.put(site, revocation),
    allow: (site, kind, subject) => revocations.delete(site, kind, subject),
    usage: (site, days) => usage.of(site, days),
    tryWriting: () => void tryWriting.run(),
    removeStep: site => remover.step(site),
    forgetStep: (site, before, past) => forgetter.step(site, before, past),
    backUp: file => backUp(database, file),
    close: () => void database.close(),
  };
}

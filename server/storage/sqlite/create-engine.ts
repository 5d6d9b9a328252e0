import type { Database } from 'better-sqlite3';

import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { RoomKey } from '../../domain/room-key.js';
import { backUp } from './backup.js';
import type { Engine } from './engine.js';
import { Forgetter, SiteRemover } from './stepwise-deletion.js';
import { MIGRATIONS } from './migrations/index.js';
import { unpackTurn } from './packed-turn.js';
import { ReadPositionTable } from './read-position-table.js';
import { RevocationTable, SiteTable } from './site-table.js';
import { RoomTable } from './room-table.js';
import { TimelineReader } from './timeline-reader.js';
import { TurnCommitter } from './turn-committer.js';
import { TurnOpener } from './turn-opener.js';
import { UsageTable } from './usage-table.js';
import { openVault } from './database-secrets.js';

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
  const forgetter = new Forgetter(database, now);
  // Of a row that is written as it is nothing is written; this is.
  const tryWriting = database.prepare(`PRAGMA user_version = ${MIGRATIONS.length}`);
  const fold = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  // Outside of a transaction who asks for a row of what was written has it before the disk does,
  // and is not told if that fails.
  const transaction = database.transaction((work: () => unknown) => work());
  const kept = <Value>(work: () => Value): Value => transaction.immediate(work) as Value;

  return {
    openTurn: requests => opener.open(requests),
    commitTurn: turn => committer.commit(unpackTurn(turn)),
    holds: (room: RoomKey, event: AnyEvent) => {
      const [kept] = reader.tail(room, event.seq - 1, 1);
      return kept?.seq === event.seq && kept.command === event.command;
    },
    head: room => rooms.head(room),
    heads: keys => rooms.heads(keys),
    snapshot: room => reader.snapshot(room),
    tail: (room, after, limit) => reader.tail(room, after, limit),
    messages: (room, before, limit) => reader.history(room, before, limit),
    readPosition: (room, person) => readPositions.of(room, person),
    markRead: marks => readPositions.mark(marks),
    sites: () => ({ ...sites.all(), revocations: revocations.all() }),
    putSite: site => kept(() => sites.put(site)),
    addKey: key => kept(() => sites.addKey(key)),
    markKey: (site, kid, forServers) => kept(() => sites.markKey(site, kid, forServers)),
    revokeKey: (site, kid, fingerprint) => kept(() => sites.revokeKey(site, kid, fingerprint)),
    revokedBefore: (site, fingerprint) => sites.revokedBefore(site, fingerprint),
    keyRecords: site => sites.keyRecords(site),
    revoke: (site, revocation) => kept(() => revocations.put(site, revocation)),
    allow: (site, kind, subject) => kept(() => revocations.delete(site, kind, subject)),
    usage: (site, days) => usage.of(site, days),
    makeRoom: () => void fold.get(),
    tryWriting: () => void tryWriting.run(),
    removeStep: site => remover.step(site),
    forgetStep: (site, before, past) => forgetter.step(site, before, past),
    backUp: file => backUp(database, file),
    close: () => void database.close(),
  };
}

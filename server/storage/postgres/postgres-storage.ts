import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { Clock } from '../../clock.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { Revocation, Site, SiteKey } from '../../domain/site.js';
import {
  type Append,
  type Backups,
  type OpenedRoom,
  type SharedStorage,
  type Storage,
  StorageClosedError,
  type TurnRequest,
} from '../../domain/storage.js';
import { ReadMarkBatch } from '../read-mark-batch.js';
import type { Sealing } from '../sealing.js';
import type { Writable } from '../storage-health.js';
import { AcceptedPruner } from './accepted-pruner.js';
import type { Connections, Patience } from './connections.js';
import { ExclusiveWork } from './exclusive-work.js';
import { Forgetter, SiteRemover } from './stepwise-deletion.js';
import { keepReadMarks, readPosition } from './read-positions.js';
import { SiteTable } from './site-table.js';
import { statement } from './statement.js';
import { TimelineReader } from './timeline-reader.js';
import { Turns } from './turns.js';
import { usageOf } from './usage-table.js';

export interface PostgresStorageOptions {
  readonly url: string;
  /** Closed by this. */
  readonly connections: Connections;
  /** For turns alone; closed by this. */
  readonly turns: Connections;
  /** For the server and the operator, whatever load people cause; closed by this. */
  readonly own: Connections;
  /** Closed by this. */
  readonly backups: Backups & { close(): Promise<void> };
  readonly sealing: Sealing;
  /** What epochs are derived from; see epochOf. */
  readonly seed: Uint8Array;
  readonly patience: Patience;
  readonly clock: Clock;
}

/** Changes nothing, but a read-only PostgreSQL refuses it. */
const writeAgain = statement<[]>('UPDATE vault SET id = id');

/**
 * The storage port on PostgreSQL, shared by any number of servers. Turns may run at the same time.
 */
export class PostgresStorage implements Storage, SharedStorage, Backups, Writable {
  readonly isShared = true;
  readonly #connections: Connections;
  readonly #turnConnections: Connections;
  readonly #ownConnections: Connections;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #reader: TimelineReader;
  readonly #sites: SiteTable;
  readonly #remover: SiteRemover;
  readonly #forgetter: Forgetter;
  readonly #pruner: AcceptedPruner;
  readonly #exclusiveWork: ExclusiveWork;
  readonly #readMarks: ReadMarkBatch;
  readonly #backups: PostgresStorageOptions['backups'];
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  readonly backupPrefix: string;

  constructor({ url, connections, turns, own, backups, sealing, seed, patience, clock }: PostgresStorageOptions) {
    const now = () => clock.now();
    this.#connections = connections;
    this.#turnConnections = turns;
    this.#ownConnections = own;
    this.#clock = clock;
    this.#turns = new Turns({ connections: turns, seed, clock });
    this.#reader = new TimelineReader(connections, seed);
    this.#sites = new SiteTable(own, sealing, now);
    this.#remover = new SiteRemover(connections);
    this.#forgetter = new Forgetter(connections, now);
    this.#pruner = new AcceptedPruner(connections, now);
    this.#exclusiveWork = new ExclusiveWork({ url, patience, clock });
    this.#backups = backups;
    this.backupPrefix = backups.backupPrefix;
    this.#readMarks = new ReadMarkBatch(marks => keepReadMarks(connections, marks));
  }

  turn(requests: readonly TurnRequest[], decide: (opened: readonly OpenedRoom[]) => readonly Append[]): Promise<void> {
    return this.#whole(async () => {
      const appends = await this.#turns.take(requests, decide);
      this.#pruner.cameIn(appends.reduce((sum, { accepted }) => sum + accepted.length, 0));
    });
  }

  head(room: RoomKey) {
    return this.#whole(() => this.#reader.head(room));
  }

  heads(rooms: readonly RoomKey[]) {
    return this.#whole(() => this.#reader.heads(rooms));
  }

  snapshot(room: RoomKey) {
    return this.#whole(() => this.#reader.snapshot(room));
  }

  tail(room: RoomKey, after: number, limit: number): Promise<readonly AnyEvent[]> {
    return this.#whole(() => this.#reader.tail(room, after, limit));
  }

  messages(room: RoomKey, before: number, limit: number) {
    return this.#whole(() => this.#reader.messages(room, before, limit));
  }

  readPosition(room: RoomKey, person: string): Promise<number> {
    return this.#whole(() => readPosition(this.#connections, room, person));
  }

  setReadPosition(room: RoomKey, person: string, seq: number): Promise<void> {
    return this.#whole(() => this.#readMarks.add({ room, person, seq }));
  }

  sites() {
    return this.#whole(() => this.#sites.sites());
  }

  siteChanges(): Promise<string> {
    return this.#whole(() => this.#sites.changes());
  }

  putSite(site: Site): Promise<string> {
    return this.#whole(() => this.#sites.putSite(site));
  }

  addKey(key: SiteKey): Promise<void> {
    return this.#whole(() => this.#sites.addKey(key));
  }

  markKey(site: string, kid: string, forServers: boolean): Promise<void> {
    return this.#whole(() => this.#sites.markKey(site, kid, forServers));
  }

  revokeKey(site: string, kid: string, fingerprint?: string): Promise<void> {
    return this.#whole(() => this.#sites.revokeKey(site, kid, fingerprint));
  }

  revokedBefore(site: string, fingerprint: string): Promise<string | undefined> {
    return this.#whole(() => this.#sites.revokedBefore(site, fingerprint));
  }

  keyRecords(site: string) {
    return this.#whole(() => this.#sites.keyRecords(site));
  }

  revoke(site: string, revocation: Revocation): Promise<void> {
    return this.#whole(() => this.#sites.revoke(site, revocation));
  }

  allow(site: string, kind: Revocation['kind'], subject: string): Promise<boolean> {
    return this.#whole(() => this.#sites.allow(site, kind, subject));
  }

  usage(site: string, days: number) {
    return this.#whole(() => usageOf(this.#connections, site, days, this.#clock.now()));
  }

  async removeSite(site: string): Promise<void> {
    await this.#whole(() => this.#remover.begin(site));
    while (!(await this.#whole(() => this.#remover.step(site))));
  }

  async forget(site: string, before: number): Promise<void> {
    let past: string | undefined = '';
    while (past !== undefined) {
      const from: string = past;
      const { rooms, next } = await this.#whole(() => this.#forgetter.search(site, before, from));
      for (const room of rooms) while (await this.#whole(() => this.#forgetter.step(room, before)));
      past = next;
    }
  }

  /** `close` does not wait for the work, whose later calls of storage are refused. */
  async exclusively<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    return this.#exclusiveWork.do(name, work);
  }

  /** `close` does not wait for it, and cancels it. */
  backup(file: string): Promise<void> {
    return this.#backups.backup(file);
  }

  async tryWriting(): Promise<void> {
    await this.#whole(() => this.#ownConnections.change(writeAgain));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#exclusiveWork.close();
    await this.#backups.close();
    await Promise.allSettled(this.#underWay);
    await this.#pruner.close();
    const all = [this.#connections, this.#turnConnections, this.#ownConnections];
    await Promise.all(all.map(connections => connections.close()));
  }

  /** Work that `close` waits for. After it no work starts. */
  async #whole<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#closing) throw new StorageClosedError();
    this.#exclusiveWork.check();
    const done = work();
    this.#underWay.add(done);
    try {
      return await done;
    } finally {
      this.#underWay.delete(done);
    }
  }
}

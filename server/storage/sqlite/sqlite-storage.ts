import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { Revocation, Site, SiteKey } from '../../domain/site.js';
import {
  type Append,
  type Backups,
  type OpenedRoom,
  type Storage,
  StorageClosedError,
  type TurnRequest,
} from '../../domain/storage.js';
import { SerialQueue } from '../../serial-queue.js';
import type { Writable } from '../storage-health.js';
import { backupPrefix } from './backup.js';
import { type DatabaseThread, ThreadLostError } from './database-thread.js';
import type { Arguments, CallName, Result } from './engine.js';
import { packTurn } from './packed-turn.js';
import { ReadMarkBatch } from '../read-mark-batch.js';

/** The storage port over SQLite, which works in a thread of its own. */
export class SqliteStorage implements Storage, Backups, Writable {
  readonly isShared = false;
  readonly #thread: DatabaseThread;
  readonly #readMarks: ReadMarkBatch;
  /**
   * A turn is opened and committed by two calls, and nothing of what it was handed may go between
   * them.
   */
  readonly #turns = new SerialQueue();
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  readonly backupPrefix: string;

  /**
   * @param thread is open, and closed by this.
   * @param prefix see Backups; default a place for temporary files
   */
  constructor(thread: DatabaseThread, prefix = backupPrefix(':memory:')) {
    this.#thread = thread;
    this.backupPrefix = prefix;
    this.#readMarks = new ReadMarkBatch(marks => thread.call('markRead', marks));
  }

  turn(requests: readonly TurnRequest[], decide: (opened: readonly OpenedRoom[]) => readonly Append[]): Promise<void> {
    const turn = async () => {
      const appends = decide(await this.#thread.call('openTurn', requests));
      if (appends.length > 0) await this.#commit(appends);
    };
    return this.#whole(() => this.#turns.run(turn));
  }

  head(room: RoomKey) {
    return this.#ask('head', room);
  }

  heads(rooms: readonly RoomKey[]) {
    return this.#ask('heads', rooms);
  }

  snapshot(room: RoomKey) {
    return this.#ask('snapshot', room);
  }

  tail(room: RoomKey, after: number, limit: number): Promise<readonly AnyEvent[]> {
    return this.#ask('tail', room, after, limit);
  }

  messages(room: RoomKey, before: number, limit: number) {
    return this.#ask('messages', room, before, limit);
  }

  readPosition(room: RoomKey, person: string): Promise<number> {
    return this.#ask('readPosition', room, person);
  }

  setReadPosition(room: RoomKey, person: string, seq: number): Promise<void> {
    return this.#whole(() => this.#readMarks.add({ room, person, seq }));
  }

  sites() {
    return this.#ask('sites');
  }

  putSite(site: Site): Promise<string> {
    return this.#ask('putSite', site);
  }

  addKey(key: SiteKey): Promise<void> {
    return this.#ask('addKey', key);
  }

  markKey(site: string, kid: string, forServers: boolean): Promise<void> {
    return this.#ask('markKey', site, kid, forServers);
  }

  revokeKey(site: string, kid: string, fingerprint?: string): Promise<void> {
    return this.#ask('revokeKey', site, kid, fingerprint);
  }

  revokedBefore(site: string, fingerprint: string): Promise<string | undefined> {
    return this.#ask('revokedBefore', site, fingerprint);
  }

  keyRecords(site: string) {
    return this.#ask('keyRecords', site);
  }

  revoke(site: string, revocation: Revocation): Promise<void> {
    return this.#ask('revoke', site, revocation);
  }

  allow(site: string, kind: Revocation['kind'], subject: string): Promise<boolean> {
    return this.#ask('allow', site, kind, subject);
  }

  usage(site: string, days: number) {
    return this.#ask('usage', site, days);
  }

  async removeSite(site: string): Promise<void> {
    while (!(await this.#betweenTurns('removeStep', site)));
  }

  async forget(site: string, before: number): Promise<void> {
    let past: string | undefined = '';
    while (past !== undefined) past = await this.#betweenTurns('forgetStep', site, before, past);
  }

  /** `close` does not wait for it: there is no backup then. */
  async backup(file: string): Promise<void> {
    if (this.#isClosing()) throw new StorageClosedError();
    try {
      await this.#thread.call('backUp', file);
    } catch (fault) {
      // Closing is what cut it off, whatever the engine says of that.
      throw this.#isClosing() ? new StorageClosedError({ cause: fault }) : fault;
    }
  }

  tryWriting(): Promise<void> {
    return this.#ask('tryWriting');
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#underWay).then(() => this.#thread.close());
    return this.#closing;
  }

  #isClosing(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * A thread that is lost while it commits leaves open whether the disk had it all. The rows tell,
   * and the caller gets the truth: announced if it was kept, and rejected only if it was not.
   */
  async #commit(appends: readonly Append[]): Promise<void> {
    try {
      await this.#thread.call('commitTurn', packTurn(appends));
    } catch (fault) {
      if (!(fault instanceof ThreadLostError) || !(await this.#wasKept(appends).catch(stillLost))) throw fault;
    }
  }

  async #wasKept(appends: readonly Append[]): Promise<boolean> {
    const last = appends.find(({ events }) => events.length > 0);
    const appended = last?.events.at(-1);
    if (!last || !appended) return false;
    // Who asks may lose the next thread too, whose pace sees to it that this does not go round in
    // haste.
    for (;;) {
      await this.#thread.back();
      try {
        return await this.#thread.call('holds', last.room, appended.event);
      } catch (fault) {
        if (!(fault instanceof ThreadLostError)) throw fault;
      }
    }
  }

  #ask<Name extends CallName>(name: Name, ...args: Arguments<Name>): Promise<Result<Name>> {
    return this.#whole(() => this.#thread.call(name, ...args));
  }

  #betweenTurns<Name extends CallName>(name: Name, ...args: Arguments<Name>): Promise<Result<Name>> {
    return this.#whole(() => this.#turns.run(() => this.#thread.call(name, ...args)));
  }

  /** Work that `close` waits for; none is begun after it. */
  async #whole<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#isClosing()) throw new StorageClosedError();
    const done = work();
    this.#underWay.add(done);
    try {
      return await done;
    } finally {
      this.#underWay.delete(done);
    }
  }
}

/** Why it could not be learned what became of a commit says nothing of the commit. */
function stillLost(cause: unknown): never {
  throw cause instanceof StorageClosedError ? cause : new ThreadLostError({ cause });
}

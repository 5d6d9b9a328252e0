/**
 * Everything that the thread of the database can be asked, and how it is said: a call with a
 * number, an answer with the same number. Calls are carried out whole, one after the other, in the
 * order in which they were sent; a backup alone goes on between others.
 */
import type { Snapshot } from '../../../protocol/timeline/state.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { KeyRecord, Revocation, Site, SiteKey, SiteUsage } from '../../domain/site.js';
import type { OpenedRoom, RoomHead, RoomStorage, SiteStorage, TurnRequest } from '../../domain/storage.js';
import type { ReadMark } from '../read-mark-batch.js';
import type { StorageFault } from '../storage-fault.js';
import type { FileIdentity } from './database-file.js';
import type { PackedTurn } from './packed-turn.js';

/** The calls, by name. They throw where nothing was kept. */
export interface Engine {
  openTurn(requests: readonly TurnRequest[]): readonly OpenedRoom[];
  commitTurn(turn: PackedTurn): void;
  /** Whether an event is on the timeline: asked where the answer to a commit was lost. */
  holds(room: RoomKey, event: AnyEvent): boolean;
  head(room: RoomKey): RoomHead;
  heads(rooms: readonly RoomKey[]): Awaited<ReturnType<RoomStorage['heads']>>;
  snapshot(room: RoomKey): Snapshot;
  tail(room: RoomKey, after: number, limit: number): readonly AnyEvent[];
  messages(room: RoomKey, before: number, limit: number): Awaited<ReturnType<RoomStorage['messages']>>;
  readPosition(room: RoomKey, person: string): number;
  markRead(marks: readonly ReadMark[]): void;
  sites(): Awaited<ReturnType<SiteStorage['sites']>>;
  putSite(site: Site): string;
  addKey(key: SiteKey): void;
  markKey(site: string, kid: string, forServers: boolean): void;
  revokeKey(site: string, kid: string, fingerprint?: string): void;
  revokedBefore(site: string, fingerprint: string): string | undefined;
  keyRecords(site: string): readonly KeyRecord[];
  revoke(site: string, revocation: Revocation): void;
  allow(site: string, kind: Revocation['kind'], subject: string): boolean;
  usage(site: string, days: number): SiteUsage;
  /** Writes what is there already, to learn whether anything can be kept. */
  tryWriting(): void;
  /** Folds the log into the database, which gives the room that it takes back to the disk. */
  makeRoom(): void;
  /** One step of a removal; see SiteRemover. Never between the opening of a turn and its commit. */
  removeStep(site: string): boolean;
  /** One step of forgetting; see Forgetter. Never between the opening of a turn and its commit. */
  forgetStep(site: string, before: number, past: string): string | undefined;
  /** The one call that takes its time: others are carried out meanwhile. */
  backUp(file: string): Promise<void>;
  close(): void;
}

export type CallName = keyof Engine;

/** The calls that keep something; the others only read. */
export const WRITING: ReadonlySet<CallName> = new Set<CallName>([
  'commitTurn',
  'markRead',
  'putSite',
  'addKey',
  'markKey',
  'revokeKey',
  'revoke',
  'allow',
  'tryWriting',
  'removeStep',
  'forgetStep',
]);

export type Arguments<Name extends CallName> = Parameters<Engine[Name]>;
export type Result<Name extends CallName> = Awaited<ReturnType<Engine[Name]>>;

/** What goes to the thread. */
export type Call<Name extends CallName = CallName> = {
  [Each in Name]: { readonly number: number; readonly name: Each; readonly args: Arguments<Each> };
}[Name];

/** An error, as it is told from one thread to another. */
export interface Failure {
  readonly message: string;
  /** Where it is a fault of the place where everything is kept. */
  readonly fault: StorageFault | undefined;
}

/**
 * What comes from the thread: once whether it could open the database, then an answer to each call.
 */
export type FromThread =
  | { readonly type: 'ready'; readonly file: FileIdentity | undefined }
  | { readonly type: 'unusable'; readonly failure: Failure }
  | { readonly type: 'done'; readonly number: number; readonly result: Result<CallName> }
  | { readonly type: 'failed'; readonly number: number; readonly failure: Failure };

/** What the thread is started with. */
export interface ThreadData {
  readonly file: string;
  readonly secretKey: string;
  /** In milliseconds; see SqliteOptions. */
  readonly lockPatience: number;
  /**
   * The file that a thread before this one had open; undefined at the first start, when it is
   * looked through.
   */
  readonly known: FileIdentity | undefined;
}

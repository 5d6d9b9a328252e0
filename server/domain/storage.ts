/**
 * The port to storage. The domain owns it; storage/ implements it, once for each engine. One
 * contract suite (test/server/storage/contract.ts) runs against each.
 */
import type { Effect } from '../../protocol/timeline/effects.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { HeldState, Message, Person, Shape, Snapshot } from '../../protocol/timeline/state.js';
import type { RoomKey } from './room-key.js';
import type { KeyRecord, Revocation, Site, SiteKey, SiteUsage } from './site.js';

/** An accepted command: sent again, it succeeds with the same seq. */
export interface AcceptedCommand {
  readonly person: string;
  readonly id: string;
  /** SHA-256 of everything it asks, base64url: another body under the same id is an error. */
  readonly digest: string;
  /** The seq of its event, or the timeline's end where it changed nothing. */
  readonly seq: number;
  /** Whether it can be undone, and so counts towards LIMITS.undoDepth. */
  readonly undoable: boolean;
}

/** A command, by its author and its id. */
export interface CommandRef {
  readonly person: string;
  readonly id: string;
}

/** What one room needs loaded for a turn. */
export interface TurnRequest {
  readonly room: RoomKey;
  /** The position up to which the caller has the timeline; undefined asks for the whole state. */
  readonly after: { readonly epoch: string; readonly seq: number } | undefined;
  /**
   * The last position that the caller has sent to people, or received from another node. A shared
   * database that ends before it, or before `after`, in the same epoch has lost events: a standby
   * took its place. The room then gets a new epoch, so that people load it again, even if nothing
   * is appended.
   */
  readonly told?: { readonly epoch: string; readonly seq: number } | undefined;
  /** Commands to be decided: were they accepted before? */
  readonly commands: readonly CommandRef[];
  /** Commands to be undone. */
  readonly undos: readonly CommandRef[];
  /** Shapes to be changed, hidden or not, and shape ids to be given out. */
  readonly shapes: readonly string[];
  /** Messages to be changed, by seq. */
  readonly messages: readonly number[];
}

/** A room, locked for a turn. */
export interface OpenedRoom {
  readonly room: RoomKey;
  /**
   * The whole state (visible shapes, no messages), where `after` is undefined or of another epoch.
   */
  readonly state?: HeldState;
  /** Otherwise all events that others appended after `after`, in order. */
  readonly events: readonly AnyEvent[];
  /** Those of `commands` that were accepted before. */
  readonly accepted: readonly AcceptedCommand[];
  /** The known ones of `undos`: their seq, and how many undoable commands the person gave since. */
  readonly undos: readonly (CommandRef & { readonly seq: number; readonly later: number })[];
  /**
   * The shapes, hidden ones too: those asked for by id, and those that the commands of `undos` were
   * the last to show or hide.
   */
  readonly shapes: readonly Shape[];
  /** Those of `messages` that exist. */
  readonly messages: readonly Message[];
}

/**
 * An event and its effects. Storage logs the event, applies the effects, and knows no types of
 * events.
 */
export interface AppendedEvent {
  readonly event: AnyEvent;
  readonly effects: readonly Effect[];
}

/** What a turn adds to a room. */
export interface Append {
  readonly room: RoomKey;
  readonly events: readonly AppendedEvent[];
  readonly accepted: readonly AcceptedCommand[];
}

/** Where a room's timeline ends. A room without events has seq 0, and takes no space. */
export interface RoomHead {
  readonly epoch: string;
  readonly seq: number;
  /** Events up to here are forgotten (0: none are). A client behind it takes a snapshot. */
  readonly floor: number;
  /** How often something was erased for good. */
  readonly redactions: number;
  readonly title: string;
}

export interface RoomStorage {
  /**
   * Runs one turn for several rooms, in one transaction. It locks the rooms, loads what was asked
   * for, calls `decide` once, synchronously, appends the events with their effects, and commits.
   * New rooms are created, each with its own epoch.
   *
   * Turns may overlap: those that share no room run side by side where the engine can. A rejected
   * promise means that nothing was kept; or, if the connection to the database was lost, that it is
   * unknown: the caller finds out when it sends the commands again. StorageError.sparesOthers says
   * whether a part of the turn may be tried at once.
   */
  turn(requests: readonly TurnRequest[], decide: (opened: readonly OpenedRoom[]) => readonly Append[]): Promise<void>;

  /** The timeline's end. */
  head(room: RoomKey): Promise<RoomHead>;

  /** The ends of several timelines at once. Rooms without events are left out. */
  heads(rooms: readonly RoomKey[]): Promise<ReadonlyMap<RoomKey, Pick<RoomHead, 'epoch' | 'seq'>>>;

  /**
   * Visible shapes, authors, settings and the newest LIMITS.messagesPerPage messages, all at one
   * seq.
   */
  snapshot(room: RoomKey): Promise<Snapshot>;

  /** At most `limit` events after `seq`, in order. */
  tail(room: RoomKey, after: number, limit: number): Promise<readonly AnyEvent[]>;

  /** At most `limit` messages before `seq`, oldest first, with their authors. */
  messages(
    room: RoomKey,
    before: number,
    limit: number,
  ): Promise<{
    readonly people: readonly (readonly [index: number, person: Person])[];
    readonly messages: readonly Message[];
    readonly more: boolean;
  }>;

  /** How far a person has read; 0 at first. */
  readPosition(room: RoomKey, person: string): Promise<number>;
  /** Moves a read position forward; never back. */
  setReadPosition(room: RoomKey, person: string, seq: number): Promise<void>;
}

export interface SiteStorage {
  /** Every site, every key that is not revoked, and every revocation that has not ended. */
  sites(): Promise<{
    readonly sites: readonly Site[];
    /** By site: the nonce that `putSite` returned. */
    readonly nonces: ReadonlyMap<string, string>;
    readonly keys: readonly SiteKey[];
    readonly revocations: readonly (Revocation & { readonly site: string })[];
  }>;
  /**
   * Adds a site or replaces its settings.
   *
   * @returns a random nonce of 128 bits, drawn when the site is added; a later site of the same id
   *   has another one
   */
  putSite(site: Site): Promise<string>;
  /** Adds a key. Rejects where the site has one of this id, revoked or not. */
  addKey(key: SiteKey): Promise<void>;
  /** Allows a key on connections without an Origin, or no longer. */
  markKey(site: string, kid: string, forServers: boolean): Promise<void>;
  /**
   * Revokes a key: nothing that it signed is accepted from now on.
   *
   * @param fingerprint identifies a public key if it is added again; see `revokedBefore`
   */
  revokeKey(site: string, kid: string, fingerprint?: string): Promise<void>;
  /**
   * The id under which a site revoked a public key of this fingerprint; undefined where it never
   * did.
   */
  revokedBefore(site: string, fingerprint: string): Promise<string | undefined>;
  /** Every key of a site, revoked ones too, oldest first. */
  keyRecords(site: string): Promise<readonly KeyRecord[]>;
  /** Revokes a person or a token. Called again, it replaces the end. */
  revoke(site: string, revocation: Revocation): Promise<void>;
  /** Takes a revocation back. @returns whether there was one */
  allow(site: string, kind: Revocation['kind'], subject: string): Promise<boolean>;
  /** What the site stored on the last `days` days, today included. */
  usage(site: string, days: number): Promise<SiteUsage>;
  /**
   * Deletes a site with everything in it, in steps short enough for turns of other sites in
   * between.
   */
  removeSite(site: string): Promise<void>;
  /**
   * Deletes the site's messages, log and erased shapes from before `before` (ms since 1970), in
   * short steps like `removeSite`. A room's `floor` rises with what is deleted of its log.
   */
  forget(site: string, before: number): Promise<void>;
}

/** Backups, in one format for all engines. */
export interface Backups {
  /** The prefix of folders for temporary copies. */
  readonly backupPrefix: string;
  /** Writes a consistent copy of everything into a new file, while work goes on. */
  backup(file: string): Promise<void>;
}

/** What only storage shared by several servers needs. */
export interface SharedStorage {
  /**
   * A text that differs after each change of a site, a key or a revocation, on whichever server.
   */
  siteChanges(): Promise<string>;
  /**
   * Runs work that only one server may do at a time, once it is this one's turn. If this server
   * loses the database meanwhile, the next one begins, and this one's calls to storage fail.
   *
   * @param name what the work is: other work runs beside it
   */
  exclusively<Value>(name: string, work: () => Promise<Value>): Promise<Value>;
}

export interface Storage extends RoomStorage, SiteStorage {
  /** Resolves once everything under way is kept. Harmless when called again. */
  close(): Promise<void>;
}

/** The engine could not do what was asked, and kept nothing of it. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  /**
   * Whether other parts of the request may succeed without the one that failed. False as well where
   * something may have been kept.
   */
  get sparesOthers(): boolean {
    return true;
  }
}

/** The storage is closing or closed. The request can be sent to the next server. */
export class StorageClosedError extends StorageError {
  constructor(options?: ErrorOptions) {
    super('The server is closing.', options);
  }

  override get sparesOthers(): boolean {
    return false;
  }
}

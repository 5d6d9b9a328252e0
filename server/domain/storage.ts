/**
 * The port to what keeps everything. The domain owns it; storage/ implements it, once for each
 * engine, and one contract suite (test/server/storage/contract.ts) is run against each.
 */
import type { Effect } from '../../protocol/timeline/effects.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { HeldState, Message, Person, Shape, Snapshot } from '../../protocol/timeline/state.js';
import type { RoomKey } from './room-key.js';
import type { KeyRecord, Revocation, Site, SiteKey, SiteUsage } from './site.js';

/** A command that was accepted: what makes sending it again a success with the same seq. */
export interface AcceptedCommand {
  readonly person: string;
  readonly id: string;
  /** SHA-256 of all that it asks, base64url: another body under a used id is an error. */
  readonly digest: string;
  /** The seq of its event, or the timeline's end where it changed nothing. */
  readonly seq: number;
  /** Whether it can be undone, and so counts towards LIMITS.undoDepth. */
  readonly undoable: boolean;
}

/** A command by who gave it. */
export interface CommandRef {
  readonly person: string;
  readonly id: string;
}

/** What one room needs of a turn. */
export interface TurnRequest {
  readonly room: RoomKey;
  /** What the caller has applied of the timeline; undefined asks for the whole state. */
  readonly after: { readonly epoch: string; readonly seq: number } | undefined;
  /**
   * How far the caller has told the timeline, or heard it told, before it asks. Where a database
   * that several servers share ends before that, or before `after`, in the same epoch, it has lost
   * what was kept: another one stepped in its place. The room then goes on in a new epoch, in which
   * people load it anew, even if nothing is appended.
   */
  readonly told?: { readonly epoch: string; readonly seq: number } | undefined;
  /** Commands that are about to be decided: have they been accepted before? */
  readonly commands: readonly CommandRef[];
  /** Commands that are about to be undone. */
  readonly undos: readonly CommandRef[];
  /** Shapes that are about to be changed, or whose ids are about to be given out, hidden or not. */
  readonly shapes: readonly string[];
  /** Messages that are about to be changed, by seq. */
  readonly messages: readonly number[];
}

/** A room, held for a turn. */
export interface OpenedRoom {
  readonly room: RoomKey;
  /**
   * The whole state (visible shapes; no messages), where `after` was undefined or of another epoch.
   */
  readonly state?: HeldState;
  /** Otherwise what others appended after `after`, all of it, in order. */
  readonly events: readonly AnyEvent[];
  /** Those of `commands` that were accepted before. */
  readonly accepted: readonly AcceptedCommand[];
  /**
   * Those of `undos` that are known: their seq, and how many undoable commands the person gave
   * since.
   */
  readonly undos: readonly (CommandRef & { readonly seq: number; readonly later: number })[];
  /**
   * The shapes, hidden ones too, that were asked for by id or that the commands of `undos` were the
   * last to show or hide.
   */
  readonly shapes: readonly Shape[];
  /** Those of `messages` that there are. */
  readonly messages: readonly Message[];
}

/**
 * An event, and what it changes: storage keeps the one and makes the other, and knows no types of
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

/**
 * Where a room's timeline stands. A room that nothing was ever appended to has seq 0, and takes no
 * place.
 */
export interface RoomHead {
  readonly epoch: string;
  readonly seq: number;
  /** Up to here the log is forgotten (0: it is whole): who is behind it takes a snapshot. */
  readonly floor: number;
  /** How often something was erased for good. */
  readonly redactions: number;
  readonly title: string;
}

export interface RoomStorage {
  /**
   * One turn for several rooms, in one transaction: holds them, so that nobody else appends to them
   * meanwhile; hands over what was asked for; calls `decide` once, synchronously; appends what it
   * returns, log and what it adds up to; commits. Rooms that are new come into being, with an epoch
   * of their own.
   *
   * Several may be asked for at once: those that share no room are done side by side where the
   * engine can. When the promise is rejected nothing of the turn was kept, or a server that is away
   * left open whether it was: then it is found out when the commands are given again. See
   * StorageError.sparesOthers on whether a part of the turn may be asked for at once.
   */
  turn(requests: readonly TurnRequest[], decide: (opened: readonly OpenedRoom[]) => readonly Append[]): Promise<void>;

  /** The timeline's end. */
  head(room: RoomKey): Promise<RoomHead>;

  /**
   * The ends of several timelines at once. Rooms that nothing was ever appended to are left out.
   */
  heads(rooms: readonly RoomKey[]): Promise<ReadonlyMap<RoomKey, Pick<RoomHead, 'epoch' | 'seq'>>>;

  /**
   * Visible shapes, the authors, the settings and the newest LIMITS.messagesPerPage messages, at
   * one seq.
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

  /** How far a person has read: 0 at first. */
  readPosition(room: RoomKey, person: string): Promise<number>;
  /** Moves a read position forward; never back. */
  setReadPosition(room: RoomKey, person: string, seq: number): Promise<void>;
}

export interface SiteStorage {
  /** Every site, every key that is not revoked, and every revocation that has not ended. */
  sites(): Promise<{
    readonly sites: readonly Site[];
    /** By site: what `putSite` answers. */
    readonly nonces: ReadonlyMap<string, string>;
    readonly keys: readonly SiteKey[];
    readonly revocations: readonly (Revocation & { readonly site: string })[];
  }>;
  /**
   * Adds a site or replaces its settings.
   *
   * @returns chance of 128 bits that is drawn when a site is added, and goes with it: a later site
   *   of the same id has another
   */
  putSite(site: Site): Promise<string>;
  /** Adds a key. Rejects where the site has one of this id, revoked or not. */
  addKey(key: SiteKey): Promise<void>;
  /** Marks a key as good for connections without an Origin, or takes that back. */
  markKey(site: string, kid: string, forServers: boolean): Promise<void>;
  /**
   * From now on nothing that this key signed is accepted.
   *
   * @param fingerprint by which a public key is known should it come again; see `revokedBefore`
   */
  revokeKey(site: string, kid: string, fingerprint?: string): Promise<void>;
  /**
   * The id under which a public key of this fingerprint was revoked at a site; undefined where none
   * was.
   */
  revokedBefore(site: string, fingerprint: string): Promise<string | undefined>;
  /** Every key of a site, revoked ones too, oldest first. */
  keyRecords(site: string): Promise<readonly KeyRecord[]>;
  /**
   * From now on the site does not admit that person or token; again with another end replaces the
   * first.
   */
  revoke(site: string, revocation: Revocation): Promise<void>;
  /** Takes a revocation back. @returns whether there was one */
  allow(site: string, kind: Revocation['kind'], subject: string): Promise<boolean>;
  /** What the site had kept on the last `days` days, today included. */
  usage(site: string, days: number): Promise<SiteUsage>;
  /**
   * Deletes a site and everything of it, in steps so short that turns of other sites go on between
   * them.
   */
  removeSite(site: string): Promise<void>;
  /**
   * Forgets the site's messages, log and erased shapes from before `before` (ms since 1970), in
   * short steps like `removeSite`. A room's `floor` rises with what is forgotten of its log.
   */
  forget(site: string, before: number): Promise<void>;
}

/** Copies of everything, in one form whichever engine they are made from. */
export interface Backups {
  /** How the path of a folder begins in which a copy may be made that goes elsewhere. */
  readonly backupPrefix: string;
  /** Writes a consistent copy of everything into a new file, while work goes on. */
  backup(file: string): Promise<void>;
}

/** What only storage that several servers share needs. */
export interface SharedStorage {
  /** Another text after each change of a site, a key or a revocation, whichever server made it. */
  siteChanges(): Promise<string>;
  /**
   * Does work that only one of the servers may do at a time, when it is this one's turn. Should
   * this server lose the database meanwhile, the next one begins, and what this one asks of storage
   * then fails.
   *
   * @param name what the work is: other work goes on beside it
   */
  exclusively<Value>(name: string, work: () => Promise<Value>): Promise<Value>;
}

export interface Storage extends RoomStorage, SiteStorage {
  /** Ends when everything under way is kept. Harmless when called again. */
  close(): Promise<void>;
}

/** The engine could not do what was asked; nothing of it was kept. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  /**
   * Whether nothing else need meet it: it may lie in a part of what was asked, and the other parts
   * go well by themselves. False as well where it is not known that nothing was kept.
   */
  get sparesOthers(): boolean {
    return true;
  }
}

/** The storage closes, or is closed: what was asked of it can be asked again of the next server. */
export class StorageClosedError extends StorageError {
  constructor(options?: ErrorOptions) {
    super('The server is closing.', options);
  }

  override get sparesOthers(): boolean {
    return false;
  }
}

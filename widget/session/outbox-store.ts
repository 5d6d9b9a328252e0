/**
 * Where an outbox outlives the program that filled it: a page that is reloaded or closed. The
 * browser's is indexed-outbox.ts; Node has none, unless its platform brings one along.
 */
import type { Refusal } from '../../protocol/errors.js';
import type { CommandBody } from '../../protocol/timeline/commands/index.js';

/** Whose outbox: nobody else's commands are ever read with it. */
export interface OutboxPlace {
  /** Origin of the backend. */
  readonly server: string;
  /** The site's id. */
  readonly site: string;
  /** The room's name. */
  readonly room: string;
  /** The person's id. */
  readonly person: string;
}

/** A command that the server has not acknowledged. */
export interface KeptCommand {
  readonly id: string;
  readonly body: CommandBody;
  /** Local time in milliseconds since 1970. */
  readonly createdAt: number;
  /** It was refused, and waits for what its author decides. */
  readonly refusal?: Refusal;
}

export interface KeptOutboxListener {
  /** Commands of a page that has gone meanwhile, in their order: they are this outbox's now. */
  inherited(commands: readonly KeptCommand[]): void;
  /** `lasting` is another. */
  lastingChanged(): void;
}

/**
 * One person's outbox in one room, as one program keeps it. Nothing here throws: what can't be
 * stored is stored nowhere.
 */
export interface KeptOutbox {
  /**
   * What earlier pages left, in their order. What a page that still lives has waiting is not among
   * it.
   */
  readonly loaded: readonly KeptCommand[];
  /** Whether all that was to be stored is, or is about to be. */
  readonly lasting: boolean;
  /**
   * Stores a command after those before it; one that is there already is stored anew in its place.
   */
  put(command: KeptCommand): void;
  /** Deletes a command. */
  delete(id: string): void;
  /**
   * Looks again for what pages have left that are gone by now, and tries again to store what could
   * not be stored.
   */
  refresh(): void;
  /** Ends it; what it holds stays for another page. */
  close(): void;
}

export interface OutboxStore {
  open(place: OutboxPlace, listener: KeptOutboxListener): Promise<KeptOutbox>;
}

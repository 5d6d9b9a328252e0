/**
 * Where an outbox outlives the program that filled it: a page that is reloaded or closed. The browser's is indexed-outbox.ts; Node
 * has none, unless its platform brings one along.
 */
import type { Refusal } from '../../protocol/errors.js';
import type { CommandBody } from '../../protocol/timeline/commands.js';

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
  /** A message that was refused, and waits for what its author decides. */
  readonly refusal?: Refusal;
}

export interface OutboxShelfListener {
  /** Commands that a page left which has gone meanwhile, in their order: they are this shelf's now. */
  found(left: readonly KeptCommand[]): void;
  /** `lasting` is another. */
  changed(): void;
}

/** One person's outbox in one room, as one program fills it. Nothing here throws: what can't be kept is kept nowhere. */
export interface OutboxShelf {
  /** What earlier pages left, in their order. What a page that still lives has waiting is not among it. */
  readonly left: readonly KeptCommand[];
  /** Whether all that was to be kept is, or is about to be. */
  readonly lasting: boolean;
  /** Keeps a command after those before it; one that is there already is kept anew in its place. */
  keep(command: KeptCommand): void;
  /** Forgets a command. */
  drop(id: string): void;
  /** Looks again for what pages have left that are gone by now, and tries again to keep what could not be kept. */
  look(): void;
  /** Ends it; what is on it stays for another page. */
  close(): void;
}

export interface OutboxStore {
  open(place: OutboxPlace, listener: OutboxShelfListener): Promise<OutboxShelf>;
}

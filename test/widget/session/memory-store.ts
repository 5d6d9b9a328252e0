import type {
  KeptCommand,
  OutboxPlace,
  OutboxShelf,
  OutboxShelfListener,
  OutboxStore,
} from '../../../widget/session/outbox-store.js';

/** Outboxes that outlive their sessions, as a browser's do; the test says when one opens, and may look at what lies there. */
export class MemoryStore implements OutboxStore {
  /** Awaited before a shelf opens. */
  gate: Promise<void> = Promise.resolve();
  readonly #places = new Map<string, Map<string, KeptCommand>>();
  readonly #open = new Map<string, MemoryShelf>();

  async open(place: OutboxPlace, listener: OutboxShelfListener): Promise<OutboxShelf> {
    await this.gate;
    const key = this.#key(place);
    const commands = this.#places.get(key) ?? new Map<string, KeptCommand>();
    this.#places.set(key, commands);
    const shelf = new MemoryShelf(commands, listener);
    this.#open.set(key, shelf);
    return shelf;
  }

  /** What lies there for a person, in order. */
  kept(place: OutboxPlace): readonly KeptCommand[] {
    return [...(this.#places.get(this.#key(place))?.values() ?? [])];
  }

  /** Puts there what an earlier page is to have left. */
  leave(place: OutboxPlace, ...commands: readonly KeptCommand[]): void {
    this.#places.set(this.#key(place), new Map(commands.map(command => [command.id, command])));
  }

  /** Another page has gone, and left this to the one that has the place open. */
  find(place: OutboxPlace, ...commands: readonly KeptCommand[]): void {
    this.#open.get(this.#key(place))?.listener.found(commands);
  }

  #key({ server, site, room, person }: OutboxPlace): string {
    return [server, site, room, person].join();
  }
}

class MemoryShelf implements OutboxShelf {
  readonly lasting = true;
  readonly left: readonly KeptCommand[];
  readonly listener: OutboxShelfListener;
  readonly #commands: Map<string, KeptCommand>;
  #closed = false;

  constructor(commands: Map<string, KeptCommand>, listener: OutboxShelfListener) {
    this.#commands = commands;
    this.listener = listener;
    this.left = [...commands.values()];
  }

  keep({ id, body, createdAt, refusal }: KeptCommand): void {
    if (!this.#closed) this.#commands.set(id, { id, body, createdAt, ...(refusal && { refusal }) });
  }

  drop(id: string): void {
    if (!this.#closed) this.#commands.delete(id);
  }

  look(): void {}

  close(): void {
    this.#closed = true;
  }
}

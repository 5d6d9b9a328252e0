import type {
  KeptCommand,
  OutboxPlace,
  KeptOutbox,
  KeptOutboxListener,
  OutboxStore,
} from '../../../widget/session/outbox-store.js';

/**
 * Outboxes that outlive their sessions, as a browser's do; the test says when one opens, and may
 * look at what lies there.
 */
export class MemoryStore implements OutboxStore {
  /** Awaited before one opens. */
  gate: Promise<void> = Promise.resolve();
  readonly #places = new Map<string, Map<string, KeptCommand>>();
  readonly #open = new Map<string, MemoryOutbox>();

  async open(place: OutboxPlace, listener: KeptOutboxListener): Promise<KeptOutbox> {
    await this.gate;
    const key = this.#key(place);
    const commands = this.#places.get(key) ?? new Map<string, KeptCommand>();
    this.#places.set(key, commands);
    const outbox = new MemoryOutbox(commands, listener);
    this.#open.set(key, outbox);
    return outbox;
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
    this.#open.get(this.#key(place))?.listener.inherited(commands);
  }

  #key({ server, site, room, person }: OutboxPlace): string {
    return [server, site, room, person].join();
  }
}

class MemoryOutbox implements KeptOutbox {
  readonly lasting = true;
  readonly loaded: readonly KeptCommand[];
  readonly listener: KeptOutboxListener;
  readonly #commands: Map<string, KeptCommand>;
  #closed = false;

  constructor(commands: Map<string, KeptCommand>, listener: KeptOutboxListener) {
    this.#commands = commands;
    this.listener = listener;
    this.loaded = [...commands.values()];
  }

  put({ id, body, createdAt, refusal }: KeptCommand): void {
    if (!this.#closed) this.#commands.set(id, { id, body, createdAt, ...(refusal && { refusal }) });
  }

  delete(id: string): void {
    if (!this.#closed) this.#commands.delete(id);
  }

  refresh(): void {}

  close(): void {
    this.#closed = true;
  }
}

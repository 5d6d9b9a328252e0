import type { RoomKey } from '../../domain/room-key.js';
import { type Said, writeMessage } from './redis-message.js';

export interface MessageBatchOptions {
  readonly node: string;
  /** Tells the other nodes in a room. */
  readonly send: (room: RoomKey, text: string) => void;
}

/** Gathers what is told in one round of the event loop, so that it becomes one message a room. */
export class MessageBatch {
  readonly #options: MessageBatchOptions;
  readonly #rooms = new Map<RoomKey, Said[]>();
  #next: NodeJS.Immediate | undefined;

  constructor(options: MessageBatchOptions) {
    this.#options = options;
  }

  add(room: RoomKey, said: Said): void {
    const gathered = this.#rooms.get(room);
    if (gathered) gathered.push(said);
    else this.#rooms.set(room, [said]);
    this.#next ??= setImmediate(() => this.flush());
  }

  /** Tells at once what was gathered. */
  flush(): void {
    clearImmediate(this.#next);
    this.#next = undefined;
    const { node, send } = this.#options;
    for (const [room, said] of this.#rooms) send(room, writeMessage(node, said));
    this.#rooms.clear();
  }
}

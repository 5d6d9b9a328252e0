import type { Answer, Head, Position, Tail } from '../../../protocol/conversation.js';
import { RefusedError, refusal } from '../../../protocol/errors.js';
import type { HistoryPage } from '../../../protocol/schema/http.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { Snapshot } from '../../../protocol/timeline/state.js';
import { ReferenceRoom } from './reference-room.js';
import { RoomServer } from './room-server.js';
import type { Given } from './story.js';

/** Someone who is told what happens. */
type Listener = (epoch: string, events: readonly AnyEvent[]) => void;

/** A command that has arrived, and waits for the next turn. */
interface Arrival extends Given {
  readonly answer: (answer: Answer<{ readonly seq: number }>) => void;
}

export interface ServerSizes {
  /** Events on a page of a tail, and messages in a snapshot and on a page of history. */
  readonly page: number;
  /** Who is further behind than this takes a snapshot. */
  readonly far: number;
}

/**
 * A server with one room under the real rules, whose network is left to others: what arrives is
 * called, and what is sent is handed over.
 */
export class SimulatedServer {
  room = new ReferenceRoom('epoch 0');
  readonly listeners = new Set<Listener>();
  readonly #page: number;
  readonly #far: number;
  #server = new RoomServer(this.room);
  #arrived: Arrival[] = [];
  #epochs = 0;

  constructor({ page, far }: ServerSizes) {
    this.#page = page;
    this.#far = far;
  }

  get head(): Head {
    const { epoch, seq, redactions } = this.room.whole;
    return { epoch, seq, redactions };
  }

  arrive(arrival: Arrival): void {
    this.#arrived.push(arrival);
  }

  /**
   * Takes what has arrived in one turn, and tells of it before it answers.
   * @returns whether anything had
   */
  turn(): boolean {
    const arrived = this.#arrived.splice(0);
    if (arrived.length === 0) return false;
    const { epoch, seq } = this.head;
    const outcomes = this.#server.take(arrived, seq);
    const events = this.room.after(seq);
    if (events.length > 0) for (const tell of this.listeners) tell(epoch, structuredClone(events));
    for (const [index, outcome] of outcomes.entries()) {
      const isRefused = outcome instanceof RefusedError;
      arrived[index]?.answer(isRefused ? { ok: false, error: outcome.toRefusal() } : { ok: true, seq: outcome });
    }
    return true;
  }

  /** Storage fails: what has arrived is put off. */
  fail(): void {
    for (const { answer } of this.#arrived.splice(0)) answer({ ok: false, error: refusal('unavailable', 500) });
  }

  /** Starts anew, with the timeline as it was after so many of its events. */
  restore(count: number): void {
    this.#epochs += 1;
    const { events, accepted } = this.room;
    const kept = events.slice(0, count % (events.length + 1));
    const seq = kept.at(-1)?.seq ?? 0;
    this.room = new ReferenceRoom(`epoch ${this.#epochs}`);
    for (const event of structuredClone(kept)) this.room.happen(event);
    this.room.accepted.push(...accepted.filter(command => command.seq <= seq));
    this.#server = new RoomServer(this.room);
    this.#arrived = [];
  }

  tail({ epoch, seq }: Position): Tail {
    const { head } = this;
    if (epoch !== head.epoch || seq > head.seq || head.seq - seq > this.#far) return { reset: true, head };
    return { reset: false, events: structuredClone(this.room.after(seq).slice(0, this.#page)), head };
  }

  snapshot(): Snapshot {
    const { messages, ...snapshot } = this.room.snapshot();
    const { size } = this.room.whole.messages;
    return { ...snapshot, messages: messages.slice(-this.#page), more: size > this.#page };
  }

  history(before: number): HistoryPage {
    const older = [...this.room.whole.messages.values()].filter(({ seq }) => seq < before);
    const messages = structuredClone(older.slice(-this.#page));
    return { people: [...this.room.whole.people], messages, more: older.length > this.#page };
  }
}

import type { Position, Tail } from '../../protocol/conversation.js';
import { isPassing, RefusedError, type Refusal, type RefusalCode } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import { evolve, lacks } from '../../protocol/timeline/evolve.js';
import { fromSnapshot, type RoomState, type Snapshot } from '../../protocol/timeline/state.js';
import { forgetOldestHidden } from './hidden-shapes.js';
import type { Platform } from './platform.js';
import { isTokenFault } from './refusals.js';
import { Timer } from './timer.js';

/** Where what is missing is asked for. Both reject where there is no answer; a RefusedError says why. */
export interface TimelineSource {
  catchup(after: Position): Promise<Tail>;
  snapshot(): Promise<Snapshot>;
}

/** Who is told how the timeline goes on; all of it synchronously. */
export interface TimelineListener {
  /** One event more was applied. */
  applied(event: TimelineEvent): void;
  /** The state is another one, from a snapshot. `more`: there are messages older than those in it; undefined: as before. */
  replaced(more: boolean | undefined): void;
  /** The state's seq has moved; nothing else is on its way in this call. */
  advanced(): void;
  /** Nothing that is known of is missing. */
  complete(): void;
  /** What is missing can't be had, and asking again will not help. */
  refused(refusal: Refusal): void;
}

/** How many events that can't be applied are made up for by a snapshot: with more of them the server is a newer one, or broken. */
const MISFITS = 3;

/**
 * Holds what the room's events add up to. Events are applied in order, each once, however they arrive: what comes too early
 * waits, what stays missing is asked for. There are two ways to catch up and no third: the tail to its very end, or a
 * snapshot and the tail after it. Knows nothing of sockets, messages on a screen, or commands.
 */
export class Timeline {
  state: RoomState | undefined;
  readonly #source: TimelineSource;
  readonly #listener: TimelineListener;
  readonly #platform: Platform;
  readonly #timer: Timer;
  /** Events that wait for their predecessor, by its seq. */
  readonly #ahead = new Map<number, TimelineEvent>();
  /** The epoch that was heard of last. */
  #epoch: string | undefined;
  /** The farthest seq that the server has answered for; what it told without being asked waits in `#ahead`. */
  #head = 0;
  /** The state can't be carried on: only a snapshot helps. */
  #stale = true;
  /** Between `resume` and `pause`. */
  #live = false;
  #repairing = false;
  /** Rises when repairs under way lose their meaning. */
  #round = 0;
  /** Events since `resume` that could not be applied. */
  #misfits = 0;

  constructor(source: TimelineSource, listener: TimelineListener, platform: Platform) {
    this.#source = source;
    this.#listener = listener;
    this.#platform = platform;
    this.#timer = new Timer(platform);
  }

  /** The server is there (again), and its timeline ends at `head`: gets what is missing. */
  resume(head: Position): void {
    this.pause();
    this.#live = true;
    this.#misfits = 0;
    this.#hear(head.epoch);
    this.expect(head.seq);
    void this.#repair();
  }

  /** The server is gone: asks for nothing until `resume`. */
  pause(): void {
    this.#round += 1;
    this.#live = false;
    this.#repairing = false;
    this.#timer.stop();
  }

  /** Takes events as they arrive: in any order, any number of times. */
  receive(epoch: string, events: readonly TimelineEvent[]): void {
    this.#hear(epoch);
    for (const event of events) this.#keep(event);
    this.#drain();
    this.#watch();
  }

  /** An event with this seq exists: if it does not come by itself it is asked for. */
  expect(seq: number): void {
    if (seq > this.#head) this.#head = seq;
    this.#watch();
  }

  get #behind(): boolean {
    return this.#stale || this.#ahead.size > 0 || !this.state || this.state.seq < this.#head;
  }

  #hear(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#ahead.clear();
    this.#head = 0;
    this.#stale = true;
  }

  #keep(event: TimelineEvent): void {
    if (!this.#stale && this.state && event.seq <= this.state.seq) return;
    const isNext = event.prev === this.state?.seq;
    if (isNext || this.#ahead.size < LIMITS.eventsToCatchUp) this.#ahead.set(event.prev, event);
    // What does not fit is asked for again.
    else this.expect(event.seq);
  }

  #drain(): void {
    const state = this.state;
    if (!state || this.#stale) return;
    const from = state.seq;
    let fault: unknown;
    try {
      for (let next = this.#ahead.get(from); next; next = this.#ahead.get(state.seq)) {
        this.#stale = lacks(state, next);
        if (this.#stale) break;
        evolve(state, next);
        this.#ahead.delete(next.prev);
        forgetOldestHidden(state, next);
        this.#listener.applied(next);
      }
    } catch (error) {
      fault = error;
    }
    if (state.seq > from) this.#listener.advanced();
    if (fault) this.#misfit(fault);
  }

  /** An event is not as it should be, and the state may be half of what it would make of it: a snapshot helps, a few times. */
  #misfit(error: unknown): void {
    this.#platform.report(error);
    this.#stale = true;
    this.#misfits += 1;
    if (this.#misfits > MISFITS) this.#stop(new RefusedError('protocol_unsupported', { cause: error }));
  }

  #stop(error: RefusedError): void {
    this.pause();
    this.#listener.refused(error.toRefusal());
  }

  /** Gives what is missing a moment to come by itself. */
  #watch(): void {
    if (!this.#live || this.#repairing) return;
    if (!this.#behind) this.#timer.stop();
    else if (!this.#timer.running) this.#timer.start(LIMITS.gapPatience, () => void this.#repair());
  }

  async #repair(): Promise<void> {
    const round = this.#round;
    this.#timer.stop();
    this.#repairing = true;
    let failures = 0;
    let snapshots = 0;
    while (this.#behind) {
      // A snapshot that was of no use is not taken again at once.
      if (failures > 0 || (this.#stale && snapshots > 0)) {
        await new Promise<void>(resolve => this.#timer.backOff(failures + snapshots, resolve));
      }
      if (round !== this.#round) return;
      if (this.#stale) snapshots += 1;
      // Told things that even a snapshot and the tail after it do not lead to are no events of this timeline.
      if (snapshots > 1) this.#ahead.clear();
      try {
        await this.#ask(round);
        failures = 0;
      } catch (error) {
        if (round === this.#round && error instanceof RefusedError && !mayPass(error.code)) {
          this.#stop(error);
          return;
        }
        failures += 1;
      }
      if (round !== this.#round) return;
    }
    this.#repairing = false;
    this.#listener.complete();
  }

  async #ask(round: number): Promise<void> {
    const { state } = this;
    if (!state || this.#stale) {
      const snapshot = await this.#source.snapshot();
      if (round === this.#round) this.#replace(snapshot);
    } else {
      const from = state.seq;
      const continues = (): boolean => round === this.#round && state.epoch === this.#epoch && !this.#stale;
      const tail = await this.#source.catchup({ epoch: state.epoch, seq: from });
      try {
        if (continues()) this.#extend(tail, from);
      } catch (error) {
        this.#misfit(error);
      }
    }
  }

  #extend(tail: Tail, from: number): void {
    this.#hear(tail.head.epoch);
    this.expect(tail.head.seq);
    if (!tail.reset) for (const event of tail.events) this.#keep(event);
    this.#drain();
    // Nothing that leads on: another epoch, too far behind, or a hole that a tail can't fill.
    if (this.#behind && this.state?.seq === from) this.#stale = true;
  }

  #replace(snapshot: Snapshot): void {
    this.#hear(snapshot.epoch);
    const { state, more } = carryOver(this.state, snapshot);
    this.state = state;
    this.#stale = false;
    for (const [prev, event] of this.#ahead) if (event.seq <= state.seq) this.#ahead.delete(prev);
    this.#listener.replaced(more);
    this.#listener.advanced();
    this.#drain();
  }
}

/** A snapshot's state, and the older messages that were loaded before where the two meet. `more` undefined: as it was. */
function carryOver(old: RoomState | undefined, snapshot: Snapshot): { state: RoomState; more: boolean | undefined } {
  const state = fromSnapshot(snapshot);
  const first = state.messages[0];
  if (!old || !first || old.epoch !== state.epoch || old.seq < first.seq) return { state, more: snapshot.more };
  for (const [index, person] of old.people) if (!state.people.has(index)) state.people.set(index, person);
  state.messages.unshift(...old.messages.filter(message => message.seq < first.seq));
  return { state, more: undefined };
}

/** A token that has just ended is renewed by the connection: worth another try. */
function mayPass(code: RefusalCode): boolean {
  return isPassing(code) || isTokenFault(code);
}

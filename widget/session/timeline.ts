import type { Head, Position, Tail } from '../../protocol/conversation.js';
import { isPassing, RefusedError, type Refusal, type RefusalCode } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Effect } from '../../protocol/timeline/effects.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import { evolve, lacks } from '../../protocol/timeline/evolve.js';
import type { HeldState, Snapshot } from '../../protocol/timeline/state.js';
import { carryOver, dropOldestHidden } from './held-state.js';
import type { Platform } from './platform.js';
import { isTokenFault } from './refusals.js';
import { Timer } from './timer.js';

/**
 * Where what is missing is asked for. Both reject where there is no answer; a RefusedError says
 * why.
 */
export interface TimelineSource {
  catchup(after: Position): Promise<Tail>;
  snapshot(): Promise<Snapshot>;
}

/** Who is told how the timeline goes on; all of it synchronously. */
export interface TimelineListener {
  /** One event more was applied, and changed this. */
  applied(event: AnyEvent, effects: readonly Effect[]): void;
  /**
   * The state is another one, from a snapshot. `more`: there are older messages than those in it;
   * undefined: as before.
   */
  replaced(more: boolean | undefined): void;
  /** The state's seq has moved; nothing else is on its way in this call. */
  advanced(): void;
  /** Nothing that is known of is missing. */
  complete(): void;
  /** What is missing can't be had, and asking again will not help. */
  refused(refusal: Refusal): void;
}

/** After so many events that can't be applied no more snapshots are taken: the server is broken. */
const MOST_FAULTS = 3;

/**
 * Holds what the room's events add up to. Events are applied in order, each once, however they
 * arrive: what comes too early waits, what stays missing is asked for. There are two ways to catch
 * up and no third: the tail to its very end, or a snapshot and the tail after it. Knows nothing of
 * sockets, messages on a screen, or commands.
 */
export class Timeline {
  state: HeldState | undefined;
  readonly #source: TimelineSource;
  readonly #listener: TimelineListener;
  readonly #platform: Platform;
  readonly #timer: Timer;
  /** Events that wait for their predecessor, by its seq. */
  readonly #early = new Map<number, AnyEvent>();
  /** The epoch that was told last. */
  #epoch: string | undefined;
  /**
   * The farthest seq that the server has answered for; what it told without being asked waits in
   * `#early`.
   */
  #head = 0;
  /** The state can't be carried on: only a snapshot helps. */
  #stale = true;
  /** Between `resume` and `pause`. */
  #live = false;
  #repairing = false;
  /** Rises when repairs under way lose their meaning. */
  #round = 0;
  /** Events since `resume` that could not be applied. */
  #faults = 0;

  constructor(source: TimelineSource, listener: TimelineListener, platform: Platform) {
    this.#source = source;
    this.#listener = listener;
    this.#platform = platform;
    this.#timer = new Timer(platform);
  }

  /** The server is there (again), and its timeline ends at `head`: gets what is missing. */
  resume(head: Head): void {
    this.pause();
    this.#live = true;
    this.#faults = 0;
    this.#expectHead(head);
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
  receive(epoch: string, events: readonly AnyEvent[]): void {
    this.#enter(epoch);
    for (const event of events) this.#queue(event);
    this.#applyQueued();
    this.#repairSoon();
  }

  /** An event with this seq exists: if it does not come by itself it is asked for. */
  expect(seq: number): void {
    if (seq > this.#head) this.#head = seq;
    this.#repairSoon();
  }

  get #behind(): boolean {
    return this.#stale || this.#early.size > 0 || !this.state || this.state.seq < this.#head;
  }

  #enter(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#early.clear();
    this.#head = 0;
    this.#stale = true;
  }

  #expectHead({ epoch, seq, redactions }: Head): void {
    this.#enter(epoch);
    // Something that is here was erased for good.
    if (this.state && this.state.redactions !== redactions) this.#stale = true;
    this.expect(seq);
  }

  #queue(event: AnyEvent): void {
    if (!this.#stale && this.state && event.seq <= this.state.seq) return;
    const isNext = event.prev === this.state?.seq;
    if (isNext || this.#early.size < LIMITS.eventsToCatchUp) this.#early.set(event.prev, event);
    // What does not fit is asked for again.
    else this.expect(event.seq);
  }

  #applyQueued(): void {
    const state = this.state;
    if (!state || this.#stale) return;
    const from = state.seq;
    let fault: unknown;
    try {
      for (let next = this.#early.get(from); next; next = this.#early.get(state.seq)) {
        this.#stale = lacks(state, next);
        if (this.#stale) break;
        const effects = evolve(state, next);
        this.#early.delete(next.prev);
        dropOldestHidden(state, effects);
        this.#listener.applied(next, effects);
      }
    } catch (error) {
      fault = error;
    }
    if (state.seq > from) this.#listener.advanced();
    if (fault) this.#onFault(fault);
  }

  /**
   * An event is not as it should be, and the state may be half of what it makes of it: a snapshot
   * helps, a few times.
   */
  #onFault(error: unknown): void {
    this.#platform.report(error);
    this.#stale = true;
    this.#faults += 1;
    if (this.#faults > MOST_FAULTS) this.#stop(new RefusedError('protocol_unsupported', { cause: error }));
  }

  #stop(error: RefusedError): void {
    this.pause();
    this.#listener.refused(error.toRefusal());
  }

  /** Gives what is missing a moment to come by itself. */
  #repairSoon(): void {
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
      // Told things that even a snapshot and the tail after it do not lead to are no events of this
      // timeline.
      if (snapshots > 1) this.#early.clear();
      try {
        await this.#fetchMissing(round);
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

  async #fetchMissing(round: number): Promise<void> {
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
        this.#onFault(error);
      }
    }
  }

  #extend(tail: Tail, from: number): void {
    this.#expectHead(tail.head);
    if (!tail.reset) for (const event of tail.events) this.#queue(event);
    this.#applyQueued();
    // Nothing that leads on: another epoch, too far behind, or a hole that a tail can't fill.
    if (this.#behind && this.state?.seq === from) this.#stale = true;
  }

  #replace(snapshot: Snapshot): void {
    this.#enter(snapshot.epoch);
    const { state, more } = carryOver(this.state, snapshot);
    this.state = state;
    this.#stale = false;
    for (const [prev, event] of this.#early) if (event.seq <= state.seq) this.#early.delete(prev);
    this.#listener.replaced(more);
    this.#listener.advanced();
    this.#applyQueued();
  }
}

/** A token that has just ended is renewed by the connection: worth another try. */
function mayPass(code: RefusalCode): boolean {
  return isPassing(code) || isTokenFault(code);
}

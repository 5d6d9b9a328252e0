import { RefusedError } from '../../protocol/errors.js';
import type { AnyEvent, EventRegistry } from '../../protocol/timeline/events.js';
import { BatchRunner, MOST_LOADED, RETRY_AFTER } from './batch-runner.js';
import { CommandQueue } from './command-queue.js';
import { type CommandRule, type RuleRegistry, type SitePolicy, textOf } from './commands/command.js';
import type { Actor } from './decide.js';
import { FailingRooms } from './failing-rooms.js';
import { ResidentRooms } from './resident-rooms.js';
import type { RoomKey } from './room-key.js';
import type { Command } from './room-turn.js';
import { DEFAULT_ROOMS_LIMITS, type RoomsLimits } from './rooms-limits.js';
import type { RoomStorage, TurnRequest } from './storage.js';
import { OWN_FILE, type TurnGap, TurnPacer } from './turn-pacer.js';
import { type Batch, type Submission, TurnRunner, type TurnWatch } from './turn-runner.js';

export interface RoomsOptions {
  readonly storage: Pick<RoomStorage, 'turn'>;
  /** The commands and events that there are. */
  readonly kinds: { readonly rules: RuleRegistry; readonly events: EventRegistry };
  /** The present policy of a room's site. */
  readonly policy: (room: RoomKey) => SitePolicy;
  /**
   * Delivers a room's new events, in order: after they are kept, and before their commands are
   * acknowledged. Must not wait for anything.
   */
  readonly announce: (room: RoomKey, epoch: string, events: readonly AnyEvent[]) => void;
  /**
   * How far people on this node have the timeline; see TurnRequest. Left out where only this
   * process writes to storage.
   */
  readonly told?: (room: RoomKey) => TurnRequest['told'];
  /** Server time in milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Calls `task` after `delay` milliseconds. Without it no turn waits for more commands; see
   * TurnPacer.
   */
  readonly after?: (delay: number, task: () => void) => unknown;
  /** When turns wait for more commands, and for how long. Default: OWN_FILE. */
  readonly gap?: TurnGap;
  /** SHA-256 of a text, base64url. */
  readonly digest: (text: string) => string;
  /** Reports faults of the server. Refusals are not among them. */
  readonly report: (fault: unknown) => void;
  /** Follows the turns, to measure them. */
  readonly watch?: TurnWatch;
  readonly limits?: Partial<RoomsLimits>;
}

/** Counters for metrics. */
export interface RoomsCounters {
  /** Commands that wait for a turn. */
  readonly waiting: number;
  /** Rooms held in memory. */
  readonly resident: number;
  /** Lanes with a turn running or waiting. The turns of one lane follow each other. */
  readonly working: number;
  /** Turns so far, and how many of them failed in storage. */
  readonly turns: number;
  readonly failedTurns: number;
  /** Events appended so far. */
  readonly events: number;
}

/**
 * Takes commands for all rooms, and decides and keeps them in turns. While one turn is being kept,
 * the commands for the next one gather, whatever rooms they are for, and share one commit. Nobody
 * is told of anything before it is kept.
 */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #limits: RoomsLimits;
  readonly #queue = new CommandQueue<Submission>();
  readonly #resident: ResidentRooms;
  readonly #failing = new FailingRooms();
  readonly #batches: BatchRunner;
  readonly #pacer: TurnPacer;
  #working: Promise<void> | undefined;
  /** Ends the wait for more commands. */
  #hurry: () => void = () => undefined;
  #closed = false;

  constructor(options: RoomsOptions) {
    const { storage, kinds, policy, announce, told, now, report, watch } = options;
    this.#options = options;
    this.#pacer = new TurnPacer(options.gap ?? OWN_FILE);
    this.#limits = { ...DEFAULT_ROOMS_LIMITS, ...options.limits };
    this.#resident = new ResidentRooms(this.#limits);
    const resident = this.#resident;
    const { events } = kinds;
    const turns = new TurnRunner({ storage, resident, events, policy, announce, told, now, report, watch });
    this.#batches = new BatchRunner({ turns, queue: this.#queue, resident, failing: this.#failing, now, report });
  }

  /**
   * Submits a command to a room. Commands of one room are decided in the order in which they were
   * submitted.
   *
   * @returns the seq of the command's event, or the timeline's end where it changed nothing; for a
   *   command that was accepted before, the same answer as then
   * @throws RefusedError: what `decide` refuses, `command_id_reused`, `unavailable` where storage
   *   fails or too many commands wait, `internal` for a fault
   */
  submit(room: RoomKey, actor: Actor, command: Command): Promise<number> {
    const { waiting, waitingPerRoom } = this.#limits;
    const rest = this.#failing.rest(room, this.#options.now());
    if (this.#closed || rest > 0 || this.#queue.size >= waiting || this.#queue.sizeOf(room) >= waitingPerRoom) {
      return Promise.reject(new RefusedError('unavailable', { retryAfter: Math.max(rest, RETRY_AFTER) }));
    }
    const { body } = command;
    const rule = this.#ruleOf(body.type);
    return new Promise((resolve, reject) => {
      const digest = this.#options.digest(textOf(body, rule));
      this.#queue.add(room, { actor, command, rule, digest, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  get counters(): RoomsCounters {
    return {
      waiting: this.#queue.size,
      resident: this.#resident.size,
      working: this.#working ? 1 : 0,
      ...this.#batches.counters,
    };
  }

  /**
   * Refuses new commands, and resolves once all others are answered. Harmless when called again.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hurry();
    await this.#working;
  }

  /**
   * @throws TypeError for a type without a rule: whoever takes commands from outside must check
   *   them
   */
  #ruleOf(type: string): CommandRule {
    const { rules } = this.#options.kinds;
    const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
    // Only the type: faults are logged, and what people write must not be.
    if (!rule) throw new TypeError(`There is no rule for the command ${type}.`);
    return rule;
  }

  async #work(): Promise<void> {
    const { now } = this.#options;
    while (this.#queue.size > 0) {
      const wait = this.#pacer.wait(now());
      if (wait > 0) await this.#company(wait);
      let tell = await this.#batches.run(this.#next());
      // If more commands wait, storage opens the next turn while people are told of this one.
      while (this.#queue.size > 0 && this.#pacer.wait(now()) === 0) {
        const next = this.#batches.run(this.#next());
        tell();
        tell = await next;
      }
      tell();
    }
    this.#working = undefined;
  }

  /** While busy, waits for more commands to share the next turn. */
  async #company(wait: number): Promise<void> {
    const { after } = this.#options;
    if (!after || this.#closed) return;
    await new Promise<void>(resolve => {
      this.#hurry = resolve;
      after(wait, resolve);
    });
  }

  /**
   * The next batch, never empty. It holds few rooms that have to be loaded, and a failing room is
   * alone in it.
   */
  #next(): Batch {
    let [rooms, loaded, isAlone] = [0, 0, false];
    const before = this.#queue.size;
    const batch = this.#queue.take(this.#limits.turn, room => {
      const isHeld = this.#resident.has(room);
      const isFailing = this.#failing.has(room);
      if (isAlone || (isFailing && rooms > 0) || (!isHeld && loaded === MOST_LOADED)) return false;
      rooms += 1;
      if (!isHeld) loaded += 1;
      isAlone = isFailing;
      return true;
    });
    this.#pacer.begins(before - this.#queue.size, this.#options.now());
    return batch;
  }
}

import { RefusedError } from '../../protocol/errors.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import { canonicalCommand } from './canonical-command.js';
import { CommandQueue } from './command-queue.js';
import type { Actor } from './decide.js';
import { ResidentRooms } from './resident-rooms.js';
import type { RoomKey } from './room-key.js';
import { RoomMemory } from './room-memory.js';
import {
  type Command,
  decideTurn,
  type Outcome,
  type RoomVerdict,
  turnRequest,
  type WaitingCommand,
} from './room-turn.js';
import type { Append, OpenedRoom, RoomStorage, TurnRequest } from './storage.js';
import { OWN_FILE, type TurnGap, TurnPace } from './turn-pace.js';

export interface RoomsOptions {
  readonly storage: RoomStorage;
  /**
   * Told of what happened in a room, in order, once it is kept and before its commands are acknowledged. Must not wait for
   * anything.
   */
  readonly announce: (room: RoomKey, epoch: string, events: readonly TimelineEvent[]) => void;
  /** How far people here have been told a timeline; see TurnRequest. Left out where nobody but this process writes to storage. */
  readonly told?: (room: RoomKey) => TurnRequest['told'];
  /** Server time in milliseconds since 1970. */
  readonly now: () => number;
  /** Calls `task` after `delay` milliseconds. Where it is left out no turn waits for company; see TurnPace. */
  readonly after?: (delay: number, task: () => void) => unknown;
  /** When and how long turns wait for company; default OWN_FILE. */
  readonly gap?: TurnGap;
  /** SHA-256 of a text, base64url. */
  readonly digest: (text: string) => string;
  /** Told of every fault: what went wrong here, rather than what somebody asked for. */
  readonly report: (fault: unknown) => void;
  /** Told how turns go, for whoever measures them. */
  readonly watch?: TurnWatch;
  readonly limits?: Partial<RoomsLimits>;
}

/** Told of each turn that starts; a turn may be told while the next one has started already. */
export interface TurnWatch {
  started(): StartedTurn;
}

/** How one turn goes on. One that fails is not told of any further. */
export interface StartedTurn {
  /** Storage has handed its rooms over: nobody else appends to them now. */
  opened(): void;
  decided(): void;
  kept(): void;
  told(): void;
}

export interface RoomsLimits {
  /** Commands decided in one turn. */
  readonly turn: number;
  /** Commands waiting in all rooms together; more are refused until there is room. */
  readonly waiting: number;
  /** Commands waiting in one room. */
  readonly waitingPerRoom: number;
  /** Rooms held in memory. */
  readonly resident: number;
  /** A room without commands for this long is let go, in milliseconds. */
  readonly idle: number;
}

export const DEFAULT_ROOMS_LIMITS: RoomsLimits = {
  turn: 1_000,
  waiting: 20_000,
  waitingPerRoom: 5_000,
  resident: 10_000,
  idle: 5 * 60_000,
};

/** When to come again, in milliseconds, after a turn failed or where too many are waiting. */
const RETRY_AFTER = 1_000;

interface Submission extends WaitingCommand {
  readonly resolve: (seq: number) => void;
  readonly reject: (refusal: RefusedError) => void;
}

/** What the rooms are doing, for metrics. */
export interface RoomsCounters {
  /** Commands that wait for a turn. */
  readonly waiting: number;
  /** Rooms held in memory. */
  readonly resident: number;
  /** Lanes of turns that have something to do just now: turns of one lane follow each other. */
  readonly working: number;
  /** Turns so far, and how many of them storage failed. */
  readonly turns: number;
  readonly failedTurns: number;
  /** Events kept so far. */
  readonly events: number;
}

/**
 * Takes commands to rooms, and has them decided and kept in turns: while one turn is in flight the commands of the next one
 * gather, whatever rooms they are for, and share its one commit. Nobody is told of anything before it is kept.
 */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #limits: RoomsLimits;
  readonly #queue = new CommandQueue<Submission>();
  readonly #resident: ResidentRooms;
  readonly #pace: TurnPace;
  #working: Promise<void> | undefined;
  /** Ends the wait for company. */
  #hurry: () => void = () => undefined;
  #closed = false;
  #turns = 0;
  #failedTurns = 0;
  #events = 0;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#pace = new TurnPace(options.gap ?? OWN_FILE);
    this.#limits = { ...DEFAULT_ROOMS_LIMITS, ...options.limits };
    this.#resident = new ResidentRooms(this.#limits);
  }

  /**
   * Gives a command to a room. Commands to one room are decided in the order in which they were submitted.
   *
   * @returns the seq of the command's event, or the timeline's end where it changed nothing; for a command that was accepted
   *   before, what was said then.
   * @throws RefusedError: what `decide` refuses, `command_id_reused`, `unavailable` where storage fails or too many commands
   *   wait, `internal` for a fault.
   */
  submit(room: RoomKey, actor: Actor, command: Command): Promise<number> {
    const { waiting, waitingPerRoom } = this.#limits;
    if (this.#closed || this.#queue.size >= waiting || this.#queue.sizeOf(room) >= waitingPerRoom) {
      return Promise.reject(new RefusedError('unavailable', { retryAfter: RETRY_AFTER }));
    }
    return new Promise((resolve, reject) => {
      const digest = this.#options.digest(canonicalCommand(command.body));
      this.#queue.add(room, { actor, command, digest, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  get counters(): RoomsCounters {
    return {
      waiting: this.#queue.size,
      resident: this.#resident.size,
      working: this.#working ? 1 : 0,
      turns: this.#turns,
      failedTurns: this.#failedTurns,
      events: this.#events,
    };
  }

  /** Refuses further commands, and ends when those that were taken are answered. Harmless when called again. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hurry();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { now } = this.#options;
    while (this.#queue.size > 0) {
      const wait = this.#pace.wait(now());
      if (wait > 0) await this.#company(wait);
      this.#pace.begins(this.#queue.size, now());
      let tell = await this.#turn(this.#queue.take(this.#limits.turn));
      // Where more waits, storage opens the next turn while people are told of this one.
      while (this.#queue.size > 0 && this.#pace.wait(now()) === 0) {
        this.#pace.begins(this.#queue.size, now());
        const next = this.#turn(this.#queue.take(this.#limits.turn));
        tell();
        tell = await next;
      }
      tell();
    }
    this.#working = undefined;
  }

  /** Waits for more commands to share the next turn, where it is busy. */
  async #company(wait: number): Promise<void> {
    const { after } = this.#options;
    if (!after || this.#closed) return;
    await new Promise<void>(resolve => {
      this.#hurry = resolve;
      after(wait, resolve);
    });
  }

  /** Decides and keeps a turn. @returns what tells people of it, in order of the turns */
  async #turn(batch: ReadonlyMap<RoomKey, readonly Submission[]>): Promise<() => void> {
    const { storage, told } = this.#options;
    this.#turns += 1;
    const watch = this.#options.watch?.started();
    const verdicts = new Map<RoomKey, RoomVerdict>();
    try {
      const requests = [...batch].map(([room, waiting]) =>
        turnRequest(room, this.#resident.get(room), waiting, told?.(room)),
      );
      await storage.turn(requests, opened => {
        watch?.opened();
        const appends = this.#decide(opened, batch, verdicts);
        watch?.decided();
        return appends;
      });
      watch?.kept();
    } catch (fault) {
      this.#fail(batch, fault);
      return () => undefined;
    }
    for (const [room, submissions] of batch) if (!verdicts.has(room)) this.#queue.putBack(room, submissions);
    this.#resident.letGo(this.#options.now());
    return () => {
      for (const [room, verdict] of verdicts) {
        this.#tell(room, verdict.epoch, verdict.append.events);
        batch.get(room)?.forEach((submission, index) => answer(submission, verdict.outcomes[index]));
      }
      watch?.told();
    };
  }

  /** Decides a whole turn. A room that has to be loaded anew is left without a verdict, for the next turn. */
  #decide(
    opened: readonly OpenedRoom[],
    batch: ReadonlyMap<RoomKey, readonly Submission[]>,
    verdicts: Map<RoomKey, RoomVerdict>,
  ): readonly Append[] {
    const at = this.#options.now();
    const appends: Append[] = [];
    for (const room of opened) {
      const memory = this.#catchUp(room);
      const waiting = batch.get(room.room);
      if (!memory || !waiting) continue;
      this.#resident.keep(room.room, memory, at);
      const verdict = decideTurn(memory, room, waiting, at, this.#options.report);
      verdicts.set(room.room, verdict);
      if (verdict.append.accepted.length > 0) appends.push(verdict.append);
    }
    return appends;
  }

  /** The memory of an opened room as its timeline now stands; undefined where it has to be loaded anew. */
  #catchUp({ room, state, events }: OpenedRoom): RoomMemory | undefined {
    const memory = state ? new RoomMemory(state) : this.#resident.get(room);
    if (memory?.catchUp(events)) return memory;
    this.#resident.forget(room);
    return undefined;
  }

  #tell(room: RoomKey, epoch: string, events: readonly TimelineEvent[]): void {
    if (events.length === 0) return;
    this.#events += events.length;
    try {
      this.#options.announce(room, epoch, events);
    } catch (fault) {
      // They are kept all the same, so their authors get their acknowledgement; who missed them asks for the gap.
      this.#options.report(fault);
    }
  }

  /** Nothing of a turn was kept, but the memory of its rooms has it: that is thrown away with it. */
  #fail(batch: ReadonlyMap<RoomKey, readonly Submission[]>, fault: unknown): void {
    this.#failedTurns += 1;
    this.#options.report(fault);
    for (const [room, submissions] of batch) {
      this.#resident.forget(room);
      for (const { reject } of submissions) {
        reject(new RefusedError('unavailable', { retryAfter: RETRY_AFTER, cause: fault }));
      }
    }
  }
}

function answer({ resolve, reject }: Submission, outcome: Outcome | undefined): void {
  if (typeof outcome === 'number') resolve(outcome);
  else reject(outcome ?? new RefusedError('internal'));
}

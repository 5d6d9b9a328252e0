import { RefusedError } from '../../protocol/errors.js';
import type { AnyEvent, EventRegistry } from '../../protocol/timeline/events.js';
import type { SitePolicy } from './commands/command.js';
import type { ResidentRooms } from './resident-rooms.js';
import type { RoomKey } from './room-key.js';
import { RoomMemory } from './room-memory.js';
import { decideTurn, type Outcome, type RoomVerdict, turnRequest, type WaitingCommand } from './room-turn.js';
import type { Append, OpenedRoom, RoomStorage, TurnRequest } from './storage.js';

/** A waiting command, and the promise to its author. */
export interface Submission extends WaitingCommand {
  readonly resolve: (seq: number) => void;
  readonly reject: (refusal: RefusedError) => void;
}

/** The commands of one turn, by room, in order. */
export type Batch = ReadonlyMap<RoomKey, readonly Submission[]>;

/** Follows the turns. A turn may be announced after the next one has started. */
export interface TurnWatch {
  started(): StartedTurn;
}

/** Follows one turn. After a failure nothing more is called. */
export interface StartedTurn {
  /** Storage has locked and loaded its rooms. */
  opened(): void;
  decided(): void;
  kept(): void;
  told(): void;
}

export interface TurnRunnerOptions {
  readonly storage: Pick<RoomStorage, 'turn'>;
  readonly resident: ResidentRooms;
  readonly events: EventRegistry;
  /** See RoomsOptions. */
  readonly policy: (room: RoomKey) => SitePolicy;
  /** See RoomsOptions. */
  readonly announce: (room: RoomKey, epoch: string, events: readonly AnyEvent[]) => void;
  /** See RoomsOptions. */
  readonly told: ((room: RoomKey) => TurnRequest['told']) | undefined;
  /** Server time in milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (fault: unknown) => void;
  readonly watch: TurnWatch | undefined;
}

/** The result of a turn: it was kept, or storage failed. */
export type TurnResult =
  | {
      /** Announces it. Announce the turns of a room in their order. */
      readonly tell: () => void;
      /** Commands that were not decided, because their room must be loaded again first. */
      readonly left: Batch;
      readonly events: number;
    }
  | { readonly fault: unknown };

/** Runs turns: opens rooms, decides their waiting commands, and keeps the result. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /**
   * Decides a batch and keeps it. `tell` of the result also answers the authors; after a failure
   * the caller answers them.
   */
  async run(batch: Batch): Promise<TurnResult> {
    const { storage, resident, told, now } = this.#options;
    const watch = this.#options.watch?.started();
    const verdicts = new Map<RoomKey, RoomVerdict>();
    const touched: RoomKey[] = [];
    try {
      const requests = [...batch].map(([room, waiting]) =>
        turnRequest(room, resident.get(room), waiting, told?.(room)),
      );
      await storage.turn(requests, opened => {
        watch?.opened();
        touched.push(...opened.map(({ room }) => room));
        const appends = this.#decide(opened, batch, verdicts);
        watch?.decided();
        return appends;
      });
      watch?.kept();
    } catch (fault) {
      // The memory of opened rooms already holds what was not kept. If storage failed earlier,
      // memory is unchanged.
      for (const room of touched) resident.forget(room);
      return { fault };
    }
    resident.letGo(now());
    const tell = (): void => {
      for (const [room, verdict] of verdicts) {
        this.#tell(room, verdict);
        batch.get(room)?.forEach((submission, index) => answer(submission, verdict.outcomes[index]));
      }
      watch?.told();
    };
    const left = new Map([...batch].filter(([room]) => !verdicts.has(room)));
    const events = [...verdicts.values()].reduce((sum, { append }) => sum + append.events.length, 0);
    return { tell, left, events };
  }

  #decide(opened: readonly OpenedRoom[], batch: Batch, verdicts: Map<RoomKey, RoomVerdict>): readonly Append[] {
    const { resident, now, policy, report } = this.#options;
    const at = now();
    const appends: Append[] = [];
    for (const room of opened) {
      const memory = this.#catchUp(room);
      const waiting = batch.get(room.room);
      if (!memory || !waiting) continue;
      const verdict = decideTurn(memory, room, waiting, { at, policy: policy(room.room), report });
      resident.keep(room.room, memory, at);
      verdicts.set(room.room, verdict);
      if (verdict.append.accepted.length > 0) appends.push(verdict.append);
    }
    return appends;
  }

  /** Brings the memory of an opened room up to date; undefined where it must be loaded again. */
  #catchUp({ room, state, events }: OpenedRoom): RoomMemory | undefined {
    const { resident, events: kinds } = this.#options;
    const memory = state ? new RoomMemory(state, kinds) : resident.get(room);
    if (memory?.catchUp(events)) return memory;
    resident.forget(room);
    return undefined;
  }

  #tell(room: RoomKey, { epoch, append: { events } }: RoomVerdict): void {
    if (events.length === 0) return;
    try {
      this.#options.announce(
        room,
        epoch,
        events.map(({ event }) => event),
      );
    } catch (fault) {
      // The events are kept, so their authors get their acknowledgement. People who missed them ask
      // for the gap.
      this.#options.report(fault);
    }
  }
}

function answer({ resolve, reject }: Submission, outcome: Outcome | undefined): void {
  if (typeof outcome === 'number') resolve(outcome);
  else reject(outcome ?? new RefusedError('internal'));
}

import { RefusedError } from '../../protocol/errors.js';
import type { AnyEvent, EventRegistry } from '../../protocol/timeline/events.js';
import type { SitePolicy } from './commands/command.js';
import type { ResidentRooms } from './resident-rooms.js';
import type { RoomKey } from './room-key.js';
import { RoomMemory } from './room-memory.js';
import { decideTurn, type Outcome, type RoomVerdict, turnRequest, type WaitingCommand } from './room-turn.js';
import type { Append, OpenedRoom, RoomStorage, TurnRequest } from './storage.js';

/** A waiting command, and whoever waits for what becomes of it. */
export interface Submission extends WaitingCommand {
  readonly resolve: (seq: number) => void;
  readonly reject: (refusal: RefusedError) => void;
}

/** What one turn is to decide: of each room some commands, in order. */
export type Batch = ReadonlyMap<RoomKey, readonly Submission[]>;

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

/** What became of a turn: it was kept, or storage failed it. */
export type TurnResult =
  | {
      /** Tells people of it; those of a room's turns in the order of these turns. */
      readonly tell: () => void;
      /** What was not decided, because its room has to be loaded anew first. */
      readonly left: Batch;
      readonly events: number;
    }
  | { readonly fault: unknown };

/** Runs turns: has rooms opened, decides what waits in them, and has that kept. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /**
   * Decides a batch, and has it kept. Its authors are answered when people are told; of a turn that
   * failed, by the caller.
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
      // What was decided in vain is in the memory of its rooms. Where storage failed before, memory
      // is as it was.
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

  /**
   * The memory of an opened room as its timeline now stands; undefined where it has to be loaded
   * anew.
   */
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
      // They are kept all the same, so their authors get their acknowledgement; who missed them
      // asks for the gap.
      this.#options.report(fault);
    }
  }
}

function answer({ resolve, reject }: Submission, outcome: Outcome | undefined): void {
  if (typeof outcome === 'number') resolve(outcome);
  else reject(outcome ?? new RefusedError('internal'));
}

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import { RefusedError } from '../../../protocol/errors.js';
import type { RoomKey } from '../../../server/domain/room-key.js';
import { type RoomStorage, StorageError, type TurnRequest } from '../../../server/domain/storage.js';
import { type StorageFault, StorageFaultError } from '../../../server/storage/storage-fault.js';
import { roomKey } from '../../support/room-key.js';
import { actor, RoomsUnderTest, storageWithAcme } from '../../support/rooms.js';

export const [ANN, BEN] = [actor('Ann'), actor('Ben')];
export const names = (count: number, kind = 'room') =>
  Array.from({ length: count }, (_, i) => roomKey('acme', `${kind}-${i}`));

/** When a turn fails: before its rooms are handed over, or when what was decided is to be kept. */
type Moment = 'opening' | 'keeping';

/**
 * A storage that fails turns as the test says, keeps nothing of those, and knows what was asked of
 * it.
 */
export class FailingStorage implements Pick<RoomStorage, 'turn'> {
  readonly turns: (readonly TurnRequest[])[] = [];
  readonly #storage: RoomStorage;
  /** What a turn fails with. */
  fault: (requests: readonly TurnRequest[]) => unknown = () => undefined;
  moment: Moment = 'opening';
  /** Awaited before each turn begins. */
  gate: Promise<void> = Promise.resolve();

  constructor(storage: RoomStorage) {
    this.#storage = storage;
  }

  /** Holds up turns until the returned function is called. */
  holdUp(): () => void {
    let release: () => void = () => undefined;
    this.gate = new Promise(resolve => (release = resolve));
    return release;
  }

  /** Fails every turn with one of these rooms in it. */
  failAt(rooms: readonly RoomKey[], fault: () => unknown = () => new StorageError('a row is damaged')): void {
    this.fault = requests => (requests.some(({ room }) => rooms.includes(room)) ? fault() : undefined);
  }

  /** How many rooms each turn served, from the turn of this number on. */
  sizes(from = 0): readonly number[] {
    return this.turns.slice(from).map(({ length }) => length);
  }

  readonly turn: RoomStorage['turn'] = async (requests, decide) => {
    this.turns.push(requests);
    await this.gate;
    const fault = this.fault(requests);
    if (fault !== undefined && this.moment === 'opening') throw asError(fault);
    await this.#storage.turn(requests, opened => {
      const appends = decide(opened);
      if (fault !== undefined) throw asError(fault);
      return appends;
    });
  };
}

const asError = (fault: unknown) => (fault instanceof Error ? fault : new Error(String(fault)));
/** As the storage of a server tells it, see guarded-storage.ts. */
export const guardedFault = (fault: StorageFault) =>
  new RefusedError('unavailable', { retryAfter: 2_000, cause: new StorageFaultError(fault) });

/** Rooms over a storage that fails as the test says. */
export async function failing(t: TestContext) {
  const inner = await storageWithAcme(t);
  const storage = new FailingStorage(inner);
  return { inner, storage, under: new RoomsUnderTest(storage) };
}

/**
 * Has several rooms share a turn, which comes after one of a room of its own.
 * @returns what became of it, in the order given
 */
export async function together(
  { storage, under }: Awaited<ReturnType<typeof failing>>,
  give: () => readonly Promise<number>[],
): Promise<readonly (number | string)[]> {
  // Long after whatever came before, so that the first turn does not wait for company.
  under.now += 1_000;
  const release = storage.holdUp();
  const first = under.say(roomKey('acme', 'first'), ANN, 'holds the turn up');
  const given = give().map(promise =>
    promise.catch((error: unknown) => (error instanceof RefusedError ? error.code : assert.fail(String(error)))),
  );
  release();
  await first;
  return Promise.all(given);
}

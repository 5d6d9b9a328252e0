import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, test } from 'node:test';

import { newCommandId } from '../../protocol/names.js';
import { emptyState } from '../../protocol/timeline/state.js';
import { KINDS } from '../../server/kinds.js';
import { RefusedError } from '../../protocol/errors.js';
import type { RoomKey } from '../../server/domain/room-key.js';
import type { OpenedRoom, RoomStorage, TurnRequest } from '../../server/domain/storage.js';
import type { RoomsLimits } from '../../server/domain/rooms-limits.js';
import { RoomLanes } from '../../server/room-lanes.js';
import { roomKey } from '../support/room-key.js';
import { post } from '../support/commands.js';

const ANN = { person: { id: 'ann', name: 'Ann' }, role: 'member' } as const;
const LANES = 4;

/** What every room is to a storage that keeps nothing. */
function opened({ room, after }: TurnRequest): OpenedRoom {
  const nothing = { room, events: [], accepted: [], undos: [], shapes: [], messages: [] };
  if (after) return nothing;
  return { ...nothing, state: emptyState('epoch') };
}

/** Holds the turns of some rooms until the test lets them go, and says which rooms share turns. */
class HeldStorage implements Pick<RoomStorage, 'turn'> {
  readonly turns: (readonly RoomKey[])[] = [];
  readonly held = new Map<RoomKey, Promise<void>>();

  readonly turn: RoomStorage['turn'] = async (requests, decide) => {
    this.turns.push(requests.map(({ room }) => room));
    for (const { room } of requests) await this.held.get(room);
    decide(requests.map(opened));
  };
}

function newLanes(limits: Partial<RoomsLimits> = {}) {
  const held = new HeldStorage();
  const lanes = new RoomLanes(LANES, {
    storage: held,
    kinds: KINDS,
    policy: () => ({ keepsTimes: true }),
    announce: () => undefined,
    now: () => 1_000,
    digest: text => hash('sha256', text, 'base64url'),
    report: fault => {
      throw fault;
    },
    limits,
  });
  const say = (room: RoomKey) => lanes.submit(room, ANN, { id: newCommandId(), body: post('hello') });
  return { held, lanes, say };
}

describe('lanes', () => {
  test('a room whose turn is waited for delays its own lane, and no other', async () => {
    const { held, lanes, say } = newLanes();
    const rooms = Array.from({ length: 40 }, (_, number) => roomKey('acme', `room-${number}`));
    const [slow] = rooms;
    assert.ok(slow);
    let letGo: () => void = () => undefined;
    held.held.set(slow, new Promise(resolve => (letGo = resolve)));
    const first = say(slow);
    const done = new Set<RoomKey>();
    const all = rooms.slice(1).map(room => say(room).then(() => done.add(room)));
    // Whatever is in other lanes is answered while the slow one waits; the number of those is what
    // the hash makes it.
    while (done.size < 25) await Promise.race(all.filter((_, index) => !done.has(rooms[index + 1] ?? slow)));
    assert.ok(done.size < 39, 'some share the lane of the slow room');
    assert.equal(lanes.counters.working >= 1, true);
    letGo();
    await Promise.all([first, ...all]);
    assert.deepEqual(done.size, 39);
    await lanes.close();
  });

  test('the commands of one room go one after the other, in one lane', async () => {
    const { held, lanes, say } = newLanes();
    const room = roomKey('acme', 'algebra');
    const seqs = await Promise.all([say(room), say(room), say(room)]);
    // A person's first words are two events: who they are, and what they said.
    assert.deepEqual(seqs, [2, 3, 4]);
    assert.equal(
      held.turns.flat().every(each => each === room),
      true,
    );
    await lanes.close();
  });

  test('what the lanes do is counted together', async () => {
    const { lanes, say } = newLanes();
    const rooms = Array.from({ length: 20 }, (_, number) => roomKey('acme', `room-${number}`));
    const said = rooms.map(say);
    assert.equal(lanes.counters.working, LANES);
    await Promise.all(said);
    const { resident, events, waiting, failedTurns, turns } = lanes.counters;
    assert.deepEqual(
      { resident, events, waiting, failedTurns },
      { resident: 20, events: 40, waiting: 0, failedTurns: 0 },
    );
    assert.ok(turns >= LANES);
    await lanes.close();
  });

  test('what may be held is shared out: by number, and by size', async () => {
    // A room with one author takes some 1,200 bytes.
    for (const limits of [{ resident: 8 }, { residentBytes: LANES * 2_500 }]) {
      const { lanes, say } = newLanes(limits);
      await Promise.all(Array.from({ length: 60 }, (_, number) => say(roomKey('acme', `room-${number}`))));
      assert.equal(lanes.counters.resident, 8);
      await lanes.close();
    }
  });

  test('what may wait is shared out', async () => {
    const { held, lanes, say } = newLanes({ waiting: 8 });
    const room = roomKey('acme', 'algebra');
    let letGo: () => void = () => undefined;
    held.held.set(room, new Promise(resolve => (letGo = resolve)));
    const taken = [say(room), say(room), say(room)];
    await assert.rejects(say(room), (refusal: unknown) => {
      return refusal instanceof RefusedError && refusal.code === 'unavailable';
    });
    letGo();
    await Promise.all(taken);
    await lanes.close();
    await assert.rejects(say(room), RefusedError);
  });
});

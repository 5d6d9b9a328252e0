/** Of the rows alone, without the log, the board can be told as it was at any seq. */
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import { evolve } from '../../../protocol/timeline/evolve.js';
import { emptyState } from '../../../protocol/timeline/state.js';
import type { RoomStorage, Storage } from '../../../server/domain/storage.js';
import { createEngine } from '../../../server/storage/sqlite/create-engine.js';
import { openDatabase } from '../../../server/storage/sqlite/database.js';
import { packTurn } from '../../../server/storage/sqlite/packed-turn.js';
import { clear, draw, erase, keep, undo } from '../../support/commands.js';
import { roomKey } from '../../support/room-key.js';
import { actor, RoomsUnderTest } from '../../support/rooms.js';
import { stroke, withPoints } from '../../support/strokes.js';
import { site } from './contract/home.js';
import { connectTo, newServers } from './postgres/two-servers.js';

const ROOM = roomKey('acme', 'algebra');
const [ANN, BEN] = [actor('Ann', 'moderator'), actor('Ben')];

interface Row {
  readonly id: string;
  readonly seq: number;
  readonly since: number;
  readonly hidden: number;
}

interface Interval {
  readonly shape: string;
  readonly was: string;
  readonly from_seq: number;
  readonly to_seq: number;
}

/**
 * Each shape that was to be seen at `seq`, and whether it was partial. The rule is that of
 * `endInterval` in effects.ts.
 */
function boardAt(seq: number, rows: readonly Row[], intervals: readonly Interval[], partial: ReadonlySet<string>) {
  const seen: string[] = [];
  for (const { id, seq: drawn, since, hidden } of rows) {
    const within = intervals.filter(
      interval => interval.shape === id && interval.from_seq <= seq && seq < interval.to_seq,
    );
    const wasPartial = within.some(({ was }) => was === 'partial');
    const wasThere = wasPartial || drawn <= seq;
    const wasHidden = within.some(({ was }) => was === 'hidden') || (hidden === 1 && since <= seq);
    if (wasThere && !wasHidden) seen.push(`${id}${wasPartial || partial.has(id) ? ' (partial)' : ''}`);
  }
  return seen.sort();
}

/**
 * Many things happen to few shapes: drawn, kept for who vanished, completed, erased, brought back.
 */
async function story(storage: Pick<RoomStorage, 'turn'>): Promise<void> {
  const { rooms } = new RoomsUnderTest(storage);
  const ids: string[] = [];
  const given: { by: typeof ANN; id: string }[] = [];
  // A small generator of its own (mulberry32), so that both engines live through the same.
  let state = 7;
  const random = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  const unfinished = new Map<string, typeof ANN>();
  for (let step = 0; step < 400; step += 1) {
    const by = random(2) === 0 ? ANN : BEN;
    const id = newCommandId();
    const chance = random(100);
    const submit = (body: Parameters<typeof rooms.submit>[2]['body'], who = by) =>
      rooms.submit(ROOM, who, { id, body }).then(
        () => given.push({ by: who, id }),
        () => undefined,
      );
    if (chance < 25) {
      const shape = stroke();
      ids.push(shape.id);
      await submit(draw(shape));
    } else if (chance < 35) {
      const shape = stroke({ points: 'AACC' });
      ids.push(shape.id);
      unfinished.set(shape.id, by);
      await submit(keep(shape));
    } else if (chance < 45) {
      const [first] = unfinished;
      if (first) await submit(draw(withPoints(stroke({ id: first[0] }), 'AACCEE')), first[1]);
      if (first) unfinished.delete(first[0]);
    } else if (chance < 65 && ids.length > 0) await submit(erase([ids[random(ids.length)] ?? '']));
    else if (chance < 68) await submit(clear(), ANN);
    else if (given.length > 0) {
      const taken = given[Math.max(0, given.length - 1 - random(8))];
      if (taken) await submit(undo(taken.id), taken.by);
    }
  }
}

async function check(
  storage: Pick<Storage, 'turn' | 'tail'>,
  read: () => Promise<{ readonly rows: readonly Row[]; readonly intervals: readonly Interval[] }>,
): Promise<void> {
  await story(storage);
  const { rows, intervals } = await read();
  const kinds = new Set(intervals.map(({ was }) => was));
  assert.deepEqual(kinds, new Set(['hidden', 'partial']), 'the story has both');
  const state = emptyState('');
  const events = await storage.tail(ROOM, 0, 10_000);
  assert.ok(events.length > 200);
  const last = new Map<string, boolean>();
  const boards: string[][] = [];
  for (const event of events) {
    evolve(state, event);
    const board = [...state.shapes.values()].filter(({ hidden }) => !hidden);
    boards.push(board.map(({ id, partial }) => `${id}${partial ? ' (partial)' : ''}`).sort());
  }
  for (const { id, partial } of state.shapes.values()) last.set(id, partial === true);
  const stillPartial = new Set([...last].filter(([, partial]) => partial).map(([id]) => id));
  for (const [index, board] of boards.entries()) {
    const { seq } = events[index] ?? assert.fail();
    assert.deepEqual(boardAt(seq, rows, intervals, stillPartial), board, `at ${seq}`);
  }
}

describe('the board at any seq', () => {
  test('on SQLite', async t => {
    const database = openDatabase(':memory:', 0);
    const engine = createEngine(database, 'secret', Date.now);
    t.after(() => engine.close());
    engine.putSite(site('acme'));
    const storage: Pick<Storage, 'turn' | 'tail'> = {
      turn: async (requests, decide) => engine.commitTurn(packTurn(decide(engine.openTurn(requests)))),
      tail: async (...args) => engine.tail(...args),
    };
    await check(storage, async () => ({
      rows: database.prepare<[], Row>('SELECT id, seq, since, hidden FROM shape').all(),
      intervals: database.prepare<[], Interval>('SELECT * FROM shape_interval').all(),
    }));
  });

  test('on PostgreSQL', async (t: TestContext) => {
    const { servers, url } = await newServers(t, 1);
    const [storage] = servers;
    assert.ok(storage);
    const client = await connectTo(t, url);
    await check(storage, async () => ({
      rows: (await client.query<Row>('SELECT id, seq::integer, since::integer, hidden FROM shape')).rows,
      intervals: (
        await client.query<Interval>(
          'SELECT shape, was, from_seq::integer AS from_seq, to_seq::integer AS to_seq FROM shape_interval',
        )
      ).rows,
    }));
  });
});

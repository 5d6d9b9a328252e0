/**
 * A stroke whose author vanished: what the server keeps of it, and what its author makes of it
 * afterwards.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import { newCommandId } from '../../../protocol/names.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import type { AnyBody } from '../../../protocol/timeline/commands/index.js';
import type { SnapshotShape } from '../../../protocol/timeline/state.js';
import type { Actor } from '../../../server/domain/decide.js';
import type { Storage } from '../../../server/domain/storage.js';
import { roomKey } from '../../support/room-key.js';
import { actor, storageWithAcme, RoomsUnderTest } from '../../support/rooms.js';
import { stroke, withPoints } from '../../support/strokes.js';
import { draw, erase, keep, typesOf, undo } from '../../support/commands.js';

const ROOM = roomKey('acme', 'algebra');
const [ANN, BEN, MODERATOR] = [actor('Ann'), actor('Ben'), actor('Mo', 'moderator')];

const PART = stroke({ points: 'AACC' });
const LONGER = withPoints(PART, 'AACCCC');
const WHOLE = withPoints(PART, 'AAEEEEEE');

class Board {
  readonly storage: Storage;
  #under: RoomsUnderTest;

  private constructor(storage: Storage) {
    this.storage = storage;
    this.#under = new RoomsUnderTest(storage);
  }

  static async open(t: TestContext): Promise<Board> {
    return new Board(await storageWithAcme(t));
  }

  /** A server that knows nothing but what was kept. */
  restart(): void {
    this.#under = new RoomsUnderTest(this.storage);
  }

  async give(by: Actor, body: AnyBody): Promise<string> {
    const id = newCommandId();
    await this.submit(by, body, id);
    return id;
  }

  submit = (by: Actor, body: AnyBody, id: string) => this.#under.rooms.submit(ROOM, by, { id, body });
  keep = (by: Actor, kept: StrokeForm) => this.give(by, keep(kept));
  draw = (by: Actor, drawn: StrokeForm) => this.give(by, draw(drawn));
  erase = (by: Actor, ...shapes: string[]) => this.give(by, erase(shapes));
  undo = (by: Actor, command: string) => this.give(by, undo(command));

  async shapes(): Promise<readonly SnapshotShape[]> {
    return (await this.storage.snapshot(ROOM)).shapes;
  }

  /** Each visible shape's points, with a mark where it is partial. */
  async shows(...wanted: readonly string[]): Promise<void> {
    const shapes = await this.shapes();
    assert.deepEqual(
      shapes.map(({ content: { points }, partial }) => (partial ? `${points}…` : points)),
      wanted,
    );
  }

  async types(): Promise<readonly string[]> {
    return typesOf(await this.storage.tail(ROOM, 0, 1_000));
  }
}

for (const restarted of [false, true]) {
  const server = restarted ? 'a server that was started again' : 'the same server';
  const after = async (t: TestContext): Promise<Board> => {
    const board = await Board.open(t);
    await board.keep(ANN, PART);
    await board.shows('AACC…');
    if (restarted) board.restart();
    return board;
  };

  test(`its author completes it once, and takes it back and brings it again in one step, on ${server}`, async t => {
    const board = await after(t);
    const drawn = await board.draw(ANN, WHOLE);
    await board.shows('AAEEEEEE');
    await assert.rejects(board.draw(ANN, WHOLE), { code: 'shape_id_taken' });
    const undone = await board.undo(ANN, drawn);
    await board.shows();
    await board.undo(ANN, undone);
    await board.shows('AAEEEEEE');
    assert.deepEqual(await board.types(), ['entered', 'drawn', 'completed', 'undone', 'undone']);
  });

  test(`nobody else completes it, on ${server}`, async t => {
    const board = await after(t);
    await assert.rejects(board.draw(BEN, WHOLE), { code: 'shape_id_taken' });
    await assert.rejects(board.draw(MODERATOR, WHOLE), { code: 'shape_id_taken' });
    await board.keep(BEN, LONGER);
    await board.shows('AACC…');
  });

  test(`erased meanwhile it stays erased, and comes back whole, on ${server}`, async t => {
    const board = await after(t);
    const erased = await board.erase(BEN, PART.id);
    if (restarted) board.restart();
    const drawn = await board.draw(ANN, WHOLE);
    await board.shows();
    await assert.rejects(board.draw(ANN, WHOLE), { code: 'shape_id_taken' });
    if (restarted) board.restart();
    await board.undo(ANN, drawn);
    await board.undo(BEN, erased);
    await board.shows('AAEEEEEE');
    await board.undo(ANN, drawn);
    await board.shows();
  });

  test(`it grows when its author vanishes again, and only then, on ${server}`, async t => {
    const board = await after(t);
    await board.keep(ANN, LONGER);
    await board.shows('AACCCC…');
    if (restarted) board.restart();
    await board.keep(ANN, PART);
    await board.shows('AACCCC…');
    await board.draw(ANN, WHOLE);
    await board.shows('AAEEEEEE');
  });
}

test('an author who finished first has the whole of it: nothing is kept besides', async t => {
  const board = await Board.open(t);
  await board.draw(ANN, WHOLE);
  await board.keep(ANN, withPoints(LONGER, `${WHOLE.content.points}CC`));
  await board.shows('AAEEEEEE');
  assert.deepEqual(await board.types(), ['entered', 'drawn']);
});

test('what its author finished and somebody erased is not kept either, by a server that has forgotten it', async t => {
  const board = await Board.open(t);
  await board.draw(ANN, WHOLE);
  await board.erase(BEN, WHOLE.id);
  board.restart();
  await board.keep(ANN, LONGER);
  await board.shows();
});

test('the same command keeps it once, however often it is given', async t => {
  const board = await Board.open(t);
  const id = newCommandId();
  const body = keep(PART);
  const seq = await board.submit(ANN, body, id);
  assert.equal(await board.submit(ANN, body, id), seq);
  await assert.rejects(board.submit(ANN, keep(LONGER), id), { code: 'command_id_reused' });
  await assert.rejects(board.submit(ANN, draw(PART), id), { code: 'command_id_reused' });
  await board.shows('AACC…');
});

test('what was kept for somebody is no command of theirs: it can’t be undone, and uses up none of what can', async t => {
  const board = await Board.open(t);
  const first = await board.draw(ANN, stroke());
  const kept = await board.keep(ANN, PART);
  await board.undo(ANN, kept);
  assert.equal((await board.shapes()).length, 2);
  await Promise.all(Array.from({ length: LIMITS.undoDepth - 1 }, () => board.draw(ANN, stroke())));
  await board.undo(ANN, first);
  assert.equal((await board.shapes()).length, LIMITS.undoDepth);
});

test('a viewer’s is not kept, nor what is no stroke', async t => {
  const board = await Board.open(t);
  await assert.rejects(board.keep(actor('Eve', 'viewer'), PART), { code: 'role_forbidden' });
  // No point, half a point, half a number, and a place far outside.
  for (const points of ['', 'A', 'AAg', 'ggggggD']) {
    await assert.rejects(board.keep(ANN, withPoints(PART, points)), { code: 'invalid_input' }, points);
  }
  assert.deepEqual(await board.types(), []);
});

test('who has come back under another name keeps that one', async t => {
  const board = await Board.open(t);
  await board.draw(ANN, stroke());
  const married: Actor = { ...ANN, person: { ...ANN.person, name: 'Anna' } };
  await board.draw(married, stroke());
  await board.keep(ANN, PART);
  assert.deepEqual((await board.storage.snapshot(ROOM)).people, [[1, married.person]]);
});

test('a full board keeps no more, but what is on it can be completed', async t => {
  const board = await Board.open(t);
  await board.keep(ANN, PART);
  const long = stroke({ points: 'CC'.repeat(LIMITS.strokePoints / 2) });
  const others = Math.floor((LIMITS.weightPerBoard - 10) / LIMITS.strokePoints);
  await Promise.all(Array.from({ length: others }, () => board.draw(BEN, { ...long, id: stroke().id })));
  const rest = LIMITS.weightPerBoard - others * LIMITS.strokePoints;
  await board.draw(BEN, stroke({ points: 'CC'.repeat((rest - PART.content.points.length - 4) / 2) }));
  await assert.rejects(board.keep(ANN, stroke({ points: 'CCCCCC' })), { code: 'board_full' });
  await assert.rejects(board.draw(ANN, withPoints(WHOLE, 'CCCCCCCCCC')), { code: 'board_full' });
  await board.draw(ANN, WHOLE);
  assert.deepEqual((await board.shapes()).at(-1)?.content, WHOLE.content);
  await assert.rejects(board.draw(BEN, stroke({ points: 'CC' })), { code: 'board_full' });
});

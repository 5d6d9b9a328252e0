import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import { newCommandId } from '../../../protocol/names.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import type { Actor } from '../../../server/domain/decide.js';
import type { Storage } from '../../../server/domain/storage.js';
import { roomKey } from '../../support/room-key.js';
import { actor, storageWithAcme, RoomsUnderTest } from '../../support/rooms.js';
import { stroke } from '../../support/strokes.js';
import { clear, draw, erase, post, undo } from '../../support/commands.js';

const ROOM = roomKey('acme', 'algebra');
const [ANN, BEN, MODERATOR] = [actor('Ann'), actor('Ben'), actor('Mo', 'moderator')];

/** A board on the real storage, where each command is named by its id. */
class Board {
  readonly storage: Storage;
  readonly under: RoomsUnderTest;

  constructor(storage: Storage) {
    this.storage = storage;
    this.under = new RoomsUnderTest(storage);
  }

  static async open(t: TestContext): Promise<Board> {
    return new Board(await storageWithAcme(t));
  }

  async give(by: Actor, body: CommandBody): Promise<string> {
    const id = newCommandId();
    await this.under.give(ROOM, by, body, id);
    return id;
  }

  draw = (by: Actor, drawn: StrokeForm) => this.give(by, draw(drawn));
  erase = (by: Actor, ...shapes: readonly StrokeForm[]) => this.give(by, erase(shapes.map(({ id }) => id)));
  undo = (by: Actor, command: string) => this.give(by, undo(command));

  /** Checks what is to be seen, for the server that did it all and for one that loads it anew. */
  async shows(...shapes: readonly StrokeForm[]): Promise<void> {
    const ids = shapes.map(({ id }) => id);
    assert.deepEqual(
      (await this.storage.snapshot(ROOM)).shapes.map(({ id }) => id),
      ids,
    );
  }
}

test('undo and redo of a drawing, an erasing and a clearing', async t => {
  const board = await Board.open(t);
  const [one, two] = [stroke(), stroke()];
  const drawn = await board.draw(ANN, one);
  const undone = await board.undo(ANN, drawn);
  await board.shows();
  await board.undo(ANN, undone);
  await board.shows(one);
  await board.undo(ANN, drawn);
  await board.shows();
  await board.undo(ANN, undone);
  await board.shows();

  await board.draw(BEN, two);
  const erased = await board.erase(ANN, two);
  await board.shows();
  await board.undo(ANN, erased);
  await board.shows(two);
  // An erasing that was undone leaves the drawing as it was: its author can undo that too.
  await board.undo(ANN, await board.erase(ANN, two));
  await board.shows(two);

  const cleared = await board.give(MODERATOR, clear());
  await board.shows();
  await board.undo(MODERATOR, cleared);
  await board.shows(two);
});

test('undo in the same turn as what it undoes', async t => {
  const board = await Board.open(t);
  const [drawing, undoing, redoing] = [newCommandId(), newCommandId(), newCommandId()];
  const drawn = stroke();
  await Promise.all([
    board.under.give(ROOM, ANN, draw(drawn), drawing),
    board.under.give(ROOM, ANN, undo(drawing), undoing),
    board.under.give(ROOM, ANN, undo(undoing), redoing),
  ]);
  await board.shows(drawn);
  await board.undo(ANN, drawing);
  await board.shows();
});

test('undo never takes back what somebody else did since', async t => {
  const board = await Board.open(t);
  const [one, two] = [stroke(), stroke()];
  await board.draw(ANN, one);
  await board.draw(ANN, two);
  const erased = await board.erase(ANN, one, two);
  await board.undo(ANN, erased);
  const benErased = await board.erase(BEN, one);
  // Ann's erasing was undone; nothing of it is left to undo, nor to redo for the shape that Ben
  // took.
  await board.undo(ANN, erased);
  await board.shows(two);
  await board.undo(BEN, benErased);
  await board.shows(one, two);
});

test('undo is one’s own: another’s command is unknown', async t => {
  const board = await Board.open(t);
  const drawn = await board.draw(ANN, stroke());
  await assert.rejects(board.undo(BEN, drawn), { code: 'undo_unknown' });
  await assert.rejects(board.undo(ANN, newCommandId()), { code: 'undo_unknown' });
});

test('undoing what changed nothing, or a message, changes nothing', async t => {
  const board = await Board.open(t);
  const drawn = stroke();
  await board.draw(BEN, drawn);
  // Accepted at the seq of Ben's drawing: undoing it must not take that for Ann's own.
  const idle = await board.erase(ANN, stroke());
  await board.undo(ANN, idle);
  const said = await board.give(BEN, post('hello'));
  await board.undo(BEN, said);
  await board.shows(drawn);
});

test('only the last of many can be undone', async t => {
  const board = await Board.open(t);
  const [first, second] = [stroke(), stroke()];
  const [one, two] = [await board.draw(ANN, first), await board.draw(ANN, second)];
  const more = Array.from({ length: LIMITS.undoDepth - 1 }, () => board.draw(ANN, stroke()));
  await Promise.all(more);
  await assert.rejects(board.undo(ANN, one), { code: 'undo_too_old' });
  await board.undo(ANN, two);
  assert.equal((await board.storage.snapshot(ROOM)).shapes.length, LIMITS.undoDepth);
});

test('what comes before an undo in its own turn counts as well', async t => {
  const board = await Board.open(t);
  const first = newCommandId();
  const results = await Promise.allSettled([
    board.under.give(ROOM, ANN, draw(stroke()), first),
    ...Array.from({ length: LIMITS.undoDepth }, () => board.draw(ANN, stroke())),
    ...Array.from({ length: LIMITS.undoDepth }, () => board.draw(BEN, stroke())),
    board.undo(ANN, first),
  ]);
  const last = results.at(-1);
  assert.ok(last?.status === 'rejected');
  assert.equal((last.reason as { code: string }).code, 'undo_too_old');
});

test('the id of a hidden shape stays taken', async t => {
  const board = await Board.open(t);
  const drawn = stroke();
  await board.undo(ANN, await board.draw(ANN, drawn));
  await assert.rejects(board.draw(ANN, drawn), { code: 'shape_id_taken' });
});

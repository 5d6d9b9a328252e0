import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { RefusedError, type RefusalCode } from '../../../protocol/errors.js';
import { encodeInk } from '../../../protocol/ink.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import type { Happening } from '../../../protocol/timeline/events.js';
import type { RoomState, Shape } from '../../../protocol/timeline/state.js';
import { decide, type DecisionContext } from '../../../server/domain/decide.js';
import { actor } from '../../support/rooms.js';
import { stroke } from '../../support/strokes.js';
import {
  clear,
  cleared,
  draw,
  drawn,
  entered,
  erase,
  erased,
  post,
  posted,
  undo,
  undone,
} from '../../support/commands.js';

const [ANN, VIEWER, MODERATOR] = [actor('Ann'), actor('Ann', 'viewer'), actor('Ann', 'moderator')];

function shape(changed: Partial<Shape> = {}): Shape {
  return { ...stroke(), by: 1, at: 0, seq: 1, since: 1, ...changed };
}

/** A room that knows Ann as author 1, with these shapes. */
function room(...shapes: readonly Shape[]): RoomState {
  const people = new Map([[1, ANN.person]]);
  return { epoch: 'e', seq: 9, people, messages: [], shapes: new Map(shapes.map(each => [each.id, each])) };
}

function decided(
  state: RoomState,
  command: CommandBody,
  { by = ANN, ...context }: Partial<DecisionContext> & { readonly by?: typeof ANN } = {},
): readonly Happening[] | RefusalCode {
  const visible = [...state.shapes.values()].filter(({ hidden }) => !hidden).length;
  const result = decide(state, by, command, { author: 1, visible, points: 0, ...context });
  return result instanceof RefusedError ? result.code : result;
}

const COMMANDS: readonly CommandBody[] = [
  post('hello'),
  draw(stroke()),
  erase(['unheard-']),
  clear(),
  undo('x'.repeat(16)),
];

describe('who may', () => {
  test('a viewer may do nothing', () => {
    for (const command of COMMANDS) assert.equal(decided(room(), command, { by: VIEWER }), 'role_forbidden');
  });

  test('only a moderator clears the board', () => {
    assert.equal(decided(room(shape()), clear()), 'role_forbidden');
    assert.deepEqual(decided(room(shape()), clear(), { by: MODERATOR }), [cleared()]);
    assert.deepEqual(decided(room(shape({ hidden: true })), clear(), { by: MODERATOR }), []);
  });
});

describe('who it was', () => {
  const post: CommandBody = post(' hello ');
  const posted: Happening = posted('hello');

  test('an author who is known is not introduced again', () => {
    assert.deepEqual(decided(room(), post), [posted]);
  });

  test('the first event of a person introduces them', () => {
    const entered = entered(ANN.person);
    assert.deepEqual(decided(room(), post, { author: undefined }), [entered, posted]);
  });

  test('a new name, and becoming or ceasing to be a guest, are told', () => {
    const renamed = { ...ANN, person: { id: 'ann', name: 'Anna' } };
    const guest = { ...ANN, person: { ...ANN.person, guest: true as const } };
    for (const by of [renamed, guest]) {
      assert.deepEqual(decided(room(), post, { by }), [entered(by.person), posted]);
    }
  });

  test('what changes nothing introduces nobody', () => {
    assert.deepEqual(decided(room(), erase(['unheard-']), { author: undefined }), []);
  });

  test('nothing but id, name and guest is told of a person', () => {
    const person = { ...ANN.person, name: 'Anna', email: 'ann@acme.example' };
    const [entered] = decided(room(), post, { by: { ...ANN, person } });
    assert.deepEqual(entered, entered({ id: 'ann', name: 'Anna' }));
  });
});

describe('drawing', () => {
  test('a stroke is kept with its own fields alone', () => {
    const drawn = stroke();
    const sent = { ...drawn, evil: { deep: [] } };
    assert.deepEqual(decided(room(), draw(sent)), [drawn(drawn)]);
  });

  test('points must be whole points on the board, one at least', () => {
    const format = { scale: 0, pressure: false };
    const at = (x: number) => encodeInk([{ x, y: 0 }], format);
    const draw = (points: string) => decided(room(), draw(stroke({ ...format, points })));
    for (const points of ['', 'A', 'AAA', 'g', '!!', at(LIMITS.boardExtent + 1), at(-LIMITS.boardExtent - 1)]) {
      assert.equal(draw(points), 'invalid_input', points);
    }
    for (const points of ['AA', at(LIMITS.boardExtent), at(-LIMITS.boardExtent)]) assert.equal(draw(points).length, 1);
  });

  test('an id in use is refused, hidden or not', () => {
    for (const used of [shape(), shape({ hidden: true })]) {
      assert.equal(decided(room(used), draw(stroke({ id: used.id }))), 'shape_id_taken');
    }
  });

  test('a full board takes no more', () => {
    const draw = (visible: number) => decided(room(), draw(stroke()), { visible });
    const heavy = draw(stroke());
    const left = LIMITS.pointsPerBoard - heavy.stroke.points.length;
    assert.equal(decided(room(), heavy, { points: left }).length, 1);
    assert.equal(decided(room(), heavy, { points: left + 1 }), 'board_full');
    assert.equal(draw(LIMITS.shapesPerBoard), 'board_full');
    assert.equal(draw(LIMITS.shapesPerBoard - 1).length, 1);
  });
});

describe('erasing', () => {
  test("anyone's visible shapes, each once; unknown and hidden ones are passed over", () => {
    const [mine, others, hidden] = [shape(), shape({ by: 2 }), shape({ hidden: true })];
    const shapes = [mine.id, hidden.id, 'unheard-', others.id, mine.id];
    assert.deepEqual(decided(room(mine, others, hidden), erase(shapes)), [erased([mine.id, others.id])]);
    assert.deepEqual(decided(room(hidden), erase([hidden.id, 'unheard-'])), []);
  });
});

describe('undoing', () => {
  const undo: CommandBody = undo('x'.repeat(16));

  test('takes back what the command was the last to show or hide', () => {
    const state = room(shape({ since: 5 }), shape({ since: 5, hidden: true }), shape({ since: 6 }));
    assert.deepEqual(decided(state, undo, { target: { seq: 5, later: 0 } }), [undone(5, 2)]);
  });

  test('changes nothing where others touched it since, or where there was nothing', () => {
    assert.deepEqual(decided(room(shape({ since: 6 })), undo, { target: { seq: 5, later: 0 } }), []);
    assert.deepEqual(decided(room(shape()), undo, { target: 'nothing' }), []);
  });

  test('an unknown command can not be undone, nor one too long ago', () => {
    assert.equal(decided(room(shape()), undo), 'undo_unknown');
    const late = (later: number) => decided(room(shape({ since: 5 })), undo, { target: { seq: 5, later } });
    assert.equal(late(LIMITS.undoDepth), 'undo_too_old');
    assert.equal(late(LIMITS.undoDepth - 1).length, 1);
  });

  test('brings back no more than the board can hold', () => {
    const hidden = room(shape({ since: 5, hidden: true }), shape({ since: 5, hidden: true }));
    const target = { seq: 5, later: 0 };
    assert.equal(decided(hidden, undo, { target, visible: LIMITS.shapesPerBoard - 1 }), 'board_full');
    assert.equal(decided(hidden, undo, { target, visible: LIMITS.shapesPerBoard - 2 }).length, 1);
    assert.equal(decided(room(shape({ since: 5 })), undo, { target, visible: LIMITS.shapesPerBoard + 1 }).length, 1);
  });
});

test('an unknown command is a fault, which tells its kind and nothing of what was written', () => {
  const command = { type: 'message.shout', text: 'between us' } as unknown as CommandBody;
  assert.throws(
    () => decided(room(), command),
    (fault: unknown) => fault instanceof TypeError && fault.message === 'Unknown command: message.shout',
  );
});

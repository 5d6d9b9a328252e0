import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { encodeInk } from '../../../protocol/ink.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import type { BoardShape } from '../../../widget/sketch/board-data.js';
import { SHAPE_VIEWS, type ShapeView, viewOf } from '../../../widget/sketch/shapes/index.js';
import { Drawing } from '../../../widget/sketch/drawing.js';

function strokeForm(id: string, content: StrokeForm['content']): StrokeForm {
  return { id, kind: 'stroke', look: { color: 'black', width: 4 }, content };
}

function shape(id: string, points: [number, number][], more: Partial<BoardShape> = {}): BoardShape {
  const format = { scale: -2, pressure: false };
  const ink = encodeInk(
    points.map(([x, y]) => ({ x, y })),
    format,
  );
  return {
    ...strokeForm(id, { ...format, points: ink }),
    ...{ by: 0, at: 0, seq: 1, since: 1 },
    ...more,
  };
}

const board = (...shapes: BoardShape[]): Map<string, BoardShape> => new Map(shapes.map(each => [each.id, each]));
const across = (id: string, more?: Partial<BoardShape>): BoardShape =>
  shape(id, [[0, 0], [100, 0]], more); // prettier-ignore
const down = (id: string, more?: Partial<BoardShape>): BoardShape =>
  shape(id, [[50, -50], [50, 50]], more); // prettier-ignore
const ids = (marks: readonly { shape: BoardShape }[]): string[] => marks.map(mark => mark.shape.id);

describe('a shape that is covered', () => {
  const part = across('a', { partial: true });

  test('is out of sight from when it comes until another is covered, or none', () => {
    const drawing = new Drawing();
    assert.deepEqual(drawing.cover('a').damage, []);
    drawing.update(board(part, down('b')));
    assert.deepEqual([drawing.cover('a').damage.length, ids(drawing.all()), drawing.size], [1, ['b'], 1]);
    assert.deepEqual(drawing.cover('a').damage, []);
    assert.equal(drawing.cover('b').damage.length, 2);
    assert.deepEqual(ids(drawing.all()), ['a']);
    drawing.cover(undefined);
    assert.deepEqual(ids(drawing.all()), ['a', 'b']);
  });

  test('is seen when it is finished, though it looks as it did', () => {
    const drawing = new Drawing();
    drawing.update(board(part));
    drawing.cover('a');
    drawing.update(board(across('a', { pending: true })));
    drawing.cover(undefined);
    assert.deepEqual(ids(drawing.all()), ['a']);
    assert.equal(drawing.size, 1);
  });
});

describe('following the shapes', () => {
  test('what comes last is painted on top, without touching the rest', () => {
    const drawing = new Drawing();
    drawing.update(board(across('a', { seq: 1 })));
    const change = drawing.update(board(across('a', { seq: 1 }), down('b', { seq: 2 })));
    assert.deepEqual(ids(change.onTop), ['b']);
    assert.deepEqual(change.damage, []);
  });

  test('what comes below something is painted with it', () => {
    const drawing = new Drawing();
    const mine = down('mine', { pending: true });
    drawing.update(board(mine));
    const change = drawing.update(board(across('theirs', { seq: 5 }), mine));
    assert.deepEqual(ids(change.onTop), []);
    assert.equal(change.damage.length, 1);
    assert.deepEqual(ids(drawing.all()), ['theirs', 'mine']);
  });

  test('a pending stroke that is acknowledged is not painted again, unless it sank below another', () => {
    const drawing = new Drawing();
    const mine = down('mine', { pending: true });
    drawing.update(board(mine));
    const quiet = drawing.update(board(down('mine', { seq: 3 })));
    assert.deepEqual([quiet.onTop, quiet.damage], [[], []]);

    const other = across('other', { seq: 9, pending: true });
    drawing.update(board(down('mine', { seq: 3 }), other));
    assert.deepEqual(ids(drawing.all()), ['mine', 'other']);
    const moved = drawing.update(board(across('other', { seq: 2 }), down('mine', { seq: 3 })));
    assert.equal(moved.damage.length, 1);
    assert.deepEqual(ids(drawing.all()), ['other', 'mine']);
  });

  test('what is gone leaves its box to be painted anew', () => {
    const drawing = new Drawing();
    drawing.update(board(across('a'), down('b', { seq: 2 })));
    const { damage } = drawing.update(board(across('a')));
    assert.deepEqual(
      damage.map(({ minX, maxX }) => [minX, maxX]),
      [[48, 52]],
    );
    assert.equal(drawing.size, 1);
  });

  test('a stroke with more points under its id is another one', () => {
    const drawing = new Drawing();
    drawing.update(board(across('a')));
    const change = drawing.update(board(shape('a', [[0, 0], [100, 0], [200, 80]]))); // prettier-ignore
    assert.equal(change.damage.length, 2);
    assert.equal(drawing.bounds.maxX, 202);
  });

  test('much at once is painted as a whole', () => {
    const drawing = new Drawing();
    const many = Array.from({ length: 500 }, (_, index) => across(`s${String(index)}`, { seq: index }));
    assert.equal(drawing.update(board(...many)).whole, true);
    assert.equal(drawing.update(board()).whole, true);
  });

  test('a map that was changed in place is followed', () => {
    const drawing = new Drawing();
    const shapes = board(across('a'));
    drawing.update(shapes);
    shapes.delete('a');
    shapes.set('b', down('b'));
    drawing.update(shapes);
    assert.deepEqual(ids(drawing.all()), ['b']);
  });
});

describe('a shape of a kind that is not known here', () => {
  const novelty = (id: string, more: object = {}): BoardShape => ({
    ...{ id, kind: 'hologram', by: 0, at: 0, seq: 1, since: 1 },
    ...more,
  });
  const place = { x: 10, y: 20, width: 100, height: 50 };

  test('lies where it says, is touched there, and is painted anew when it moves', () => {
    const drawing = new Drawing();
    drawing.update(board(novelty('a', { place })));
    assert.deepEqual(drawing.bounds, { minX: 9, minY: 19, maxX: 111, maxY: 71 });
    assert.deepEqual(ids(drawing.along({ x: 60, y: 40 }, { x: 60, y: 40 }, 3)), ['a']);
    assert.deepEqual(ids(drawing.along({ x: 200, y: 40 }, { x: 200, y: 40 }, 3)), []);
    const same = drawing.update(board(novelty('a', { place, content: { text: 'other' } })));
    assert.deepEqual([same.onTop, same.damage], [[], []]);
    const moved = drawing.update(board(novelty('a', { place: { ...place, x: 400 } })));
    assert.deepEqual([ids(moved.onTop), moved.damage.length], [['a'], 1]);
  });

  for (const [what, more] of Object.entries({
    'says no place': {},
    'says a place that is none': { place: { x: 'left', y: 0, width: 1, height: 1 } },
    'is nowhere': { place: { x: NaN, y: 0, width: 1, height: 1 } },
    'is turned inside out': { place: { x: 0, y: 0, width: -9, height: 1 } },
    'is larger than any board': { place: { x: 0, y: 0, width: 1e300, height: 1 } },
  })) {
    test(`that ${what} is not shown, and nothing else suffers`, () => {
      const drawing = new Drawing();
      const odd = novelty('odd', more);
      drawing.update(board(across('a'), odd, down('b', { seq: 2 })));
      assert.deepEqual(ids(drawing.all()), ['a', 'b']);
      assert.equal(drawing.size, 2);
      assert.deepEqual(drawing.bounds, { minX: -2, minY: -52, maxX: 102, maxY: 52 });
      drawing.hide(['odd']);
      drawing.show(['odd']);
      drawing.cover('odd');
      drawing.cover(undefined);
      assert.equal(drawing.size, 2);
      const shown = drawing.update(board(across('a'), novelty('odd', { place }), down('b', { seq: 2 })));
      assert.deepEqual([shown.onTop.length + shown.damage.length, drawing.size], [1, 3]);
      assert.equal(drawing.update(board(across('a'))).damage.length, 2);
      assert.equal(drawing.size, 1);
    });
  }

  test('a stroke that can’t be read is not shown either', () => {
    const drawing = new Drawing();
    const { content, ...rest } = strokeForm('bad', { scale: 0, pressure: false, points: 'g' });
    drawing.update(board(novelty('bad', { ...rest, content })));
    assert.deepEqual([ids(drawing.all()), drawing.size], [[], 0]);
  });

  test('a kind that is added is shown by its own view', () => {
    const view: ShapeView = {
      ...viewOf('hologram'),
      read: form => ({ ...viewOf('hologram').read(form), box: { minX: 1, minY: 2, maxX: 3, maxY: 4 } }),
    };
    const drawing = new Drawing({ ...SHAPE_VIEWS, hologram: view });
    drawing.update(board(novelty('a')));
    assert.deepEqual(drawing.bounds, { minX: 1, minY: 2, maxX: 3, maxY: 4 });
  });
});

describe('hiding', () => {
  test('what is hidden is neither seen nor touched, and can come back', () => {
    const drawing = new Drawing();
    drawing.update(board(across('a'), down('b', { seq: 2 })));
    drawing.hide(['a']);
    assert.deepEqual(ids(drawing.all()), ['b']);
    assert.deepEqual(drawing.along({ x: 10, y: 0 }, { x: 10, y: 0 }, 3), []);
    drawing.show(['a']);
    assert.deepEqual(ids(drawing.all()), ['a', 'b']);
  });

  test('what is erased and brought back later is seen again', () => {
    const drawing = new Drawing();
    drawing.update(board(across('a')));
    drawing.hide(['a']);
    drawing.update(board());
    drawing.update(board(across('a')));
    assert.deepEqual(ids(drawing.all()), ['a']);
  });
});

test('what lies along a way is found, topmost last', () => {
  const drawing = new Drawing();
  drawing.update(board(across('a', { seq: 1 }), down('b', { seq: 2 }), shape('far', [[900, 900]], { seq: 3 })));
  assert.deepEqual(ids(drawing.along({ x: 40, y: -10 }, { x: 60, y: 10 }, 2)), ['a', 'b']);
});

test('many shapes are read a part at a time', () => {
  const drawing = new Drawing();
  const shapes = board(...Array.from({ length: 300 }, (_, index) => across(`s${String(index)}`)));
  assert.equal(
    drawing.prepare(shapes, () => true),
    false,
  );
  assert.equal(
    drawing.prepare(shapes, () => false),
    true,
  );
  drawing.update(shapes);
  assert.equal(
    drawing.prepare(shapes, () => true),
    true,
  );
});

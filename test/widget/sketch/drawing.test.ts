import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';

import { decodeInk } from '../../../protocol/ink.js';
import { CursorEvent, DrawEvent, EraseEvent, InkBeginEvent, InkMoreEvent } from '../../../widget/sketch/index.js';
import { type Board, nextFrame, openBoard, peer, type Point, resetMouse, screen, strokeOf } from './board.js';
import { waitUntil } from '../../support/browser/wait-until.js';

const LINE: Point[] = Array.from({ length: 12 }, (_, index) => ({ x: 200 + index * 30, y: 200 }));
const MIDDLE = { x: 360, y: 200 };
/**
 * The empty board's origin lies in its middle, a little above for the tools: where board points are
 * on the screen.
 */
const ORIGIN = { x: 400, y: 226 };

/** The kinds of what was told about ink, each once where it comes again and again. */
function inkTold(board: Board): string[] {
  return board.told
    .map(event => event.type)
    .filter(type => type !== 'cursor')
    .filter((type, index, all) => type !== all[index - 1]);
}

describe('drawing', () => {
  before(() => screen(1000, 700));
  afterEach(() => resetMouse());

  it('tells a stroke while it is drawn and when it is finished, as it was drawn', async () => {
    const board = await openBoard();
    await board.mouse(LINE);
    expect(inkTold(board)).to.deep.equal(['ink-begin', 'ink-more', 'draw']);
    const [begin] = board.of(InkBeginEvent);
    const [draw] = board.of(DrawEvent);
    if (begin === undefined || draw === undefined) throw new Error('Nothing was told.');
    const [id, color, width, scale, pressure, first] = begin.begin;
    expect(draw.shape).to.deep.include({ id, kind: 'stroke', look: { color, width } });
    expect(draw.shape.content).to.include({ scale, pressure: false });
    expect([color, width, pressure]).to.deep.equal(['black', 4, 0]);

    const live = decodeInk(
      first +
        board
          .of(InkMoreEvent)
          .map(more => more.points)
          .join(''),
      { scale, pressure: false },
    );
    const kept = decodeInk(draw.shape.content.points, draw.shape.content);
    for (const points of [live, kept]) {
      expect(points?.slice(0, 2)).to.deep.equal(Float64Array.of(200 - ORIGIN.x, 200 - ORIGIN.y));
      for (let at = 1; at < (points?.length ?? 0); at += 2) expect(points?.[at]).to.equal(200 - ORIGIN.y);
    }
    expect(kept?.slice(-2)).to.deep.equal(Float64Array.of(530 - ORIGIN.x, 200 - ORIGIN.y));
    expect(kept?.length, 'a straight line needs two points').to.equal(4);
  });

  it('never shows a frame without the stroke between pen-up and the shape', async () => {
    const board = await openBoard();
    board.keeps = false;
    await board.mouse(LINE, { release: false });
    await board.seesInk(MIDDLE);
    const blanks: string[] = [];
    const over = new AbortController();
    const watched = (async () => {
      for (let frame = 0; !over.signal.aborted; frame += 1) {
        if (board.inkAt(MIDDLE) === undefined) blanks.push(`frame ${String(frame)}`);
        await nextFrame();
      }
    })();
    board.pointer('pointerup', MIDDLE, { pointerType: 'mouse', pointerId: 1 });
    await waitUntil(() => board.of(DrawEvent).length === 1);
    for (let frame = 0; frame < 4; frame += 1) await nextFrame();
    const [draw] = board.of(DrawEvent);
    if (draw) board.put(draw.shape);
    const isTakenOver = () => liveCanvas(board).style.visibility === 'hidden';
    await waitUntil(isTakenOver, 'the live stroke gave way to the shape').finally(() => over.abort());
    await watched;
    expect(blanks).to.deep.equal([]);
    expect(board.inkAt(MIDDLE)).to.not.equal(undefined);
  });

  it('moves the tools out of the way meanwhile', async () => {
    const board = await openBoard();
    await board.mouse(LINE, { release: false });
    await board.shown();
    expect(getComputedStyle(board.query('[data-tool=pen]')).pointerEvents).to.equal('none');
    expect(board.query('.chrome').hasAttribute('data-away')).to.equal(true);
    await resetMouse();
    await board.shown();
    expect(board.query('.chrome').hasAttribute('data-away')).to.equal(false);
  });

  it('lets go of the hint at the first stroke', async () => {
    const board = await openBoard();
    expect(board.query('.empty').textContent).to.contain('Draw something');
    await board.mouse(LINE, { release: false });
    await waitUntil(() => board.root.querySelector('.empty') === null);
  });

  it('draws a dot for a tap', async () => {
    const board = await openBoard();
    board.stroke([MIDDLE]);
    await board.seesInk(MIDDLE);
    expect(board.of(DrawEvent)).to.have.length(1);
  });

  it('takes pressure from a pen alone', async () => {
    const board = await openBoard();
    board.stroke(LINE, { pointerType: 'touch', pressure: 0.9 });
    board.stroke(LINE, { pointerType: 'pen', pressure: 0.9 });
    expect(board.of(DrawEvent).map(({ shape }) => shape.content.pressure)).to.deep.equal([false, true]);
  });

  it('keeps what a mouse or a pen drew when the browser takes the pointer away, and drops a palm', async () => {
    const board = await openBoard();
    for (const pointerType of ['touch', 'mouse', 'pen']) {
      board.pointer('pointerdown', { x: 100, y: 100 }, { pointerType });
      board.pointer('pointermove', { x: 200, y: 100 }, { pointerType });
      board.pointer('pointercancel', { x: 200, y: 100 }, { pointerType });
    }
    expect(inkTold(board)).to.deep.equal([
      ...['ink-begin', 'ink-more', 'ink-drop'],
      ...['ink-begin', 'ink-more', 'draw'],
      ...['ink-begin', 'ink-more', 'draw'],
    ]);
  });

  it('is not open to whoever only looks', async () => {
    const board = await openBoard([strokeOf('a', [{ x: 0, y: 0 }])], { canDraw: false });
    await board.mouse([MIDDLE, { x: 460, y: 200 }]);
    await board.shown();
    expect(inkTold(board)).to.deep.equal([]);
    expect(board.of(CursorEvent)).to.deep.equal([]);
    expect(board.inkAt({ x: ORIGIN.x + 100, y: 200 + 26 }), 'the view moved').to.not.equal(undefined);
  });

  it('ends where drawing is no longer allowed', async () => {
    const board = await openBoard();
    await board.mouse(LINE, { release: false });
    await board.seesInk(MIDDLE);
    board.sketch.canDraw = false;
    await board.shown();
    expect(inkTold(board).at(-1)).to.equal('ink-drop');
    await board.seesPaper(MIDDLE);
  });
});

describe('fingers', () => {
  before(() => screen(1000, 700));
  const a = { pointerId: 11 };
  const b = { pointerId: 12 };

  it('pinch and draw nothing', async () => {
    const board = await openBoard([strokeOf('a', [{ x: 0, y: 0 }], { width: 16 })]);
    const { x, y } = ORIGIN;
    board.pointer('pointerdown', { x: x - 50, y }, a);
    board.pointer('pointermove', { x: x - 52, y }, a);
    board.pointer('pointerdown', { x: x + 50, y }, b);
    board.pointer('pointermove', { x: x + 150, y }, b);
    board.pointer('pointermove', { x: x - 150, y }, a);
    board.pointer('pointerup', { x: x + 150, y }, b);
    board.pointer('pointermove', { x: x - 100, y }, a);
    board.pointer('pointerup', { x: x - 100, y }, a);
    await board.shown();
    expect(inkTold(board)).to.deep.equal(['ink-begin', 'ink-more', 'ink-drop']);
    expect(board.query('.zoom').textContent.trim()).to.equal('294%');
    expect(board.inkAt({ x: ORIGIN.x + 50, y: ORIGIN.y }), 'the finger that stayed moved the view on').to.not.equal(
      undefined,
    );
  });

  it('do not spoil a stroke that is under way', async () => {
    const board = await openBoard();
    board.pointer('pointerdown', { x: 100, y: 100 }, { ...a, timeStamp: 1_000 });
    board.pointer('pointermove', { x: 200, y: 100 }, a);
    board.pointer('pointerdown', { x: 500, y: 400 }, { ...b, timeStamp: 1_120 });
    board.pointer('pointermove', { x: 300, y: 100 }, a);
    board.pointer('pointerup', { x: 300, y: 100 }, a);
    expect(inkTold(board)).to.deep.equal(['ink-begin', 'ink-more', 'draw']);
  });

  it('move the view once a pen has been seen, until told to draw', async () => {
    const board = await openBoard();
    board.stroke(LINE, { pointerType: 'pen', pressure: 0.5 });
    await board.shown();
    board.stroke(LINE);
    expect(board.of(DrawEvent), 'by the pen').to.have.length(1);
    board.query('[aria-label="Draw with a finger"]').click();
    await board.shown();
    board.stroke(LINE);
    expect(board.of(DrawEvent), 'and by the finger').to.have.length(2);
  });
});

describe('the others', () => {
  before(() => screen(1000, 700));
  const ink = (points: string) => ['cccccccc', 'blue', 8, 0, 0, points] as const;

  it('are seen drawing, with their name at the tip, until their shape takes over', async () => {
    const board = await openBoard([strokeOf('far', [{ x: 300, y: 150 }])]);
    const at = { x: ORIGIN.x - 300 + 40, y: ORIGIN.y - 150 };
    board.sketch.fit();
    board.sketch.peers = [peer({ ink: ink('AA') })];
    await board.shown();
    board.sketch.peers = [peer({ ink: ink('AAoFA') })];
    await board.seesInk(at);
    expect(board.query('.cursor').textContent).to.equal('Bob');

    board.sketch.peers = [peer()];
    await nextFrame();
    await nextFrame();
    expect(board.inkAt(at), 'held until the shape is here').to.not.equal(undefined);
    expect(board.root.querySelector('.cursor')).to.equal(null);
    board.put(strokeOf('cccccccc', [{ x: 0, y: 0 }, { x: 80, y: 0 }], { color: 'blue' })); // prettier-ignore
    for (let frame = 0; frame < 4; frame += 1) {
      await nextFrame();
      expect(board.inkAt(at)).to.not.equal(undefined);
    }
  });

  it('are not seen any more when they drop a stroke', async () => {
    const board = await openBoard();
    board.sketch.peers = [peer({ ink: ink('AAoFA') })];
    const at = { x: ORIGIN.x + 40, y: ORIGIN.y };
    await board.seesInk(at);
    board.sketch.peers = [peer()];
    await board.seesPaper(at);
  });

  it('point with named cursors, and oneself does not', async () => {
    const board = await openBoard();
    const cursor = { x: 10, y: 20 };
    board.sketch.peers = [peer({ cursor }), peer({ peer: 3, self: true, cursor })];
    await board.shown();
    expect(board.root.querySelectorAll('.cursor')).to.have.length(1);
    const { left, top } = board.query('.cursor').getBoundingClientRect();
    const origin = board.sketch.getBoundingClientRect();
    expect([left - origin.left, top - origin.top]).to.deep.equal([ORIGIN.x + 10, ORIGIN.y + 20]);
  });

  it('are told where the pointer is, and when it has left', async () => {
    const board = await openBoard();
    board.pointer('pointermove', { x: ORIGIN.x + 7, y: ORIGIN.y }, { pointerType: 'mouse' });
    board.pointer('pointerleave', { x: 0, y: 0 }, { pointerType: 'mouse' });
    board.stroke([{ x: 10, y: 10 }, { x: 20, y: 10 }]); // prettier-ignore
    board.query('button[data-tool=hand]').click();
    board.stroke([{ x: 10, y: 10 }, { x: 20, y: 10 }]); // prettier-ignore
    expect(
      board.of(CursorEvent).map(({ at }) => at),
      'not of a finger',
    ).to.deep.equal([{ x: 7, y: 0 }, undefined]);
  });
});

describe('erasing', () => {
  before(() => screen(1000, 700));
  afterEach(() => resetMouse());
  const across = (id: string, y: number) => strokeOf(id, [{ x: -300, y }, { x: 300, y }]); // prettier-ignore

  it('hides whole strokes as it passes and tells them all at the end', async () => {
    const board = await openBoard([across('a', -60), across('b', 0), across('c', 60)]);
    const [a, b, c] = [166, 226, 286].map(y => ({ x: 500, y }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('unreachable');
    await board.seesInk(b);
    board.sketch.focus();
    await sendKeys({ press: 'e' });
    await board.mouse([{ x: 200, y: 140 }, { x: 210, y: 250 }], { release: false }); // prettier-ignore
    await board.seesPaper(a);
    await board.seesPaper(b);
    expect(board.inkAt(c)).to.not.equal(undefined);
    expect(board.of(EraseEvent)).to.deep.equal([]);
    await resetMouse();
    await waitUntil(() => board.of(EraseEvent).length === 1);
    expect(board.of(EraseEvent)[0]?.shapes).to.have.members(['a-------', 'b-------']);
    await board.shown();
    expect(board.inkAt(a)).to.equal(undefined);
  });

  it('given up, brings back what it hid', async () => {
    const board = await openBoard([across('a', 0)]);
    board.sketch.focus();
    await sendKeys({ press: 'e' });
    await board.mouse([{ x: 200, y: 200 }, { x: 200, y: 250 }], { release: false }); // prettier-ignore
    await board.seesPaper({ x: 500, y: 226 });
    await sendKeys({ press: 'Escape' });
    await board.seesInk({ x: 500, y: 226 });
    expect(board.of(EraseEvent)).to.deep.equal([]);
  });
});

function liveCanvas(board: Board): HTMLCanvasElement {
  const canvas = [...board.root.querySelectorAll('canvas')].at(-1);
  if (canvas === undefined) throw new Error('There is no canvas.');
  return canvas;
}

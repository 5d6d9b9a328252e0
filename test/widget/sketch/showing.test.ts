import { expect } from '@open-wc/testing';

import { nextFrame, openBoard, screen, strokeOf } from './board.js';
import { waitUntil } from '../../support/browser/wait-until.js';

const WIDE = [
  strokeOf('left', [{ x: -2000, y: 0 }, { x: -1900, y: 40 }], { width: 16, color: 'blue' }), // prettier-ignore
  strokeOf('right', [{ x: 3000, y: 800 }, { x: 2900, y: 760 }], { width: 16, color: 'green' }), // prettier-ignore
];

describe('showing a drawing', () => {
  before(() => screen(1300, 900));
  after(() => screen(1000, 700, 1));

  for (const [width, height] of [
    [900, 600],
    [340, 480],
  ] as const) {
    // prettier-ignore
    it(`fits the whole of it into ${String(width)} × ${String(height)} px at first`, async () => {
      const board = await openBoard(WIDE, { width, height });
      const zoom = (width - 64) / 5016;
      const seen = (x: number, y: number) => ({
        x: width / 2 + (x - 500) * zoom,
        y: 32 + (height - 112) / 2 + (y - 400) * zoom,
      });
      await board.seesInk(seen(-1950, 20));
      expect(board.inkAt(seen(2950, 780))).to.not.equal(undefined);
    });
  }

  it('fits the next one too, when another board takes its place', async () => {
    const board = await openBoard(WIDE);
    board.sketch.loaded = false;
    await board.shown();
    board.shapes.clear();
    board.put(strokeOf('other', [{ x: 7000, y: 7000 }], { width: 16 }));
    expect(board.root.querySelector('.skeleton')).to.not.equal(null);
    board.sketch.loaded = true;
    await board.seesInk({ x: 400, y: 226 });
    expect(board.query('.zoom').textContent.trim()).to.equal('100%');
  });

  it('waits with that until there is a size, as behind another tab', async () => {
    const board = await openBoard([], { loaded: false });
    board.sketch.hidden = true;
    board.sketch.style.display = 'none';
    board.put(...WIDE);
    board.sketch.loaded = true;
    await board.shown();
    board.sketch.style.display = 'block';
    await waitUntil(() => board.query('.zoom').textContent.trim() === '15%');
  });

  for (const ratio of [1, 1.5, 2]) {
    it(`is crisp at ${String(ratio)} device pixels a px`, async () => {
      await screen(1300, 900, ratio);
      expect(devicePixelRatio).to.equal(ratio);
      const board = await openBoard(WIDE);
      for (const canvas of board.root.querySelectorAll('canvas')) {
        const { width, height } = canvas.getBoundingClientRect();
        if (getComputedStyle(canvas).visibility !== 'visible') continue;
        expect(canvas.width, 'width').to.be.closeTo(width * ratio, 0.01);
        expect(canvas.height, 'height').to.be.closeTo(height * ratio, 0.01);
        const { left, top } = canvas.getBoundingClientRect();
        const origin = board.sketch.getBoundingClientRect();
        for (const offset of [left - origin.left, top - origin.top]) {
          expect(Math.abs(offset * ratio - Math.round(offset * ratio)), 'whole pixels').to.be.below(0.01);
        }
      }
    });
  }

  it('stays crisp when the window moves to another screen', async () => {
    await screen(1300, 900, 1);
    const board = await openBoard(WIDE);
    await screen(1300, 910, 2);
    await waitUntil(() => {
      const canvas = [...board.root.querySelectorAll('canvas')].find(each => each.style.visibility === 'visible');
      return canvas !== undefined && Math.abs(canvas.width - canvas.getBoundingClientRect().width * 2) < 0.1;
    });
    await screen(1300, 900, 1);
  });

  it('keeps the middle of the drawing through a change of size, without a blank frame', async () => {
    const board = await openBoard([strokeOf('a', [{ x: -30, y: 0 }, { x: 30, y: 0 }], { width: 16 })]); // prettier-ignore
    await board.seesInk({ x: 400, y: 226 });
    board.pointer('pointerdown', { x: 10, y: 10 }, { button: 1, pointerType: 'mouse' });
    board.pointer('pointermove', { x: 10, y: 34 }, { pointerType: 'mouse' });
    board.pointer('pointerup', { x: 10, y: 34 }, { pointerType: 'mouse' });
    await board.seesInk({ x: 400, y: 250 });
    for (const [width, height] of [
      [700, 450],
      [500, 400],
      [900, 600],
    ] as const) {
      // prettier-ignore
      board.sketch.style.width = `${String(width)}px`;
      board.sketch.style.height = `${String(height)}px`;
      await nextFrame();
      // Layout is done and observers are called before this frame is painted; the next one begins
      // with what it showed.
      await nextFrame();
      expect(board.inkAt({ x: width / 2, y: height / 2 }), `${String(width)} px`).to.not.equal(undefined);
    }
  });

  it('wears the colours of the theme', async () => {
    const board = await openBoard([strokeOf('a', [{ x: 0, y: 0 }], { width: 16, color: 'black' })]);
    await waitUntil(() => board.inkAt({ x: 400, y: 226 }) === 'rgb(35, 33, 29)');
    board.sketch.dark = true;
    await waitUntil(() => board.inkAt({ x: 400, y: 226 }) === 'rgb(244, 240, 230)');
  });

  it('paints what lies below something below it', async () => {
    const board = await openBoard([strokeOf('low', [{ x: -50, y: 0 }, { x: 50, y: 0 }], { color: 'blue', width: 16 })]); // prettier-ignore
    board.put(strokeOf('top', [{ x: 0, y: -50 }, { x: 0, y: 50 }], { color: 'red', width: 16 })); // prettier-ignore
    await waitUntil(() => board.inkAt({ x: 400, y: 226 }) === 'rgb(176, 28, 36)');
    board.remove('top-----');
    await waitUntil(() => board.inkAt({ x: 400, y: 226 }) === 'rgb(47, 85, 184)');
  });

  it('shows a board of thousands, in pieces that leave the page alone', async () => {
    const many = Array.from({ length: 6_000 }, (_, index) => {
      const [x, y] = [(index % 100) * 40, Math.floor(index / 100) * 40];
      const points = Array.from({ length: 20 }, (_, step) => ({ x: x + step, y: y + 9 * Math.sin(step + index) }));
      return strokeOf(index.toString(36), points, { width: 2 });
    });
    const board = await openBoard(many);
    await waitUntil(() => board.query('.board').getAttribute('aria-label') === 'Board with 6,000 strokes');
    // The last of all, at the lower right.
    const zoom = 736 / (99 * 40 + 19 + 2);
    const zoomY = (500 - 112) / (59 * 40 + 18 + 2);
    const fitted = Math.min(zoom, zoomY);
    const at = (x: number, y: number) => ({
      x: 400 + (x - (99 * 40 + 19) / 2) * fitted,
      y: 226 + (y - (59 * 40) / 2) * fitted,
    });
    await waitUntil(() => {
      const { x, y } = at(99 * 40 + 10, 59 * 40);
      return [-2, -1, 0, 1, 2].some(by => board.inkAt({ x, y: y + by }) !== undefined);
    });
  });
});

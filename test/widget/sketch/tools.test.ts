import { expect } from '@open-wc/testing';
import { sendKeys, sendMouse } from '@web/test-runner-commands';

import { ClearEvent, DrawEvent, SketchSayEvent } from '../../../widget/sketch/index.js';
import { type Board, openBoard, peer, resetMouse, screen, ADA, strokeOf } from './board.js';
import { waitUntil } from '../../support/browser/wait-until.js';

const MARK = strokeOf('a', [{ x: -100, y: 0 }, { x: 100, y: 0 }]); // prettier-ignore

function focused(board: Board): string {
  const element = board.root.activeElement;
  return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? '';
}

describe('the tools', () => {
  before(() => screen(1000, 700));
  afterEach(() => resetMouse());

  it('are one tab stop with arrow keys inside', async () => {
    const board = await openBoard([MARK], { canUndo: true });
    board.query('[data-tool=pen]').focus();
    await sendKeys({ press: 'ArrowRight' });
    expect(focused(board)).to.equal('Eraser');
    await sendKeys({ press: 'End' });
    expect(focused(board)).to.equal('Save a copy');
    await sendKeys({ press: 'ArrowRight' });
    expect(focused(board), 'round again').to.equal('Pen');
    const stops = [...board.root.querySelectorAll<HTMLElement>('.tools button:not(:disabled)')].filter(
      each => each.tabIndex === 0,
    );
    expect(stops).to.have.length(1);
    await sendKeys({ press: 'Tab' });
    expect(focused(board)).to.equal('Zoom out');
  });

  it('go the other way in a page that runs from right to left', async () => {
    const board = await openBoard([MARK]);
    board.sketch.dir = 'rtl';
    board.query('[data-tool=pen]').focus();
    await sendKeys({ press: 'ArrowLeft' });
    expect(focused(board)).to.equal('Eraser');
  });

  it('are taken by keys while the board has the focus', async () => {
    const board = await openBoard();
    board.sketch.focus();
    for (const [key, tool] of [
      ['e', 'eraser'],
      ['h', 'hand'],
      ['p', 'pen'],
    ] as const) {
      // prettier-ignore
      await sendKeys({ press: key });
      await board.shown();
      expect(board.query(`[data-tool=${tool}]`).getAttribute('aria-pressed')).to.equal('true');
    }
  });

  it('set colour and size, which the next stroke has', async () => {
    const board = await openBoard();
    board.query('[data-opens=pen]').click();
    await board.shown();
    expect(focused(board)).to.equal('Ink');
    await sendKeys({ press: 'ArrowRight' });
    board.query('[data-width="16"]').click();
    await sendKeys({ press: 'Escape' });
    await board.shown();
    expect(board.root.querySelector('.panel')).to.equal(null);
    board.stroke([{ x: 100, y: 100 }, { x: 200, y: 100 }]); // prettier-ignore
    expect(board.of(DrawEvent)[0]?.shape.look).to.deep.equal({ color: 'blue', width: 16 });
  });

  it('give the focus back when a panel is closed with Escape', async () => {
    const board = await openBoard([MARK]);
    board.query('[data-opens=export]').focus();
    await sendKeys({ press: 'Enter' });
    await board.shown();
    expect(focused(board)).to.equal('Image (PNG)');
    await sendKeys({ press: 'Escape' });
    await board.shown();
    expect(focused(board)).to.equal('Save a copy');
  });

  it('take a free colour', async () => {
    const board = await openBoard();
    board.query('[data-opens=pen]').click();
    await board.shown();
    const input = board.root.querySelector('input');
    if (input === null) throw new Error('There is no input.');
    input.value = '#7A1FA2';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await board.shown();
    board.stroke([{ x: 100, y: 100 }]);
    expect(board.of(DrawEvent)[0]?.shape.look.color).to.equal('#7a1fa2');
  });

  it('undo and redo by key from anywhere in the sketch', async () => {
    const board = await openBoard([MARK], { canUndo: true, canRedo: true });
    board.sketch.focus();
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'z' });
    board.query('[data-tool=hand]').focus();
    await sendKeys({ press: 'y' });
    await sendKeys({ down: 'Shift' });
    await sendKeys({ press: 'Z' });
    await sendKeys({ up: 'Shift' });
    await sendKeys({ up: 'Control' });
    expect(board.told.map(event => event.type)).to.deep.equal(['undo', 'redo', 'redo']);
  });

  it('undo nothing where there is nothing', async () => {
    const board = await openBoard([MARK]);
    board.sketch.focus();
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'z' });
    await sendKeys({ up: 'Control' });
    expect(board.told).to.deep.equal([]);
  });

  it('clear only for those who may, and after a question', async () => {
    const board = await openBoard([MARK]);
    expect(board.root.querySelector('[data-opens=clear]')).to.equal(null);
    board.sketch.canClear = true;
    await board.shown();
    board.query('[data-opens=clear]').click();
    await board.shown();
    expect(board.query('.panel').textContent).to.contain('You can undo this.');
    expect(focused(board), 'the harmless answer first').to.equal('Cancel');
    expect(board.of(ClearEvent)).to.have.length(0);
    board.query('.panel .danger').click();
    expect(board.of(ClearEvent)).to.have.length(1);
  });

  it('are not shown to whoever only looks', async () => {
    const board = await openBoard([], { canDraw: false });
    expect(board.root.querySelector('[data-tool=pen]')).to.equal(null);
    expect(board.query('.tools').textContent).to.contain('View only');
    expect(board.query('.empty').textContent).to.contain('Nothing drawn yet');
  });

  it('stand in one row that scrolls where it is narrow', async () => {
    const board = await openBoard([MARK], { width: 300, canClear: true });
    const bars = board.query('.bars');
    expect(bars.scrollWidth).to.be.above(bars.clientWidth);
    expect(bars.clientHeight).to.be.below(60);
    expect(bars.getBoundingClientRect().width).to.be.below(300);
  });

  it('pass an accessibility check, also with a panel open, light and dark', async () => {
    const board = await openBoard([MARK], { canUndo: true, canClear: true });
    for (const panel of ['pen', 'export', 'clear']) {
      board.query(`[data-opens=${panel}]`).click();
      await board.shown();
      await expect(board.sketch).to.be.accessible();
    }
  });
});

describe('moving the view', () => {
  before(() => screen(1000, 700));
  afterEach(() => resetMouse());
  const centre = { x: 400, y: 226 };

  const wheel = (board: Board, init: WheelEventInit): boolean => {
    const { left, top } = board.sketch.getBoundingClientRect();
    const at = { clientX: left + 400, clientY: top + 226, bubbles: true, composed: true, cancelable: true };
    return !board.query('.surface').dispatchEvent(new WheelEvent('wheel', { ...at, ...init }));
  };

  it('leaves a plain wheel to the page until the board has the focus', async () => {
    const board = await openBoard([MARK]);
    expect(wheel(board, { deltaY: 40 })).to.equal(false);
    await board.shown();
    expect(board.inkAt(centre)).to.not.equal(undefined);
    board.sketch.focus();
    expect(wheel(board, { deltaY: 40 })).to.equal(true);
    await board.seesInk({ x: 400, y: 186 });
    board.query('.zoom').focus();
    expect(wheel(board, { deltaY: 40 })).to.equal(false);
  });

  it('zooms with Ctrl and the wheel, with or without focus', async () => {
    const board = await openBoard([MARK]);
    expect(wheel(board, { deltaY: -10, ctrlKey: true })).to.equal(true);
    await board.shown();
    expect(board.query('.zoom').textContent.trim()).to.equal('111%');
  });

  it('by keys: arrows, plus, fit; and says the zoom', async () => {
    const board = await openBoard([MARK]);
    board.sketch.focus();
    await sendKeys({ press: 'ArrowDown' });
    await board.seesInk({ x: 400, y: 226 - 64 });
    await sendKeys({ press: '+' });
    expect(board.of(SketchSayEvent).at(-1)?.text).to.equal('Zoom 125%');
    await sendKeys({ press: '0' });
    await board.seesInk(centre);
  });

  it('with the space bar held, whatever the tool', async () => {
    const board = await openBoard([MARK]);
    board.sketch.focus();
    await sendKeys({ down: 'Space' });
    await board.mouse([centre, { x: 400, y: 326 }]); // prettier-ignore
    await sendKeys({ up: 'Space' });
    await board.seesInk({ x: 400, y: 326 });
    expect(board.of(DrawEvent)).to.deep.equal([]);
  });

  it('is crisp again once it rests', async () => {
    const board = await openBoard([MARK]);
    wheel(board, { deltaY: -20, ctrlKey: true });
    await board.shown();
    const scaled = (): boolean =>
      [...board.root.querySelectorAll('canvas')].some(
        canvas =>
          canvas.style.visibility === 'visible' &&
          !canvas.style.transform.endsWith('scale(1)') &&
          canvas.style.transform !== '',
      );
    expect(scaled(), 'moved by the compositor at first').to.equal(true);
    await waitUntil(() => !scaled());
  });
});

describe('who drew what', () => {
  before(() => screen(1000, 700));
  afterEach(() => resetMouse());

  it('is said where one points', async () => {
    const board = await openBoard([MARK]);
    board.sketch.peers = [peer({ self: true })];
    board.query('[data-tool=hand]').click();
    await board.shown();
    const { left, top } = board.sketch.getBoundingClientRect();
    await sendMouse({ type: 'move', position: [Math.round(left + 380), Math.round(top + 226)] });
    await waitUntil(() => board.root.querySelector('.who') !== null);
    expect(board.query('.who').textContent).to.match(/^Ada, \d/);
    await sendMouse({ type: 'move', position: [Math.round(left + 380), Math.round(top + 326)] });
    await waitUntil(() => board.root.querySelector('.who') === null);
  });

  it('knows the reader’s own, and a long press of a finger', async () => {
    const board = await openBoard([MARK]);
    board.sketch.peers = [peer({ self: true, person: ADA })];
    board.query('[data-tool=hand]').click();
    await board.shown();
    board.pointer('pointerdown', { x: 380, y: 226 });
    board.pointer('pointermove', { x: 383, y: 227 });
    await waitUntil(() => board.root.querySelector('.who') !== null);
    expect(board.query('.who').textContent).to.match(/^You, \d/);
  });
});

describe('copies', () => {
  before(() => screen(1000, 700));

  it('as PNG hold the drawing on paper, twice as fine', async () => {
    const board = await openBoard([MARK]);
    const file = await board.sketch.exportSketch('png');
    const image = await createImageBitmap(file);
    expect([image.width, image.height]).to.deep.equal([(208 + 48) * 2, (8 + 48) * 2]);
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context?.drawImage(image, 0, 0);
    const at = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])];
    expect(at(256, 56)).to.deep.equal([176, 28, 36, 255]);
    expect(at(5, 5)).to.deep.equal([251, 250, 246, 255]);
  });

  it('hold what is there also while the board is not to be seen', async () => {
    const board = await openBoard();
    board.sketch.style.display = 'none';
    board.put(MARK);
    await board.sketch.updateComplete;
    const text = await (await board.sketch.exportSketch('svg')).text();
    expect(text).to.contain('<path');
  });

  it('as SVG hold the same, as text that a browser can read', async () => {
    const pressed = strokeOf(
      'p',
      [
        { x: 0, y: 20, pressure: 0.2 },
        { x: 40, y: 20, pressure: 1 },
      ],
      { color: '#123456', pressure: true },
    );
    const board = await openBoard([MARK, pressed], { title: 'A <b> & "c"' });
    const text = await (await board.sketch.exportSketch('svg')).text();
    const drawing = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(drawing.querySelector('parsererror')).to.equal(null);
    expect(drawing.querySelector('title')?.textContent).to.equal('A <b> & "c"');
    const [line, outline] = drawing.querySelectorAll('path');
    expect(line?.getAttribute('stroke')).to.equal('#b01c24');
    expect(line?.getAttribute('d')).to.equal('M-100 0L100 0');
    expect(outline?.getAttribute('fill')).to.equal('#123456');
  });
});

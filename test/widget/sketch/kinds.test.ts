import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';

import { decodeInk, decodeTimes } from '../../../protocol/ink.js';
import { DrawEvent, EraseEvent } from '../../../widget/sketch/index.js';
import { TOOLS } from '../../../widget/sketch/tools/index.js';
import { TOOL_IDS } from '../../../widget/sketch/tools/tool-state.js';
import { sketch } from '../../../widget/words/en/sketch.js';
import { speaker } from '../../../widget/words/words.js';
import { novelty, openBoard, resetMouse, screen, strokeOf } from './board.js';
import { waitUntil } from '../../support/browser/wait-until.js';

const LABEL = 'Shown by a newer version';
/** 400 × 200 board units about the origin. */
const BOX = novelty('box', { place: { x: -200, y: -100, width: 400, height: 200 }, content: { secret: 1 } });
/** Where the origin is on the screen. */
const ORIGIN = { x: 400, y: 226 };
const say = speaker(sketch, 'en');
const INK = [35, 33, 29, 255];
const PAPER = [251, 250, 246, 255];

describe('a shape of a kind that is not known here', () => {
  before(() => screen(1000, 700));
  afterEach(() => resetMouse());

  it('is a dashed box with words in it, seen on a board that fits it', async () => {
    const board = await openBoard([BOX]);
    const edge = Array.from({ length: 400 }, (_, x) => board.inkAt({ x: ORIGIN.x - 200 + x, y: ORIGIN.y - 100 }));
    const inked = edge.filter(ink => ink !== undefined).length;
    expect(inked, 'dashes and gaps').to.be.within(100, 360);
    const middle = Array.from({ length: 200 }, (_, x) => board.inkAt({ x: ORIGIN.x - 100 + x, y: ORIGIN.y }));
    expect(middle.some(ink => ink !== undefined), 'its label').to.equal(true); // prettier-ignore
    expect(board.inkAt({ x: ORIGIN.x, y: ORIGIN.y - 60 }), 'nothing else').to.equal(undefined);
    expect(board.root.querySelector('.empty')).to.equal(null);
  });

  it('is erased like any other', async () => {
    const board = await openBoard([BOX, strokeOf('a', [{ x: 300, y: 0 }])]);
    board.sketch.focus();
    await sendKeys({ press: 'e' });
    await board.mouse([{ x: 150, y: 120 }, { x: 380, y: 260 }]); // prettier-ignore
    await waitUntil(() => board.of(EraseEvent).length === 1);
    expect(board.of(EraseEvent)[0]?.shapes).to.deep.equal([BOX.id]);
    await waitUntil(() => board.shapes.size === 1);
  });

  it('is in copies, as SVG and as PNG', async () => {
    const board = await openBoard([BOX]);
    const text = await (await board.sketch.exportSketch('svg')).text();
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(svg.querySelector('parsererror')).to.equal(null);
    expect(svg.querySelector('path')?.getAttribute('d')).to.equal('M-200 -100L200 -100L200 100L-200 100Z');
    expect(svg.querySelector('path')?.getAttribute('stroke-dasharray')).to.match(/^\d+$/);
    expect(svg.querySelector('text')?.textContent).to.equal(LABEL);
    expect(text).to.not.contain('secret');

    const image = await createImageBitmap(await board.sketch.exportSketch('png'));
    expect([image.width, image.height]).to.deep.equal([(402 + 48) * 2, (202 + 48) * 2]);
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context?.drawImage(image, 0, 0);
    const at = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])];
    expect(at(25 * 2 + 4, 25 * 2), 'a dash').to.deep.equal(INK);
    expect(at(100, 100), 'its inside').to.deep.equal(PAPER);
  });

  it('says so in the words that the board is given, also when those change', async () => {
    const board = await openBoard([BOX]);
    const label = (): boolean =>
      Array.from({ length: 200 }, (_, x) => board.inkAt({ x: ORIGIN.x - 100 + x, y: ORIGIN.y })).some(Boolean);
    await waitUntil(label, 'the label');
    board.sketch.words = { ...sketch, unknownShape: ' ' };
    await waitUntil(() => !label(), 'no label');
    board.sketch.words = { ...sketch, unknownShape: 'Neu <hier> & da' };
    await waitUntil(label, 'another label');
    const text = await (await board.sketch.exportSketch('svg')).text();
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(svg.querySelector('text')?.textContent).to.equal('Neu <hier> & da');
  });

  it('is not shown where it says no place, and the rest of the board is', async () => {
    const board = await openBoard([novelty('nowhere', {}), strokeOf('a', [{ x: 0, y: 0 }], { width: 16 })]);
    await board.seesInk(ORIGIN);
    expect(board.query('.board').getAttribute('aria-label')).to.equal('Board with 1 stroke');
    expect(await (await board.sketch.exportSketch('svg')).text()).to.not.contain(LABEL);
  });
});

describe('the toolbar', () => {
  before(() => screen(1000, 700));

  it('shows each tool with its name and key, which the keys are described by too', async () => {
    const board = await openBoard();
    const buttons = [...board.root.querySelectorAll('[data-tool]')];
    expect(buttons.map(button => button.getAttribute('data-tool'))).to.deep.equal([...TOOL_IDS]);
    for (const [index, id] of TOOL_IDS.entries()) {
      const letter = TOOLS[id].key.toUpperCase();
      const name = say(TOOLS[id].name);
      expect(buttons[index]?.getAttribute('aria-label')).to.equal(name);
      expect(buttons[index]?.getAttribute('aria-keyshortcuts')).to.equal(letter);
      expect(board.query('#keys').textContent).to.contain(`${name} (${letter})`);
      expect(board.root.querySelectorAll(`[data-opens=${id}]`)).to.have.length(TOOLS[id].settings ? 1 : 0);
    }
  });

  it('gives the board the cursor of the tool, and of what it is used for', async () => {
    const board = await openBoard();
    const cursor = () => getComputedStyle(board.query('.surface')).cursor;
    for (const id of TOOL_IDS) {
      board.query(`[data-tool=${id}]`).click();
      await board.shown();
      expect(cursor()).to.equal(TOOLS[id].cursor);
      board.pointer('pointerdown', ORIGIN, { pointerType: 'mouse' });
      await board.shown();
      expect(cursor()).to.equal(TOOLS[id].cursorPressed ?? TOOLS[id].cursor);
      board.pointer('pointerup', ORIGIN, { pointerType: 'mouse' });
    }
    board.sketch.canDraw = false;
    await board.shown();
    expect(cursor(), 'whoever only looks').to.equal('grab');
  });
});

describe('a stroke', () => {
  it('is told with when its points were drawn, of which expected ones are none', async () => {
    const board = await openBoard();
    const at = (index: number) => ({ x: 100 + index * 10, y: 200 + (index % 2) * 60 });
    board.pointer('pointerdown', at(0), { pointerType: 'mouse', timeStamp: 1_000 });
    for (let index = 1; index <= 10; index += 1) {
      const late = { pointerType: 'mouse', clientX: 900, clientY: 900 };
      const predictedEvents = [new PointerEvent('pointermove', late)];
      board.pointer('pointermove', at(index), { pointerType: 'mouse', timeStamp: 1_000 + index * 50, predictedEvents });
    }
    board.pointer('pointerup', at(10), { pointerType: 'mouse' });
    const [draw] = board.of(DrawEvent);
    const times = decodeTimes(draw?.times ?? '') ?? [];
    const points = (draw && decodeInk(draw.shape.content.points, draw.shape.content)) ?? [];
    expect(times).to.have.length(points.length / 2 - 1);
    expect(times.length).to.be.at.least(10);
    expect((times.at(-1) ?? 0) * 8).to.be.closeTo(500, 8);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { INK_COLORS, type InkColor } from '../../../protocol/ink.js';
import { sketch } from '../../../widget/words/en/sketch.js';
import { speaker } from '../../../widget/words/words.js';
import { authorshipOf } from '../../../widget/sketch/authorship.js';
import { fileName } from '../../../widget/sketch/export-sketch.js';
import { svgOf } from '../../../widget/sketch/export-svg.js';
import { contrast, inkCss, MARK_CONTRAST, PAPER } from '../../../widget/sketch/ink-palette.js';
import { pinched } from '../../../widget/sketch/gesture.js';
import { boardKey, historyKey } from '../../../widget/sketch/keys.js';
import { toolFor, TOOLS } from '../../../widget/sketch/tools/index.js';
import { FIRST_TOOLS, TOOL_IDS } from '../../../widget/sketch/tools/tool-state.js';
import { toolKeys } from '../../../widget/sketch/tools-view.js';
import { turned } from '../../../widget/sketch/wheel-input.js';

const say = speaker(sketch, 'en-GB');

describe('the palette', () => {
  const themes = [[false, PAPER.light], [true, PAPER.dark]] as const; // prettier-ignore

  test('every named colour stands out from its paper', () => {
    for (const [dark, paper] of themes) {
      for (const color of INK_COLORS) {
        const ratio = contrast(inkCss(color, dark), paper);
        assert.ok(ratio >= MARK_CONTRAST, `${color} on ${paper}: ${ratio.toFixed(2)}`);
      }
    }
  });

  test('no two look alike, to nobody', () => {
    for (const [dark] of themes) {
      for (const [sight, matrix] of Object.entries(SIGHTS)) {
        INK_COLORS.forEach((color, index) => {
          for (const other of INK_COLORS.slice(index + 1)) {
            const apart = distance(seen(inkCss(color, dark), matrix), seen(inkCss(other, dark), matrix));
            assert.ok(
              apart >= 0.05,
              `${color} and ${other}, ${sight}, ${dark ? 'dark' : 'light'}: ${apart.toFixed(3)}`,
            );
          }
        });
      }
    }
  });

  test('a free colour is left alone where it can be read, and moved until it can elsewhere', () => {
    assert.equal(inkCss('#7a1fa2', false), '#7a1fa2');
    for (const [dark, paper] of themes) {
      for (const color of ['#ffffff', '#000000', '#ffff00', '#1b2024', '#fbfaf6'] satisfies InkColor[]) {
        assert.ok(contrast(inkCss(color, dark), paper) >= MARK_CONTRAST, `${color} on ${paper}`);
      }
    }
    assert.equal(inkCss('#url(x)', false), inkCss('black', false));
  });
});

describe('which tool a press uses', () => {
  const press = { pointerType: 'mouse', button: 0, space: false };
  const eraser = { ...FIRST_TOOLS, tool: 'eraser' } as const;

  test('the tool decides, then space, the middle button and the pen’s other end', () => {
    assert.equal(toolFor(press, FIRST_TOOLS, true), 'pen');
    assert.equal(toolFor(press, eraser, true), 'eraser');
    assert.equal(toolFor(press, { ...FIRST_TOOLS, tool: 'hand' }, true), 'hand');
    assert.equal(toolFor({ ...press, space: true }, FIRST_TOOLS, true), 'hand');
    assert.equal(toolFor({ ...press, button: 1 }, FIRST_TOOLS, true), 'hand');
    assert.equal(toolFor({ ...press, button: 5, pointerType: 'pen' }, FIRST_TOOLS, true), 'eraser');
    assert.equal(toolFor({ ...press, button: 2 }, FIRST_TOOLS, true), undefined);
  });

  test('whoever may not draw moves the view', () => {
    assert.equal(toolFor(press, FIRST_TOOLS, false), 'hand');
    assert.equal(toolFor({ ...press, button: 5, pointerType: 'pen' }, eraser, false), undefined);
  });

  test('after the first pen a finger moves the view, unless it is told to draw', () => {
    const touch = { ...press, pointerType: 'touch' };
    assert.equal(toolFor(touch, FIRST_TOOLS, true), 'pen');
    const palm = { ...FIRST_TOOLS, penSeen: true };
    assert.equal(toolFor(touch, palm, true), 'hand');
    assert.equal(toolFor({ ...press, pointerType: 'pen' }, palm, true), 'pen');
    assert.equal(toolFor(touch, { ...palm, fingerDraws: true }, true), 'pen');
  });
});

describe('keys', () => {
  const key = (name: string, more: object = {}) => ({
    ...{ key: name, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
    ...more,
  });

  test('undo and redo as every system has them', () => {
    assert.equal(historyKey(key('z', { ctrlKey: true }))?.type, 'undo');
    assert.equal(historyKey(key('z', { metaKey: true }))?.type, 'undo');
    assert.equal(historyKey(key('Z', { ctrlKey: true, shiftKey: true }))?.type, 'redo');
    assert.equal(historyKey(key('y', { ctrlKey: true }))?.type, 'redo');
    assert.equal(historyKey(key('я', { code: 'KeyZ', ctrlKey: true }))?.type, 'undo');
    assert.equal(historyKey(key('z')), undefined);
    assert.equal(historyKey(key('z', { ctrlKey: true, altKey: true })), undefined);
  });

  test('the board’s own keys leave the browser its', () => {
    assert.deepEqual(boardKey(key('e')), { type: 'tool', tool: 'eraser' });
    assert.deepEqual(boardKey(key('ArrowLeft')), { type: 'pan', dx: 64, dy: 0 });
    assert.deepEqual(boardKey(key('!', { code: 'Digit1', shiftKey: true })), { type: 'fit' });
    assert.equal(boardKey(key('p', { ctrlKey: true })), undefined);
    assert.equal(boardKey(key('Tab')), undefined);
  });

  test('each tool has a letter of its own, which no other key of the board is', () => {
    const letters = TOOL_IDS.map(id => TOOLS[id].key);
    assert.equal(new Set(letters).size, TOOL_IDS.length);
    for (const tool of TOOL_IDS) {
      assert.match(TOOLS[tool].key, /^[a-z]$/);
      assert.deepEqual(boardKey(key(TOOLS[tool].key)), { type: 'tool', tool });
      assert.deepEqual(boardKey(key('ж', { code: `Key${TOOLS[tool].key.toUpperCase()}` })), { type: 'tool', tool });
      assert.equal(boardKey(key(TOOLS[tool].key, { shiftKey: true })), undefined);
    }
  });

  test('a screen reader is told of every tool and its key', () => {
    assert.equal(toolKeys(say, 'en-GB'), 'Tools: Pen (P), Eraser (E), Hand: move the view (H).');
  });
});

describe('wheel and fingers', () => {
  const camera = { x: 0, y: 0, zoom: 1 };
  const size = { width: 400, height: 300 };
  const turn = { deltaX: 0, deltaY: 10, deltaMode: 0, ctrlKey: false, metaKey: false };

  test('a plain wheel is the page’s until the board has the focus', () => {
    assert.equal(turned(camera, turn, { x: 0, y: 0 }, size, false), undefined);
    assert.deepEqual(turned(camera, turn, { x: 0, y: 0 }, size, true), { x: 0, y: 10, zoom: 1 });
    assert.equal(turned(camera, { ...turn, deltaMode: 1 }, { x: 0, y: 0 }, size, true)?.y, 160);
  });

  test('with Ctrl, as trackpads tell a pinch, it zooms about the pointer at any time', () => {
    const zoomed = turned(camera, { ...turn, ctrlKey: true, deltaY: -10 }, { x: 100, y: 0 }, size, false);
    assert.ok(zoomed !== undefined && zoomed.zoom > 1.05 && zoomed.zoom < 1.2);
    assert.ok(Math.abs((100 - 0) / camera.zoom - (zoomed.x + 100 / zoomed.zoom)) < 1e-9);
  });

  test('two fingers keep what is under them', () => {
    const after = pinched(camera, [{ x: 100, y: 100 }, { x: 200, y: 100 }], [{ x: 50, y: 150 }, { x: 250, y: 150 }]); // prettier-ignore
    assert.equal(after.zoom, 2);
    assert.deepEqual([after.x + 50 / 2, after.y + 150 / 2], [100, 100]);
  });
});

describe('copies', () => {
  test('a room’s title can’t leave the title of a drawing, nor name a file elsewhere', () => {
    const svg = svgOf([], { minX: 0, minY: 0, maxX: 10, maxY: 10 }, '</title><script>"&\u0000', { dark: false, say });
    assert.ok(svg.includes('<title>&#60;/title&#62;&#60;script&#62;&#34;&#38;</title>'));
    assert.equal(fileName('../a/b: "c"', 'Sketch', 'png'), 'a b c.png');
    assert.equal(fileName(' \u202e ', 'Sketch', 'svg'), 'Sketch.svg');
  });
});

test('who drew what, and when', () => {
  const at = new Date(2026, 2, 5, 14, 5).getTime();
  const shape = { id: 'a', kind: 'stroke', by: 0, at, seq: 1, since: 1 };
  const ada = { id: 'ada', name: 'Ada' };
  const today = { isOwn: false, now: at + 60_000, lang: 'en-GB', say };
  assert.equal(authorshipOf(shape, ada, today).text, 'Ada, 14:05');
  assert.equal(authorshipOf(shape, ada, { ...today, isOwn: true }).text, 'You, 14:05');
  assert.equal(authorshipOf(shape, undefined, today).text, 'Someone, 14:05');
  assert.match(authorshipOf(shape, ada, { ...today, now: at + 2 * 86_400_000 }).text, /^Ada, 5 Mar 2026/);
});

/**
 * How colours are seen with and without each kind of cone (Machado, Oliveira and Fernandes 2009),
 * on linear RGB.
 */
const SIGHTS = {
  'all cones': [1, 0, 0, 0, 1, 0, 0, 0, 1],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

/** A colour in OKLab as somebody sees it. */
function seen(color: string, sight: readonly number[]): number[] {
  const rgb = [1, 3, 5].map(at => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const [r = 0, g = 0, b = 0] = times(sight, rgb).map(value => Math.min(1, Math.max(0, value)));
  const cones = times(
    [
      0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619, 0.2817188376,
      0.6299787005,
    ],
    [r, g, b],
  ).map(Math.cbrt);
  return times(
    [
      0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371, 0.7827717662,
      -0.808675766,
    ],
    cones,
  );
}

function times(matrix: readonly number[], vector: readonly number[]): number[] {
  return [0, 3, 6].map(row => vector.reduce((sum, value, at) => sum + (matrix[row + at] ?? 0) * value, 0));
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)));
}

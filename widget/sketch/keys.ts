import { ZOOM_STEP, type Action } from './actions.js';
import { toolOfKey } from './tools/index.js';

/** A KeyboardEvent, as far as it matters here. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** How far an arrow key moves the view, in screen px, and with Shift. */
const STEP = 64;
const STRIDE = 256;

/** What undo and redo are anywhere in the sketch. */
export function historyKey(press: KeyPress): Action | undefined {
  if (press.altKey || press.ctrlKey === press.metaKey) return undefined;
  const letter = letterOf(press);
  if (letter === 'z') return { type: press.shiftKey ? 'redo' : 'undo' };
  if (letter === 'y' && press.ctrlKey && !press.shiftKey) return { type: 'redo' };
  return undefined;
}

/** What a key does while the board itself has the focus. */
export function boardKey(press: KeyPress): Action | undefined {
  if (press.altKey || press.ctrlKey || press.metaKey) return undefined;
  const far = press.shiftKey ? STRIDE : STEP;
  switch (press.key) {
    // The view goes where the arrow points, so the content goes the other way.
    case 'ArrowLeft':
      return { type: 'pan', dx: far, dy: 0 };
    case 'ArrowRight':
      return { type: 'pan', dx: -far, dy: 0 };
    case 'ArrowUp':
      return { type: 'pan', dx: 0, dy: far };
    case 'ArrowDown':
      return { type: 'pan', dx: 0, dy: -far };
    case '+':
    case '=':
      return { type: 'zoom', factor: ZOOM_STEP };
    case '-':
    case '_':
      return { type: 'zoom', factor: 1 / ZOOM_STEP };
    case '0':
      return { type: 'fit' };
  }
  if (press.shiftKey) return press.code === 'Digit1' ? { type: 'fit' } : undefined;
  const tool = toolOfKey(letterOf(press));
  return tool && { type: 'tool', tool };
}

/**
 * The letter on the key: as it is typed, or where the layout has other letters than Latin ones, as
 * the key stands.
 */
function letterOf({ key, code }: KeyPress): string {
  if (/^[\x20-\x7e]$/.test(key)) return key.toLowerCase();
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : '';
}

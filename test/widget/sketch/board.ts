/**
 * A board on a page for the tests: the panel inside an element with the look's tokens, held by
 * someone who keeps what it tells and gives it back as shapes, at once or when the test says so.
 */
import { fixture, html, nextFrame } from '@open-wc/testing';
import { executeServerCommand, resetMouse, sendMouse } from '@web/test-runner-commands';
import { css, LitElement } from 'lit';

import { encodeInk, type InkPoint, scaleForZoom } from '../../../protocol/ink.js';
import type { AnyForm } from '../../../protocol/shapes/index.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import { tokens } from '../../../widget/look/tokens.js';
import {
  type BoardPeer,
  type BoardShape,
  type ChalkSketch,
  defineSketch,
  DrawEvent,
  EraseEvent,
} from '../../../widget/sketch/index.js';
import { waitUntil } from '../../support/browser/wait-until.js';

defineSketch();

const EVENTS = 'ink-begin ink-more ink-drop draw erase clear undo redo cursor sketch-say'.split(' ');

class SketchFrame extends LitElement {
  static override readonly styles = [
    tokens,
    css`
      :host {
        display: block;
        color-scheme: light;
      }
    `,
  ];

  protected override render(): unknown {
    return html`<slot></slot>`;
  }
}
if (customElements.get('sketch-frame') === undefined) customElements.define('sketch-frame', SketchFrame);

export const ADA = { id: 'ada', name: 'Ada' };
export const BOB = { id: 'bob', name: 'Bob' };

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The panel, its holder, and what a visitor would see and do. */
export class Board {
  readonly sketch: ChalkSketch;
  readonly shapes = new Map<string, BoardShape>();
  /** Everything told, in order. */
  readonly told: Event[] = [];
  /** Whether strokes come back as shapes at once. */
  keeps = true;
  #seq = 0;

  constructor(sketch: ChalkSketch) {
    this.sketch = sketch;
    for (const type of EVENTS) sketch.addEventListener(type, event => this.#hear(event));
  }

  #hear(event: Event): void {
    this.told.push(event);
    if (event instanceof DrawEvent && this.keeps) this.put(event.shape);
    if (event instanceof EraseEvent) {
      for (const id of event.shapes) this.shapes.delete(id);
      this.#bump();
    }
  }

  get root(): ShadowRoot {
    const { shadowRoot } = this.sketch;
    if (shadowRoot === null) throw new Error('The panel has no shadow root.');
    return shadowRoot;
  }

  /** What was told of one kind. */
  of<Kind extends Event>(kind: abstract new (...given: never[]) => Kind): Kind[] {
    return this.told.filter((event): event is Kind => event instanceof kind);
  }

  /** Adds shapes to the board. */
  put(...shapes: AnyForm[]): void {
    for (const shape of shapes) {
      this.#seq += 1;
      const at = Date.now();
      this.shapes.set(shape.id, { ...shape, by: 0, at, seq: this.#seq, since: this.#seq });
    }
    this.#bump();
  }

  remove(id: string): void {
    this.shapes.delete(id);
    this.#bump();
  }

  #bump(): void {
    this.sketch.shapes = this.shapes;
    this.sketch.version += 1;
  }

  query(selector: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`There is no ${selector} in the panel.`);
    return found;
  }

  /**
   * What shows at a point of the board, px from its top left corner: a CSS colour, or undefined for
   * paper.
   */
  inkAt(at: Point): string | undefined {
    const board = this.sketch.getBoundingClientRect();
    const canvases = [...this.root.querySelectorAll('canvas')].reverse();
    for (const canvas of canvases) {
      const box = canvas.getBoundingClientRect();
      if (getComputedStyle(canvas).visibility !== 'visible' || box.width === 0) continue;
      const x = Math.floor(((at.x + board.left - box.left) / box.width) * canvas.width);
      const y = Math.floor(((at.y + board.top - box.top) / box.height) * canvas.height);
      const [red, green, blue, alpha] = pixel(canvas, x, y);
      if ((alpha ?? 0) > 127) return `rgb(${[red, green, blue].map(channel => String(channel)).join(', ')})`;
    }
    return undefined;
  }

  /** Two frames later: everything asked for has been shown. */
  async shown(): Promise<void> {
    await this.sketch.updateComplete;
    await nextFrame();
    await nextFrame();
    await this.sketch.updateComplete;
  }

  async seesInk(at: Point): Promise<void> {
    await waitUntil(() => this.inkAt(at) !== undefined, `ink at ${String(at.x)}, ${String(at.y)}`);
  }

  async seesPaper(at: Point): Promise<void> {
    await waitUntil(() => this.inkAt(at) === undefined, `paper at ${String(at.x)}, ${String(at.y)}`);
  }

  /** Goes with a real mouse from point to point, pressed. */
  async mouse(points: readonly Point[], { release = true } = {}): Promise<void> {
    const { left, top } = this.sketch.getBoundingClientRect();
    const move = ({ x, y }: Point): Promise<void> =>
      sendMouse({ type: 'move', position: [Math.round(left + x), Math.round(top + y)] });
    const [first, ...rest] = points;
    if (first !== undefined) await move(first);
    await sendMouse({ type: 'down' });
    for (const point of rest) await move(point);
    if (release) await sendMouse({ type: 'up' });
  }

  /** A pointer event that no command can send: of a finger or a pen, at a time of its own. */
  pointer(type: string, { x, y }: Point, more: PointerEventInit & { timeStamp?: number } = {}): void {
    const { left, top } = this.sketch.getBoundingClientRect();
    const { timeStamp, ...rest } = more;
    const init = { pointerId: 1, pointerType: 'touch', button: type === 'pointermove' ? -1 : 0, ...rest };
    const where = { clientX: left + x, clientY: top + y, bubbles: true, composed: true, cancelable: true };
    const event = new PointerEvent(type, { ...where, ...init });
    if (timeStamp !== undefined) Object.defineProperty(event, 'timeStamp', { value: timeStamp });
    this.query('.surface').dispatchEvent(event);
  }

  /** A finger or a pen goes from point to point. */
  stroke(points: readonly Point[], more: PointerEventInit = {}): void {
    points.forEach((point, index) => this.pointer(index === 0 ? 'pointerdown' : 'pointermove', point, more));
    this.pointer('pointerup', points.at(-1) ?? { x: 0, y: 0 }, more);
  }
}

function pixel(canvas: HTMLCanvasElement, x: number, y: number): Uint8ClampedArray {
  // A copy: reading from a canvas itself changes how the browser keeps it.
  const copy = new OffscreenCanvas(1, 1);
  const context = copy.getContext('2d');
  if (context === null) throw new Error('No 2d context.');
  context.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

/** Opens a board of a size, with shapes on it, on which one may draw. */
export async function openBoard(
  shapes: readonly AnyForm[] = [],
  { width = 800, height = 500, ...properties }: Partial<ChalkSketch> & { width?: number; height?: number } = {},
): Promise<Board> {
  const frame = await fixture<HTMLElement>(html`<sketch-frame><chalk-sketch></chalk-sketch></sketch-frame>`);
  const sketch = frame.querySelector('chalk-sketch');
  if (sketch === null) throw new Error('The panel is not defined.');
  sketch.style.width = `${String(width)}px`;
  sketch.style.height = `${String(height)}px`;
  const board = new Board(sketch);
  board.put(...shapes);
  Object.assign(sketch, { canDraw: true, loaded: true, authors: new Map([[0, ADA]]), ...properties });
  await board.shown();
  return board;
}

/** A stroke in board units. */
export function strokeOf(
  id: string,
  points: readonly InkPoint[],
  { pressure = false, ...look }: Partial<StrokeForm['look']> & { pressure?: boolean } = {},
): StrokeForm {
  const format = { scale: scaleForZoom(1), pressure };
  const content = { ...format, points: encodeInk(points, format) };
  return { id: id.padEnd(8, '-'), kind: 'stroke', look: { color: 'red', width: 8, ...look }, content };
}

/** A shape of a kind that nobody here knows. */
export function novelty(id: string, more: object): AnyForm {
  return { id: id.padEnd(8, '-'), kind: 'hologram', ...more };
}

export function peer(more: Partial<BoardPeer> = {}): BoardPeer {
  return { peer: 2, person: BOB, self: false, ...more };
}

/** Device pixels a CSS pixel, and the size of the page. */
export async function screen(width: number, height: number, deviceScaleFactor = 1): Promise<void> {
  await executeServerCommand('set-viewport', { width, height, deviceScaleFactor });
}

export { nextFrame, resetMouse };

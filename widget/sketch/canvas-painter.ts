import { type Box, padded } from '../../protocol/shapes/box.js';
import { type Brush, FONT, type FillStyle, type LineStyle, type Path, type TextStyle } from './brush.js';
import type { Camera } from './camera.js';
import type { Size } from './space.js';

/**
 * A canvas that shows the board through a camera. This is the one place that knows a drawing
 * context; everything else speaks of brushes, boxes and cameras.
 */
export class CanvasPainter implements Brush {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #ratio = 1;
  #camera: Camera = { x: 0, y: 0, zoom: 1 };

  /** @throws Error where the browser gives no 2d context */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('This browser gives no 2d context.');
    this.canvas = canvas;
    this.#context = context;
  }

  /**
   * Gives the canvas another size, which empties it.
   *
   * @param size in CSS px
   * @param ratio device px a CSS px
   */
  resize(size: Size, ratio: number): void {
    const { canvas } = this;
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    canvas.style.setProperty('width', `${String(canvas.width / ratio)}px`);
    canvas.style.setProperty('height', `${String(canvas.height / ratio)}px`);
    this.#ratio = ratio;
    this.look(this.#camera);
  }

  /** Points the camera; what is already painted stays as it is. */
  look(camera: Camera): void {
    this.#camera = camera;
    const scale = camera.zoom * this.#ratio;
    this.#context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
    this.#context.lineCap = 'round';
    this.#context.lineJoin = 'round';
  }

  /** Empties the canvas. */
  clear(): void {
    this.#withoutCamera(() => {
      this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    });
  }

  /** Fills the canvas with one CSS colour. */
  cover(color: string): void {
    this.#withoutCamera(() => {
      this.#context.fillStyle = color;
      this.#context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    });
  }

  /**
   * Empties a box and paints it anew; nothing outside of it changes.
   *
   * @param paint is given the box as it was really emptied: whole device pixels, a little more than
   * asked for
   */
  repair(box: Box, paint: (box: Box) => void): void {
    const scale = this.#camera.zoom * this.#ratio;
    const left = Math.floor((box.minX - this.#camera.x) * scale) - 1;
    const top = Math.floor((box.minY - this.#camera.y) * scale) - 1;
    const right = Math.ceil((box.maxX - this.#camera.x) * scale) + 1;
    const bottom = Math.ceil((box.maxY - this.#camera.y) * scale) + 1;
    if (right <= 0 || bottom <= 0 || left >= this.canvas.width || top >= this.canvas.height) return;
    this.#context.save();
    this.#withoutCamera(() => {
      this.#context.clearRect(left, top, right - left, bottom - top);
      this.#context.beginPath();
      this.#context.rect(left, top, right - left, bottom - top);
      this.#context.clip();
    });
    paint(padded(box, 2 / scale));
    this.#context.restore();
  }

  line(path: Path, { color, width, dash }: LineStyle): void {
    const context = this.#context;
    context.beginPath();
    path(context);
    context.strokeStyle = color;
    context.lineWidth = Math.max(width, this.#hairline);
    if (dash !== undefined) context.setLineDash([dash, dash]);
    context.stroke();
    if (dash !== undefined) context.setLineDash([]);
  }

  fill(path: Path, { color, thickness }: FillStyle): void {
    const context = this.#context;
    context.beginPath();
    path(context);
    context.fillStyle = color;
    context.fill();
    if (thickness >= this.#hairline) return;
    context.strokeStyle = color;
    context.lineWidth = this.#hairline;
    context.stroke();
  }

  text(text: string, { color, middle, size }: TextStyle): void {
    const context = this.#context;
    context.font = `${String(size)}px ${FONT}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = color;
    context.fillText(text, middle.x, middle.y);
  }

  /**
   * Half a device pixel: ink that is finer is drawn so wide, so that a board seen from afar is not
   * empty.
   */
  get #hairline(): number {
    return 0.5 / (this.#camera.zoom * this.#ratio);
  }

  #withoutCamera(paint: () => void): void {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    paint();
    this.look(this.#camera);
  }
}

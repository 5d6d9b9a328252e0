import { padded } from './box.js';
import type { Camera } from './camera.js';
import type { Box, Size } from './space.js';
import { traceStroke, type PathSink } from './stroke-path.js';
import { reachOf, type StrokeGeometry } from './stroke-geometry.js';

/**
 * A canvas that shows the board through a camera. This is the one place that knows a drawing context; everything else speaks of ink,
 * boxes and cameras.
 */
export class CanvasPainter {
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
   * @param paint is given the box as it was really emptied: whole device pixels, a little more than asked for
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

  /**
   * Paints a stroke.
   *
   * @param color a CSS colour
   * @param near only what may show in this box need be painted
   */
  ink(geometry: StrokeGeometry, color: string, near?: Box): void {
    const context = this.#context;
    // Ink too fine for the screen is drawn half a device pixel wide, so that a board seen from afar is not empty.
    const hairline = 0.5 / (this.#camera.zoom * this.#ratio);
    const sink: PathSink = context;
    context.beginPath();
    if (traceStroke(geometry, sink, near) === 'way') {
      context.strokeStyle = color;
      context.lineWidth = Math.max(geometry.width, hairline);
      context.stroke();
      return;
    }
    context.fillStyle = color;
    context.fill();
    if (reachOf(geometry) * 2 >= hairline) return;
    context.strokeStyle = color;
    context.lineWidth = hairline;
    context.stroke();
  }

  #withoutCamera(paint: () => void): void {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    paint();
    this.look(this.#camera);
  }
}

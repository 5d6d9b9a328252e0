import { type Box, padded } from '../../protocol/shapes/box.js';
import { panned, toScreen, visibleBox, type Camera } from './camera.js';
import { CanvasPainter } from './canvas-painter.js';
import type { Drawing, Mark } from './drawing.js';
import { boardPoint, meets, sameSize } from './space.js';
import { MARGIN, type View } from './view.js';

/**
 * A part of the drawing as it was painted for one view, with a margin around it; it can be shown in
 * another view meanwhile.
 */
export class Bitmap {
  readonly #painter: CanvasPainter;
  #view: View | undefined;
  #margin = MARGIN;

  constructor(canvas: HTMLCanvasElement) {
    this.#painter = new CanvasPainter(canvas);
  }

  /** The view it was begun for. */
  get view(): View | undefined {
    return this.#view;
  }

  /** The part of the board that it holds. */
  get box(): Box | undefined {
    return this.#view && visibleBox(this.#view.camera, this.#view.size, this.#margin);
  }

  /** Begins anew, empty, for a view. */
  begin(view: View): void {
    const { size, ratio, camera } = view;
    const sized = this.#view !== undefined && sameSize(this.#view.size, size) && this.#view.ratio === ratio;
    this.#view = view;
    // A whole number of device pixels, so that at rest every pixel of the bitmap is one of the
    // screen.
    this.#margin = Math.round(MARGIN * ratio) / ratio;
    this.#painter.look(panned(camera, this.#margin, this.#margin));
    if (sized) this.#painter.clear();
    else {
      const margins = 2 * this.#margin;
      this.#painter.resize({ width: size.width + margins, height: size.height + margins }, ratio);
    }
  }

  /** Paints a mark on top. */
  add(mark: Mark): void {
    if (this.#view === undefined) return;
    mark.figure.paint(this.#painter, this.#view.appearance);
  }

  /** Paints a box anew. */
  repair(box: Box, drawing: Drawing): void {
    const { box: held, view } = this;
    if (held === undefined || view === undefined || !meets(held, box)) return;
    this.#painter.repair(box, emptied => {
      for (const { figure } of drawing.within(emptied)) figure.paint(this.#painter, view.appearance, emptied);
    });
  }

  /** Moves and scales it to where it belongs in a view. */
  place(camera: Camera): void {
    const view = this.#view;
    if (view === undefined) return;
    const scale = camera.zoom / view.camera.zoom;
    const corner = panned(view.camera, this.#margin, this.#margin);
    const at = toScreen(camera, boardPoint(corner.x, corner.y));
    const snap = (value: number): string => String(scale === 1 ? Math.round(value * view.ratio) / view.ratio : value);
    this.#painter.canvas.style.setProperty(
      'transform',
      `translate(${snap(at.x)}px, ${snap(at.y)}px) scale(${String(scale)})`,
    );
  }

  show(visible: boolean): void {
    this.#painter.canvas.style.setProperty('visibility', visible ? 'visible' : 'hidden');
  }

  /** Whether it would fill this view; with `spare` px left on each side. */
  covers(view: View, spare = 0): boolean {
    const { box } = this;
    if (box === undefined) return false;
    // Half a px is lost to rounding, not to the eye.
    const needed = padded(visibleBox(view.camera, view.size), (spare - 0.5) / view.camera.zoom);
    return box.minX <= needed.minX && needed.maxX <= box.maxX && box.minY <= needed.minY && needed.maxY <= box.maxY;
  }
}

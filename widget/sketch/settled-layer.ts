import type { Box } from '../../protocol/shapes/box.js';
import { Bitmap } from './bitmap.js';
import type { Change, Drawing, Mark } from './drawing.js';
import { holds, sameSize } from './space.js';
import { MARGIN, type View } from './view.js';

/** How long the view must rest before it is painted crisply, in ms. */
const REST = 120;

/**
 * How long a slice of painting may take, in ms, and how many marks are painted between two looks at
 * the clock.
 */
const SLICE = 8;
const BATCH = 8;

/** Past so many marks, a repair is painted as a whole, in slices, instead of at once. */
const REPAIR_AT_ONCE = 400;

/**
 * A bitmap in the making: what is still to be painted on it, and what has changed since it was
 * begun.
 */
interface Work {
  readonly bitmap: Bitmap;
  readonly view: View;
  readonly marks: Mark[];
  next: number;
  readonly damage: Box[];
}

/**
 * Everything that lies on the board, as a bitmap with a margin around the view. While the view
 * moves, the bitmap is moved by a CSS transform, which costs nothing however much is drawn; when it
 * rests, another bitmap is painted in slices and takes the first one's place when it is complete.
 * What is added on top or erased meanwhile is painted into both.
 */
export class SettledLayer {
  readonly #drawing: Drawing;
  readonly #whenFresh: () => void;
  readonly #channel = new MessageChannel();
  #front: Bitmap;
  #back: Bitmap;
  #view: View | undefined;
  #work: Work | undefined;
  /** The front lacks changes that only the work will bring. */
  #stale = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** @param whenFresh called after a bitmap has taken the other's place */
  constructor(canvases: readonly [HTMLCanvasElement, HTMLCanvasElement], drawing: Drawing, whenFresh: () => void) {
    this.#front = new Bitmap(canvases[0]);
    this.#back = new Bitmap(canvases[1]);
    this.#back.show(false);
    this.#drawing = drawing;
    this.#whenFresh = whenFresh;
    this.#channel.port1.onmessage = () => {
      this.#paintSlice();
    };
  }

  /** Whether all ink within this box of the board is to be seen now, be it a little blurred. */
  holds(box: Box): boolean {
    const { box: held, view } = this.#front;
    if (held === undefined || this.#stale || view?.appearance !== this.#view?.appearance) return false;
    return holds(held, box) || (this.#view !== undefined && this.#front.covers(this.#view));
  }

  /** Shows the drawing in another view: at once by moving what is painted, then crisply. */
  show(view: View): void {
    this.#view = view;
    this.#front.place(view.camera);
    const painted = this.#front.view;
    if (painted === undefined || painted.appearance !== view.appearance) this.#start();
    else if (painted.ratio !== view.ratio || !sameSize(painted.size, view.size) || !this.#front.covers(view)) {
      // What is being painted is let finish, else a steady move would never show anything new.
      if (this.#work === undefined) this.#start();
      else this.#startAtRest();
    } else if (painted.camera.zoom !== view.camera.zoom || !this.#front.covers(view, MARGIN / 2)) this.#startAtRest();
  }

  /** Paints what has changed. */
  apply(change: Change): void {
    if (this.#view === undefined) return;
    if (change.whole || this.#isTooMuch(change.damage)) {
      this.#stale = true;
      this.#start();
      return;
    }
    for (const box of change.damage) this.#front.repair(box, this.#drawing);
    for (const mark of change.onTop) this.#front.add(mark);
    if (this.#work === undefined) return;
    this.#work.damage.push(...change.damage);
    this.#work.marks.push(...change.onTop);
  }

  /** Lets go of its timers; harmless when done twice. */
  close(): void {
    this.#work = undefined;
    clearTimeout(this.#rest);
    this.#channel.port1.close();
  }

  #isTooMuch(damage: readonly Box[]): boolean {
    let marks = 0;
    for (const box of damage) {
      marks += this.#drawing.within(box).length;
      if (marks > REPAIR_AT_ONCE) return true;
    }
    return false;
  }

  #startAtRest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#start();
    }, REST);
  }

  /** Begins another bitmap for the present view. A small drawing is done when this returns. */
  #start(): void {
    clearTimeout(this.#rest);
    if (this.#view === undefined) return;
    const view = this.#view;
    this.#back.begin(view);
    const marks = this.#drawing.within(this.#back.box ?? { minX: 0, minY: 0, maxX: 0, maxY: 0 });
    const going = this.#work !== undefined;
    this.#work = { bitmap: this.#back, view, marks, next: 0, damage: [] };
    // A slice that is already on its way paints the new work.
    if (!going) this.#paintSlice();
  }

  #paintSlice(): void {
    const work = this.#work;
    if (work === undefined) return;
    const until = performance.now() + SLICE;
    while (work.next < work.marks.length && performance.now() < until) {
      for (const mark of work.marks.slice(work.next, work.next + BATCH)) work.bitmap.add(mark);
      work.next += BATCH;
    }
    if (work.next < work.marks.length) this.#channel.port2.postMessage(null);
    else this.#finish(work);
  }

  #finish({ bitmap, damage }: Work): void {
    this.#work = undefined;
    this.#stale = false;
    for (const box of damage) bitmap.repair(box, this.#drawing);
    [this.#front, this.#back] = [bitmap, this.#front];
    this.#front.show(true);
    this.#back.show(false);
    if (this.#view !== undefined) this.show(this.#view);
    this.#whenFresh();
  }
}

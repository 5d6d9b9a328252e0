import type { BoardPeer, BoardShape } from './board-data.js';
import { fitting, resized, sameCamera, toBoard, type Camera } from './camera.js';
import { CursorLayer } from './cursor-layer.js';
import { Drawing, type Change, type Mark } from './drawing.js';
import { LiveInk, type LiveStroke } from './live-ink.js';
import { LiveLayer } from './live-layer.js';
import { SettledLayer } from './settled-layer.js';
import type { Appearance } from './shapes/index.js';
import { sameSize, screenPoint, type ScreenPoint, type Size } from './space.js';
import { effectiveRatio, type View } from './view.js';

/** How much of a frame may go into reading new shapes, in ms. */
const READING = 10;

/**
 * The board as it is seen: it stacks the layers, holds the camera, follows the size of its element
 * and the pixel ratio of the screen, and shows in one frame everything that has changed since the
 * last. It knows no tools and no pointers.
 */
export class Stage {
  readonly drawing = new Drawing();
  readonly ink = new LiveInk();
  /** What lies over the canvases and takes the pointers. */
  readonly surface: HTMLElement;
  readonly #root: HTMLElement;
  readonly #settled: SettledLayer;
  readonly #live: LiveLayer;
  readonly #cursors: CursorLayer;
  readonly #onFrame: () => void;
  readonly #sizes: ResizeObserver;
  readonly #closing = new AbortController();
  #view: View;
  /**
   * The last size at which something could be seen: hidden, as behind another tab, the board has
   * none.
   */
  #seen: Size = { width: 0, height: 0 };
  #shapes: ReadonlyMap<string, BoardShape> | undefined;
  #peers: readonly BoardPeer[] = [];
  /** Until somebody moves the view or draws, a new size shows everything again. */
  #fitted = true;
  #opened = false;
  #frame: number | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param root an empty element that is as large as the board shall be
   * @param appearance at first
   * @param onFrame called when the view or the drawing has changed on the screen
   */
  constructor(root: HTMLElement, appearance: Appearance, onFrame: () => void) {
    const canvas = (): HTMLCanvasElement => root.appendChild(document.createElement('canvas'));
    this.#root = root;
    this.#onFrame = onFrame;
    this.#settled = new SettledLayer([canvas(), canvas()], this.drawing, () => {
      this.request();
    });
    this.#live = new LiveLayer(canvas());
    this.surface = root.appendChild(document.createElement('div'));
    this.surface.className = 'surface';
    this.#cursors = new CursorLayer(root);
    const size = { width: 0, height: 0 };
    this.#view = { camera: fitting(this.drawing.bounds, size), size, ratio: 1, appearance };
    this.#sizes = new ResizeObserver(() => {
      this.#measure();
    });
    this.#sizes.observe(root);
    this.#watchRatio();
  }

  get camera(): Camera {
    return this.#view.camera;
  }

  get size(): Size {
    return this.#view.size;
  }

  get middle(): ScreenPoint {
    return screenPoint(this.size.width / 2, this.size.height / 2);
  }

  get appearance(): Appearance {
    return this.#view.appearance;
  }

  set appearance(appearance: Appearance) {
    if (appearance === this.#view.appearance) return;
    this.#view = { ...this.#view, appearance };
    this.request();
  }

  /** What lies on the board now. The first time, the view is fitted to it. */
  update(shapes: ReadonlyMap<string, BoardShape>): void {
    this.#shapes = shapes;
    this.request();
  }

  /** Takes over the shapes last given at once, whether the board can be seen or not. */
  catchUp(): void {
    const change = this.#takeShapes(() => false);
    if (change !== undefined) this.#apply(change);
  }

  /**
   * Another board is about to come: nothing of this one stays, and the view will be fitted to that.
   */
  reset(): void {
    this.#shapes = undefined;
    this.#opened = false;
    this.#fitted = true;
    this.ink.forget();
    this.#apply(this.drawing.update(new Map()));
  }

  /** Who is here, and what they are doing. */
  follow(peers: readonly BoardPeer[]): void {
    this.#peers = peers;
    this.request();
  }

  /** Moves the view, as a person asked for. */
  move(camera: Camera): void {
    this.hold();
    this.#look(camera);
  }

  /** Stays where it is from now on, whatever size it gets. */
  hold(): void {
    this.#fitted = false;
  }

  /** Shows everything there is. */
  fit(): void {
    this.#fitted = true;
    this.#look(fitting(this.drawing.bounds, this.size));
  }

  /** Hides shapes at once that are about to be erased. */
  hide(ids: Iterable<string>): void {
    this.#apply(this.drawing.hide(ids));
  }

  /** Takes `hide` back. */
  unhide(ids: Iterable<string>): void {
    this.#apply(this.drawing.show(ids));
  }

  /** The topmost mark within `radius` px of a point. */
  markAt(at: ScreenPoint, radius: number): Mark | undefined {
    const spot = toBoard(this.camera, at);
    return this.drawing.along(spot, spot, radius / this.camera.zoom).at(-1);
  }

  /** Asks for a frame. */
  request(): void {
    if (this.#closing.signal.aborted) return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#show();
    });
  }

  /** Lets go of everything that it watches; harmless when done twice. */
  close(): void {
    this.#closing.abort();
    this.#sizes.disconnect();
    this.#settled.close();
    clearTimeout(this.#patience);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#root.replaceChildren();
  }

  #look(camera: Camera): void {
    if (sameCamera(camera, this.camera)) return;
    this.#view = { ...this.#view, camera };
    this.request();
  }

  #apply(change: Change): void {
    this.#settled.apply(change);
    this.request();
  }

  /**
   * Settled ink is painted and live ink taken away in this one frame, else there would be a moment
   * without either.
   */
  #show(): void {
    if (this.size.width === 0 || this.size.height === 0) return;
    const until = performance.now() + READING;
    const change = this.#takeShapes(() => performance.now() >= until);
    this.#settled.show(this.#view);
    if (change !== undefined) this.#settled.apply(change);
    // After a lost connection there may be a partial shape of what the pen draws still: seen twice
    // it would be darker at its edges.
    this.#settled.apply(this.drawing.cover(this.ink.own));

    const now = performance.now();
    this.ink.follow(this.#peers, now);
    const waits = this.ink.settle(stroke => this.#isSettled(stroke), now);
    this.#live.show(this.#view, this.ink.strokes());
    clearTimeout(this.#patience);
    if (waits) {
      this.#patience = setTimeout(() => {
        this.request();
      }, 200);
    }
    this.#cursors.show(this.#view);
    this.#cursors.follow(this.#peers, ({ peer, cursor }) => this.ink.tipOf(peer) ?? cursor);
    this.#onFrame();
  }

  /** Reads the new shapes; many of them are read over several frames, and shown when all are. */
  #takeShapes(isEnough: () => boolean): Change | undefined {
    if (this.#shapes === undefined) return undefined;
    if (!this.drawing.prepare(this.#shapes, isEnough)) {
      this.request();
      return undefined;
    }
    const change = this.drawing.update(this.#shapes);
    this.#shapes = undefined;
    if (!this.#opened && this.#fitted) this.fit();
    this.#opened = true;
    return change;
  }

  /**
   * A partial shape may have less than was seen already: its author had gone on with it, and more
   * of it is to come.
   */
  #isSettled({ id, kept }: LiveStroke): boolean {
    const mark = this.drawing.get(id);
    if (mark === undefined || !this.#settled.holds(mark)) return false;
    return !mark.shape.partial || mark.figure.points >= kept;
  }

  /** Runs before the browser paints, and paints at once: a new size never shows an empty board. */
  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.#root;
    const size = { width, height };
    const ratio = effectiveRatio(devicePixelRatio, size);
    if (sameSize(size, this.size) && ratio === this.#view.ratio) return;
    this.#view = { ...this.#view, size, ratio };
    if (width === 0 || height === 0) return;
    const camera = this.#fitted ? fitting(this.drawing.bounds, size) : resized(this.camera, this.#seen, size);
    this.#seen = size;
    this.#view = { ...this.#view, camera };
    this.#show();
  }

  #watchRatio(): void {
    const query = matchMedia(`(resolution: ${String(devicePixelRatio)}dppx)`);
    const changed = (): void => {
      this.#measure();
      this.#watchRatio();
    };
    query.addEventListener('change', changed, { once: true, signal: this.#closing.signal });
  }
}

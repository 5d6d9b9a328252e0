import { panned, zoomedAbout, type Camera } from './camera.js';
import { screenPoint, type ScreenPoint, type Size } from './space.js';

/** A wheel event, as far as it matters here. */
export interface Turn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0: px, 1: lines, 2: pages. */
  readonly deltaMode: number;
  /** Held, or a pinch on a trackpad, which browsers tell as this. */
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

const LINE = 16;
/**
 * Natural logarithm of the zoom for one px of a pinch; and the most that one event may turn, for
 * wheels that click.
 */
const ZOOM_RATE = 0.01;
const ZOOM_STEP_MAX = 24;

/**
 * The camera after a turn of the wheel; undefined where the wheel is the page's. As with maps and
 * other things that are embedded, a plain wheel scrolls the page until the board has been clicked
 * or reached by keyboard, and again after the focus has left it: a page that is scrolled past the
 * board never gets stuck in it. With Ctrl or Cmd, and by pinching, it zooms at any time.
 *
 * @param active whether the board has the focus
 */
export function turned(camera: Camera, turn: Turn, at: ScreenPoint, size: Size, active: boolean): Camera | undefined {
  const unit = turn.deltaMode === 1 ? LINE : turn.deltaMode === 2 ? size.height : 1;
  if (turn.ctrlKey || turn.metaKey) {
    const delta = Math.min(ZOOM_STEP_MAX, Math.max(-ZOOM_STEP_MAX, turn.deltaY * unit));
    return zoomedAbout(camera, Math.exp(-delta * ZOOM_RATE), at);
  }
  return active ? panned(camera, -turn.deltaX * unit, -turn.deltaY * unit) : undefined;
}

/** Where a wheel was turned, in px of the element that listens. */
export function wheelPoint(event: WheelEvent, element: HTMLElement): ScreenPoint {
  const { left, top } = element.getBoundingClientRect();
  return screenPoint(event.clientX - left, event.clientY - top);
}

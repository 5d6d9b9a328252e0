import { LIMITS } from '../../protocol/limits.js';
import type { Box } from '../../protocol/shapes/box.js';
import { boardPoint, isEmpty, screenPoint, type BoardPoint, type ScreenPoint, type Size } from './space.js';

/**
 * What part of the board is on the screen: the board point at the view's top left corner, and
 * screen px a board unit.
 */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** How far one can zoom. */
export const ZOOM = { min: 0.01, max: 16 } as const;

/**
 * Room that fitted content leaves at each side of the view, in px: more below, where the tools
 * float.
 */
const FIT_INSET = { side: 32, top: 32, bottom: 80 } as const;

export function toBoard(camera: Camera, at: ScreenPoint): BoardPoint {
  return boardPoint(camera.x + at.x / camera.zoom, camera.y + at.y / camera.zoom);
}

export function toScreen(camera: Camera, at: BoardPoint): ScreenPoint {
  return screenPoint((at.x - camera.x) * camera.zoom, (at.y - camera.y) * camera.zoom);
}

/** The content moved by so many screen px. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: inExtent(camera.x - dx / camera.zoom), y: inExtent(camera.y - dy / camera.zoom) };
}

/** Zoomed by `factor`, with what lies under `at` staying there. */
export function zoomedAbout(camera: Camera, factor: number, at: ScreenPoint): Camera {
  const zoom = Math.min(ZOOM.max, Math.max(ZOOM.min, camera.zoom * factor));
  const still = toBoard(camera, at);
  return { x: inExtent(still.x - at.x / zoom), y: inExtent(still.y - at.y / zoom), zoom };
}

/** The camera that keeps what is in the middle of the view there when the view's size changes. */
export function resized(camera: Camera, before: Size, after: Size): Camera {
  return panned(camera, (after.width - before.width) / 2, (after.height - before.height) / 2);
}

/**
 * The camera that shows all of `content`, in the middle and never larger than it was drawn: ink
 * keeps its size and a small drawing does not fill a large screen. An empty board has its origin in
 * the middle.
 */
export function fitting(content: Box, view: Size): Camera {
  const box = isEmpty(content) ? { minX: 0, minY: 0, maxX: 0, maxY: 0 } : content;
  const width = Math.max(1, view.width - 2 * FIT_INSET.side);
  const height = Math.max(1, view.height - FIT_INSET.top - FIT_INSET.bottom);
  const fits = Math.min(width / (box.maxX - box.minX), height / (box.maxY - box.minY), 1);
  const zoom = Math.max(ZOOM.min, fits);
  return {
    x: inExtent((box.minX + box.maxX) / 2 - view.width / 2 / zoom),
    y: inExtent((box.minY + box.maxY) / 2 - (FIT_INSET.top + height / 2) / zoom),
    zoom,
  };
}

/** The part of the board that the view shows, and `margin` px around it. */
export function visibleBox(camera: Camera, view: Size, margin = 0): Box {
  const low = toBoard(camera, screenPoint(-margin, -margin));
  const high = toBoard(camera, screenPoint(view.width + margin, view.height + margin));
  return { minX: low.x, minY: low.y, maxX: high.x, maxY: high.y };
}

export function sameCamera(a: Camera, b: Camera): boolean {
  return a.x === b.x && a.y === b.y && a.zoom === b.zoom;
}

/** A view never wanders off to where nothing can be drawn. */
function inExtent(value: number): number {
  return Math.min(LIMITS.boardExtent, Math.max(-LIMITS.boardExtent, value));
}
